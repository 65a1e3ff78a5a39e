//! The fields in which two objects differ, as Kubernetes sees them.
//!
//! - Items of a list are the same when their name is, or what stands for it: a mount's path, an alert, a flag.
//! - Quantities are equal when their amounts are: `1Gi` and `1024Mi`.
//! - A text that holds YAML, such as a chart's values, is compared by its keys.
//! - Checksums and the like only repeat that something else has changed; they are marked.

use std::collections::{HashMap, HashSet};

use go_yaml::Limits;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::config::quantity;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Where: `spec.template.spec.containers[thanos].args[--retention.resolution-raw]`. Inside of a text, behind a `:`.
    pub path: String,
    /// Before; nothing for a new field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// After; nothing for a field that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// Whether it only repeats that something else has changed.
    pub noise: bool,
}

/// What names an item of a list, the best first (the merge keys of Kubernetes' API, and those of the custom resources of
/// the stack).
const NAMES: [&str; 12] = [
    "name",
    "alert",
    "record",
    "mountPath",
    "secretKey",
    "containerPort",
    "port",
    "topologyKey",
    "id",
    "uid",
    "key",
    "host",
];

/// Most bytes of a text that is read as YAML to be compared.
const MOST: usize = 4 << 20;

/// The fields in which two values differ, in the order of the new one.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    walk(&mut String::new(), old, new, &mut fields);
    fields
}

fn walk(path: &mut String, old: &Value, new: &Value, fields: &mut Vec<Field>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => maps(path, old, new, fields),
        (Value::Array(before), Value::Array(after)) => {
            if !lists(path, before, after, fields) {
                places(path, before, after, fields);
            }
        }
        (Value::String(before), Value::String(after)) if before.contains('\n') || after.contains('\n') => {
            match (yaml(before), yaml(after)) {
                (Some(before), Some(after)) if before != after => {
                    let length = path.len();
                    path.push(':');
                    walk(path, &before, &after, fields);
                    path.truncate(length);
                }
                _ => report(path, Some(old), Some(new), fields),
            }
        }
        _ if is_quantity(path) && equal_quantities(old, new) => {}
        _ => report(path, Some(old), Some(new), fields),
    }
}

/// A text that is a mapping in YAML.
pub(super) fn yaml(text: &str) -> Option<Value> {
    let limits = Limits { max_bytes: MOST, max_depth: 100, max_nodes: 200_000 };
    let documents = go_yaml::read(text.as_bytes(), &limits).ok()?;
    let [document] = documents.as_slice() else { return None };
    document.to_json().ok().filter(Value::is_object)
}

fn maps(path: &mut String, old: &Map<String, Value>, new: &Map<String, Value>, fields: &mut Vec<Field>) {
    for (key, after) in new {
        let length = path.len();
        push_key(path, key);
        match old.get(key) {
            Some(before) => walk(path, before, after, fields),
            None => report(path, None, Some(after), fields),
        }
        path.truncate(length);
    }
    for (key, before) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        let length = path.len();
        push_key(path, key);
        report(path, Some(before), None, fields);
        path.truncate(length);
    }
}

/// Compares two lists item by item, if their items have names.
fn lists(path: &mut String, old: &[Value], new: &[Value], fields: &mut Vec<Field>) -> bool {
    let Some((before, after)) = names(old, new) else { return false };
    let positions: HashMap<&str, usize> =
        before.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let mut kept = Vec::new();
    for (name, item) in after.iter().zip(new) {
        let length = path.len();
        path.push_str(&format!("[{name}]"));
        match positions.get(name.as_str()).and_then(|index| old.get(*index).map(|old| (*index, old))) {
            Some((index, before)) => {
                kept.push(index);
                walk(path, before, item, fields);
            }
            None => report(path, None, Some(item), fields),
        }
        path.truncate(length);
    }
    for (name, item) in before.iter().zip(old).filter(|(name, _)| !after.contains(name)) {
        let length = path.len();
        path.push_str(&format!("[{name}]"));
        report(path, Some(item), None, fields);
        path.truncate(length);
    }
    if !kept.is_sorted() {
        let order = |names: &[String]| Value::from(names.to_vec());
        let (old, new) = (order(&before), order(&after));
        let length = path.len();
        path.push_str("(order)");
        report(path, Some(&old), Some(&new), fields);
        path.truncate(length);
    }
    true
}

