//! `monstack explain`

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::Place;

fn stdout(place: &Place, arguments: &[&str]) -> String {
    let assert = place.monstack(&[&["explain"], arguments].concat()).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_key_is_followed_to_the_fields_that_it_drives() {
    let place = Place::with("config.yaml", "replicas: {thanosStore: 3}\n");
    let text = stdout(&place, &["replicas.thanosStore", "config.yaml"]);
    assert!(text.contains("\nvalue: 3 (config.yaml:1:25; default: 2)\n"), "{text}");
    assert!(text.contains("StatefulSet monitoring/thanos-store\n  spec.replicas\n"), "{text}");
    let text = stdout(&place, &["retention.metrics.raw", "config.yaml"]);
    assert!(text.contains("(the default)"), "{text}");
    assert!(text.contains("args[--retention.resolution-raw]"), "{text}");
    let text = stdout(&place, &["features.logs", "--set", "features.logs=false"]);
    assert!(text.contains("Bucket logs-loki-kup6s\n  (whether it is there)\n"), "{text}");
    let text = stdout(&place, &["replicas.prometheusOperator"]);
    assert!(text.contains("this config allows no other value: replicas.prometheusOperator"), "{text}");
}

#[test]
fn a_field_is_followed_back_to_its_key() {
    let place = Place::with("config.yaml", "replicas: {thanosStore: 3}\n");
    let made = stdout(&place, &["StatefulSet/thanos-store:spec.replicas", "config.yaml", "-o", "json"]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let keys: Vec<_> =
        made["madeBy"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["namespace", "features.longTermMetrics", "replicas.thanosStore"]);
    let text = stdout(
        &place,
        &["HelmChart/loki:spec.valuesContent:loki.limits_config.retention_period", "config.yaml"],
    );
    assert!(text.contains("  retention.logs: "), "{text}");
    assert!(text.starts_with("HelmChart kube-system/loki:spec.valuesContent:loki."), "{text}");
    let text = stdout(&place, &["PriorityClass/monitoring-critical:globalDefault"]);
    assert!(text.contains("(whether it is there"), "{text}");
}

#[test]
fn what_there_is_not_is_told_with_what_is_near() {
    let place = Place::new();
    for (target, help) in [
        ("replicas.prometeus", "did you mean replicas.prometheus?"),
        ("StatefulSet/thanos-stor", "did you mean StatefulSet/thanos-store?"),
        ("nothing.like.it.at.all", "a key is written as in"),
    ] {
        place.monstack(&["explain", target]).assert().code(1).stdout("").stderr(contains(help));
    }
}

const TEMPLATE: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: made
data:
  literal: written
  port: {{ .Values.portName }}
  {{- toYaml .Values.map | nindent 2 }}
  namespace: {{ .Release.Namespace }}
"#;

/// A config of any delivery, and charts of which one has an object.
fn charts(config: &str) -> Place {
    let place = Place::with_charts(config);
    let chart = |path: &str, text: &str| {
        place.file(&format!("charts/kube-prometheus-stack/{path}"), text);
    };
    chart("values.yaml", "portName: web\nmap:\n  inner: 1\n");
    chart("templates/made.yaml", TEMPLATE);
    place
}

fn of_chart(place: &Place, target: &str) -> Value {
    let text = stdout(place, &[target, "config.yaml", "--charts", "charts", "-o", "json"]);
    let explained: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(explained["chart"]["tried"], explained["chart"]["of"], "{text}");
    explained["chart"].clone()
}

#[test]
fn keys_are_told_with_their_places() {
    let place = Place::with("config.yaml", "replicas:\n  thanosStore: 3\n");
    place.file("over.yaml", "retention: {logs: 10d}\n");
    let arguments = ["config.yaml", "-f", "over.yaml", "--set", "replicas.loki.read=4"];
    let text = |target: &str| stdout(&place, &[&[target], &arguments[..]].concat());
    for (target, told) in [
        ("replicas.thanosStore", "value: 3 (config.yaml:2:16; default: 2)"),
        ("retention.logs", "value: \"10d\" (over.yaml:1:19; default: "),
        ("replicas.loki.read", "value: 4 (--set; default: "),
        ("replicas.thanosQuery", " (the default)"),
        ("StatefulSet/thanos-store:spec.replicas", "replicas.thanosStore: 3 (config.yaml:2:16)"),
    ] {
        let text = text(target);
        assert!(text.contains(told), "{target}: {text}");
    }
    let origin = |target: &str| {
        let text = stdout(&place, &[&[target], &arguments[..], &["-o", "json"]].concat());
        serde_json::from_str::<Value>(&text).unwrap()["origin"].clone()
    };
    let place = serde_json::json!({"file": "config.yaml", "line": 2, "column": 16});
    assert_eq!(origin("replicas.thanosStore"), place);
    assert_eq!(origin("replicas.loki.read"), "--set");
    assert_eq!(origin("replicas.thanosQuery"), "default");
}

#[test]
fn a_field_of_a_chart_is_followed_back_to_the_value_that_made_it() {
    let place = charts("charts: {kubePrometheusStack: {values: {map: {user: 7}}}}\n");
    let port = of_chart(&place, "ConfigMap/made:data.port");
    assert_eq!(port["values"][0]["path"], "portName");
    let origin = serde_json::json!({"file": "kube-prometheus-stack/values.yaml", "line": 1});
    assert_eq!(port["values"][0]["origin"], origin);
    let user = of_chart(&place, "ConfigMap/made:data.user");
    assert_eq!(user["values"][0]["path"], "map.user");
    assert_eq!(user["values"][0]["origin"]["file"], "config.yaml");
}

#[test]
fn what_no_value_makes_is_written_in_a_template() {
    let place = charts("{}");
    let arguments = |target| [target, "config.yaml", "--charts", "charts"];
    let text = stdout(&place, &arguments("ConfigMap/made:data.literal"));
    assert!(text.starts_with("ConfigMap monitoring/made:data.literal, of the construct prometheus-stack, which its HelmChart brings\nvalue: \"written\"\n"), "{text}");
    assert!(text.contains("no value of the chart kube-prometheus-stack 66.7.1 makes it ("), "{text}");
    assert!(text.contains("written by kube-prometheus-stack/templates/made.yaml:6\n"), "{text}");
    let text =
        stdout(&place, &arguments("ConfigMap/made:metadata.annotations[\"argocd.argoproj.io/sync-wave\"]"));
    assert!(text.contains("has no such field: monstack puts it in"), "{text}");
}

#[test]
fn objects_of_charts_are_found_under_any_delivery_where_the_charts_are() {
    let place = charts("{}");
    let key = |delivery: &str| {
        let set = format!("delivery={delivery}");
        let target = "ConfigMap/made:data.namespace";
        stdout(&place, &[target, "config.yaml", "--charts", "charts", "--set", &set])
    };
    for (delivery, told) in [
        ("helmchart", ", which its HelmChart brings\n"),
        ("application", ", which its Application brings\n"),
        ("inline", ", of the construct prometheus-stack\n"),
    ] {
        let text = key(delivery);
        assert!(text.contains(told), "{text}");
        assert!(text.contains("namespace: \"monitoring\" (the default)"), "{text}");
    }
    place
        .monstack(&["explain", "ConfigMap/made", "config.yaml"])
        .env_remove("MONSTACK_CHARTS")
        .assert()
        .code(1)
        .stderr(contains("renders no ConfigMap/made").and(contains("`--charts DIR` names a folder")));
    for (target, help) in [
        ("ConfigMap/made:data.por", "did you mean data.port?"),
        ("ConfigMap/mad", "did you mean ConfigMap/made?"),
    ] {
        place
            .monstack(&["explain", target, "config.yaml", "--charts", "charts"])
            .assert()
            .code(1)
            .stderr(contains(help));
    }
}

#[test]
fn a_number_is_tried_below_and_above_what_it_is() {
    let place = Place::with("config.yaml", "{}");
    place
        .monstack(&["explain", "replicas.thanosQuery", "config.yaml"])
        .assert()
        .success()
        .stdout(contains("spec.replicas").and(contains("PodDisruptionBudget monitoring/thanos-query")));
    place
        .monstack(&["explain", "loki.replicationFactor", "config.yaml"])
        .assert()
        .success()
        .stdout(contains("loki.commonConfig.replication_factor"));
}
