//! `monstack doctor`

mod gather;
mod questions;
mod write;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::input::Input;
use super::kubectl::Kubectl;
use super::surroundings::Charts;
use super::{USAGE, print, print_json, tell};
use crate::config::{Config, Delivery, duration};
use crate::delivery::Surroundings;
use crate::doctor::observed::one_line;
use crate::doctor::{self, Expected, Unchecked};
use crate::names::Names;
use crate::stack::{self, Stack};

/// There are problems.
const PROBLEMS: u8 = 1;

/// The cluster could not be asked.
const NO_CLUSTER: u8 = 3;

const EXAMPLES: &str = "\
Examples:
  monstack doctor config.yaml
  monstack doctor config.yaml -f production.yaml --context production
  monstack doctor config.yaml -o json | jq -r '.problems[].fix[]'

It asks through kubectl, and reads only: `get`, and `logs` of Thanos Compactor where its metrics cannot be asked. Of
Secrets it sees the keys, never the values. Before the first apply it looks at the prerequisites alone.

Exit codes:
  0  healthy, as far as it could be checked
  1  problems were found
  2  wrong usage, or an invalid config
  3  the cluster could not be asked, or refused all questions about the stack";

/// Say what is wrong with the stack in a cluster, with evidence and a fix; without a config, with the default stack
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Doctor {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    kubectl: Kubectl,
    /// How long something may be in the making, as 90s, 10m or 1h
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = grace)]
    grace: Duration,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
}

/// Format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text
    Text,
    /// JSON
    Json,
}

/// Constructs that render nothing but with a chart.
const CHARTS: [&str; 3] = ["prometheus-stack", "loki", "alloy"];

impl Doctor {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Ok(loaded) = self.input.load_or_default_for("nothing was checked") else {
            return Ok(ExitCode::from(USAGE));
        };
        let config = loaded.config;
        let mut unchecked = Vec::new();
        let stack = render(&config, &self.charts.surroundings(&self.input), &mut unchecked)?;
        let (kubectl, arguments) = (self.kubectl.shown(), self.input.arguments());
        let expected = Expected {
            config: &config,
            names: Names::new(&config),
            objects: &stack.objects,
            kubectl: &kubectl,
            arguments: &arguments,
        };
        let mut observed = match gather::observe(&self.kubectl, &expected, self.grace) {
            Ok(observed) => observed,
            Err(why) => {
                let help = "help: doctor needs kubectl on the path, or the variable KUBECTL, and a cluster that it reaches";
                tell(&format!("monstack: the cluster could not be asked: {why}\n  {help}\n"));
                return Ok(ExitCode::from(NO_CLUSTER));
            }
        };
        observed.unchecked.extend(unchecked);
        let report = doctor::diagnose(&expected, &observed);
        match self.output {
            Format::Text => print(write::text(&report).as_bytes())?,
            Format::Json => print_json(&report)?,
        }
        Ok(match (report.problems.is_empty(), report.applied) {
            (false, _) => ExitCode::from(PROBLEMS),
            // Who may list nothing at all cannot ask the cluster.
            (true, None) => ExitCode::from(NO_CLUSTER),
            (true, Some(_)) => ExitCode::SUCCESS,
        })
    }
}

/// Renders the stack; of `delivery: inline` without its charts, what there is beside them.
fn render(
    config: &Config,
    surroundings: &Surroundings,
    unchecked: &mut Vec<Unchecked>,
) -> anyhow::Result<Stack> {
    match stack::render(config, surroundings, |_| true) {
        Err(error) if config.delivery == Delivery::Inline => {
            let why = one_line(&format!("they cannot be rendered: {error:#}"));
            unchecked.push(Unchecked { what: "whether the charts' objects are all there".to_owned(), why });
            stack::render(config, surroundings, |construct| !CHARTS.contains(&construct))
        }
        result => result,
    }
}

fn grace(text: &str) -> Result<Duration, String> {
    duration::kubernetes(text).ok_or_else(|| "expected a duration such as 90s, 10m or 1h".to_owned())
}
