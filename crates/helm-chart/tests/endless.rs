//! Charts that must not keep the program busy, or end it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use go_template::Value;
use helm_chart::{Chart, values};

fn compute(directory: &Path) -> Result<values::Computed, String> {
    let mut chart = Chart::load(directory).unwrap();
    values::compute(&mut chart, &Value::Nil, values::Validation::Checked).map_err(|error| error.to_string())
}

fn write(directory: &Path, name: &str, more: &str, values: &str) {
    std::fs::create_dir_all(directory).unwrap();
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}");
    std::fs::write(directory.join("Chart.yaml"), metadata).unwrap();
    std::fs::write(directory.join("values.yaml"), values).unwrap();
}

#[test]
fn schemas_may_refer_to_themselves() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}]}"##,
        r##"{"additionalProperties": {"$ref": "#"}, "type": "object"}"##,
    ] {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), "c", "", "a: {b: {c: {}}}\n");
        std::fs::write(directory.path().join("values.schema.json"), schema).unwrap();
        // Whether it is valid is not the question.
        let _ = compute(directory.path());
    }
}

#[test]
fn schemas_are_not_fetched() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "c", "", "a: 1\n");
    for (reference, is_refused) in [
        ("https://example.com/schema.json", true),
        ("file:///etc/passwd", true),
        ("urn:example:thing", false),
    ] {
        let schema = format!("{{\"$ref\": \"{reference}\"}}");
        std::fs::write(directory.path().join("values.schema.json"), schema).unwrap();
        let result = compute(directory.path());
        assert_eq!(result.is_err(), is_refused, "{reference}: {result:?}");
    }
}

#[test]
fn imports_into_each_other_end() {
    let directory = tempfile::tempdir().unwrap();
    // The imported table comes to hold itself, twice.
    let imports = "dependencies:\n- name: s\n  version: '*'\n  import-values:\n  - {child: a, parent: x}\n  \
        - {child: a, parent: x.y}\n  - {child: a, parent: x.z}\n  - {child: a, parent: x.y.z}\n";
    write(directory.path(), "c", imports, "k: 1\n");
    write(&directory.path().join("charts/s"), "s", "", "a: {b: {c: 1}, y: {d: 1}, z: {e: 1}}\n");
    if let Err(error) = compute(directory.path()) {
        assert!(error.contains("nested deeper") || error.contains("too large"), "{error}");
    }
}

#[test]
fn aliases_are_bounded() {
    let directory = tempfile::tempdir().unwrap();
    let entries: String =
        (0..300).map(|index| format!("- {{name: c, version: '*', alias: a{index}}}\n")).collect();
    write(directory.path(), "root", &format!("dependencies:\n{entries}"), "");
    let below = directory.path().join("charts/c");
    write(&below, "c", "", "");
    for index in 0..20 {
        let name = format!("k{index}");
        write(&below.join("charts").join(&name), &name, "", "");
    }
    assert!(compute(directory.path()).unwrap_err().contains("more than 5000 dependencies"));
}