/// Compares two lists whose items have no names by their places, without what is the same at both ends.
fn places(path: &mut String, old: &[Value], new: &[Value], fields: &mut Vec<Field>) {
    let first = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[first..], &new[first..]);
    let last = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - last], &new[..new.len() - last]);
    for index in 0..old.len().max(new.len()) {
        let length = path.len();
        path.push_str(&format!("[{}]", first + index));
        match (old.get(index), new.get(index)) {
            (Some(old), Some(new)) => walk(path, old, new, fields),
            (old, new) => report(path, old, new, fields),
        }
        path.truncate(length);
    }
}

/// The names of the items of two lists, if each item has one, and no two the same.
pub(super) fn names(old: &[Value], new: &[Value]) -> Option<(Vec<String>, Vec<String>)> {
    let of = |name: &dyn Fn(&Value) -> Option<String>| {
        let unique = |items: &[Value]| {
            let names: Option<Vec<_>> = items.iter().map(name).collect();
            let names = names?;
            let mut sorted: Vec<_> = names.iter().collect();
            sorted.sort_unstable();
            sorted.windows(2).all(|pair| pair[0] != pair[1]).then_some(names)
        };
        Some((unique(old)?, unique(new)?))
    };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let by_key = NAMES.iter().find_map(|key| of(&|item: &Value| text(item.get(key)?)));
    // Claim templates and the items of lists are objects.
    let by_key = by_key.or_else(|| of(&|item: &Value| text(item.pointer("/metadata/name")?)));
    by_key.or_else(|| {
        let repeated = [old, new].map(repeated_flags);
        of(&|item: &Value| {
            let text = item.as_str()?;
            let single = |flag: &&str| repeated.iter().all(|flags| !flags.contains(flag));
            Some(flag(text).filter(single).unwrap_or(text).to_owned())
        })
    })
}

/// The flag of an argument `--flag=value`, which names it; other texts are their own names.
fn flag(text: &str) -> Option<&str> {
    text.split_once('=').map(|(flag, _)| flag).filter(|flag| flag.starts_with('-'))
}

/// Flags that are given several times, such as `--endpoint`: their values name them.
fn repeated_flags(items: &[Value]) -> HashSet<&str> {
    let mut seen = HashSet::new();
    items.iter().filter_map(Value::as_str).filter_map(flag).filter(|flag| !seen.insert(*flag)).collect()
}

fn report(path: &str, old: Option<&Value>, new: Option<&Value>, fields: &mut Vec<Field>) {
    fields.push(Field { path: path.to_owned(), old: old.cloned(), new: new.cloned(), noise: is_noise(path) });
}

pub(super) fn push_key(path: &mut String, key: &str) {
    let is_plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !is_plain {
        path.push_str(&format!("[{key:?}]"));
        return;
    }
    if !path.is_empty() && !path.ends_with(':') {
        path.push('.');
    }
    path.push_str(key);
}

/// Whether a field only repeats that something else has changed: checksums of configuration in annotations (Helm's way to
/// restart pods), and what a server counts.
fn is_noise(path: &str) -> bool {
    let annotation = path.rsplit_once("annotations[").map(|(_, key)| key);
    annotation.is_some_and(|key| key.contains("checksum") || key.contains("hash"))
        || matches!(
            path,
            "metadata.generation"
                | "metadata.resourceVersion"
                | "metadata.uid"
                | "metadata.creationTimestamp"
        )
}

/// Whether a field holds a quantity (`resource.Quantity` in Kubernetes' API).
fn is_quantity(path: &str) -> bool {
    let mut keys = path.rsplit(['.', ':']);
    let (last, above) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
    matches!(above, "requests" | "limits" | "capacity" | "hard" | "overhead")
        || matches!(last, "sizeLimit" | "divisor")
        // Of charts' values.
        || (above, last) == ("persistence", "size")
}

