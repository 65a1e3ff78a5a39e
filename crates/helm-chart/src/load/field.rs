//! A YAML document without places, for the small files of a chart.

use std::borrow::Cow;
use std::collections::BTreeMap;

use go_template::{Map, MapKind, Text, Value};
use go_yaml::plain::{self, Visitor};
use go_yaml::{Data, Node, Value as Scalar};

use crate::error::Error;
use crate::values::{LIMITS, first_document, from_scalar};

/// A node. Of equal keys the last counts.
#[derive(Debug)]
pub(super) enum Field {
    Scalar(Scalar, String),
    List(Vec<Field>),
    Map(BTreeMap<String, Field>),
}

impl Field {
    /// The first document, if there is any.
    pub(super) fn read(text: &[u8]) -> Result<Option<Self>, Error> {
        let mut builder = Builder { open: Vec::new(), root: None };
        if plain::visit(text, &LIMITS, &mut builder) {
            return Ok(builder.root);
        }
        Ok(first_document(text)?.as_ref().map(Field::of))
    }

    fn of(node: &Node) -> Self {
        match &node.data {
            Data::Scalar(scalar) => Field::Scalar(scalar.value, scalar.text.clone()),
            Data::Sequence(items) => Field::List(items.iter().map(Field::of).collect()),
            Data::Mapping(entries) => Field::Map(
                entries.iter().map(|entry| (entry.key.name.clone(), Field::of(&entry.value))).collect(),
            ),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Field::Scalar(Scalar::Null, _))
    }

    /// The value in a template.
    pub(super) fn to_value(&self) -> Result<Value, Error> {
        Ok(match self {
            Field::Scalar(scalar, text) => from_scalar(*scalar, text)?,
            Field::List(items) => Value::list(items.iter().map(Field::to_value).collect::<Result<_, _>>()?),
            Field::Map(entries) => {
                let entry =
                    |(key, field): (&String, &Field)| Ok((Text::from(key.as_str()), field.to_value()?));
                let entries = entries.iter().map(entry).collect::<Result<_, Error>>()?;
                Value::Map(Map::new(MapKind::Any, entries))
            }
        })
    }
}

/// Builds a field of what a text tells.
struct Builder {
    open: Vec<Open>,
    root: Option<Field>,
}

enum Open {
    Map(BTreeMap<String, Field>, String),
    List(Vec<Field>),
}

impl Builder {
    fn place(&mut self, field: Field) {
        match self.open.last_mut() {
            Some(Open::Map(entries, key)) => drop(entries.insert(std::mem::take(key), field)),
            Some(Open::List(items)) => items.push(field),
            None => self.root = Some(field),
        }
    }
}

impl Visitor for Builder {
    fn begin_mapping(&mut self) {
        self.open.push(Open::Map(BTreeMap::new(), String::new()));
    }

    fn key(&mut self, name: &str, _: usize) {
        if let Some(Open::Map(_, key)) = self.open.last_mut() {
            name.clone_into(key);
        }
    }

    fn begin_sequence(&mut self) {
        self.open.push(Open::List(Vec::new()));
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Map(entries, _)) => self.place(Field::Map(entries)),
            Some(Open::List(items)) => self.place(Field::List(items)),
            None => {}
        }
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: Scalar) {
        self.place(Field::Scalar(value, text.into_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_see_the_same() {
        for text in [
            "name: c\nversion: 1.20\nkeywords: [1, on, ~]\nname: d\n",
            "a:\n- b: 'c'\n  d: 0x10\n- .inf\ne: |\n  f\n",
        ] {
            let fast = Field::read(text.as_bytes()).unwrap().unwrap();
            let general = Field::of(&first_document(text.as_bytes()).unwrap().unwrap());
            assert_eq!(format!("{fast:?}"), format!("{general:?}"));
        }
    }
}
