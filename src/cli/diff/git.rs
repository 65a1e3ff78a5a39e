//! Configs and charts as they were at a revision.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A revision of a repository, of which the parts that are needed are written into a folder.
pub(super) struct Revision {
    name: String,
    /// The root of the work tree.
    root: PathBuf,
    exported: TempDir,
}

impl Revision {
    /// Writes the folders of some files, as they were.
    ///
    /// # Errors
    ///
    /// When there is no git, no repository, no such revision, or no such file in it.
    pub(super) fn of<'a>(name: &str, files: impl Iterator<Item = &'a PathBuf>) -> Result<Self, String> {
        let files: Vec<_> = files.collect();
        let Some(first) = files.first().filter(|path| path.as_os_str() != "-") else {
            return Err("--git needs the name of a config file".to_owned());
        };
        if name.starts_with('-') {
            return Err(format!("{name} is no revision"));
        }
        let folder = folder_of(first);
        let root = git(&folder, &["rev-parse", "--show-toplevel"])?;
        let root = PathBuf::from(root.trim_end_matches('\n'));
        let exported = tempfile::tempdir().map_err(|error| error.to_string())?;
        let revision = Self { name: name.to_owned(), root, exported };
        revision
            .run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])
            .map_err(|_| format!("{name} is no commit of this repository"))?;
        revision.run(&["read-tree", name])?;
        for file in &files {
            revision.export(&folder_of(file))?;
            if !revision.path(file).is_file() {
                return Err(format!("there is no {} at {name}", file.display()));
            }
        }
        Ok(revision)
    }

    /// Where a file of the work tree is as it was.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.exported.path().join("tree").join(self.in_repository(path))
    }

    /// Such a file as git names it: `main:clusters/production.yaml`.
    pub(super) fn name(&self, path: &str) -> String {
        let tree = self.exported.path().join("tree");
        match Path::new(path).strip_prefix(tree) {
            Ok(inner) => format!("{}:{}", self.name, inner.display()),
            Err(_) => path.to_owned(),
        }
    }

    /// A message with such files as git names them.
    pub(super) fn named(&self, message: &str) -> String {
        let tree = self.exported.path().join("tree");
        message.replace(&format!("{}/", tree.display()), &format!("{}:", self.name))
    }

    /// Writes charts that a config of the revision names by paths, seen from its folder as it was.
    pub(super) fn export_charts(&self, folder: &Path, charts: &[PathBuf]) -> Result<(), String> {
        let tree = self.exported.path().join("tree");
        for chart in charts {
            let path = normal(&folder.join(chart));
            if let Ok(inner) = path.strip_prefix(&tree)
                && !path.exists()
            {
                self.export(&self.root.join(inner))?;
            }
        }
        Ok(())
    }

    /// The path of something of the work tree in the repository.
    fn in_repository(&self, path: &Path) -> PathBuf {
        let folder = folder_of(path);
        let real = folder.canonicalize().unwrap_or(folder);
        let real = path.file_name().map_or(real.clone(), |name| real.join(name));
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        real.strip_prefix(&root).map_or_else(|_| real.clone(), Path::to_owned)
    }

    /// Writes everything below a folder or file of the work tree, which need not be there any more.
    fn export(&self, path: &Path) -> Result<(), String> {
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let inner = real
            .strip_prefix(&root)
            .map_err(|_| format!("{} is outside of the repository", path.display()))?;
        let mut pathspec =
            OsString::from(if inner.as_os_str().is_empty() { ":(top)" } else { ":(top,literal)" });
        pathspec.push(inner);
        let list = self.command(&["ls-files", "-z", "--full-name", "--"]).arg(pathspec).output();
        let list = list.map_err(|error| format!("git: {error}"))?;
        if !list.status.success() {
            return Err(said(&list.stderr));
        }
        let prefix = format!("--prefix={}/", self.exported.path().join("tree").display());
        let mut command = self.command(&["checkout-index", "-z", "--stdin", "-f", "-q"]);
        let mut child = command
            .arg(prefix)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("git: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&list.stdout).map_err(|error| format!("git: {error}"))?;
        }
        let output = child.wait_with_output().map_err(|error| format!("git: {error}"))?;
        if output.status.success() { Ok(()) } else { Err(said(&output.stderr)) }
    }

    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        output(&mut self.command(arguments))
    }

    /// git at the root, with an index of our own.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(arguments);
        command.env("GIT_INDEX_FILE", self.exported.path().join("index"));
        command
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    output(Command::new("git").arg("-C").arg(folder).args(arguments))
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(said(&output.stderr));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("git: {error}"))
}

/// What git has to say.
fn said(stderr: &[u8]) -> String {
    format!("git: {}", String::from_utf8_lossy(stderr).trim())
}

fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            component => normal.push(component),
        }
    }
    normal
}
