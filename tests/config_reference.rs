//! `docs/config.md` is generated from the schema. `UPDATE_GOLDEN=1 cargo test` rewrites it.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

const HEAD: &str = "\
# Config reference

Generated from the JSON Schema (`monstack schema`); `UPDATE_GOLDEN=1 cargo test` rewrites it. Every key is
optional unless it says *required*, and `{}` is a complete config. Quantities and durations reach the cluster
exactly as they are written.

| key | value | default | meaning |
|---|---|---|---|
";

fn reference(schema: &Value) -> String {
    let mut text = HEAD.to_owned();
    rows(schema, schema, "", &mut text);
    text
}

fn rows(root: &Value, schema: &Value, prefix: &str, text: &mut String) {
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    for (name, property) in schema["properties"].as_object().unwrap() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let definition = resolve(root, property);
        let nested = definition["properties"].is_object();
        let default = match property.get("default") {
            _ if required(name) => "*required*".to_owned(),
            Some(default) if default.as_array().is_some_and(Vec::is_empty) => String::new(),
            Some(default) => format!("`{}`", compact(default)),
            None => String::new(),
        };
        let meaning = description(property).or_else(|| description(definition)).unwrap_or_default();
        writeln!(text, "| `{path}` | {} | {default} | {meaning} |", value_of(root, definition)).unwrap();
        let repeated = property["$ref"] == "#/$defs/Resources" && !path.ends_with(".prometheus");
        if nested && !repeated {
            rows(root, definition, &path, text);
        }
    }
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/"));
    name.map_or(schema, |name| &root["$defs"][name])
}

fn description(schema: &Value) -> Option<String> {
    let text = schema["description"].as_str()?;
    Some(text.replace("\n\n", "<br>").replace('|', "\\|"))
}

fn value_of(root: &Value, schema: &Value) -> String {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(|value| format!("`{}`", compact(value))).collect::<Vec<_>>().join(", ");
    }
    if schema["properties"].is_object() {
        return "map".to_owned();
    }
    if let (Some(title), Some(example)) = (schema["title"].as_str(), schema["examples"].get(0)) {
        return format!("{title}, such as `{}`", compact(example));
    }
    let range = match (&schema["minimum"], &schema["maximum"]) {
        (Value::Number(least), Value::Number(most)) => format!(" {least} to {most}"),
        _ => String::new(),
    };
    match schema["type"].as_str() {
        Some("array") => format!("list of: {}", value_of(root, resolve(root, &schema["items"]))),
        Some("object") => "map".to_owned(),
        Some(name) => format!("{name}{range}"),
        None => String::new(),
    }
}

/// A value in flow style, without the quotes that YAML does not need.
fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            let entries: Vec<_> =
                map.iter().map(|(key, value)| format!("{key}: {}", compact(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

#[test]
fn the_reference_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read(root.join("schema/monstack.schema.json")).unwrap();
    let current = reference(&serde_json::from_slice(&schema).unwrap());
    let path = root.join("docs/config.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &current).unwrap();
    } else {
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(committed == current, "docs/config.md is out of date: UPDATE_GOLDEN=1 cargo test");
    }
}
