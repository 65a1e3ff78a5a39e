//! Values from JSON.

use go_template::{Text, Value};
use serde_json::Value as Json;

/// A value as a values file would have it: every number is a float64.
#[must_use]
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Float64(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::string(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(from_json).collect()),
        Json::Object(map) => {
            Value::map(map.iter().map(|(key, value)| (Text::from(key.as_str()), from_json(value))))
        }
    }
}
