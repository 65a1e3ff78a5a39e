//! Why a chart cannot be fetched.

use std::fmt;
use std::time::Duration;

/// What went wrong, and what would mend it. Never holds a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    help: Vec<String>,
    /// What trying again may mend, and how long to wait before that at least.
    retry: Option<Duration>,
    refusal: Option<Refusal>,
    is_distrust: bool,
}

/// An answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// `WWW-Authenticate`
    pub(crate) challenge: Option<String>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Error { message: message.into(), help: Vec::new(), retry: None, refusal: None, is_distrust: false }
    }

    /// An error that may be gone the next time.
    pub(crate) fn passing(message: impl Into<String>) -> Self {
        Error { retry: Some(Duration::ZERO), ..Error::new(message) }
    }

    #[must_use]
    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.retry = Some(wait);
        self
    }

    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    #[must_use]
    pub(crate) fn with_refusal(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }

    /// An error about who the other side is.
    #[must_use]
    pub(crate) fn of_distrust(mut self) -> Self {
        self.is_distrust = true;
        self
    }

    pub(crate) fn is_distrust(&self) -> bool {
        self.is_distrust
    }

    pub(crate) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would mend it.
    pub fn help(&self) -> &[String] {
        &self.help
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}

impl std::error::Error for Error {}
