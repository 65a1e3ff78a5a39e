//! `monstack charts pull`

use std::process::ExitCode;

use clap::Args;

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::network::Network;
use super::{fetch, finish, locked, problem_of_all};

/// Fetch the charts that monstack.lock pins into the cache
#[derive(Debug, Args)]
pub(super) struct Pull {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    network: Network,
}

impl Pull {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let places = self.charts.places(&self.input);
        let lock = match locked(&places) {
            Ok(lock) => lock,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let client = match self.network.client() {
            Ok(client) => client,
            Err(error) => return Ok(finish(vec![problem_of_all(&error)])),
        };
        let mut problems = Vec::new();
        let mut lines = String::new();
        for (pin, bytes) in lock.charts.iter().zip(fetch::pinned(&places, client.as_ref(), &lock.charts)) {
            match bytes.and_then(|bytes| fetch::keep(&places, pin, &bytes)) {
                Ok(()) => lines.push_str(&format!("{} {} {}\n", pin.name, pin.version, pin.digest)),
                Err(problem) => problems.push(problem),
            }
        }
        print(lines.as_bytes())?;
        Ok(finish(problems))
    }
}
