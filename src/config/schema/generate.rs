//! The JSON Schema from the config's types.
//!
//! schemars' output is made simpler than it is, for editors and for our own messages: no alternatives
//! (`anyOf`, `oneOf`), one `enum` per enum, descriptions without line breaks, no default twice.

use serde_json::{Map, Value, json};

use super::ID;
use super::references::resolve;
use crate::config::Config;

/// The largest integer that every JSON reader keeps exactly.
const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The schema of the config (JSON Schema 2020-12), as it is to be committed.
pub fn generate() -> Value {
    let generated = schemars::schema_for!(Config).to_value();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "monstack config",
    });
    if let (Value::Object(schema), Value::Object(generated)) = (&mut schema, generated) {
        for (keyword, value) in generated {
            schema.entry(keyword).or_insert(value);
        }
    }
    simplify(&mut schema);
    let root = schema.clone();
    drop_repeated_defaults(&root, &mut schema);
    sort_definitions(&mut schema);
    schema
}

/// Simplifies a schema and those inside it.
fn simplify(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    strip_null(keywords);
    join_enum(keywords);
    replace_format(keywords);
    if let Some(Value::String(description)) = keywords.get_mut("description") {
        *description = without_line_breaks(description);
    }
    for (keyword, value) in keywords.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => schemas.values_mut().for_each(simplify),
            ("items" | "additionalProperties", schema) => simplify(schema),
            _ => {}
        }
    }
}

/// `null` in a config removes a key before it is validated, so no value is ever null.
fn strip_null(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = keywords.get_mut("type") {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            let single = single.clone();
            keywords.insert("type".to_owned(), single);
        }
    }
    let Some(Value::Array(mut alternatives)) = keywords.remove("anyOf") else { return };
    alternatives.retain(|alternative| alternative.get("type").is_none_or(|name| name != "null"));
    match alternatives.as_slice() {
        [Value::Object(only)] => {
            let explanations = std::mem::replace(keywords, only.clone());
            keywords.extend(explanations);
        }
        _ => {
            keywords.insert("anyOf".to_owned(), Value::Array(alternatives));
        }
    }
}

/// One `enum` in place of a `oneOf` of documented constants, whose documentation goes to the description.
fn join_enum(keywords: &mut Map<String, Value>) {
    let Some(Value::Array(alternatives)) = keywords.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut description = keywords.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    for alternative in alternatives {
        let Some(value) = alternative.get("const") else { return };
        if let (Some(name), Some(text)) =
            (value.as_str(), alternative.get("description").and_then(Value::as_str))
        {
            description.push_str(&format!("\n\n`{name}`: {text}"));
        }
        values.push(value.clone());
    }
    keywords.remove("oneOf");
    keywords.remove("description");
    keywords.insert("type".to_owned(), "string".into());
    keywords.insert("enum".to_owned(), Value::Array(values));
    keywords.insert("description".to_owned(), description.into());
}

/// Rust's integer formats are not JSON Schema's; a range says the same.
fn replace_format(keywords: &mut Map<String, Value>) {
    if keywords.remove("format").is_some_and(|format| format == "int64") {
        keywords.entry("minimum").or_insert((-MAX_SAFE_INTEGER).into());
        keywords.entry("maximum").or_insert(MAX_SAFE_INTEGER.into());
    }
}

