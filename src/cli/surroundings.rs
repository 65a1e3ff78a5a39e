//! `--charts` and the environment.

use std::path::PathBuf;

use clap::Args;

use super::input::Input;
use crate::delivery::Surroundings;

/// Where charts are.
#[derive(Debug, Args)]
pub(super) struct Charts {
    /// Folder of the charts for `delivery: inline`, before `charts.<chart>.path` [env: MONSTACK_CHARTS]
    #[arg(long, value_name = "DIR")]
    charts: Option<PathBuf>,
}

impl Charts {
    /// With what ArgoCD says of the cluster.
    pub(super) fn surroundings(&self, input: &Input) -> Surroundings {
        let text = |name: &str| std::env::var(name).ok();
        let folder =
            std::env::var_os("MONSTACK_CHARTS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        Surroundings {
            charts: self.charts.clone().or(folder),
            folder: input.folder(),
            kube_version: text("KUBE_VERSION"),
            api_versions: text("KUBE_API_VERSIONS"),
        }
    }
}
