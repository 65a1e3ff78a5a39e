//! `monstack charts vendor`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::network::Network;
use super::{fetch, finish, locked, problem_of_all};

const EXAMPLES: &str = "\
Examples:
  monstack charts vendor charts config.yaml            # beside the config, where render looks by itself
  monstack charts vendor image/charts config.yaml      # for an image with MONSTACK_CHARTS=/charts";

/// Write the archives that monstack.lock pins into a folder, to commit them or to put them into an image
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Vendor {
    /// Folder for the archives
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    network: Network,
}

impl Vendor {
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
            let path = self.directory.join(pin.file_name());
            match bytes.and_then(|bytes| fetch::write(&path, &bytes)) {
                Ok(()) => lines.push_str(&format!("{}\n", path.display())),
                Err(problem) => problems.push(problem),
            }
        }
        print(lines.as_bytes())?;
        Ok(finish(problems))
    }
}
