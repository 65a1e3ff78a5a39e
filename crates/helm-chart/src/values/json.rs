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

/// A value as JSON: whole numbers without a point. What no values file can hold is null.
#[must_use]
pub fn to_json(value: &Value) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
    let number = |number: f64| match number {
        whole if whole.fract() == 0.0 && whole.abs() < 9e15 => Json::from(whole as i64),
        other => Json::from(other),
    };
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) | Value::Int64(value) => Json::from(*value),
        Value::Uint64(value) => Json::from(*value),
        Value::Float64(value) => number(*value),
        Value::String(text) => Json::String(text.to_str().into_owned()),
        Value::List(list) => Json::Array(list.items.iter().map(to_json).collect()),
        Value::Map(map) => {
            let entries = map.entries();
            Json::Object(
                entries.iter().map(|(key, value)| (key.to_str().into_owned(), to_json(value))).collect(),
            )
        }
        Value::Nil | Value::Bytes(_) | Value::Object(_) => Json::Null,
    }
}
