//! `monstack explain`

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