fn equal_quantities(old: &Value, new: &Value) -> bool {
    let amount = |value: &Value| match value {
        Value::String(text) => quantity::nano(text),
        Value::Number(number) => quantity::nano(&number.to_string()),
        _ => None,
    };
    matches!((amount(old), amount(new)), (Some(old), Some(new)) if old == new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn assert_fields(old: &Value, new: &Value, expected: &[&str]) {
        let shown = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        let found: Vec<_> = compare(old, new)
            .iter()
            .map(|field| format!("{} {} {}", field.path, shown(&field.old), shown(&field.new)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn maps_are_compared_by_their_keys() {
        assert_fields(
            &json!({"a": 1, "b": {"c": 1}, "d": 1}),
            &json!({"a": 2, "b": {"c": 1}, "e.f": 3}),
            &["a 1 2", "[\"e.f\"] - 3", "d 1 -"],
        );
    }

    #[test]
    fn lists_are_compared_by_their_names() {
        let old = json!({"containers": [{"name": "a", "image": "x"}, {"name": "b"}]});
        let new = json!({"containers": [{"name": "c"}, {"name": "a", "image": "y"}]});
        assert_fields(
            &old,
            &new,
            &[
                "containers[c] - {\"name\":\"c\"}",
                "containers[a].image \"x\" \"y\"",
                "containers[b] {\"name\":\"b\"} -",
            ],
        );
        assert_fields(
            &json!({"args": ["--a=1", "--b", "c"]}),
            &json!({"args": ["--a=2", "--b", "d"]}),
            &["args[--a] \"--a=1\" \"--a=2\"", "args[d] - \"d\"", "args[c] \"c\" -"],
        );
    }

    #[test]
    fn repeated_flags_are_compared_by_their_values() {
        assert_fields(
            &json!(["--e=1", "--e=2", "--x=1"]),
            &json!(["--e=1", "--e=3", "--x=2"]),
            &["[--e=3] - \"--e=3\"", "[--x] \"--x=1\" \"--x=2\"", "[--e=2] \"--e=2\" -"],
        );
        let claim = |size: &str| json!([{"metadata": {"name": "data"}, "size": size}]);
        assert_fields(&claim("1"), &claim("2"), &["[data].size \"1\" \"2\""]);
    }

    #[test]
    fn another_order_is_a_difference_too() {
        assert_fields(&json!(["a", "b"]), &json!(["b", "a"]), &["(order) [\"a\",\"b\"] [\"b\",\"a\"]"]);
    }

    #[test]
    fn lists_without_names_are_compared_by_place() {
        assert_fields(&json!({"a": [1, 2]}), &json!({"a": [1]}), &["a[1] 2 -"]);
        assert_fields(&json!(["x", "x"]), &json!(["x"]), &["[1] \"x\" -"]);
        assert_fields(&json!([[1], [2], [3]]), &json!([[1], [4], [2], [3]]), &["[1] - [4]"]);
        assert_fields(&json!([{"a": 1, "b": 1}]), &json!([{"a": 2, "b": 1}]), &["[0].a 1 2"]);
    }

    #[test]
    fn equal_amounts_are_equal() {
        let resources =
            |cpu: Value, memory: &str| json!({"resources": {"requests": {"cpu": cpu, "memory": memory}}});
        assert_fields(&resources(json!("1"), "1Gi"), &resources(json!("1000m"), "1024Mi"), &[]);
        assert_fields(&resources(json!(1), "1Gi"), &resources(json!("1"), "1Gi"), &[]);
        assert_fields(
            &resources(json!("1"), "1Gi"),
            &resources(json!("1"), "1G"),
            &["resources.requests.memory \"1Gi\" \"1G\""],
        );
        assert_fields(&json!({"version": "1"}), &json!({"version": "1.0"}), &["version \"1\" \"1.0\""]);
    }

    #[test]
    fn yaml_in_a_text_is_compared_by_its_keys() {
        assert_fields(
            &json!({"valuesContent": "a: 1\nb: {c: 1}\n"}),
            &json!({"valuesContent": "a: 1\nb: {c: 2}\n"}),
            &["valuesContent:b.c 1 2"],
        );
        assert_fields(&json!("a\nb"), &json!("a\nc"), &[" \"a\\nb\" \"a\\nc\""]);
        // Only the writing differs, which a cluster sees as a difference.
        assert_fields(&json!("a: 1\n\n"), &json!("a:  1\n"), &[" \"a: 1\\n\\n\" \"a:  1\\n\""]);
    }

    #[test]
    fn checksums_are_noise() {
        let with = |sum: &str| json!({"template": {"metadata": {"annotations": {"checksum/config": sum, "x/y": sum}}}});
        let fields = compare(&with("1"), &with("2"));
        let noise: Vec<_> = fields.iter().map(|field| field.noise).collect();
        assert_eq!(noise, [true, false]);
    }
}
