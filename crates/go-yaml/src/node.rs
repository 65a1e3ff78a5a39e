//! The node tree and its JSON form.

use std::fmt;

use crate::problem::{Problem, ProblemKind};

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1. A byte order mark has no column.
    pub column: usize,
    /// The offset in bytes, from 0.
    pub offset: usize,
}

/// Prints `line:column`.
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// A stretch of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// A value in a document, with its place.
///
/// The span of an anchored or tagged node begins at the anchor or the tag. A
/// node that stands for an alias has the span of the anchored text. The span
/// of an absent value (`key:`) is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the node is written.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Entries in the order of the text, each name once. Merged entries stand
    /// where the merge key does.
    Mapping(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key in JSON: `yes` is `true`, `0x10` is `16`, `~` is `null`. Floats
    /// have the shortest form that gives the same 32-bit float, as in Go.
    pub name: String,
    /// The key as written, without quotes.
    pub text: String,
    /// Where the key is written; for an alias, the alias itself.
    pub span: Span,
    /// What the key resolves to.
    pub value: Value,
}

/// A scalar: its text and what the text means.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after quotes, escapes and line folding are undone; `1.50` stays
    /// `1.50`. For `!!binary`, the decoded text.
    pub text: String,
    /// Whether it is written without quotes and not as a block.
    pub plain: bool,
    /// What it resolves to.
    pub value: Value,
}

/// What a scalar resolves to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Nothing: `~`, `null` or an absent value.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that fits `i64`.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// Any other number, `.inf` and `.nan` included.
    Float(f64),
    /// The text itself.
    String,
}

impl Node {
    /// The entry called `key` in JSON, if the node is a mapping that has one.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.data {
            Data::Mapping(entries) => entries.iter().find(|entry| entry.key.name == key),
            Data::Scalar(_) | Data::Sequence(_) => None,
        }
    }

    /// The node's type as JSON Schema calls it, except that an array is a
    /// `sequence` and an object a `mapping`. A float with a whole value is a
    /// `number`.
    pub fn kind_name(&self) -> &'static str {
        match &self.data {
            Data::Sequence(_) => "sequence",
            Data::Mapping(_) => "mapping",
            Data::Scalar(scalar) => match scalar.value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Int(_) | Value::UInt(_) => "integer",
                Value::Float(_) => "number",
                Value::String => "string",
            },
        }
    }

    /// The node as JSON, keys in the order of the text.
    ///
    /// # Errors
    ///
    /// As in `sigs.k8s.io/yaml`: an infinite number or not a number, a null
    /// key, an integer key above `i64::MAX`.
    pub fn to_json(&self) -> Result<serde_json::Value, Problem> {
        use serde_json::Value as Json;
        Ok(match &self.data {
            Data::Sequence(items) => {
                Json::Array(items.iter().map(Self::to_json).collect::<Result<_, Problem>>()?)
            }
            Data::Mapping(entries) => {
                let mut object = serde_json::Map::with_capacity(entries.len());
                for Entry { key, value } in entries {
                    if matches!(key.value, Value::Null | Value::UInt(_)) {
                        let message = format!("{} cannot be a key", key.name);
                        return Err(Problem::new(key.span, ProblemKind::InvalidKey, message));
                    }
                    object.insert(key.name.clone(), value.to_json()?);
                }
                Json::Object(object)
            }
            Data::Scalar(scalar) => match scalar.value {
                Value::Null => Json::Null,
                Value::Bool(value) => Json::Bool(value),
                Value::Int(value) => Json::from(value),
                Value::UInt(value) => Json::from(value),
                Value::Float(value) => match serde_json::Number::from_f64(value) {
                    Some(number) => Json::Number(number),
                    None => {
                        let message = format!("{} has no JSON form", scalar.text);
                        return Err(Problem::new(self.span, ProblemKind::NotJson, message));
                    }
                },
                Value::String => Json::String(scalar.text.clone()),
            },
        })
    }
}
