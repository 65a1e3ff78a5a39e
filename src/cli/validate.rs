//! `monstack validate`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::input::Input;
use super::{print, print_json, report, tell};

const EXAMPLES: &str = "\
Examples:
  monstack validate config.yaml
  monstack validate -f base.yaml -f production.yaml
  monstack validate config.yaml -o json | jq -r '.[].message'";

/// Check a config and report every problem
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Validate {
    #[command(flatten)]
    input: Input,
    /// Format of the problems: text on standard error, or a JSON list on standard output
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
    /// Do not write warnings
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text on standard error
    Text,
    /// A JSON list on standard output
    Json,
}

impl Validate {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let (sources, mut diagnostics, failed) = match self.input.load_unreported() {
            Err(code) => return Ok(code),
            Ok(Ok(loaded)) => (loaded.sources, loaded.warnings, None),
            Ok(Err(report)) => (report.sources.clone(), report.diagnostics.clone(), Some(report)),
        };
        let code = if failed.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        if self.output == Format::Json {
            if self.quiet && failed.is_none() {
                diagnostics.clear();
            }
            print_json(&report::json(&sources, &diagnostics))?;
            return Ok(code);
        }
        if !self.quiet {
            tell(&report::warnings(&sources, &diagnostics));
        }
        match failed {
            Some(report) => tell(&report::failure(&report, "so it cannot be rendered")),
            None if !self.quiet => {
                let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
                print(format!("{}: valid\n", names.join(", ")).as_bytes())?;
            }
            None => {}
        }
        Ok(code)
    }
}
