//! Problems in the words of go-yaml v2.

use libyaml_safer::{Error, ErrorKind};

use crate::node::{Data, Node, Value};

/// `parser.fail` of `decode.go`. `is_behind` tells of a mark at the line break that was added to the text.
pub(crate) fn syntax(error: &Error, is_behind: bool) -> String {
    let is_scanner = error.kind() == ErrorKind::Scanner;
    let problem = error.problem_mark().map_or(0, |mark| mark.line);
    // Go's scanner moves to a line that is not there only when it has found the end between tokens.
    let has_moved = error.problem() == "could not find expected ':'";
    let problem = if is_scanner && is_behind && !has_moved { problem.saturating_sub(1) } else { problem };
    let line = match problem {
        0 => error.context_mark().map_or(0, |mark| mark.line),
        line => line + u64::from(is_scanner),
    };
    let place = if line == 0 { String::new() } else { format!("line {line}: ") };
    format!("{place}{}", error.problem())
}

/// An escape that libyaml knows and Go does not.
pub(crate) fn unknown_escape(line: usize) -> String {
    let place = if line > 1 { format!("line {line}: ") } else { String::new() };
    format!("{place}found unknown escape character")
}

/// A scalar that is not of the type of its tag.
pub(crate) fn wrong_tag(tag: &str, text: &str, value: Value) -> String {
    let short = tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag);
    if short == "binary" {
        return "!!binary value contains invalid base64 data".to_owned();
    }
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::UInt(_) => "int",
        Value::Float(_) => "float",
        Value::String => "str",
    };
    format!("cannot decode !!{found} `{text}` as a !!{short}")
}

impl Node {
    /// The value as `%#v` prints what go-yaml makes of it.
    #[must_use]
    pub fn in_go_syntax(&self) -> String {
        match &self.data {
            Data::Scalar(scalar) => match scalar.value {
                Value::Null => "interface {}(nil)".to_owned(),
                Value::Bool(value) => value.to_string(),
                Value::Int(value) => value.to_string(),
                Value::UInt(value) => format!("{value:#x}"),
                Value::Float(value) => go_fmt::float(value),
                Value::String => go_fmt::quote(&scalar.text),
            },
            Data::Sequence(items) => {
                let items: Vec<_> = items.iter().map(Node::in_go_syntax).collect();
                format!("[]interface {{}}{{{}}}", items.join(", "))
            }
            Data::Mapping(entries) => {
                let key = |entry: &crate::node::Entry| match entry.key.value {
                    Value::String => go_fmt::quote(&entry.key.text),
                    _ => entry.key.name.clone(),
                };
                let mut entries: Vec<_> = entries
                    .iter()
                    .map(|entry| format!("{}:{}", key(entry), entry.value.in_go_syntax()))
                    .collect();
                entries.sort();
                format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
            }
        }
    }
}
