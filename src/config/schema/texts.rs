//! Numbers where the schema wants a text of a certain shape.

use go_yaml::{Data, Node};
use serde_json::Value;

/// Turns each number of `document` whose schema accepts texts too, as in `cpu: 1.50`, into the text as it is
/// written in `node`: it is that text that Kubernetes will see, so it has to match the pattern.
pub(crate) fn numbers_as_written(schema: &Value, node: &Node, document: &mut Value) {
    match (&node.data, document) {
        (Data::Scalar(scalar), number @ Value::Number(_)) if accepts_texts_too(schema) => {
            *number = Value::from(scalar.text.as_str());
        }
        (Data::Mapping(entries), Value::Object(values)) => {
            for entry in entries {
                let property =
                    schema.get("properties").and_then(|properties| properties.get(&entry.key.name));
                let schema = property.or_else(|| schema.get("additionalProperties"));
                if let (Some(schema), Some(value)) = (schema, values.get_mut(&entry.key.name)) {
                    numbers_as_written(schema, &entry.value, value);
                }
            }
        }
        (Data::Sequence(items), Value::Array(values)) => {
            if let Some(schema) = schema.get("items") {
                for (item, value) in items.iter().zip(values) {
                    numbers_as_written(schema, item, value);
                }
            }
        }
        _ => {}
    }
}

fn accepts_texts_too(schema: &Value) -> bool {
    let types = schema.get("type").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|name| name == "string"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_numbers_that_could_be_texts_become_texts() {
        let schema = json!({
            "properties": {"cpu": {"type": ["string", "number"]}, "count": {"type": "integer"}, "name": {"type": "string"}}
        });
        let text = b"{cpu: 1.50, count: 0x10, name: 2, other: 3}";
        let node = go_yaml::read(text, &go_yaml::Limits::default()).unwrap().remove(0);
        let mut document = node.to_json().unwrap();
        numbers_as_written(&schema, &node, &mut document);
        assert_eq!(document, json!({"cpu": "1.50", "count": 16, "name": 2, "other": 3}));
    }
}
