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
        let mut places = places(input.folder(), input.arguments());
        places.lock = self.lock.clone().unwrap_or(places.lock);
        places.charts = self.charts.clone().or(places.charts);
        places.cache = self.cache.clone().or(places.cache);
        places
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

/// Where the environment says that charts are, for a config in a folder, which commands name `config`.
pub(super) fn places(folder: PathBuf, config: String) -> Places {
    let path = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let caches = || path("XDG_CACHE_HOME").or_else(|| path("HOME").map(|home| home.join(".cache")));
    Places {
        charts: path("MONSTACK_CHARTS"),
        cache: path("MONSTACK_CACHE").or_else(|| caches().map(|caches| caches.join("monstack"))),
        lock: path("MONSTACK_LOCK").unwrap_or_else(|| folder.join(LOCK)),
        folder,
        root: None,
        config,
    }
}
