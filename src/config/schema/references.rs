//! References to the schema's definitions.

use serde_json::{Map, Value};

/// What a reference to a definition points to; any other schema itself.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
    name.and_then(|name| root.get("$defs")?.get(name)).unwrap_or(schema)
}

/// A schema inside of `root` that stands alone: each reference replaced by what it points to.
///
/// The schema must not be recursive; the config's types are not.
pub(crate) fn inline(root: &Value, schema: &Value) -> Value {
    let Some(keywords) = resolve(root, schema).as_object() else { return schema.clone() };
    let inlined = keywords.iter().filter(|(keyword, _)| *keyword != "$defs").map(|(keyword, value)| {
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let properties = properties.iter().map(|(name, schema)| (name.clone(), inline(root, schema)));
                Value::Object(properties.collect())
            }
            ("items" | "additionalProperties", schema) => inline(root, schema),
            (_, value) => value.clone(),
        };
        (keyword.clone(), value)
    });
    Value::Object(inlined.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_replaced_at_every_depth() {
        let root = json!({
            "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"items": {"$ref": "#/$defs/B"}}},
            "$defs": {"A": {"properties": {"x": {"$ref": "#/$defs/B"}}}, "B": {"type": "string"}}
        });
        assert_eq!(
            inline(&root, &root),
            json!({"properties": {
                "a": {"properties": {"x": {"type": "string"}}},
                "b": {"items": {"type": "string"}}
            }})
        );
    }
}
