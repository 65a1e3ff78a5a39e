//! `--output-dir`: one file per object, and no file left of an object that is gone.

mod manifest;
mod names;

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use self::manifest::Manifest;
use super::render::Format;
use super::report::counted;
use crate::k8s::Object;
use crate::stack::StackObject;
use crate::stream;

/// Writes the objects below `directory` and removes the files of an earlier run that are no longer
/// rendered. Files of constructs that are not `selected` stay. Returns a line that says what was done.
pub(super) fn write(
    directory: &Path,
    objects: &[StackObject],
    format: Format,
    selected: impl Fn(&str) -> bool,
) -> anyhow::Result<String> {
    // Everything that can fail without touching the disk comes first.
    let files: Vec<(String, Vec<u8>)> = names::of(objects, extension(format))
        .into_iter()
        .zip(objects)
        .map(|(name, object)| Ok((name, content(&object.object, format)?)))
        .collect::<anyhow::Result<_>>()?;
    fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    let written: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let earlier = Manifest::read(directory)?;
    // Recorded before the files exist: a run that is killed leaves no file that the next one does not know.
    earlier.joined(&written).write(directory)?;
    for (name, content) in &files {
        write_file(directory, name, content)?;
    }
    let (stale, kept) = earlier.split(|name| selected(construct_of(name)) && !written.contains(name));
    let mut removed = 0;
    for name in &stale {
        removed += usize::from(remove_file(directory, name)?);
    }
    Manifest::from_iter(kept).joined(&written).write(directory)?;
    let removal =
        if removed == 0 { String::new() } else { format!(", removed {}", counted(removed, "stale file")) };
    Ok(format!("wrote {} to {}{removal}\n", counted(files.len(), "file"), directory.display()))
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
    }
}

fn content(object: &Object, format: Format) -> anyhow::Result<Vec<u8>> {
    match format {
        Format::Yaml => Ok(stream::yaml(std::iter::once(object))),
        Format::Json => Ok(format!("{:#}\n", object.whole()?).into_bytes()),
    }
}

fn construct_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

/// Writes a file whole or not at all. A symbolic link would lead out of the directory, so none is followed.
fn write_file(directory: &Path, name: &str, content: &[u8]) -> anyhow::Result<()> {
    let path = directory.join(name);
    let parent = path.parent().unwrap_or(directory);
    if let Ok(metadata) = fs::symlink_metadata(parent)
        && parent != directory
        && !metadata.is_dir()
    {
        bail!("{} is in the way: it is not a directory", parent.display());
    }
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    if let Ok(metadata) = fs::symlink_metadata(&path)
        && !metadata.is_file()
    {
        bail!("{} is in the way: it is not a file", path.display());
    }
    replace(&path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes beside the file and then takes its place.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let temporary = temporary_beside(path);
    let create = || fs::OpenOptions::new().write(true).create_new(true).open(&temporary);
    let mut file = match create() {
        // Left by a run that was killed and had our process id, as happens in containers.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(&temporary)?;
            create()?
        }
        created => created?,
    };
    let done = file.write_all(content).and_then(|()| fs::rename(&temporary, path));
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn temporary_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Removes a file and its directory if that is empty then. Returns whether there was a file to remove.
fn remove_file(directory: &Path, name: &str) -> anyhow::Result<bool> {
    let path = directory.join(name);
    let parent = path.parent().unwrap_or(directory);
    let inside = fs::symlink_metadata(parent).is_ok_and(|metadata| metadata.is_dir());
    if !inside || !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(false);
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    // Fails when something is left in it, which is as well.
    let _ = fs::remove_dir(parent);
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_not_in_the_way() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("a.yaml");
        fs::write(temporary_beside(&path), "half a fi").unwrap();
        replace(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
