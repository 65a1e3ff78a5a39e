//! Values from YAML, through JSON as in helm: every number is a float64 and every key a string.

use std::borrow::Cow;
use std::collections::BTreeMap;

use go_template::{Map, MapKind, Text, Value};
use go_yaml::plain::{self, Visitor};
use go_yaml::{Data, Limits, Node, Problem, Value as Scalar};

use crate::error::Error;

/// As large as a file may be, and as deep as `go_yaml` goes.
pub(crate) const LIMITS: Limits = Limits { max_bytes: 5 << 20, max_depth: 256, max_nodes: 1_000_000 };

/// Reads a values file: a map, or nothing. Of equal keys the last counts, of documents the first.
///
/// # Errors
///
/// If the text is not YAML, has no form in JSON or is no map.
pub fn from_yaml(text: &str) -> Result<Value, Error> {
    from_yaml_bytes(text.as_bytes())
}

pub(crate) fn from_yaml_bytes(text: &[u8]) -> Result<Value, Error> {
    if let Some(map @ Value::Map(_)) = from_plain(text) {
        return Ok(map);
    }
    let Some(node) = first_document(text)? else {
        return Ok(super::empty());
    };
    match from_node(&node)? {
        Value::Nil => Ok(super::empty()),
        map @ Value::Map(_) => Ok(map),
        other => {
            let kind = match other {
                Value::List(_) => "array",
                Value::Bool(_) => "bool",
                Value::Float64(_) => "number",
                _ => "string",
            };
            let message = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
            Err(Error::new(format!("{message} {kind} into Go value of type map[string]interface {{}}")))
        }
    }
}

/// The value of a text that is written plainly. None if the general way has to decide.
pub(crate) fn from_plain(text: &[u8]) -> Option<Value> {
    let mut builder = Builder { open: Vec::new(), root: Value::Nil, is_json: true };
    (plain::visit(text, &LIMITS, &mut builder) && builder.is_json).then_some(builder.root)
}

/// Builds a value of what a text tells.
struct Builder {
    open: Vec<Open>,
    root: Value,
    /// Whether every number has a form in JSON.
    is_json: bool,
}

enum Open {
    Map(BTreeMap<Text, Value>, Text),
    List(Vec<Value>),
}

impl Builder {
    fn place(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Open::Map(entries, key)) => {
                entries.insert(key.clone(), value);
            }
            Some(Open::List(items)) => items.push(value),
            None => self.root = value,
        }
    }
}

impl Visitor for Builder {
    fn begin_mapping(&mut self) {
        self.open.push(Open::Map(BTreeMap::new(), Text::from("")));
    }

    fn begin_sequence(&mut self) {
        self.open.push(Open::List(Vec::new()));
    }

    fn key(&mut self, name: &str, _: usize) {
        if let Some(Open::Map(_, key)) = self.open.last_mut() {
            *key = Text::from(name);
        }
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Map(entries, _)) => self.place(Value::Map(Map::new(MapKind::Any, entries))),
            Some(Open::List(items)) => self.place(Value::list(items)),
            None => {}
        }
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: Scalar) {
        self.is_json &= !matches!(value, Scalar::Float(value) if !value.is_finite());
        self.place(scalar(value, &text));
    }
}

fn scalar(value: Scalar, text: &str) -> Value {
    match value {
        Scalar::Null => Value::Nil,
        Scalar::Bool(value) => Value::Bool(value),
        #[expect(clippy::cast_precision_loss, reason = "JSON numbers are floats in Go")]
        Scalar::Int(value) => Value::Float64(value as f64),
        #[expect(clippy::cast_precision_loss, reason = "JSON numbers are floats in Go")]
        Scalar::UInt(value) => Value::Float64(value as f64),
        Scalar::Float(value) => Value::Float64(value),
        Scalar::String => Value::string(text),
    }
}

/// The first document, if there is any.
pub(crate) fn first_document(text: &[u8]) -> Result<Option<Node>, Error> {
    match go_yaml::read_first(text, &LIMITS) {
        Ok(node) => Ok(node),
        Err(problems) => {
            let message = Problem::first_in_go(&problems).map(Problem::go_message).unwrap_or_default();
            Err(Error::new(format!("error converting YAML to JSON: yaml: {message}")))
        }
    }
}

/// A node as a value.
pub(crate) fn from_node(node: &Node) -> Result<Value, Error> {
    match &node.data {
        Data::Sequence(items) => Ok(Value::list(items.iter().map(from_node).collect::<Result<_, _>>()?)),
        Data::Mapping(nodes) => {
            let mut entries = BTreeMap::new();
            for entry in nodes {
                let (key_type, key) = match entry.key.value {
                    Scalar::Null => ("%!s(<nil>)", "<nil>".to_owned()),
                    Scalar::UInt(key) => ("uint64", format!("{key:#x}")),
                    _ => {
                        entries.insert(Text::from(entry.key.name.as_str()), from_node(&entry.value)?);
                        continue;
                    }
                };
                let value = entry.value.in_go_syntax();
                return Err(Error::new(format!(
                    "error converting YAML to JSON: unsupported map key of type: {key_type}, key: {key}, \
                     value: {value}"
                )));
            }
            Ok(Value::Map(Map::new(MapKind::Any, entries)))
        }
        Data::Scalar(found) => from_scalar(found.value, &found.text),
    }
}

/// A scalar as a value, if it has a form in JSON.
pub(crate) fn from_scalar(value: Scalar, text: &str) -> Result<Value, Error> {
    match value {
        Scalar::Float(value) if !value.is_finite() => Err(Error::new(format!(
            "error converting YAML to JSON: json: unsupported value: {}",
            go_fmt::float(value)
        ))),
        value => Ok(scalar(value, text)),
    }
}
