//! What `delivery: inline` takes from outside of the config.

use crate::charts::Places;

/// Where charts are and which cluster they are rendered for. The command line reads it; nothing else looks at
/// the environment.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Where charts are.
    pub places: Places,
    /// `KUBE_VERSION`, which ArgoCD sets for its plugins.
    pub kube_version: Option<String>,
    /// `KUBE_API_VERSIONS`, with commas between.
    pub api_versions: Option<String>,
}
