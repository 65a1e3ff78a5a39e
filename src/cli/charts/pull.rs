//! `monstack charts pull`

use std::process::ExitCode;

use clap::Args;

use super::fetch;
use super::pinned::Pinned;

/// Fetch the charts that monstack.lock pins into the cache
#[derive(Debug, Args)]
pub(super) struct Pull {
    #[command(flatten)]
    pinned: Pinned,
}

impl Pull {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        self.pinned.each(|places, pin, bytes| {
            fetch::keep(places, pin, bytes)?;
            Ok(format!("{} {} {}\n", pin.name, pin.version, pin.digest))
        })
    }
}
