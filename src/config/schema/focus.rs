//! The part of the schema that speaks about one document.
//!
//! A validator compiles every pattern of its schema. For the whole schema that takes longer than all
//! the rest of a run, and a config uses a few of its keys.

use serde_json::{Map, Value};

/// The schema `schema` of the whole `root`, with its references resolved and without the properties that
/// `document` does not have: it accepts the document exactly if the whole schema does, and finds the same
/// faults. With `None` every property stays.
///
/// The schema must not be recursive; the config's types are not.
pub(crate) fn focus(root: &Value, schema: &Value, document: Option<&Value>) -> Value {
    let Some(schema) = resolve(root, schema).as_object() else { return schema.clone() };
    let mut focused = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "$defs" => continue,
            "properties" => properties(root, value, document),
            // The items of a list differ in their keys, so none is left out.
            "items" | "additionalProperties" => focus(root, value, None),
            _ => value.clone(),
        };
        focused.insert(keyword.clone(), value);
    }
    Value::Object(focused)
}

/// What a reference to a definition points to.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
    name.and_then(|name| root.get("$defs")?.get(name)).unwrap_or(schema)
}

fn properties(root: &Value, properties: &Value, document: Option<&Value>) -> Value {
    let Some(properties) = properties.as_object() else { return properties.clone() };
    let mut focused = Map::new();
    for (name, schema) in properties {
        let value = match document {
            None => None,
            Some(document) => match document.get(name) {
                None => continue,
                present => present,
            },
        };
        focused.insert(name.clone(), focus(root, schema, value));
    }
    Value::Object(focused)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_properties_of_the_document_stay() {
        let root = json!({
            "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"type": "string"}},
            "additionalProperties": false,
            "$defs": {"A": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {}}}}
        });
        let focused = focus(&root, &root, Some(&json!({"a": {"x": 1, "z": 2}, "c": 1})));
        assert_eq!(
            focused,
            json!({
                "properties": {"a": {"type": "object", "properties": {"x": {"type": "integer"}}}},
                "additionalProperties": false
            })
        );
    }

    #[test]
    fn items_keep_every_property() {
        let root =
            json!({"items": {"$ref": "#/$defs/A"}, "$defs": {"A": {"properties": {"x": {"type": "null"}}}}});
        let focused = focus(&root, &root, Some(&json!([{}])));
        assert_eq!(focused, json!({"items": {"properties": {"x": {"type": "null"}}}}));
    }
}
