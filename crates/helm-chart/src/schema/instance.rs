//! Values as a schema sees them, which another thread can have.

use go_template::{Map, Value};
use serde_json::Value as Json;

/// A value as JSON has it. The entries of an object are in the order of their names.
#[derive(Clone, Debug)]
pub(super) enum Instance {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    String(Box<str>),
    Array(Vec<Instance>),
    Object(Vec<(Box<str>, Instance)>),
}

impl Instance {
    pub(super) fn of_map(map: &Map) -> Self {
        let entries = map.entries();
        Instance::Object(
            entries.iter().map(|(key, value)| (key.to_str().into(), Instance::of(value))).collect(),
        )
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Nil | Value::Object(_) => Instance::Null,
            Value::Bool(value) => Instance::Bool(*value),
            Value::Int(value) | Value::Int64(value) => Instance::Int(*value),
            Value::Uint64(value) => Instance::Uint(*value),
            Value::Float64(value) => number(*value),
            Value::String(text) => Instance::String(text.to_str().into()),
            Value::Bytes(bytes) => Instance::String(String::from_utf8_lossy(bytes).into()),
            Value::List(list) => Instance::Array(list.items.iter().map(Instance::of).collect()),
            Value::Map(map) => Instance::of_map(map),
        }
    }

    /// The entries of an object.
    pub(super) fn entries(&self) -> Option<&[(Box<str>, Instance)]> {
        match self {
            Instance::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// A number.
    pub(super) fn as_f64(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "bounds are floats too")]
        match self {
            Instance::Int(value) => Some(*value as f64),
            Instance::Uint(value) => Some(*value as f64),
            Instance::Float(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Instance::Null => Json::Null,
            Instance::Bool(value) => (*value).into(),
            Instance::Int(value) => (*value).into(),
            Instance::Uint(value) => (*value).into(),
            Instance::Float(value) => (*value).into(),
            Instance::String(text) => (**text).into(),
            Instance::Array(items) => items.iter().map(Instance::to_json).collect(),
            Instance::Object(entries) => Json::Object(
                entries.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect(),
            ),
        }
    }
}

/// The value of a name, among the entries of an object.
pub(super) fn get<'v>(entries: &'v [(Box<str>, Instance)], name: &str) -> Option<&'v Instance> {
    let place = entries.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
    entries.get(place).map(|(_, value)| value)
}

/// Whole numbers as integers, which they are in every draft for helm.
fn number(value: f64) -> Instance {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        return Instance::Int(value as i64);
    }
    Instance::Float(value)
}
