//! `monstack list`

use std::process::ExitCode;

use clap::Args;

use super::input::Input;
use super::print;
use super::surroundings::Charts;
use super::table::table;
use crate::config::Config;
use crate::delivery::Surroundings;
use crate::{prerequisites, stack};

const EXAMPLES: &str = "\
Examples:
  monstack list
  monstack list config.yaml
  monstack list config.yaml --prerequisites";

/// List the objects that a config renders; without a config, those of the default stack
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct List {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// List what must be in the cluster before the stack is applied
    #[arg(long)]
    prerequisites: bool,
}

impl List {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let loaded = match self.input.load_or_default() {
            Ok(loaded) => loaded,
            Err(code) => return Ok(code),
        };
        let text = if self.prerequisites {
            needed(&loaded.config)
        } else {
            rendered(&loaded.config, &self.charts.surroundings(&self.input))?
        };
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn rendered(config: &Config, surroundings: &Surroundings) -> anyhow::Result<String> {
    let objects = stack::render(config, surroundings, |_| true)?.objects;
    let rows: Vec<_> = objects
        .iter()
        .map(|stack::StackObject { construct, object }| {
            let [kind, namespace, name] =
                [object.kind(), object.namespace(), object.name()].map(str::to_owned);
            [(*construct).to_owned(), kind, namespace, name, object.wave.number().to_string()]
        })
        .collect();
    Ok(table(["CONSTRUCT", "KIND", "NAMESPACE", "NAME", "WAVE"], &rows))
}

fn needed(config: &Config) -> String {
    let rows: Vec<_> = prerequisites::list(config)
        .into_iter()
        .map(|needed| {
            [
                needed.kind.to_string(),
                needed.namespace.to_string(),
                needed.name.to_string(),
                needed.reason.to_string(),
            ]
        })
        .collect();
    table(["KIND", "NAMESPACE", "NAME", "WHY"], &rows)
}
