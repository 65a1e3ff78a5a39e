//! `monstack argocd env`

use std::process::ExitCode;

use clap::Args;

use super::told::{Of, Told, refuse};
use crate::argocd::{ENTRY, PARAMETERS, SOURCE_PATH};
use crate::cli::print;
use crate::cli::table::table;

/// The longest value in the table.
const LONGEST: usize = 48;

/// Show what ArgoCD tells the plugin, what each variable is used for, and which files are read
#[derive(Debug, Args)]
pub(super) struct Env {
    #[command(flatten)]
    of: Of,
}

impl Env {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let told = match self.of.hear()? {
            Ok(told) => told,
            Err(code) => return Ok(code),
        };
        let variables = table(["VARIABLE", "VALUE", "USED FOR"], &variables(&told));
        let files: Vec<_> =
            told.files.iter().map(|chosen| [told.folder.name(&chosen.file), chosen.by.clone()]).collect();
        let files = table(["FILE", "WHY"], &files);
        print(format!("{variables}\n{files}").as_bytes())?;
        match told.load() {
            Ok(_) => Ok(ExitCode::SUCCESS),
            Err(report) => Ok(refuse(&report, "nothing would be rendered")),
        }
    }
}

fn variables(told: &Told) -> Vec<[String; 3]> {
    let row =
        |name: &str, value: &str, purpose: &str| [name.to_owned(), shortened(value), purpose.to_owned()];
    let mut rows = Vec::new();
    for (name, value) in told.environment.iter() {
        if name.starts_with(ENTRY) || name == PARAMETERS {
            continue;
        }
        if let Some(purpose) = purpose(name) {
            rows.push(row(name, value, purpose));
        }
    }
    rows.extend(told.overrides.uses.iter().map(|used| row(&used.name, &used.value, &used.purpose)));
    rows
}

/// What a variable is used for, if it is one of ArgoCD's or ours.
fn purpose(name: &str) -> Option<&'static str> {
    Some(match name {
        SOURCE_PATH => "the folder in messages; files must stay in its repository",
        "KUBE_VERSION" => "the charts of `delivery: inline`, unless inline.kubeVersion is set",
        "KUBE_API_VERSIONS" => "the charts of `delivery: inline`, beside inline.apiVersions",
        "MONSTACK_CHARTS" => "the folder of charts",
        "MONSTACK_LOCK" => "the lock file",
        "MONSTACK_CACHE" => "the folder of fetched charts",
        name if name.starts_with("ARGOCD_APP_") => "nothing",
        // The same as the parameters, with less.
        name if name.starts_with("PARAM_") => "nothing: ARGOCD_APP_PARAMETERS says it",
        _ => return None,
    })
}

fn shortened(value: &str) -> String {
    let line: String =
        value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST + 1).collect();
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 3).collect();
    format!("{cut}...")
}
