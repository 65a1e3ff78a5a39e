//! How to reach repositories.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use helm_repository::{Client, Credentials, Options};

use super::progress::Terminal;

/// How to reach repositories.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network options")]
pub(super) struct Network {
    /// Ask no server: use what is there
    #[arg(long)]
    offline: bool,
    /// Talk without encryption to other hosts than this one, too
    #[arg(long)]
    plain_http: bool,
    /// Certificates of authorities, in PEM, beside those of the system and of SSL_CERT_FILE
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Seconds for which a server may be silent
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// How often to try again what may pass
    #[arg(long, value_name = "TIMES", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=10))]
    retries: u32,
}

impl Network {
    /// A client, if servers may be asked.
    pub(super) fn client(&self) -> Result<Option<Client>, helm_repository::Error> {
        if self.offline {
            return Ok(None);
        }
        let options = Options {
            plain_http: self.plain_http,
            ca_file: self.ca_file.clone(),
            timeout: Duration::from_secs(self.timeout),
            retries: self.retries,
        };
        let credentials = Credentials::from_environment(|name| std::env::var_os(name))?;
        Client::new(options, credentials, Arc::new(Terminal::default())).map(Some)
    }
}
