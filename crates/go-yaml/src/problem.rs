//! What can be wrong with a text.

use std::fmt;

use crate::node::{Position, Span};

/// One thing wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place. Syntax problems have no extent: start and end are the same.
    pub span: Span,
    /// What sort of problem it is.
    pub kind: ProblemKind,
    /// A message for the user, without the place and without a final period.
    pub message: String,
    /// What the Go library says, if it says anything.
    in_go: Option<Box<str>>,
}

/// The sorts of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The bytes are not UTF-8, or are UTF-16. The place is the first bad byte.
    NotUtf8,
    /// The text is not YAML, or holds a control character.
    Syntax,
    /// The text is longer than [`Limits::max_bytes`](crate::Limits::max_bytes),
    /// or its aliases would expand to many times that.
    TooLarge,
    /// Collections are nested deeper than
    /// [`Limits::max_depth`](crate::Limits::max_depth).
    TooDeep,
    /// There are more nodes than
    /// [`Limits::max_nodes`](crate::Limits::max_nodes).
    TooManyNodes,
    /// A key occurs twice in a mapping. The place is that of the second.
    DuplicateKey,
    /// An alias (`*name`) names no anchor written before it.
    UnknownAnchor,
    /// An alias stands inside the node it names.
    RecursiveAlias,
    /// A sequence or a mapping is used as a key; from
    /// [`Node::to_json`](crate::Node::to_json), also a null key or an integer
    /// key above `i64::MAX`, which the Go library refuses there.
    InvalidKey,
    /// The value of a merge key (`<<`) is neither a mapping nor a sequence of
    /// mappings.
    InvalidMerge,
    /// The text of a scalar is not what its tag says, as in `!!int x`.
    InvalidTag,
    /// JSON has no such number (`.inf`, `.nan`).
    NotJson,
}

impl Problem {
    pub(crate) fn new(span: Span, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { span, kind, message: message.into(), in_go: None }
    }

    /// The problem that the Go library tells, which reads the whole text before it looks at types and keys.
    #[must_use]
    pub fn first_in_go(problems: &[Problem]) -> Option<&Problem> {
        let is_late = |problem: &&Problem| {
            matches!(
                problem.kind,
                ProblemKind::InvalidTag
                    | ProblemKind::InvalidKey
                    | ProblemKind::InvalidMerge
                    | ProblemKind::RecursiveAlias
            )
        };
        problems.iter().find(|problem| !is_late(problem)).or(problems.first())
    }

    pub(crate) fn in_go(self, words: impl Into<Box<str>>) -> Self {
        Self { in_go: Some(words.into()), ..self }
    }

    /// The message of go-yaml v2, which stands behind `yaml: `. It may lack the place, as Go's does.
    #[must_use]
    pub fn go_message(&self) -> String {
        self.in_go.as_ref().map_or_else(|| self.to_string(), ToString::to_string)
    }

    pub(crate) fn at(position: Position, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self::new(Span { start: position, end: position }, kind, message)
    }
}

/// Prints `line:column: message`.
impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.span.start, self.message)
    }
}

impl std::error::Error for Problem {}
