//! The config as a file for people: YAML with comments above the keys that need one.

use serde_json::{Map, Value};

use crate::stream;

/// Spaces that a nested mapping is moved to the right.
const INDENT: &str = "  ";

/// What a reader of the config should know of a key.
const COMMENTS: &[(&[&str], &str)] = &[
    (&["cluster"], "External label of every metric: another name later begins new streams of blocks."),
    (
        &["helmChart", "namespace"],
        "Where the HelmChart objects are already: in another one they would be new releases.",
    ),
    (
        &["helmChart", "failurePolicy"],
        "`reinstall` uninstalls a release whose upgrade failed; `abort` leaves it for a person.",
    ),
    (
        &["charts", "kubePrometheusStack", "release"],
        "The release that is installed: objects and claims are named after it.",
    ),
    (&["charts", "loki", "release"], "The release that is installed: objects and claims are named after it."),
    (&["charts", "alloy", "release"], "The release that is installed: objects are named after it."),
    (&["charts", "kubePrometheusStack", "values"], "Values of the original that monstack does not set."),
    (&["charts", "loki", "values"], "Values of the original that monstack does not set."),
    (&["charts", "alloy", "values"], "Values of the original that monstack does not set."),
    (&["storage", "class"], "Of claims that exist: it cannot be changed in place."),
    (&["retention", "metrics"], "Flags of the compactor; never a lifecycle rule, which sees no resolution."),
    (&["objectStorage", "buckets"], "Buckets with data: keep these names."),
    (
        &["objectStorage", "credentials", "apiVersion"],
        "`v1` with External Secrets 0.16 or later; 0.17 no longer serves v1beta1.",
    ),
    (&["priorityClass", "value"], "Cannot be changed once the object exists."),
    (&["loki", "schemaFrom"], "Describes stored logs: never change it."),
];

/// A config as YAML, below a line that says where it comes from.
pub(super) fn write(config: &Value, names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| name.replace(|c: char| c.is_control(), "?")).collect();
    let mut text = format!("# Migrated from {}.\n", names.join(", "));
    match config {
        Value::Object(entries) if !entries.is_empty() => mapping(&mut text, &mut Vec::new(), entries),
        _ => text.push_str("# It has nothing that differs from monstack's defaults.\n{}\n"),
    }
    text
}

fn mapping<'a>(text: &mut String, path: &mut Vec<&'a str>, entries: &'a Map<String, Value>) {
    let indentation = INDENT.repeat(path.len());
    for (key, value) in entries {
        path.push(key);
        if let Some((_, comment)) = COMMENTS.iter().find(|(keys, _)| *keys == path.as_slice()) {
            text.push_str(&format!("{indentation}# {comment}\n"));
        }
        match value {
            Value::Object(entries) if !entries.is_empty() && path.len() < 3 && is_plain(key) => {
                text.push_str(&format!("{indentation}{key}:\n"));
                mapping(text, path, entries);
            }
            _ => {
                let document =
                    stream::document(&Value::Object(Map::from_iter([(key.clone(), value.clone())])));
                for line in document.lines() {
                    if !line.is_empty() {
                        text.push_str(&indentation);
                    }
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        path.pop();
    }
}

/// Whether a key is written without quotes: those of the config are.
fn is_plain(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()).unwrap()[0].to_json().unwrap()
    }

    #[test]
    fn comments_stand_above_their_keys() {
        let text = write(&json!({"cluster": "a", "storage": {"class": "longhorn"}}), &["x\n.yaml"]);
        assert!(text.starts_with("# Migrated from x?.yaml.\n# External label"), "{text}");
        assert!(text.contains(
            "storage:\n  # Of claims that exist: it cannot be changed in place.\n  class: longhorn\n"
        ));
    }

    #[test]
    fn whatever_is_written_is_read_back() {
        for config in [
            json!({}),
            json!({"charts": {"loki": {"values": {"a": {"b": "x\n\ty\n", "": [1, {"c": null}], "on": "on"}}}}}),
            json!({"retention": {"metrics": {"5m": "180d", "raw": "0"}}, "tolerations": [{"key": "a"}]}),
            json!({"charts": {"loki": {"values": {"a\nb": "\n\n", "t": "a\n\nb", "l": "x".repeat(300)}}}}),
        ] {
            assert_eq!(read(&write(&config, &[])), config);
        }
    }
}