/// Joins the lines of each paragraph.
fn without_line_breaks(text: &str) -> String {
    let paragraphs =
        text.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Drops the default of a mapping that only repeats the defaults of its keys.
fn drop_repeated_defaults(root: &Value, schema: &mut Value) {
    let repeated = schema
        .get("default")
        .is_some_and(|default| default.is_object() && *default == defaults_of(resolve(root, schema)));
    let Value::Object(keywords) = schema else { return };
    if repeated {
        keywords.remove("default");
    }
    for (keyword, value) in keywords.iter_mut() {
        if let ("properties" | "$defs", Value::Object(schemas)) = (keyword.as_str(), value) {
            schemas.values_mut().for_each(|schema| drop_repeated_defaults(root, schema));
        }
    }
}

/// The mapping of the defaults of a definition's keys.
fn defaults_of(definition: &Value) -> Value {
    let defaults =
        definition.get("properties").and_then(Value::as_object).into_iter().flatten().filter_map(
            |(name, schema)| schema.get("default").map(|default| (name.clone(), default.clone())),
        );
    Value::Object(defaults.collect())
}

fn sort_definitions(schema: &mut Value) {
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.sort_keys();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::schema::{TEXT, constraints, inline};

    #[test]
    fn the_committed_schema_is_current() {
        let current = format!("{:#}\n", generate());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/monstack.schema.json");
            std::fs::write(path, &current).unwrap();
        } else {
            assert_eq!(TEXT, current, "run `UPDATE_GOLDEN=1 cargo test` and look at the difference");
        }
    }

    #[test]
    fn the_schema_is_valid_and_accepts_the_defaults() {
        let schema = generate();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        assert!(validator.is_valid(&serde_json::to_value(Config::default()).unwrap()));
    }

    #[test]
    fn every_default_and_example_is_valid() {
        fn check(root: &Value, schema: &Value, path: &str) {
            let validator = jsonschema::draft202012::new(&inline(root, schema)).unwrap();
            for value in
                schema.get("default").into_iter().chain(schema["examples"].as_array().into_iter().flatten())
            {
                assert!(validator.is_valid(value), "{path}: {value}");
            }
            for keyword in ["properties", "$defs"] {
                for (name, schema) in schema[keyword].as_object().into_iter().flatten() {
                    check(root, schema, &format!("{path}/{name}"));
                }
            }
        }
        let schema = generate();
        check(&schema, &schema, "");
    }

    /// The validator reads the schema as draft 4 (see `explain::errors`), which is sound as long as
    /// the schema is made of keywords that mean the same there.
    #[test]
    fn only_keywords_that_every_draft_knows_constrain() {
        const KNOWN: [&str; 12] = [
            "type",
            "properties",
            "additionalProperties",
            "required",
            "items",
            "enum",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "$ref",
        ];
        fn check(schema: &Value) {
            for (keyword, value) in schema.as_object().into_iter().flatten() {
                match keyword.as_str() {
                    "properties" | "$defs" => value.as_object().unwrap().values().for_each(check),
                    "items" | "additionalProperties" => check(value),
                    keyword => assert!(KNOWN.contains(&keyword), "{keyword}"),
                }
            }
        }
        check(&constraints(None).unwrap());
    }

    #[test]
    fn every_key_is_described_and_nothing_is_null() {
        fn check(schema: &Value, path: &str) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let description = property["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{path}.{name}");
                assert!(!description.replace("\n\n", "").contains('\n'), "{path}.{name}");
            }
        }
        let schema = generate();
        check(&schema, "");
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            check(definition, name);
        }
        assert!(!schema.to_string().contains("\"null\""));
    }

    #[test]
    fn enums_explain_their_values() {
        let delivery = &generate()["$defs"]["Delivery"];
        assert_eq!(delivery["enum"], json!(["helmchart", "application", "inline"]));
        assert!(delivery["description"].as_str().unwrap().contains("`application`: One ArgoCD"));
    }

    #[test]
    fn defaults_stand_at_the_innermost_key_that_can_say_them() {
        let schema = generate();
        assert_eq!(schema["properties"]["resources"].get("default"), None);
        let query = &schema["$defs"]["ComponentResources"]["properties"]["thanosQuery"];
        assert_eq!(query["default"]["requests"]["cpu"], "200m");
        assert_eq!(
            resolve(&schema, &schema["properties"]["storage"])["properties"]["prometheus"]["default"],
            "3Gi"
        );
    }
}
