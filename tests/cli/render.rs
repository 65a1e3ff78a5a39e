//! `monstack render`

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::{Place, piped};

#[test]
fn a_config_on_standard_input_becomes_a_stream() {
    let output = piped(&["render", "-q"], "{}").assert().success().stderr("").get_output().clone();
    let stream = String::from_utf8(output.stdout).unwrap();
    assert!(stream.starts_with("---\n") && stream.ends_with('\n') && !stream.ends_with("\n\n"));
    let documents = go_yaml::read(stream.as_bytes(), &go_yaml::Limits::default()).unwrap();
    assert!(documents.len() > 20, "{}", documents.len());
}

#[test]
fn a_dash_is_standard_input() {
    let (dash, nothing) =
        (piped(&["render", "-q", "-"], "{}").output(), piped(&["render", "-q"], "{}").output());
    assert_eq!(dash.unwrap().stdout, nothing.unwrap().stdout);
}

#[test]
fn json_is_a_list_of_the_same_objects() {
    let output = piped(&["render", "-q", "-o", "json"], "{}").output().unwrap();
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let yaml = piped(&["render", "-q"], "{}").output().unwrap().stdout;
    let documents = go_yaml::read(&yaml, &go_yaml::Limits::default()).unwrap();
    let documents: Vec<_> = documents.iter().map(|document| document.to_json().unwrap()).collect();
    assert_eq!(list["kind"], "List");
    assert_eq!(list["items"], Value::from(documents));
}

#[test]
fn only_picks_constructs() {
    let output = piped(&["render", "-q", "--only", "namespace,priority-class"], "{}").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("kind: Namespace") && text.contains("kind: PriorityClass"));
    assert_eq!(text.matches("---\n").count(), 2);
}

#[test]
fn an_unknown_construct_is_wrong_usage() {
    piped(&["render", "--only", "thanos-qeury"], "{}")
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("thanos-query").and(contains("tip:")).and(contains("prometheus-stack")));
}

#[test]
fn the_same_config_gives_the_same_bytes() {
    let place = Place::with("config.yaml", "cluster: one\n");
    let run = || place.monstack(&["render", "config.yaml"]).output().unwrap().stdout;
    assert_eq!(run(), run());
}

#[test]
fn a_selection_without_objects_is_an_error_that_names_the_switch() {
    for (only, config, switch) in [
        ("crossplane-provider", "{}", "`objectStorage.providerConfig.create: true`"),
        ("priority-class", "priorityClass: {create: false}", "`priorityClass.create: true`"),
        ("loki,loki-s3-bucket", "features: {logs: false}", "loki-s3-bucket needs `features.logs: true`"),
        ("thanos-store", "features: {longTermMetrics: false}", "`features.longTermMetrics: true`"),
    ] {
        for format in ["yaml", "json"] {
            piped(&["render", "-q", "--only", only, "-o", format], config)
                .assert()
                .code(1)
                .stdout("")
                .stderr(contains("renders no object of").and(contains(switch)));
        }
    }
    piped(&["render", "-q", "--only", "crossplane-provider,namespace"], "{}").assert().success();
}
