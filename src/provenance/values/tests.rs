use std::path::Path;

use super::*;
use crate::charts::Places;
use crate::config::{Delivery, Source, load};

const MADE: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: made
data:
  literal: written
  port: {{ .Values.portName }}
  missing: {{ .Values.nothing | default "fallback" }}
  {{- if .Values.deep.enabled }}
  flag: "on"
  {{- end }}
  second: {{ index .Values.list 1 | quote }}
  {{- toYaml .Values.map | nindent 2 }}
  named: {{ include "named" . }}
  namespace: {{ .Release.Namespace }}
  {{- if eq .Values.mode "fast" }}
  mode: quick
  {{- end }}
  found: {{ index .Values "deep" "word" }}
  printed: {{ .Values.number | printf "%.0f-th" }}
"#;

const VALUES: &str = "portName: web
deep:
  enabled: true
  word: below
list: [a, b]
map:
  inner: 1
sub:
  given: outer
  enabled: true
global:
  word: said
mode: fast
number: 7
";

const BELOW: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: below
data:
  given: {{ .Values.given }}
  own: {{ .Values.own }}
  word: {{ .Values.global.word }}
";

/// Charts of the default versions, of which one has objects, and a chart in it.
fn charts(folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let head = |name: &str, version: &str| format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    for (name, version) in [("loki", "6.24.0"), ("alloy", "0.10.1")] {
        write(&format!("{name}/Chart.yaml"), &head(name, version));
        write(&format!("{name}/templates/none.yaml"), "");
    }
    let stack = |path: &str, text: &str| write(&format!("kube-prometheus-stack/{path}"), text);
    let dependency = "dependencies: [{name: sub, version: 1.0.0, condition: sub.enabled}]";
    stack("Chart.yaml", &format!("{}{dependency}\n", head("kube-prometheus-stack", "66.7.1")));
    stack("values.yaml", VALUES);
    stack("templates/made.yaml", MADE);
    stack(
        "templates/_named.tpl",
        "{{ define \"named\" }}{{ .Values.global.word }}-{{ .Chart.Name }}{{ end }}",
    );
    stack("charts/sub/Chart.yaml", &head("sub", "1.0.0"));
    stack("charts/sub/values.yaml", "given: inner\nown: here\n");
    stack("charts/sub/templates/below.yaml", BELOW);
}

/// What makes a field of an object of the chart, with a config.
fn found(config: &str, name: &str, field: &str) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    charts(folder.path());
    let places = Places { charts: Some(folder.path().to_owned()), ..Places::default() };
    let template = if name == "below" { "charts/sub/templates/below.yaml" } else { "templates/made.yaml" };
    let source = Source { name: "x".to_owned(), bytes: config.into() };
    let config = load(vec![source], &[]).unwrap().config;
    let identity = Identity {
        kind: "ConfigMap".to_owned(),
        name: name.to_owned(),
        namespace: "monitoring".to_owned(),
        ..Identity::default()
    };
    let answer = find(Question {
        config: &Config { delivery: Delivery::Inline, ..config },
        surroundings: &Surroundings { places, ..Surroundings::default() },
        construct: "prometheus-stack",
        identity: &identity,
        template: &format!("kube-prometheus-stack/{template}"),
        field,
    });
    let answer = answer.unwrap().unwrap();
    assert_eq!(answer.tried, answer.all, "{answer:?}");
    answer
}

#[test]
fn a_field_is_made_by_the_value_that_changes_it() {
    for (object, field, value, file, line) in [
        ("made", "data.port", "portName", "values.yaml", 1),
        ("made", "data.flag", "deep.enabled", "values.yaml", 3),
        ("made", "data.second", "list", "values.yaml", 5),
        ("made", "data.inner", "map.inner", "values.yaml", 7),
        ("made", "data.named", "global.word", "values.yaml", 12),
        ("made", "data.mode", "mode", "values.yaml", 13),
        ("made", "data.found", "deep.word", "values.yaml", 4),
        ("made", "data.printed", "number", "values.yaml", 14),
        ("below", "data.given", "sub.given", "values.yaml", 9),
        ("below", "data.own", "sub.own", "charts/sub/values.yaml", 2),
        ("below", "data.word", "global.word", "values.yaml", 12),
    ] {
        let answer = found("{}", object, field);
        let first = &answer.values[0];
        assert_eq!(first.path.join("."), value, "{field}: {answer:?}");
        let place = Place { file: format!("kube-prometheus-stack/{file}"), line };
        assert_eq!(first.said, Said::Chart(Some(place)), "{field}");
    }
}

#[test]
fn who_says_a_value_is_told() {
    let user = "{charts: {kubePrometheusStack: {values: {portName: user}}}}";
    assert_eq!(found(user, "made", "data.port").values[0].said, Said::Config);
    let missing = found("{}", "made", "data.missing");
    assert_eq!(missing.values[0].path, ["nothing"]);
    assert_eq!(missing.values[0].value, None);
    assert_eq!(missing.values[0].said, Said::Chart(None));
}

#[test]
fn what_no_value_makes_is_told_with_its_line() {
    for (object, field, line) in
        [("made", "data.literal", 6), ("made", "data.namespace", 15), ("below", "metadata.name", 4)]
    {
        let answer = found("{}", object, field);
        let others: Vec<_> = answer.values.iter().filter(|made| !made.field.starts_with('(')).collect();
        assert!(others.is_empty(), "{field}: {others:?}");
        assert_eq!(answer.place.unwrap().line, line, "{field}");
    }
    let wave = found("{}", "made", "metadata.annotations[\"argocd.argoproj.io/sync-wave\"]");
    assert!(!wave.is_of_chart && wave.place.is_none());
    let below = found("{}", "below", "data.own");
    assert_eq!(below.place.unwrap().file, "kube-prometheus-stack/charts/sub/templates/below.yaml");
}

#[test]
fn what_enables_the_chart_of_an_object_is_told_last() {
    let answer = found("{}", "below", "data.own");
    let last = answer.values.last().unwrap();
    assert_eq!((last.path.join("."), last.field.starts_with('(')), ("sub.enabled".to_owned(), true));
}
