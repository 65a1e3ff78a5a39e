//! Parses the schema without its explanations.
//!
//! Four fifths of the schema are descriptions, examples and defaults for editors. Skipping them while
//! parsing halves the time that it takes, which is a good part of a whole run.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The keywords that constrain nothing.
const EXPLANATIONS: [&str; 6] = ["title", "description", "default", "examples", "$schema", "$id"];

/// Parses a schema and leaves out what constrains nothing.
pub(super) fn parse(text: &str) -> serde_json::Result<Value> {
    Kept { names: false }.deserialize(&mut serde_json::Deserializer::from_str(text))
}

/// What is read next.
#[derive(Clone, Copy)]
struct Kept {
    /// Whether keys are names of our own, as below `properties`, and not keywords.
    names: bool,
}

impl<'de> DeserializeSeed<'de> for Kept {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON Schema")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(item) = items.next_element_seed(Self { names: false })? {
            kept.push(item);
        }
        Ok(Value::Array(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !self.names && EXPLANATIONS.contains(&key.as_str()) {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            let names = !self.names && matches!(key.as_str(), "properties" | "$defs");
            let value = entries.next_value_seed(Self { names })?;
            kept.insert(key, value);
        }
        Ok(Value::Object(kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_left_out_but_keys_of_the_same_name_stay() {
        let text =
            r#"{"title": "x", "properties": {"title": {"type": "string", "default": [1], "minLength": 1}}}"#;
        let lean = parse(text).unwrap();
        assert_eq!(lean.to_string(), r#"{"properties":{"title":{"type":"string","minLength":1}}}"#);
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        assert!(parse("{").is_err());
    }
}
