//! `monstack argocd generate`

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::deadline::{self, Stage};
use super::told::{Of, Told, refuse};
use crate::cli::{print_with, report, tell};
use crate::config::{Config, Delivery, Report, duration};
use crate::stack::{self, Stack};
use crate::stream;

const EXAMPLES: &str = "\
Examples:
  monstack argocd generate
  monstack argocd generate --app examples/argocd/application.yaml --repo ../monitoring";

/// Render the stack as ArgoCD asks for it: what plugin.yaml runs in the folder of an Application
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Generate {
    #[command(flatten)]
    of: Of,
    /// Give up after this time and say what took so long; ArgoCD kills a plugin after 60s without a word
    #[arg(long, value_name = "DURATION", default_value = "45s", value_parser = limit)]
    timeout: Duration,
}

/// What came of the work.
enum Outcome {
    Rendered(Stack, Vec<String>),
    Refused(Box<Report>),
    Failed(anyhow::Error),
}

impl Generate {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let of = self.of;
        let outcome = deadline::run(self.timeout, move |stage| {
            stage.enter("reading the environment");
            match of.hear() {
                Ok(Ok(told)) => Ok(work(&told, stage)),
                Ok(Err(code)) => Err(code),
                Err(error) => Ok(Outcome::Failed(error)),
            }
        })?;
        let (stack, warnings) = match outcome {
            Err(stage) => {
                tell(&format!(
                    "monstack: gave up after {:?}, while {stage}\n  help: --timeout in plugin.yaml allows for more, up to ArgoCD's own 60 s\n",
                    self.timeout
                ));
                return Ok(ExitCode::FAILURE);
            }
            Ok(Err(code)) => return Ok(code),
            Ok(Ok(Outcome::Failed(error))) => return Err(error),
            Ok(Ok(Outcome::Refused(report))) => return Ok(refuse(&report, "nothing was rendered")),
            Ok(Ok(Outcome::Rendered(stack, warnings))) => (stack, warnings),
        };
        warnings.iter().for_each(|warning| tell(warning));
        if stack.objects.is_empty() {
            // With pruning, an empty stream would delete everything.
            tell("monstack: this config renders no object\n");
            return Ok(ExitCode::FAILURE);
        }
        print_with(|stdout| stream::write_yaml(stack.objects.iter().map(|object| &object.object), stdout))?;
        // The process ends here, and takes the memory with it.
        std::mem::forget(stack);
        Ok(ExitCode::SUCCESS)
    }
}

fn work(told: &Told, stage: &Stage) -> Outcome {
    stage.enter(format!("reading {}", told.names().join(", ")));
    let loaded = match told.load() {
        Ok(loaded) => loaded,
        Err(report) => return Outcome::Refused(report),
    };
    stage.enter(rendering(&loaded.config));
    let stack = match stack::render(&loaded.config, &told.surroundings(), |_| true) {
        Ok(stack) => stack,
        Err(error) => return Outcome::Failed(error),
    };
    let mut warnings = vec![report::warnings(&loaded.sources, &loaded.warnings)];
    warnings.extend(stack.warnings.iter().map(|warning| format!("warning: {warning}\n")));
    Outcome::Rendered(stack, warnings)
}

fn rendering(config: &Config) -> String {
    if config.delivery != Delivery::Inline {
        return "rendering the objects".to_owned();
    }
    let releases = stack::releases(config).unwrap_or_default();
    let names: Vec<_> = releases.iter().map(|release| release.chart).collect();
    format!("rendering the charts {}", names.join(", "))
}

fn limit(text: &str) -> Result<Duration, String> {
    duration::go(text)
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected a duration such as 45s or 1m30s".to_owned())
}
