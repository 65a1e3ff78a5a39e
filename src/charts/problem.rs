//! Why charts cannot be rendered.

use std::fmt;

/// What is wrong with one chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What is wrong.
    pub(crate) message: String,
    /// What would mend it.
    pub(crate) help: Vec<String>,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Problem { message: message.into(), help: Vec::new() }
    }

    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}

impl std::error::Error for Problem {}

/// What is wrong with several charts: all of it, so that one run is enough to mend it.
#[derive(Debug)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            // Whoever prints it puts the program's name before the first.
            f.write_str(if index > 0 { "\nmonstack: " } else { "" })?;
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
