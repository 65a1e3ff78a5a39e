//! `monstack argocd parameters`

use std::process::ExitCode;

use clap::Args;

use super::told::{Of, refuse};
use crate::argocd::announcement;
use crate::cli::print_json;

/// Announce what an Application can set, with the current values, for ArgoCD's tab "Parameters"
#[derive(Debug, Args)]
pub(super) struct Parameters {
    #[command(flatten)]
    of: Of,
}

impl Parameters {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut told = match self.of.hear()? {
            Ok(told) => told,
            Err(code) => return Ok(code),
        };
        let loaded = match told.load() {
            // A wrong parameter is mended in the tab that this is for.
            Err(_) if !told.overrides.texts.is_empty() => {
                told.overrides.texts.clear();
                told.load()
            }
            loaded => loaded,
        };
        let loaded = match loaded {
            Ok(loaded) => loaded,
            Err(report) => return Ok(refuse(&report, "no parameters were announced")),
        };
        let files: Vec<_> = told.files.iter().map(|chosen| chosen.file.clone()).collect();
        let all = announcement::all(&loaded.config, &files)?;
        print_json(&all)?;
        Ok(ExitCode::SUCCESS)
    }
}
