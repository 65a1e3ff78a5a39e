//! `--charts`, `--lock`, `--cache` and the environment.

use std::path::PathBuf;

use clap::Args;

use super::input::Input;
use crate::charts::{LOCK, Places};
use crate::delivery::Surroundings;

/// Where charts are.
#[derive(Debug, Args)]
pub(super) struct Charts {
    /// Folder of the charts for `delivery: inline`, before `charts.<chart>.path` [env: MONSTACK_CHARTS]
    #[arg(long, value_name = "DIR")]
    charts: Option<PathBuf>,
    /// Lock file of the charts [env: MONSTACK_LOCK] [default: monstack.lock beside the config]
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Folder for fetched charts [env: MONSTACK_CACHE] [default: monstack in $XDG_CACHE_HOME or ~/.cache]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

impl Charts {
    /// Where charts are.
    pub(super) fn places(&self, input: &Input) -> Places {
        let path = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        let given = |flag: &Option<PathBuf>, name: &str| flag.clone().or_else(|| path(name));
        let caches = || path("XDG_CACHE_HOME").or_else(|| path("HOME").map(|home| home.join(".cache")));
        let folder = input.folder();
        Places {
            charts: given(&self.charts, "MONSTACK_CHARTS"),
            cache: given(&self.cache, "MONSTACK_CACHE")
                .or_else(|| caches().map(|caches| caches.join("monstack"))),
            lock: given(&self.lock, "MONSTACK_LOCK").unwrap_or_else(|| folder.join(LOCK)),
            folder,
            config: input.arguments(),
        }
    }

    /// With what ArgoCD says of the cluster.
    pub(super) fn surroundings(&self, input: &Input) -> Surroundings {
        let text = |name: &str| std::env::var(name).ok();
        Surroundings {
            places: self.places(input),
            kube_version: text("KUBE_VERSION"),
            api_versions: text("KUBE_API_VERSIONS"),
        }
    }
}
