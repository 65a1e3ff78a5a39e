//! `monstack diff`

mod folders;
mod git;
mod live;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::json;

pub(super) use self::folders::DiffFolders;
use super::input::Input;
use super::kubectl::Kubectl;
use super::surroundings::Charts;
use super::{print, print_json, report, tell};
use crate::config::Loaded;
use crate::delivery::Surroundings;
use crate::diff::{self, Difference, Summary, markdown, text, unified};
use crate::k8s::Object;
use crate::stack::{self, Stack};

/// Something differs.
const DIFFERS: u8 = 1;

/// It could not be found out.
pub(super) const FAILED: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  monstack diff old.yaml new.yaml
  monstack diff --git main config.yaml -f production.yaml -o markdown
  monstack diff --live config.yaml

Exit codes:
  0  nothing differs
  1  something differs
  2  failed, also for wrong usage";

/// Show what a change does to the objects: between two configs, since a commit, or in the cluster
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("context", |arg| arg.requires("live")), mut_arg("kubeconfig", |arg| arg.requires("live")))]
pub(super) struct Diff {
    /// Two config files, the old one and the new one; with --git or --live one
    #[arg(value_name = "CONFIG", num_args = 0..=2)]
    configs: Vec<PathBuf>,
    /// Another config file, laid over each config
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Set one key of each config, after all files
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = super::input::assignment)]
    sets: Vec<String>,
    /// Compare with the config, its overlays, lock and charts as they are at this revision
    #[arg(long, value_name = "REV", conflicts_with = "live")]
    git: Option<String>,
    /// Compare with the cluster, through `kubectl diff`; objects that are in the cluster only are not seen
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    kubectl: Kubectl,
    /// Compare as `kubectl apply` without --server-side does
    #[arg(long, requires = "live")]
    client_side: bool,
    #[command(flatten)]
    charts: Charts,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
}

/// Format of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Each object with the fields that differ
    Text,
    /// A unified diff of the YAML
    Unified,
    /// A summary and a list, as JSON
    Json,
    /// Markdown for a pull request
    Markdown,
}

/// A config and where its charts are.
struct Side {
    loaded: Loaded,
    surroundings: Surroundings,
}

impl Diff {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let outcome = match (&self.git, self.live, self.configs.as_slice()) {
            (None, false, [old, new]) => self.compare(|| self.side(Some(old)), || self.side(Some(new))),
            (Some(_), _, [_, _]) | (_, true, [_, _]) => {
                return Ok(usage("give one config with --git or --live"));
            }
            (Some(revision), _, configs) => {
                let config = configs.first();
                match git::Revision::of(revision, config.into_iter().chain(&self.files)) {
                    Ok(old) => {
                        let outcome = self.compare(|| self.old_side(&old, config), || self.side(config));
                        outcome.map_err(|error| match crate::cli::is_broken_pipe(&error) {
                            true => error,
                            false => anyhow::anyhow!(old.named(&format!("{error:#}"))),
                        })
                    }
                    Err(message) => return Ok(fail(&message)),
                }
            }
            (None, true, configs) => return self.live(configs.first()),
            (None, false, _) => {
                return Ok(usage("give two configs, or one with --git REV or --live"));
            }
        };
        // What cannot be compared is not different; that nobody reads on is no failure.
        outcome.or_else(|error| {
            if crate::cli::is_broken_pipe(&error) { Err(error) } else { Ok(fail(&format!("{error:#}"))) }
        })
    }

    fn input(&self, config: Option<&PathBuf>) -> Input {
        Input::of(config.cloned(), self.files.clone(), self.sets.clone())
    }

    fn side(&self, config: Option<&PathBuf>) -> Result<Side, ExitCode> {
        let input = self.input(config);
        let loaded = input.load_for("nothing was compared").map_err(|_| ExitCode::from(FAILED))?;
        Ok(Side { loaded, surroundings: self.charts.surroundings(&input) })
    }

    /// The config at a revision, which messages name as git does.
    fn old_side(&self, old: &git::Revision, config: Option<&PathBuf>) -> Result<Side, ExitCode> {
        let input = Input::of(
            config.map(|path| old.path(path)),
            self.files.iter().map(|path| old.path(path)).collect(),
            self.sets.clone(),
        );
        let loaded = match input.load_unreported().map_err(|_| ExitCode::from(FAILED))? {
            Ok(loaded) => loaded,
            Err(mut report) => {
                report.sources.iter_mut().for_each(|source| source.name = old.name(&source.name));
                tell(&report::failure(&report, "nothing was compared"));
                return Err(ExitCode::from(FAILED));
            }
        };
        let releases = stack::releases(&loaded.config).unwrap_or_default();
        let charts: Vec<_> = releases
            .iter()
            .filter_map(|release| release.source.path.as_ref())
            .map(|path| PathBuf::from(path.as_str()))
            .collect();
        if let Err(message) = old.export_charts(&input.folder(), &charts) {
            return Err(fail(&message));
        }
        Ok(Side { surroundings: self.charts.surroundings(&input), loaded })
    }

    fn compare(
        &self,
        old: impl FnOnce() -> Result<Side, ExitCode>,
        new: impl FnOnce() -> Result<Side, ExitCode>,
    ) -> anyhow::Result<ExitCode> {
        let (old, new) = match (old(), new()) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(code), _) | (_, Err(code)) => return Ok(code),
        };
        let render = |side: &Side| stack::render(&side.loaded.config, &side.surroundings, |_| true);
        let (old, new) = (render(&old)?, render(&new)?);
        let differences = diff::compare(&objects(&old), &objects(&new))?;
        let code = write(&differences, self.output);
        // The process ends here, and takes the memory with it.
        std::mem::forget((old, new));
        code
    }
}

fn objects(stack: &Stack) -> Vec<&Object> {
    stack.objects.iter().map(|object| &object.object).collect()
}

/// Prints differences, and says by the code whether there are any.
fn write(differences: &[Difference], format: Format) -> anyhow::Result<ExitCode> {
    let code = if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) };
    let text = match format {
        Format::Text if differences.is_empty() => text::same().to_owned(),
        Format::Text => text::write(differences),
        Format::Unified => unified::write(differences),
        Format::Markdown => markdown::write(differences),
        Format::Json => {
            print_json(&json!({"summary": Summary::of(differences), "objects": differences}))?;
            return Ok(code);
        }
    };
    print(text.as_bytes())?;
    Ok(code)
}

fn usage(message: &str) -> ExitCode {
    fail(&format!("{message}\n  help: `monstack diff --help` shows examples"))
}

fn fail(message: &str) -> ExitCode {
    tell(&format!("monstack: {message}\n"));
    ExitCode::from(FAILED)
}
