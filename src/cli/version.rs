//! `monstack version`

use std::process::ExitCode;

use clap::Args;

use super::print;
use crate::config::{Config, schema};

/// Print the versions of monstack, of its config and of what it installs by default
#[derive(Debug, Args)]
pub(super) struct Version {}

impl Version {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Config { charts, versions, .. } = Config::default();
        let text = format!(
            "monstack {}\nschema {}\n\ndefault charts:\n  kube-prometheus-stack {}\n  loki {}\n  alloy {}\n\
             \ndefault images:\n  prometheus {}\n  grafana {}\n  loki {}\n  thanos {}\n",
            env!("CARGO_PKG_VERSION"),
            schema::ID,
            charts.kube_prometheus_stack.version,
            charts.loki.version,
            charts.alloy.version,
            versions.prometheus,
            versions.grafana,
            versions.loki,
            versions.thanos,
        );
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
