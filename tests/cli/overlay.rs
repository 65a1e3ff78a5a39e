//! Several files, `--set` and `null`.

use predicates::prelude::*;
use predicates::str::contains;

use crate::support::Place;

/// What the stack renders with these arguments, warnings aside.
fn rendered(place: &Place, arguments: &[&str]) -> String {
    let arguments: Vec<_> = ["render", "--quiet"].iter().chain(arguments).copied().collect();
    let assert = place.monstack(&arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn files_are_overlaid_left_to_right() {
    let place = Place::with("base.yaml", "namespace: base\nreplicas: {thanosQuery: 3, thanosStore: 3}\n");
    place.file("production.yaml", "namespace: production\nreplicas: {thanosQuery: 4}\n");
    let query = ["--only", "thanos-query"];
    let merged = rendered(&place, &[&["base.yaml", "-f", "production.yaml"], &query[..]].concat());
    assert!(merged.contains("namespace: production") && !merged.contains("namespace: base"), "{merged}");
    assert!(merged.contains("replicas: 4"), "{merged}");
    let store = rendered(&place, &["-f", "base.yaml", "-f", "production.yaml", "--only", "thanos-store"]);
    assert!(store.contains("replicas: 3"), "{store}");
    let reversed = rendered(&place, &[&["-f", "production.yaml", "-f", "base.yaml"], &query[..]].concat());
    assert!(reversed.contains("namespace: base"), "{reversed}");
}

#[test]
fn standard_input_can_be_one_of_the_files() {
    let place = Place::with("over.yaml", "namespace: over\n");
    place
        .monstack(&["render", "-q", "-", "-f", "over.yaml", "--only", "namespace"])
        .write_stdin("namespace: base\n")
        .assert()
        .success()
        .stdout(contains("name: over"));
}

#[test]
fn set_comes_last() {
    let place = Place::with("config.yaml", "namespace: file\nreplicas: {thanosQuery: 3}\n");
    let text = rendered(
        &place,
        &["config.yaml", "--only=thanos-query", "--set", "namespace=set", "--set", "replicas.thanosQuery=5"],
    );
    assert!(text.contains("namespace: set") && text.contains("replicas: 5"), "{text}");
}

#[test]
fn null_removes_a_key() {
    let place = Place::with("base.yaml", "namespace: base\nstorage: {class: fast}\n");
    place.file("over.yaml", "namespace: null\nstorage: {class: ~}\n");
    let text = rendered(&place, &["base.yaml", "-f", "over.yaml", "--only", "thanos-store"]);
    assert!(text.contains("namespace: monitoring") && !text.contains("fast"), "{text}");
    assert_eq!(
        text,
        rendered(
            &place,
            &[
                "base.yaml",
                "--set",
                "namespace=null",
                "--set",
                "storage.class=null",
                "--only",
                "thanos-store"
            ]
        )
    );
}

#[test]
fn null_removes_a_default_limit() {
    let place = Place::with("config.yaml", "{}");
    let limit = "memory: 1Gi";
    let query =
        |extra: &[&str]| rendered(&place, &[&["config.yaml", "--only", "thanos-query"], extra].concat());
    assert!(query(&[]).contains(limit));
    assert!(!query(&["--set", "resources.thanosQuery.limits.memory=null"]).contains(limit));
}

#[test]
fn null_in_a_charts_values_stays() {
    let config = "charts: {alloy: {values: {crds: {create: null}}}}\n";
    let text = rendered(&Place::with("config.yaml", config), &["config.yaml", "--only", "alloy"]);
    assert!(text.contains("create: null") || text.contains("create: ~"), "{text}");
}

#[test]
fn a_default_limit_follows_a_greater_request() {
    let place = Place::with("config.yaml", "resources: {thanosQuery: {requests: {memory: 1.50Gi}}}\n");
    let text = rendered(&place, &["config.yaml", "--only", "thanos-query"]);
    assert_eq!(text.matches("memory: 1.50Gi").count(), 2, "{text}");
    let place = Place::with("config.yaml", "resources: {thanosQuery: {limits: {cpu: 0.10}}}\n");
    let text = rendered(&place, &["config.yaml", "--only", "thanos-query"]);
    assert_eq!(text.matches("0.10").count(), 2, "{text}");
}

#[test]
fn problems_are_placed_in_the_file_that_has_them() {
    let place = Place::with("base.yaml", "replicas:\n  thanosQuery: 0\n");
    place.file("over.yaml", "replicas:\n\n  prometheus: 0\n");
    place
        .monstack(&["render", "base.yaml", "-f", "over.yaml", "--set", "replicas.grafana=0"])
        .assert()
        .code(1)
        .stderr(contains("base.yaml:2:16: error: replicas.thanosQuery: "))
        .stderr(contains("over.yaml:3:15: error: replicas.prometheus: "))
        .stderr(contains("--set:1:18: error: replicas.grafana: "))
        .stderr(contains("monstack: 3 problems in base.yaml, over.yaml, --set, nothing was rendered"));
}

#[test]
fn set_of_a_wrong_form_is_wrong_usage() {
    let place = Place::with("config.yaml", "{}");
    for (argument, part) in [("replicas", "key=value"), ("=1", "missing"), ("tolerations[0]=a", "whole list")]
    {
        place
            .monstack(&["render", "config.yaml", "--set", argument])
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(part));
    }
    place
        .monstack(&["render", "config.yaml", "--set", "namespace=[a"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("--set:1:").and(contains("error: ")));
}

#[test]
fn files_that_are_no_yaml_are_reported_together() {
    let place = Place::with("one.yaml", "a: [\n");
    place.file("two.yaml", "- a\n");
    place
        .monstack(&["render", "one.yaml", "-f", "two.yaml"])
        .assert()
        .code(1)
        .stderr(contains("one.yaml:").and(contains("two.yaml:1:1: error: expected a mapping")));
}

#[test]
fn a_forgotten_value_is_no_null() {
    let place = Place::with("config.yaml", "cluster: production\n");
    for (argument, part) in [("cluster=", "a value is missing"), ("cluster=#1", "comment")] {
        place
            .monstack(&["render", "config.yaml", "--set", argument])
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(part));
    }
}

#[test]
fn large_overlays_are_merged_in_no_time() {
    let values: String = (0..40_000).map(|n| format!("      k{n}: 1\n")).collect();
    let config = format!("charts:\n  loki:\n    values:\n{values}");
    let place = Place::with("config.yaml", config);
    place
        .monstack(&["validate", "-q", "config.yaml", "-f", "config.yaml"])
        .timeout(std::time::Duration::from_secs(10))
        .assert()
        .success();
}
