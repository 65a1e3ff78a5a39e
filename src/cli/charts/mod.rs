//! `monstack charts`: pins, fetches and shows the charts of `delivery: inline`.

mod fetch;
mod list;
mod lock;
mod network;
mod outdated;
mod pinned;
mod progress;
mod pull;
mod show;
mod vendor;
mod verify;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::tell;
use crate::charts::{Lock, Places, Problem, Problems};

const EXAMPLES: &str = "\
Examples:
  monstack charts lock config.yaml             # pin and fetch what the config asks for
  monstack charts pull config.yaml             # fetch what monstack.lock pins, elsewhere
  monstack charts vendor charts config.yaml    # put the archives beside the config, to commit them

Credentials come from MONSTACK_CREDENTIALS (URLs such as https://user:password@charts.example.com, with spaces
between), docker's config.json and its credential helpers, and helm's repositories.yaml and registry/config.json.
Proxies come from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.";

/// Pin, fetch and verify the charts of `delivery: inline`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ChartsCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Lock(lock::LockCharts),
    Pull(pull::Pull),
    Vendor(vendor::Vendor),
    Verify(verify::Verify),
    List(list::List),
    Show(show::Show),
    Outdated(outdated::Outdated),
}

impl ChartsCommand {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.verb {
            Verb::Lock(verb) => verb.run(),
            Verb::Pull(verb) => verb.run(),
            Verb::Vendor(verb) => verb.run(),
            Verb::Verify(verb) => verb.run(),
            Verb::List(verb) => verb.run(),
            Verb::Show(verb) => verb.run(),
            Verb::Outdated(verb) => verb.run(),
        }
    }
}

/// The lock file, which has to be there.
fn locked(places: &Places) -> Result<Lock, Problem> {
    Lock::read(&places.lock)?.ok_or_else(|| {
        Problem::new(format!("there is no {}", places.lock.display()))
            .with_help(format!("`{}` pins the charts", places.command("lock")))
    })
}

/// Reports problems, if there are any. What is wrong with a repository is wrong for each chart of it, and said once.
fn finish(mut problems: Vec<Problem>) -> ExitCode {
    problems.dedup();
    if problems.is_empty() {
        return ExitCode::SUCCESS;
    }
    tell(&format!("monstack: {}\n", Problems(problems)));
    ExitCode::FAILURE
}

/// Turns what fetching fails with into a problem of a chart.
fn problem(name: &str, error: &helm_repository::Error) -> Problem {
    whole(format!("{name}: {}", error.message()), error)
}

/// The same of a whole repository, or of none.
fn problem_of_all(error: &helm_repository::Error) -> Problem {
    whole(error.message().to_owned(), error)
}

fn whole(message: String, error: &helm_repository::Error) -> Problem {
    let problem = Problem::new(message);
    error.help().iter().fold(problem, |problem, help| problem.with_help(help.clone()))
}
