//! What the verbs on pinned charts have in common.

use std::process::ExitCode;

use clap::Args;
use helm_repository::Client;

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::network::Network;
use super::{fetch, finish, locked, problem_of_all};
use crate::charts::{Lock, Pin, Places, Problem};

/// The lock file of a config, and how to reach what it pins.
#[derive(Debug, Args)]
pub(super) struct Pinned {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    network: Network,
}

/// What is pinned.
pub(super) struct Opened {
    pub(super) places: Places,
    pub(super) lock: Lock,
    /// None offline.
    pub(super) client: Option<Client>,
}

impl Pinned {
    pub(super) fn open(&self) -> Result<Opened, Problem> {
        let places = self.charts.places(&self.input);
        let lock = locked(&places)?;
        let client = self.network.client().map_err(|error| problem_of_all(&error))?;
        Ok(Opened { places, lock, client })
    }

    /// Gets each archive, does something with it, and prints the lines that this gives.
    pub(super) fn each(
        &self,
        act: impl Fn(&Places, &Pin, &[u8]) -> Result<String, Problem>,
    ) -> anyhow::Result<ExitCode> {
        let Opened { places, lock, client } = match self.open() {
            Ok(opened) => opened,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let mut problems = Vec::new();
        let mut lines = String::new();
        for (pin, bytes) in lock.charts.iter().zip(fetch::pinned(&places, client.as_ref(), &lock.charts)) {
            match bytes.and_then(|bytes| act(&places, pin, &bytes)) {
                Ok(line) => lines.push_str(&line),
                Err(problem) => problems.push(problem),
            }
        }
        print(lines.as_bytes())?;
        Ok(finish(problems))
    }
}
