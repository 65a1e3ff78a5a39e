//! A small vocabulary for tests of the command.

pub(crate) mod packed;
pub(crate) mod server;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

/// The charts of the stack, in the versions of the default config.
pub(crate) const CHARTS: [(&str, &str); 3] =
    [("kube-prometheus-stack", "66.7.1"), ("loki", "6.24.0"), ("alloy", "0.10.1")];

/// The command in a directory of its own.
pub(crate) struct Place {
    directory: TempDir,
}

impl Place {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    /// A directory with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let place = Self::new();
        place.file(name, content);
        place
    }

    /// A directory with `config.yaml` and empty charts of the default versions in `charts`.
    pub(crate) fn with_charts(config: &str) -> Self {
        let place = Self::with("config.yaml", config);
        for (name, version) in CHARTS {
            let chart = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
            place.file(&format!("charts/{name}/Chart.yaml"), &chart);
            place.file(&format!("charts/{name}/values.yaml"), "");
            place.file(&format!("charts/{name}/templates/none.yaml"), "");
        }
        place
    }

    /// Writes a file and the directories that it is in.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The command with arguments, and nothing on standard input.
    pub(crate) fn monstack(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_monstack"));
        command.current_dir(self.directory.path()).env_remove("NO_COLOR").args(arguments).write_stdin("");
        command
    }

    /// The files below a directory, sorted.
    pub(crate) fn files(&self, name: &str) -> Vec<String> {
        fn walk(directory: &Path, root: &Path, files: &mut Vec<String>) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, files);
                } else {
                    files.push(path.strip_prefix(root).unwrap().display().to_string());
                }
            }
        }
        let root = self.path(name);
        let mut files = Vec::new();
        walk(&root, &root, &mut files);
        files.sort();
        files
    }
}

/// The command with a config on standard input.
pub(crate) fn piped(arguments: &[&str], config: impl Into<Vec<u8>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monstack"));
    command.env_remove("NO_COLOR").args(arguments).write_stdin(config);
    command
}

/// Asserts that a config on standard input is refused with a message that has all these parts, and that
/// nothing is on standard output.
#[track_caller]
pub(crate) fn refused(config: impl Into<Vec<u8>>, parts: &[&str]) {
    let mut assert =
        piped(&["render"], config).timeout(std::time::Duration::from_secs(10)).assert().code(1).stdout("");
    for part in parts {
        assert = assert.stderr(contains(*part));
    }
    assert.stderr(contains("nothing was rendered").and(contains("panicked").not()));
}
