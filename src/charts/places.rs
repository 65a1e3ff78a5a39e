//! Where charts may be.

use std::path::{Path, PathBuf};

use super::Problem;

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
    /// Where the config's own paths have to stay, if that matters: in ArgoCD whoever writes a config is trusted less
    /// than whoever runs the sidecar.
    pub root: Option<PathBuf>,
    /// How the command line names the config, for commands that mend something.
    pub config: String,
}

impl Places {
    /// The folder of archives beside the config, which are committed or part of an image.
    pub(crate) fn vendored(&self) -> PathBuf {
        self.folder.join("charts")
    }

    /// Checks that a path of the config stays where it has to, once links are followed. What is not there is for
    /// others to report.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Problem> {
        let (Some(root), Ok(real)) = (&self.root, path.canonicalize()) else { return Ok(()) };
        if real.starts_with(root) {
            return Ok(());
        }
        let problem = Problem::new(format!("{} is outside of the repository", path.display()));
        Err(problem
            .with_help("put it into the repository, or name its folder by MONSTACK_CHARTS in the sidecar"))
    }

    /// A command on charts and this config.
    pub(crate) fn command(&self, verb: &str) -> String {
        format!("monstack charts {verb} {}", self.config)
    }
}
