//! `monstack images`

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::Place;

/// Small charts of the default versions, of which one has an operator and a custom resource.
fn charts() -> Place {
    let place = Place::with_charts("images: {registry: mirror.example.org}\n");
    place.file(
        "charts/kube-prometheus-stack/templates/operator.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: operator}\nspec:\n  template:\n    spec:\n      containers:\n      \
         - name: operator\n        image: {{ .Values.global.imageRegistry }}/po/operator:v1\n        args:\n        \
         - --prometheus-config-reloader={{ .Values.global.imageRegistry }}/po/reloader:v1\n        - --web.listen-address=host:8080/x\n\
         ---\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n  image: {{ .Values.global.imageRegistry }}/prom/prometheus:v2\n",
    );
    place
}

#[test]
fn images_of_pods_arguments_and_custom_resources_are_listed_for_any_delivery() {
    let place = charts();
    let list = |output: &str| {
        let assert =
            place.monstack(&["images", "config.yaml", "--charts", "charts", "-o", output]).assert().success();
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    assert_eq!(
        list("list"),
        "mirror.example.org/po/operator:v1\nmirror.example.org/po/reloader:v1\nmirror.example.org/prom/prometheus:v2\n\
         mirror.example.org/thanos/thanos:v0.37.2\n"
    );
    let json: Vec<Value> = serde_json::from_str(&list("json")).unwrap();
    assert!(list("mirror").starts_with("mirror.example.org/po/operator:v1 po/operator:v1\n"));
    assert_eq!(json[1]["usedBy"][0]["place"], "operator --prometheus-config-reloader");
    assert_eq!(json[2]["usedBy"][0]["place"], "spec.image");
    assert_eq!(json[3]["usedBy"].as_array().unwrap().len(), 3);
    assert_eq!(json[3]["usedBy"][0]["construct"], "thanos-compactor");
    let table = list("table");
    assert!(table.starts_with("IMAGE ") && table.contains("StatefulSet monitoring/thanos-store"), "{table}");
}

#[test]
fn without_charts_there_is_no_list() {
    let place = Place::with("config.yaml", "{}");
    place
        .monstack(&["images", "config.yaml"])
        .env_remove("MONSTACK_CHARTS")
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("loki 6.24.0 is not pinned").and(contains("what the charts contain is seen only")));
}

#[test]
fn images_that_the_operator_takes_by_default_are_listed_or_told() {
    let place = charts();
    let custom = "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\nmetadata: {name: a}\nspec: {version: v0.1.0}\n\
                  ---\napiVersion: monitoring.coreos.com/v1\nkind: ThanosRuler\nmetadata: {name: r}\nspec: {}\n";
    place.file("charts/kube-prometheus-stack/templates/custom.yaml", custom);
    let assert = place.monstack(&["images", "config.yaml", "--charts", "charts"]).assert().success();
    let table = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let line = table.lines().find(|line| line.contains("quay.io/prometheus/alertmanager:v0.1.0")).unwrap();
    assert!(line.contains("Alertmanager monitoring/a") && line.contains("spec.image (default)"), "{line}");
    assert.stderr(contains("warning: ThanosRuler monitoring/r has no spec.image"));
}
