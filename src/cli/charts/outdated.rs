//! `monstack charts outdated`

use std::process::ExitCode;

use clap::Args;
use helm_repository::Wanted;
use masterminds_semver::Version;

use super::super::table::table;
use super::super::{USAGE, print};
use super::pinned::{Opened, Pinned};
use super::{fetch, finish};
use crate::charts::Pin;

const EXAMPLES: &str = "\
Exit codes:
  0  each chart is the newest
  1  some chart is not
  2  that could not be found out";

/// List the charts of monstack.lock of which there are newer versions
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Outdated {
    #[command(flatten)]
    pinned: Pinned,
}

impl Outdated {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let failed = |problems| {
            finish(problems);
            Ok(ExitCode::from(USAGE))
        };
        let (lock, client) = match self.pinned.open() {
            Ok(Opened { lock, client: Some(client), .. }) => (lock, client),
            Ok(_) => return failed(vec![crate::charts::Problem::new("--offline cannot tell what is newer")]),
            Err(problem) => return failed(vec![problem]),
        };
        let pins: Vec<_> = lock.charts.iter().filter(|pin| pin.repository.is_some()).collect();
        let mut problems = Vec::new();
        let mut rows = Vec::new();
        for (pin, found) in pins.iter().zip(newest(&client, &pins)) {
            match found {
                Ok(found) if is_newer(&found.version, &pin.version) => rows.push([
                    pin.name.clone(),
                    pin.version.clone(),
                    found.version,
                    found.app_version.unwrap_or_default(),
                ]),
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        if !rows.is_empty() {
            print(table(["CHART", "PINNED", "NEWEST", "APP VERSION"], &rows).as_bytes())?;
        }
        if !problems.is_empty() {
            return failed(problems);
        }
        Ok(if rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The newest versions of pinned charts that have a repository.
pub(super) fn newest(
    client: &helm_repository::Client,
    pins: &[&Pin],
) -> Vec<Result<helm_repository::Found, crate::charts::Problem>> {
    let wanted: Vec<_> = pins
        .iter()
        .filter_map(|pin| Some((pin.repository.as_deref()?, Wanted { chart: &pin.name, version: any(pin) })))
        .collect();
    fetch::versions(client, &wanted)
}

/// Whoever has a pre-release is offered others.
fn any(pin: &Pin) -> &'static str {
    let is_prerelease = Version::parse(&pin.version).is_ok_and(|version| !version.prerelease.is_empty());
    if is_prerelease { ">=0-0" } else { "*" }
}

fn is_newer(found: &str, pinned: &str) -> bool {
    match (Version::parse(found), Version::parse(pinned)) {
        (Ok(found), Ok(pinned)) => found.compare(&pinned).is_gt(),
        _ => found != pinned,
    }
}
