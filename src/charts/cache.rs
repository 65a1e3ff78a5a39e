//! Archives on disk: written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Pin;

/// What a process that was killed while it wrote has left.
const UNFINISHED: &str = ".unfinished-";

/// After which time nobody writes it any more.
const LONG_AGO: Duration = Duration::from_secs(3600);

/// The place of an archive in the cache. The digest is part of the name: nobody ever writes another one there.
pub(crate) fn path(cache: &Path, pin: &Pin) -> PathBuf {
    cache.join("charts").join(format!("{}-{}-{}.tgz", pin.name, pin.version, pin.digest.digits()))
}

/// Writes a file whole: whoever reads it sees all of it, and whoever is killed leaves the old one.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    remove_unfinished(folder);
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As the umask of most has it; a temporary file is its owner's alone.
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn remove_unfinished(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|about| about.modified());
        modified.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > LONG_AGO))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) && is_old(&entry) {
            // Somebody else may have been faster.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leftovers_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.tgz");
        write(&path, b"one").unwrap();
        let left = folder.path().join("a/.unfinished-x");
        let young = folder.path().join("a/.unfinished-y");
        fs::write(&young, "").unwrap();
        fs::write(&left, "").unwrap();
        let old = SystemTime::now() - 2 * LONG_AGO;
        fs::File::options().write(true).open(&left).unwrap().set_modified(old).unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(!left.exists() && young.exists());
    }
}
