//! Charts that must not keep the program busy, or end it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use go_template::Value;
use helm_chart::{Capabilities, Chart, KubeVersion, Limits, Release, values};

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

#[test]
fn values_that_hold_themselves_or_share_too_much_are_not_written() {
    let cycle = r#"{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $_ := set $d "b" $d }}"#;
    let shared = r#"{{ $d := list (repeat 10000 "x") }}{{ range 40 }}{{ $d = list $d $d }}{{ end }}"#;
    for (template, message) in [
        (format!("{cycle}{{{{ toYaml $d }}}}{{{{ toJson $d }}}}"), ""),
        (format!("{cycle}{{{{ $d }}}}"), "stack overflow"),
        (format!("{shared}{{{{ toYaml $d }}}}"), "larger than 64 MiB"),
        (format!("{shared}{{{{ toJson $d }}}}"), "larger than 64 MiB"),
        (
            r#"{{ $d := repeat 10000 "a\n" }}{{ range 900 }}{{ $d = dict "a" $d "b" $d }}{{ end }}{{ toYaml $d }}"#
                .to_owned(),
            "larger than 64 MiB",
        ),
        (r#"{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}"#.to_owned(), "maximum template depth"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), "c", "", "");
        std::fs::create_dir(directory.path().join("templates")).unwrap();
        std::fs::write(directory.path().join("templates/t.yaml"), template).unwrap();
        let chart = Chart::load(directory.path()).unwrap();
        let render = || {
            let release = Release { name: "r".into(), namespace: "n".into(), is_upgrade: false };
            let kube_version = KubeVersion::parse("v1.34.0").unwrap();
            let capabilities = Capabilities { kube_version, api_versions: Vec::new() };
            let limits = Limits { depth: 100, ..Limits::default() };
            helm_chart::render(&chart, &Value::map([]), &release, &capabilities, &limits)
                .map_err(|error| error.to_string())
        };
        match render() {
            Ok(_) => assert_eq!(message, ""),
            Err(error) => assert!(error.contains(message) && !message.is_empty(), "{error}"),
        }
    }
}
