//! The part of the schema that constrains one document.
//!
//! A config uses a few of the schema's keys, and four fifths of the schema are explanations for editors.
//! Building values for all of it, and compiling every pattern, would take longer than the rest of a run, so
//! whatever does not concern the document is skipped while parsing.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The keywords that constrain nothing.
const EXPLANATIONS: [&str; 6] = ["title", "description", "default", "examples", "$schema", "$id"];

/// Schemas, or keywords, by name and still as text.
type Texts<'a> = BTreeMap<&'a str, &'a RawValue>;

/// The schema `text` without explanations, with its references resolved, and without the properties that
/// `document` does not have: it accepts the document exactly if the whole schema does, and finds the same
/// faults. With `None` every property stays.
///
/// The schema must not be recursive; the config's types are not.
pub(super) fn parse(text: &str, document: Option<&Value>) -> serde_json::Result<Value> {
    let root: Texts = serde_json::from_str(text)?;
    let definitions = root.get("$defs").map(|text| serde_json::from_str(text.get())).transpose()?;
    Parser { definitions: definitions.unwrap_or_default() }.schema(text, document)
}

struct Parser<'a> {
    definitions: Texts<'a>,
}

impl Parser<'_> {
    fn schema(&self, text: &str, document: Option<&Value>) -> serde_json::Result<Value> {
        if !text.starts_with('{') {
            return serde_json::from_str(text);
        }
        let keywords: Texts = serde_json::from_str(text)?;
        if let Some(reference) = keywords.get("$ref") {
            let reference: &str = serde_json::from_str(reference.get())?;
            let definition = reference.strip_prefix("#/$defs/").and_then(|name| self.definitions.get(name));
            if let Some(definition) = definition {
                return self.schema(definition.get(), document);
            }
        }
        let mut constraints = Map::new();
        for (keyword, value) in keywords {
            let value = match keyword {
                "$defs" => continue,
                _ if EXPLANATIONS.contains(&keyword) => continue,
                "properties" => self.properties(value.get(), document)?,
                // The items of a list differ in their keys, so none is left out.
                "items" | "additionalProperties" => self.schema(value.get(), None)?,
                _ => serde_json::from_str(value.get())?,
            };
            constraints.insert(keyword.to_owned(), value);
        }
        Ok(Value::Object(constraints))
    }

    fn properties(&self, text: &str, document: Option<&Value>) -> serde_json::Result<Value> {
        let properties: Texts = serde_json::from_str(text)?;
        let mut constraints = Map::new();
        for (name, schema) in properties {
            let value = match document {
                None => None,
                Some(document) => match document.get(name) {
                    None => continue,
                    present => present,
                },
            };
            constraints.insert(name.to_owned(), self.schema(schema.get(), value)?);
        }
        Ok(Value::Object(constraints))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_properties_of_the_document_stay() {
        let text = r##"{
            "properties": {"a": {"$ref": "#/$defs/A", "default": {}}, "b": {"type": "string"}},
            "additionalProperties": false,
            "$defs": {"A": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {}}}}
        }"##;
        assert_eq!(
            parse(text, Some(&json!({"a": {"x": 1, "z": 2}, "c": 1}))).unwrap(),
            json!({
                "properties": {"a": {"type": "object", "properties": {"x": {"type": "integer"}}}},
                "additionalProperties": false
            })
        );
    }

    #[test]
    fn items_keep_every_property() {
        let text =
            r##"{"items": {"$ref": "#/$defs/A"}, "$defs": {"A": {"properties": {"x": {"type": "null"}}}}}"##;
        let constraints = parse(text, Some(&json!([{}]))).unwrap();
        assert_eq!(constraints, json!({"items": {"properties": {"x": {"type": "null"}}}}));
    }

    #[test]
    fn explanations_are_left_out_but_keys_of_the_same_name_stay() {
        let text =
            r#"{"title": "x", "properties": {"title": {"type": "string", "default": [1], "minLength": 1}}}"#;
        let constraints = parse(text, None).unwrap();
        assert_eq!(constraints, json!({"properties": {"title": {"type": "string", "minLength": 1}}}));
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        assert!(parse("{", None).is_err());
    }
}
