//! `monstack charts vendor`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::fetch;
use super::pinned::Pinned;

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
    pinned: Pinned,
}

impl Vendor {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        self.pinned.each(|_, pin, bytes| {
            let path = self.directory.join(pin.file_name());
            fetch::write(&path, bytes)?;
            Ok(format!("{}\n", path.display()))
        })
    }
}
