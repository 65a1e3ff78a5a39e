//! Reads the files of a directory, with `.helmignore`.

use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::Raw;
use super::budget::Budget;
use super::ignore::Rules;
use crate::background::Background;
use crate::content::Content;
use crate::error::Error;

/// Links can make a directory endless.
const MAX_DEPTH: usize = 64;

/// The directory with most of a chart's files: the background walks over a part of it.
const TEMPLATES: &str = "templates";

/// Reads what is below a directory, in the order of names. Links are followed.
pub(super) fn read(
    top: &Path,
    budget: &mut Budget,
    warnings: &mut Vec<String>,
    background: &Background,
) -> Result<Vec<Raw>, Error> {
    let ignored = match fs::read(top.join(".helmignore")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(failed(".helmignore", &error)),
    };
    let rules = Arc::new(Rules::parse(&String::from_utf8_lossy(&ignored))?);
    let mut before = children(top, "")?;
    let is_templates = |child: &Child| child.name == TEMPLATES && child.kind.is_dir();
    let at = before.iter().position(is_templates).unwrap_or(before.len());
    let behind = before.split_off((at + 1).min(before.len()));
    let templates: Vec<_> = match before.pop_if(|child| is_templates(child)) {
        Some(child) if !rules.ignores(TEMPLATES, true) => {
            budget.take_entry()?;
            let children = children(&child.entry.path(), TEMPLATES)?;
            children.into_iter().map(|child| Arc::new(Part::new(child, &rules))).collect()
        }
        _ => Vec::new(),
    };
    background.run({
        let templates = templates.clone();
        move || {
            for part in templates.iter().rev() {
                part.walk();
            }
        }
    });
    let [before, behind] = [before, behind].map(|children| Walk::over(&children, &rules, 0));
    let mut raws = Vec::new();
    for walk in [&before].into_iter().chain(templates.iter().map(|part| part.walk())).chain([&behind]) {
        walk.result.clone()?;
        budget.take_lost(&walk.budget)?;
        warnings.extend_from_slice(&walk.warnings);
        raws.extend_from_slice(&walk.raws);
    }
    Ok(raws)
}

fn failed(name: &str, error: &io::Error) -> Error {
    Error::new(format!("error reading {name}: {error}"))
}

/// What is in a directory.
struct Child {
    /// The path below the top.
    name: String,
    entry: DirEntry,
    kind: FileType,
}

/// What is in a directory, in the order of names.
fn children(path: &Path, name: &str) -> Result<Vec<Child>, Error> {
    let fail = |error| failed(if name.is_empty() { "." } else { name }, &error);
    let mut children = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?;
        let base = entry.file_name();
        let base = base.to_string_lossy();
        let name = if name.is_empty() { base.into_owned() } else { format!("{name}/{base}") };
        children.push(Child { name, entry, kind });
    }
    children.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(children)
}

/// A file or directory, over which whoever is first walks.
struct Part {
    child: Child,
    rules: Arc<Rules>,
    walk: OnceLock<Walk>,
}

impl Part {
    fn new(child: Child, rules: &Arc<Rules>) -> Self {
        Part { child, rules: Arc::clone(rules), walk: OnceLock::new() }
    }

    /// Walks over it, unless a thread has, or waits for the one that does.
    fn walk(&self) -> &Walk {
        self.walk.get_or_init(|| Walk::over(std::slice::from_ref(&self.child), &self.rules, 1))
    }
}

/// What has been found.
struct Walk {
    result: Result<(), Error>,
    budget: Budget,
    warnings: Vec<String>,
    raws: Vec<Raw>,
}

impl Walk {
    /// Walks over what is in a directory so deep below the top.
    fn over(children: &[Child], rules: &Rules, depth: usize) -> Self {
        let mut walk =
            Walk { result: Ok(()), budget: Budget::default(), warnings: Vec::new(), raws: Vec::new() };
        walk.result = walk.entries(children, rules, depth);
        walk
    }

    fn entries(&mut self, children: &[Child], rules: &Rules, depth: usize) -> Result<(), Error> {
        children.iter().try_for_each(|child| self.entry(child, rules, depth))
    }

    fn entry(&mut self, child: &Child, rules: &Rules, depth: usize) -> Result<(), Error> {
        self.budget.take_entry()?;
        let Child { name, entry, kind } = child;
        let mut kind = *kind;
        let path = entry.path();
        let fail = |error| failed(name, &error);
        let mut target = None;
        if kind.is_symlink() {
            let resolved = fs::canonicalize(&path).map_err(|error| {
                Error::new(format!("error evaluating symlink {}: {error}", path.display()))
            })?;
            self.warnings.push(format!(
                "found symbolic link in path: {} resolves to {}. Contents of linked file included and used",
                path.display(),
                resolved.display()
            ));
            let about = fs::metadata(&path).map_err(fail)?;
            kind = about.file_type();
            target = Some(about);
        }
        if rules.ignores(name, kind.is_dir()) {
            return Ok(());
        }
        if kind.is_dir() {
            if depth >= MAX_DEPTH {
                return Err(Error::new(format!("directories are nested deeper than {MAX_DEPTH}: {name}")));
            }
            return self.entries(&children(&path, name)?, rules, depth + 1);
        }
        if !kind.is_file() {
            let path = path.display();
            return Err(Error::new(format!(
                "cannot load irregular file {path} as it has file mode type bits set"
            )));
        }
        let size = target.map_or_else(|| entry.metadata(), Ok).map_err(fail)?.len();
        let content = Content::at(path, size)?;
        self.budget.take_bytes(size)?;
        self.raws.push(Raw { name: name.clone(), content });
        Ok(())
    }
}
