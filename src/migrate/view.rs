//! A value of the original, with the place where it is written.

use go_yaml::{Data, Node, Position, Span, Value};
use serde_json::Value as Json;

use super::report::Place;

/// Where the text of a tree begins: a source, or a text inside of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// Index of the source.
    pub(super) source: usize,
    /// Lines before the text.
    pub(super) lines: usize,
    /// Characters before each of its lines.
    pub(super) columns: usize,
}

/// A value in a tree of the original.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) node: &'a Node,
    pub(super) origin: Origin,
}

impl<'a> View<'a> {
    /// The value at the end of `keys`.
    pub(super) fn at(self, keys: &[&str]) -> Option<Self> {
        let node = keys.iter().try_fold(self.node, |node, key| node.get(key).map(|entry| &entry.value))?;
        Some(Self { node, ..self })
    }

    /// The text at the end of `keys`: of a scalar as it is written, unless it is nothing.
    pub(super) fn text(self, keys: &[&str]) -> Option<&'a str> {
        match &self.at(keys)?.node.data {
            Data::Scalar(scalar) if scalar.value != Value::Null => Some(&scalar.text),
            _ => None,
        }
    }

    /// The boolean at the end of `keys`.
    pub(super) fn flag(self, keys: &[&str]) -> Option<bool> {
        match &self.at(keys)?.node.data {
            Data::Scalar(scalar) => match scalar.value {
                Value::Bool(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of the list at the end of `keys`.
    pub(super) fn items(self, keys: &[&str]) -> impl Iterator<Item = Self> + use<'a> {
        let items = match self.at(keys).map(|view| &view.node.data) {
            Some(Data::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |node| Self { node, ..self })
    }

    /// The entries of the mapping at the end of `keys`.
    pub(super) fn entries(self, keys: &[&str]) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let entries = match self.at(keys).map(|view| &view.node.data) {
            Some(Data::Mapping(entries)) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(move |entry| (entry.key.name.as_str(), Self { node: &entry.value, ..self }))
    }

    /// The texts of the list at the end of `keys`.
    pub(super) fn texts(self, keys: &[&str]) -> Vec<&'a str> {
        self.items(keys).filter_map(|item| item.text(&[])).collect()
    }

    /// The value as JSON, with numbers whose text JSON would change as texts: `1.50` stays what it is.
    pub(super) fn json(self) -> Json {
        json(self.node)
    }

    /// Where it is written.
    pub(super) fn place(self) -> Place {
        self.place_of(self.node.span)
    }

    /// Where something of the same text is written.
    pub(super) fn place_of(self, span: Span) -> Place {
        let start = span.start;
        let position = Position {
            line: start.line + self.origin.lines,
            column: start.column + self.origin.columns,
            offset: start.offset,
        };
        Place { source: self.origin.source, position }
    }
}

/// A node as JSON, with numbers whose text JSON would change as texts.
pub(super) fn json(node: &Node) -> Json {
    match &node.data {
        Data::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Data::Mapping(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.name.clone(), json(&entry.value))).collect())
        }
        Data::Scalar(scalar) => {
            let number = match scalar.value {
                Value::Null => return Json::Null,
                Value::Bool(value) => return Json::Bool(value),
                Value::String => return Json::String(scalar.text.clone()),
                Value::Int(value) => Json::from(value),
                Value::UInt(value) => Json::from(value),
                Value::Float(value) => Json::from(value),
            };
            let text = number.to_string();
            if text == scalar.text { number } else { Json::String(scalar.text.clone()) }
        }
    }
}
