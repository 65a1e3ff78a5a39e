//! Problems of a config: all at once, in order, with place and cure.

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::{Place, piped, refused};

#[test]
fn a_misspelt_key_three_levels_deep_names_its_line_and_the_right_key() {
    let config = "namespace: monitoring\nresources:\n  thanosQuery:\n    requests:\n      memry: 128Mi\n";
    refused(
        config,
        &[
            "<stdin>:5:7: error: resources.thanosQuery.requests.memry: unknown key \"memry\"\n  help: did you mean \"memory\"?\n",
        ],
    );
}

#[test]
fn the_report_is_exactly_this() {
    let config = "\
delivery: helmchat
repplicas: {prometheus: 2}
resources:
  thanosQuery: {requests: {memory: 128mi}}
";
    Place::with("config.yaml", config).monstack(&["render", "config.yaml"]).assert().code(1).stdout("").stderr(
        "\
config.yaml:1:11: error: delivery: expected \"helmchart\", \"application\" or \"inline\", found \"helmchat\"
  help: did you mean \"helmchart\"?
config.yaml:2:1: error: repplicas: unknown key \"repplicas\"
  help: did you mean \"replicas\"?
config.yaml:4:36: error: resources.thanosQuery.requests.memory: expected a quantity of bytes such as 512Mi or 10Gi, found \"128mi\"
  help: did you mean \"128Mi\"?
monstack: 3 problems in config.yaml, nothing was rendered
",
    );
}

#[test]
fn at_most_ten_problems_are_shown_and_the_others_counted() {
    let config: String = (0..13).map(|n| format!("unknown{n:02}: 1\n")).collect();
    let place = Place::with("config.yaml", config);
    place
        .monstack(&["validate", "config.yaml"])
        .assert()
        .code(1)
        .stderr(contains("config.yaml:10:1"))
        .stderr(contains("config.yaml:11:1").not())
        .stderr(contains("and 3 more problems\nmonstack: 13 problems in config.yaml"));
}

#[test]
fn rules_between_keys_have_places_too() {
    refused(
        "resources:\n  grafana:\n    requests: {memory: 2Gi}\n    limits: {memory: 1Gi}\n",
        &["<stdin>:", "error: resources.grafana."],
    );
    refused("retention:\n  metrics: {raw: 10h}\n", &["<stdin>:2:18: error: retention.metrics.raw: ", "40h"]);
}

#[test]
fn warnings_leave_the_stream_alone() {
    let place = Place::with("config.yaml", "{}");
    place
        .monstack(&["render", "config.yaml"])
        .assert()
        .success()
        .stdout(predicates::str::starts_with("---\n"))
        .stderr(contains("config.yaml:1:1: warning: "));
    place.monstack(&["render", "config.yaml", "--quiet"]).assert().success().stderr("");
}

#[test]
fn problems_as_json_are_for_programs() {
    let place = Place::with("config.yaml", "delivery: helmchat\nnamespace: 1\n");
    let assert = place.monstack(&["validate", "config.yaml", "-o", "json"]).assert().code(1).stderr("");
    let problems: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(
        problems[0],
        serde_json::json!({
            "file": "config.yaml",
            "line": 1,
            "column": 11,
            "path": "delivery",
            "severity": "error",
            "message": "expected \"helmchart\", \"application\" or \"inline\", found \"helmchat\"",
            "help": "did you mean \"helmchart\"?",
        })
    );
    assert_eq!(problems.as_array().unwrap().len(), 2);
    let place = Place::with("config.yaml", "{}");
    place.monstack(&["validate", "config.yaml", "-o", "json", "-q"]).assert().success().stdout("[]\n");
}

#[test]
fn a_valid_config_is_said_to_be_valid() {
    let place = Place::with("config.yaml", "namespace: observability\n");
    place.monstack(&["validate", "config.yaml"]).assert().success().stdout("config.yaml: valid\n");
    place.monstack(&["validate", "config.yaml", "-q"]).assert().success().stdout("").stderr("");
}

#[test]
fn a_misspelt_key_that_null_would_remove_is_unknown_too() {
    refused(
        "namespase: null\nreplicas: {promtheus: ~}\ntolerations: [{kee: ~, operator: Exists}]\n",
        &[
            "<stdin>:1:1: error: namespase: unknown key \"namespase\"\n  help: did you mean \"namespace\"?",
            "<stdin>:2:12: error: replicas.promtheus: unknown key",
            "<stdin>:3:16: error: tolerations[0].kee: unknown key",
            "3 problems in",
        ],
    );
    let known =
        "grafana: {ingress: {host: a.b, annotations: {c: null}}}\ncharts: {loki: {values: {x: null}}}\n";
    Place::with("config.yaml", known).monstack(&["validate", "-q", "config.yaml"]).assert().success();
}

#[test]
fn control_characters_of_the_config_never_reach_the_terminal() {
    for config in ["tolerations: \"\\e[31m\"", "\"\\e[31m\": 1", "cluster: \"\\e[31m\"", "delivery: \"\\e\""]
    {
        let assert = piped(&["render"], config).assert().code(1).stdout("");
        let text = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn one_wrong_value_is_one_problem() {
    // The default request follows the limit, and must not repeat what is wrong with it.
    refused(
        "resources:\n  grafana:\n    limits: {memory: 512}\n",
        &[
            "<stdin>:3:22: error: resources.grafana.limits.memory: 512 is 512 bytes",
            "did you mean 512Mi?",
            "1 problem in",
        ],
    );
    refused("resources: {alloy: {limits: {memory: 9Ei}}}", &["<stdin>:1:38: error: ", "1 problem in"]);
}
