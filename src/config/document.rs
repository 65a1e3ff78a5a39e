//! One source to one tree.

use go_yaml::{Data, Limits, Node, Position, Problem, ProblemKind, Span, Value};

use super::diagnostic::{Diagnostic, Source};
use super::wording::describe;

/// The longest config in bytes. Whoever reads a source may stop one byte behind it.
pub const MAX_BYTES: usize = 1 << 20;

/// The deepest nesting of mappings and lists.
pub(super) const MAX_DEPTH: usize = 64;

/// The most keys and values.
const MAX_NODES: usize = 100_000;

/// Reads a source that must hold one mapping.
pub(super) fn read(index: usize, source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let start = span_at_start();
    if source.bytes.len() > MAX_BYTES {
        let message = "the config is larger than 1 MiB";
        return Err(vec![Diagnostic::of_source(index, Some(start), message)]);
    }
    let limits = Limits { max_bytes: MAX_BYTES, max_depth: MAX_DEPTH, max_nodes: MAX_NODES };
    let mut documents = go_yaml::read(&source.bytes, &limits)
        .map_err(|problems| {
            problems.into_iter().map(|problem| from_problem(index, problem)).collect::<Vec<_>>()
        })?
        .into_iter();
    let Some(root) = documents.next() else { return Err(vec![empty(index, source, start)]) };
    if let Some(second) = documents.next() {
        let message = "a config is one YAML document, and here begins a second one";
        let help = "to overlay several configs, give them as files: `-f base.yaml -f production.yaml`";
        return Err(vec![Diagnostic::of_source(index, Some(second.span), message).with_help(help)]);
    }
    match &root.data {
        Data::Mapping(_) => Ok(root),
        Data::Scalar(scalar) if scalar.value == Value::Null => Err(vec![empty(index, source, start)]),
        _ => {
            let message =
                format!("expected a mapping such as `namespace: monitoring`, found {}", describe(&root));
            Err(vec![Diagnostic::of_source(index, Some(root.span), message)])
        }
    }
}

/// A problem of the YAML reader in our form.
pub(crate) fn from_problem(source: usize, problem: Problem) -> Diagnostic {
    let help = match problem.kind {
        ProblemKind::NotUtf8 => Some("save the file as UTF-8"),
        ProblemKind::Syntax if problem.message.contains("cannot start any token") => {
            Some("a value that begins with `@`, `` ` `` or `%` has to be quoted")
        }
        ProblemKind::NotJson => Some("quote it if it is meant as a text"),
        _ => None,
    };
    let diagnostic = Diagnostic::of_source(source, Some(problem.span), problem.message);
    match help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// The span of the first character, for problems of the whole text.
pub(crate) fn span_at_start() -> Span {
    let start = Position { line: 1, column: 1, offset: 0 };
    Span { start, end: start }
}

fn empty(index: usize, source: &Source, start: Span) -> Diagnostic {
    let message = "the config is empty; `{}` renders the default stack";
    let diagnostic = Diagnostic::of_source(index, Some(start), message);
    if source.name == super::STDIN {
        diagnostic.with_help(
            "it was read from standard input: to read a file, name it, as in `monstack render config.yaml`",
        )
    } else {
        diagnostic
    }
}
