//! What is wrong with a config, as data.

use go_yaml::Span;

use super::path::Path;
pub use super::rules::Severity;

/// A text that the config was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What messages call it: the path as given, `<stdin>` or `--set`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// One problem of a config.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// Index of the source that it is in.
    pub source: usize,
    /// Where in the source; `None` for a source that could not be read.
    pub span: Option<Span>,
    /// The key that it is about; the root for a problem of the whole text.
    pub path: Path,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error about a whole source or a place in it, without a key.
    pub fn of_source(source: usize, span: Option<Span>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            source,
            span,
            path: Path::default(),
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything that is wrong, with the texts that it refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The texts, in the order in which they are overlaid.
    pub sources: Vec<Source>,
    /// The problems, in the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// A report whose problems are put into the order of the texts.
    pub fn new(sources: Vec<Source>, mut diagnostics: Vec<Diagnostic>) -> Self {
        sort(&mut diagnostics);
        Self { sources, diagnostics }
    }
}

/// Puts problems into the order of the texts.
pub(super) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.source, diagnostic.span.map(|span| span.start)));
}
