//! The program that `kubectl diff` runs: it compares two folders with one object in each file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::{Format, fail, write};
use crate::diff::compare;
use crate::k8s::CHART_LIMITS;

/// The most bytes of an object in a cluster: etcd keeps 1.5 MiB.
const MOST: u64 = 16 << 20;

/// Compare two folders of objects, as `kubectl diff` writes them
#[derive(Debug, Args)]
pub(in crate::cli) struct DiffFolders {
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
    /// Folder of the objects in the cluster
    old: PathBuf,
    /// Folder of the objects as they would be
    new: PathBuf,
}

/// The variable with the format, which is not passed as an argument.
pub(super) const OUTPUT: &str = "MONSTACK_DIFF_OUTPUT";

impl DiffFolders {
    /// The command line for two folders.
    pub(in crate::cli) fn arguments(folders: impl Iterator<Item = OsString>) -> Vec<OsString> {
        let output = std::env::var(OUTPUT).unwrap_or_else(|_| "text".to_owned());
        let own = ["monstack".to_owned(), "diff-folders".to_owned(), format!("--output={output}")];
        own.into_iter().map(OsString::from).chain(folders).collect()
    }

    pub(in crate::cli) fn run(&self) -> anyhow::Result<ExitCode> {
        match (objects(&self.old), objects(&self.new)) {
            (Ok(old), Ok(new)) => {
                let (old, new): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
                write(&compare(&old, &new)?, self.output)
            }
            (Err(message), _) | (_, Err(message)) => Ok(fail(&message)),
        }
    }
}

/// The objects in a folder, by the names of their files.
fn objects(folder: &Path) -> Result<Vec<Value>, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(fail)?.collect::<Result<Vec<_>, _>>().map_err(fail)?;
    let mut paths: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    let mut objects = Vec::new();
    for path in paths {
        let bytes = crate::charts::find::bounded(&path, MOST).map_err(|problem| problem.to_string())?;
        let nodes = go_yaml::read_last_of_equal_keys(&bytes, &CHART_LIMITS);
        let nodes = nodes.map_err(|problems| format!("{}: {problems:?}", path.display()))?;
        let value = nodes.first().map(go_yaml::Node::to_json).transpose();
        let value = value.map_err(|problem| format!("{}: {problem}", path.display()))?.unwrap_or_default();
        // An object that is not in the cluster yet is an empty file.
        if value.is_object() {
            objects.push(value);
        }
    }
    Ok(objects)
}
