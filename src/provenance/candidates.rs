//! Values of a chart that may make a field, and other values for them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::constructs::merge_values;

/// Other values that are tried for a value, at most.
pub(super) const MOST_OTHERS: usize = 4;

/// A value of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The keys to it.
    pub(super) path: Vec<String>,
    /// What it is; nothing if it is not there.
    pub(super) value: Option<Value>,
    /// Whether the template has looked at it, and not only at what it is in.
    is_read: bool,
    /// Whether the field has its text.
    is_similar: bool,
}

impl Candidate {
    /// Other values, the likeliest to make a difference first.
    pub(super) fn others(&self) -> Vec<Value> {
        let mut others = match &self.value {
            Some(Value::Bool(value)) => vec![json!(!value), json!("other")],
            Some(Value::Number(number)) => {
                let number = number.as_i64().unwrap_or_default();
                vec![json!(number + 1), json!(0), json!("other"), json!(number - 1)]
            }
            Some(Value::String(text)) if !text.is_empty() => {
                vec![json!(format!("{text}x")), json!("other"), json!(""), json!("7")]
            }
            // A template may want as many as there are.
            Some(list @ Value::Array(items)) if !items.is_empty() => vec![changed(list), json!([])],
            Some(Value::Array(_)) => vec![json!(["other"]), json!([{"name": "other"}])],
            Some(Value::Object(_)) => vec![json!({"other": "other"}), Value::Null],
            _ => vec![json!("other"), json!(true), json!(7), json!({"other": "other"})],
        };
        others.truncate(MOST_OTHERS);
        others
    }

    /// Values with another one in its place.
    pub(super) fn laid_over(&self, values: &Value, other: Value) -> Value {
        let over = self.path.iter().rev().fold(other, |inner, key| json!({key: inner}));
        let mut values = values.clone();
        merge_values(&mut values, over);
        values
    }
}

/// The values that a template may have looked at, as it has looked at some paths: first those whose text the field has,
/// then those that it has looked at themselves.
pub(super) fn of(paths: &[Vec<String>], values: &Value, field: &Value) -> Vec<Candidate> {
    let texts = texts(field);
    let mut all = Vec::new();
    let mut known = HashSet::new();
    let mut add = |path: Vec<String>, value: Option<&Value>, is_read: bool| {
        if known.insert(path.clone()) {
            let is_similar = value.is_some_and(|value| is_similar(value, &texts));
            all.push(Candidate { path, value: value.cloned(), is_read, is_similar });
        }
    };
    // What the outermost chart says to all is copied into each: it counts where it is said.
    let spread = paths.iter().flat_map(|path| {
        let global = path.iter().skip(1).position(|key| key == "global");
        let said = global.map(|index| path.iter().skip(1 + index).cloned().collect::<Vec<_>>());
        said.into_iter().chain([path.clone()])
    });
    let mut whole = Vec::new();
    for path in spread {
        let value = at(values, &path);
        match value {
            Some(Value::Object(map)) if !map.is_empty() => whole.push(path),
            value => add(path, value, true),
        }
    }
    for path in whole {
        if let Some(value) = at(values, &path) {
            leaves(value, &path, &mut |path, value| add(path, Some(value), false));
        }
    }
    all.sort_by_key(|candidate| (!candidate.is_similar, !candidate.is_read));
    all
}

/// A value of the same form.
fn changed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(changed).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), changed(value))).collect(),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() + 1),
        Value::String(text) => json!(format!("{text}x")),
        Value::Null => json!("other"),
    }
}

/// The value at keys.
pub(super) fn at<'a>(values: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(values, |value, key| value.get(key))
}

fn leaves<'a>(value: &'a Value, path: &[String], add: &mut impl FnMut(Vec<String>, &'a Value)) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                leaves(value, &[path, std::slice::from_ref(key)].concat(), add);
            }
        }
        value => add(path.to_vec(), value),
    }
}

/// The texts in a field.
fn texts(field: &Value) -> Vec<String> {
    match field {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(map) => map.values().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// Whether a value stands in texts.
fn is_similar(value: &Value, texts: &[String]) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && texts.iter().any(|field| field.contains(text.as_str())),
        Value::Array(items) => items.iter().any(|item| is_similar(item, texts)),
        Value::Object(map) => map.values().any(|item| is_similar(item, texts)),
        Value::Null => false,
        other => texts.contains(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn what_stands_in_the_field_is_tried_first_and_maps_by_their_leaves() {
        let values =
            json!({"a": 1, "b": "web", "m": {"x": {"y": "web"}, "e": {}}, "sub": {"global": {"g": 1}}});
        let paths = ["a", "m", "m.x.y", "sub.global.g", "none.x", "b"].map(path);
        let found = of(&paths, &values, &json!("http-web"));
        let shown: Vec<_> = found.iter().map(|one| one.path.join(".")).collect();
        assert_eq!(shown, ["m.x.y", "b", "a", "global.g", "sub.global.g", "none.x", "m.e"]);
        let other = found[0].laid_over(&json!({"m": {"z": 1}}), json!("other"));
        assert_eq!(other, json!({"m": {"z": 1, "x": {"y": "other"}}}));
    }
}
