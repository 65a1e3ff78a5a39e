//! What the cluster can do, as far as charts ask.

use helm_chart::{Capabilities, KubeVersion};

use super::super::Surroundings;
use super::definition::Definition;
use crate::charts::Problem;
use crate::config::Config;

/// The Kubernetes version that charts are told when nobody says which: that of the types that this program is
/// built with.
const DEFAULT_KUBE_VERSION: &str = "1.34.0";

/// What the config and ArgoCD say of the cluster.
#[derive(Clone, Debug)]
pub(super) struct Told {
    kube_version: KubeVersion,
    api_versions: Vec<String>,
}

impl Told {
    /// The config comes before ArgoCD.
    ///
    /// # Errors
    ///
    /// When `KUBE_VERSION` is no version.
    pub(super) fn new(config: &Config, surroundings: &Surroundings) -> Result<Self, Problem> {
        let given = surroundings.kube_version.as_deref().filter(|version| !version.is_empty());
        let text = match (&config.inline.kube_version, given) {
            (Some(version), _) => version.as_str(),
            (None, Some(version)) => version,
            (None, None) => DEFAULT_KUBE_VERSION,
        };
        let kube_version = KubeVersion::parse(text).map_err(|error| {
            let problem = Problem::new(format!("KUBE_VERSION: {error}"));
            problem.with_help("set it to a version such as 1.34.0, or set `inline.kubeVersion`")
        })?;
        let mut api_versions: Vec<String> =
            config.inline.api_versions.iter().map(|version| version.as_str().to_owned()).collect();
        let given = surroundings.api_versions.as_deref().unwrap_or_default();
        api_versions.extend(given.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned));
        Ok(Told { kube_version, api_versions })
    }

    /// With what the stack's own definitions bring.
    pub(super) fn with(&self, definitions: &[Definition]) -> Capabilities {
        let mut api_versions = self.api_versions.clone();
        for definition in definitions {
            for version in &definition.versions {
                api_versions.push(format!("{}/{version}", definition.group));
                api_versions.push(format!("{}/{version}/{}", definition.group, definition.kind));
            }
        }
        api_versions.sort();
        api_versions.dedup();
        Capabilities { kube_version: self.kube_version.clone(), api_versions }
    }
}
