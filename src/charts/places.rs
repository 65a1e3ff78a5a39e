//! Where charts may be.

use std::path::PathBuf;

/// Where charts may be, and the lock file. The command line says it; nothing else looks at the environment.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// A folder of charts (`--charts`, `MONSTACK_CHARTS`), which comes before the paths in the config.
    pub charts: Option<PathBuf>,
    /// The folder of the config, in which its relative paths begin.
    pub folder: PathBuf,
    /// The folder for what was fetched, if there is one.
    pub cache: Option<PathBuf>,
    /// The lock file.
    pub lock: PathBuf,
    /// How the command line names the config, for commands that mend something.
    pub config: String,
}

impl Places {
    /// The folder of archives beside the config, which are committed or part of an image.
    pub(crate) fn vendored(&self) -> PathBuf {
        self.folder.join("charts")
    }

    /// A command on charts and this config.
    pub(crate) fn command(&self, verb: &str) -> String {
        format!("monstack charts {verb} {}", self.config)
    }
}
