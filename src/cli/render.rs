//! `monstack render`

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::input::Input;
use super::surroundings::Charts;
use super::{output_dir, print, print_with, report, tell};
use crate::{stack, stream};

const EXAMPLES: &str = "\
Examples:
  cat config.yaml | monstack render
  monstack render config.yaml --only thanos-query --only thanos-store
  monstack render -f base.yaml -f production.yaml --set cluster=prod
  monstack render config.yaml --output-dir rendered";

/// Render the stack as one YAML stream, in the order in which it is applied
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Render {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Format of the objects
    #[arg(short, long, value_enum, default_value_t = Format::Yaml)]
    output: Format,
    /// Write one file per object below this directory, and remove those of an earlier run
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// Render only these constructs
    #[arg(long, value_name = "CONSTRUCT", value_delimiter = ',', value_parser = constructs())]
    only: Vec<String>,
    /// Do not write warnings
    #[arg(short, long)]
    quiet: bool,
}

/// Format of rendered objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// YAML documents
    Yaml,
    /// A JSON list of objects
    Json,
}

impl Render {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let loaded = match self.input.load() {
            Ok(loaded) => loaded,
            Err(code) => return Ok(code),
        };
        if !self.quiet {
            tell(&report::warnings(&loaded.sources, &loaded.warnings));
        }
        let selected = |name: &str| self.only.is_empty() || self.only.iter().any(|only| only == name);
        let surroundings = self.charts.surroundings(&self.input);
        let stack::Stack { objects, warnings } = stack::render(&loaded.config, &surroundings, selected)?;
        if !self.quiet {
            warnings.iter().for_each(|warning| tell(&format!("warning: {warning}\n")));
        }
        if let Some(directory) = &self.output_dir {
            let summary = output_dir::write(directory, &objects, self.output, selected)?;
            if !self.quiet {
                tell(&summary);
            }
            return Ok(ExitCode::SUCCESS);
        }
        if objects.is_empty() {
            tell(&nothing(&self.only));
            return Ok(ExitCode::FAILURE);
        }
        let all = objects.iter().map(|object| &object.object);
        match self.output {
            Format::Yaml => print_with(|stdout| stream::write_yaml(all, stdout))?,
            Format::Json => print(&stream::json(all)?)?,
        }
        // The process ends here: giving each of some ten thousand small allocations back takes a tenth of
        // the whole run.
        std::mem::forget((objects, loaded));
        Ok(ExitCode::SUCCESS)
    }
}

/// Why there is nothing to write. An empty stream would be a success, and whoever applies it with pruning
/// would delete what it applied before.
fn nothing(only: &[String]) -> String {
    let mut text = format!("monstack: this config renders no object of {}\n", only.join(", "));
    for name in only {
        let construct = stack::CONSTRUCTS.iter().find(|construct| construct.name == name.as_str());
        let switches = construct.map_or(&[][..], |construct| construct.switches);
        if !switches.is_empty() {
            let _ = writeln!(text, "  help: {name} needs `{}: true`", switches.join("` or `"));
        }
    }
    text
}

/// The names that `--only` takes; clap suggests the nearest one for any other.
fn constructs() -> PossibleValuesParser {
    let values =
        stack::CONSTRUCTS.iter().map(|construct| PossibleValue::new(construct.name).help(construct.summary));
    PossibleValuesParser::new(values)
}
