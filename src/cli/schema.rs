//! `monstack schema`

use std::process::ExitCode;

use clap::Args;

use super::print;
use crate::config::schema::TEXT;

const EXAMPLES: &str = "\
Example:
  monstack schema > monstack.schema.json

A first line in the config then makes an editor explain and complete its keys:
  # yaml-language-server: $schema=monstack.schema.json";

/// Print the JSON Schema of the config
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        print(TEXT.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
