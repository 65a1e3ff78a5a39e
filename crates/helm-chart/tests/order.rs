//! What does not depend on when a template is parsed.

#![allow(clippy::unwrap_used)]

use std::fs;

use helm_chart::values::{self, Validation};
use helm_chart::{Capabilities, Chart, KubeVersion, Limits, Release, Value};

/// Renders a chart with some templates: the documents, or the message.
fn render(templates: &[(&str, &str)]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("templates")).unwrap();
    fs::write(folder.path().join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.0.0\n").unwrap();
    for (name, text) in templates {
        fs::write(folder.path().join("templates").join(name), text).unwrap();
    }
    let mut chart = Chart::load(folder.path()).unwrap();
    let computed = values::compute(&mut chart, &Value::Nil, Validation::Checked).unwrap();
    let release = Release { name: "r".to_owned(), namespace: "n".to_owned(), is_upgrade: false };
    let kube_version = KubeVersion::parse("1.34.0").unwrap();
    let capabilities = Capabilities { kube_version, api_versions: Vec::new() };
    let rendered = helm_chart::render(&chart, &computed.values, &release, &capabilities, &Limits::default())
        .map_err(|error| error.to_string())?;
    let documents: Vec<_> = rendered.manifests.generic.iter().map(|manifest| manifest.content()).collect();
    Ok(documents.join("\n---\n"))
}

#[test]
fn an_error_of_parsing_comes_before_one_of_executing() {
    for (fails, is_wrong) in [("a.yaml", "z.yaml"), ("z.yaml", "a.yaml"), ("z.yaml", "_a.tpl")] {
        let message =
            render(&[(fails, "{{ fail \"early\" }}"), (is_wrong, "a: 1\n{{ wrong }}")]).unwrap_err();
        assert_eq!(
            message,
            format!("parse error at (c/templates/{is_wrong}:2): function \"wrong\" not defined")
        );
    }
}

#[test]
fn of_several_errors_of_parsing_the_last_file_s_is_told() {
    for definer in ["", "{{ define \"x\" }}{{ end }}"] {
        let message = render(&[
            ("a.yaml", &format!("{definer}{{{{ wrong }}}}")),
            ("m.yaml", "{{ fail \"early\" }}"),
            ("y.yaml", &format!("{definer}{{{{ if }}}}")),
            ("z.yaml", "{{ include \"c/templates/a.yaml\" . }}"),
        ])
        .unwrap_err();
        assert_eq!(message, "parse error at (c/templates/y.yaml:1): missing value for if");
    }
}

#[test]
fn files_call_files() {
    let rendered = render(&[
        ("a.yaml", "kind: A\n"),
        ("m.yaml", "{{ include \"c/templates/z.yaml\" . }}b: {{ include \"x\" . | quote }}\n"),
        ("n.yaml", "{{ block \"x\" . }}kind: block{{ end }}\n"),
        ("z.yaml", "{{ include \"c/templates/a.yaml\" . }}"),
    ]);
    assert_eq!(
        rendered.unwrap(),
        "kind: A\n---\nkind: A\nb: \"kind: block\"\n---\nkind: A\n---\nkind: block"
    );
}
