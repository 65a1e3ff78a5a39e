//! Reads the files of a directory, with `.helmignore`.

use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::Raw;
use super::budget::Budget;
use super::ignore::Rules;
use crate::content::Content;
use crate::error::Error;

/// Links can make a directory endless.
const MAX_DEPTH: usize = 64;

/// Reads what is below a directory, in the order of names. Links are followed.
pub(super) fn read(top: &Path, budget: &mut Budget, warnings: &mut Vec<String>) -> Result<Vec<Raw>, Error> {
    let ignored = match fs::read(top.join(".helmignore")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(failed(".helmignore", &error)),
    };
    let rules = Rules::parse(&String::from_utf8_lossy(&ignored))?;
    let mut walk = Walk { rules, budget, warnings, raws: Vec::new() };
    walk.directory(top, "", 0)?;
    Ok(walk.raws)
}

fn failed(name: &str, error: &io::Error) -> Error {
    Error::new(format!("error reading {name}: {error}"))
}

struct Walk<'load> {
    rules: Rules,
    budget: &'load mut Budget,
    warnings: &'load mut Vec<String>,
    raws: Vec<Raw>,
}

impl Walk<'_> {
    fn directory(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::new(format!("directories are nested deeper than {MAX_DEPTH}: {name}")));
        }
        let fail = |error| failed(if name.is_empty() { "." } else { name }, &error);
        let mut children = Vec::new();
        for child in fs::read_dir(path).map_err(fail)? {
            let child = child.map_err(fail)?;
            let kind = child.file_type().map_err(fail)?;
            children.push((child.file_name().to_string_lossy().into_owned(), child.path(), kind));
        }
        children.sort_by(|left, right| left.0.cmp(&right.0));
        for (base, path, kind) in children {
            let name = if name.is_empty() { base } else { format!("{name}/{base}") };
            self.entry(path, name, kind, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: PathBuf, name: String, kind: FileType, depth: usize) -> Result<(), Error> {
        self.budget.take_entry()?;
        let fail = |error| failed(&name, &error);
        let mut kind = kind;
        if kind.is_symlink() {
            let target = fs::canonicalize(&path).map_err(|error| {
                Error::new(format!("error evaluating symlink {}: {error}", path.display()))
            })?;
            self.warnings.push(format!(
                "found symbolic link in path: {} resolves to {}. Contents of linked file included and used",
                path.display(),
                target.display()
            ));
            kind = fs::metadata(&path).map_err(fail)?.file_type();
        }
        if self.rules.ignores(&name, kind.is_dir()) {
            return Ok(());
        }
        if kind.is_dir() {
            return self.directory(&path, &name, depth + 1);
        }
        if !kind.is_file() {
            let path = path.display();
            return Err(Error::new(format!(
                "cannot load irregular file {path} as it has file mode type bits set"
            )));
        }
        let size = fs::metadata(&path).map_err(fail)?.len();
        let content = Content::at(path, size)?;
        self.budget.take_bytes(size)?;
        self.raws.push(Raw { name, content });
        Ok(())
    }
}
