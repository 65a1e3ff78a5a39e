//! `monstack man`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Command};
use clap_mangen::Man as Page;

use super::print;

const EXAMPLES: &str = "\
Examples:
  monstack man | man -l -
  monstack man --output-dir ~/.local/share/man/man1";

/// Print the manual page, or write those of all commands
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Man {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, command: Command) -> anyhow::Result<ExitCode> {
        let Some(folder) = &self.output_dir else {
            let mut text = Vec::new();
            Page::new(command).render(&mut text)?;
            print(&text)?;
            return Ok(ExitCode::SUCCESS);
        };
        let failed = || format!("cannot write manual pages into {}", folder.display());
        std::fs::create_dir_all(folder).with_context(failed)?;
        clap_mangen::generate_to(command, folder).with_context(failed)?;
        Ok(ExitCode::SUCCESS)
    }
}
