//! What `delivery: inline` takes from outside of the config.

use std::path::PathBuf;

/// Where charts are and which cluster they are rendered for. The command line reads it; nothing else looks at
/// the environment.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// A folder of charts (`--charts`, `MONSTACK_CHARTS`), which comes before the paths in the config.
    pub charts: Option<PathBuf>,
    /// The folder in which relative paths of the config begin.
    pub folder: PathBuf,
    /// `KUBE_VERSION`, which ArgoCD sets for its plugins.
    pub kube_version: Option<String>,
    /// `KUBE_API_VERSIONS`, with commas between.
    pub api_versions: Option<String>,
}
