//! `monstack charts verify`

use std::process::ExitCode;

use clap::Args;

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::{fetch, finish, lock, locked, releases};
use crate::charts::Source;

/// Verify that each chart that a config needs is there and is what monstack.lock pins
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
}

impl Verify {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = match self.input.load_for("nothing was verified") {
            Ok(loaded) => loaded.config,
            Err(code) => return Ok(code),
        };
        let places = self.charts.places(&self.input);
        let locked = match locked(&places) {
            Ok(locked) => locked,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let mut problems = Vec::new();
        let mut lines = String::new();
        for release in releases(&config)? {
            match lock::source(&places, &locked, &release) {
                Ok(Source::Folder(path)) => {
                    lines.push_str(&format!(
                        "{}: {} is a folder, which nothing pins\n",
                        release.chart,
                        path.display()
                    ));
                }
                Ok(Source::Archive { path, bytes, pin }) => match fetch::load(&pin.name, &bytes) {
                    Ok(_) => lines.push_str(&format!(
                        "{} {}: {} is what is pinned\n",
                        pin.name,
                        pin.version,
                        path.display()
                    )),
                    Err(problem) => problems.push(problem),
                },
                Err(problem) => problems.push(problem),
            }
        }
        print(lines.as_bytes())?;
        Ok(finish(problems))
    }
}
