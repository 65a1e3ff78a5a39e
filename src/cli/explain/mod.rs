//! `monstack explain`

mod key;
mod object;
mod origin;

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use self::origin::Keys;
use super::input::Input;
use super::surroundings::Charts;
use super::tell;
use crate::config::Source;
use crate::provenance::Stand;

const EXAMPLES: &str = "\
Examples:
  monstack explain retention.metrics.raw config.yaml
  monstack explain StatefulSet/thanos-store config.yaml
  monstack explain StatefulSet/thanos-store:spec.replicas config.yaml
  monstack explain Alertmanager/prometheus-alertmanager:spec.portName config.yaml --charts charts

It is found out by trying: a key gets another value, and what differs is what it drives. The same is done with the values
of the chart for a field of an object that a chart makes. Paths of fields are those of `monstack diff`.";

/// Explain what a key of the config drives, or which keys and chart values make an object or a field of it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// A key (`replicas.prometheus`), or an object and perhaps its field (`Kind/[namespace/]name[:field]`)
    #[arg(value_name = "FIELD|OBJECT")]
    target: String,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text
    Text,
    /// JSON
    Json,
}

impl Explain {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let loaded = match self.input.load_or_default() {
            Ok(loaded) => loaded,
            Err(code) => return Ok(code),
        };
        let surroundings = self.charts.surroundings(&self.input);
        let (sets, files): (Vec<Source>, Vec<Source>) =
            loaded.sources.into_iter().partition(|source| source.name == "--set");
        let sets: Vec<_> =
            sets.into_iter().filter_map(|source| String::from_utf8(source.bytes).ok()).collect();
        let keys = Keys::new(&loaded.config, &files, &sets)?;
        let stand = Stand::new(loaded.config, files, sets, surroundings)?;
        if self.target.contains('/') {
            return object::explain(&self.target, stand, &keys, self.output);
        }
        key::explain(&self.target, &stand, &keys, self.output)
    }
}

/// Lines below headings, each heading once.
fn lines(lines: impl IntoIterator<Item = (String, String)>) -> String {
    let mut text = String::new();
    let mut last = None;
    for (heading, line) in lines {
        if last.as_ref() != Some(&heading) {
            let _ = writeln!(text, "{heading}");
        }
        let _ = writeln!(text, "  {line}");
        last = Some(heading);
    }
    text
}

/// Says that there is no such thing.
fn unknown(what: &str, help: &[String]) -> ExitCode {
    let help: String = help.iter().map(|help| format!("  help: {help}\n")).collect();
    tell(&format!("monstack: {what}\n{help}"));
    ExitCode::FAILURE
}
