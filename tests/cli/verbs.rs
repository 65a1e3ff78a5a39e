//! The other verbs and the help.

use predicates::prelude::*;
use predicates::str::{contains, starts_with};
use serde_json::Value;

use crate::support::{Place, piped};

#[test]
fn every_help_shows_what_to_type() {
    Place::new()
        .monstack(&["--help"])
        .assert()
        .success()
        .stdout(contains("cat config.yaml | monstack render").and(contains("Exit codes:")));
    for verb in ["render", "validate", "list", "init", "schema"] {
        Place::new()
            .monstack(&[verb, "--help"])
            .assert()
            .success()
            .stdout(contains("Example").and(contains("monstack ")));
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [
        &["rendr"][..],
        &["render", "--nope"],
        &["render", "a.yaml", "b.yaml"],
        &["render", "-o", "xml"],
        &[],
    ] {
        Place::new().monstack(arguments).assert().code(2).stdout("");
    }
    Place::new().monstack(&["rendr"]).assert().stderr(contains("render"));
}

#[test]
fn the_schema_is_json_schema() {
    let output = Place::new().monstack(&["schema"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn init_writes_a_config_that_renders() {
    let place = Place::new();
    place.monstack(&["init"]).assert().success().stdout("").stderr(contains("wrote monstack.yaml"));
    let written =
        place.monstack(&["render", "-q", "monstack.yaml"]).assert().success().get_output().stdout.clone();
    assert_eq!(written, piped(&["render", "-q"], "{}").output().unwrap().stdout);
    place.monstack(&["init", "-"]).assert().success().stdout(contains("namespace: monitoring"));
}

#[test]
fn init_overwrites_nothing() {
    let place = Place::with("monstack.yaml", "mine");
    place.monstack(&["init"]).assert().code(1).stdout("").stderr(contains("exists already"));
    assert_eq!(std::fs::read_to_string(place.path("monstack.yaml")).unwrap(), "mine");
    place.monstack(&["init", "no/such/directory.yaml"]).assert().code(1).stderr(contains("cannot create"));
}

#[test]
fn list_is_a_table_of_the_objects() {
    let place = Place::with("config.yaml", "namespace: observability\n");
    place
        .monstack(&["list", "config.yaml"])
        .assert()
        .success()
        .stdout(starts_with("CONSTRUCT").and(contains("WAVE\n")).and(contains("observability")));
    let default = place
        .monstack(&["list"])
        .assert()
        .success()
        .stdout(contains("monitoring"))
        .get_output()
        .stdout
        .clone();
    let lines = String::from_utf8(default).unwrap().lines().count();
    let stream = String::from_utf8(piped(&["render", "-q"], "{}").output().unwrap().stdout).unwrap();
    assert_eq!(lines - 1, stream.lines().filter(|line| *line == "---").count());
}

#[test]
fn list_of_an_invalid_config_is_an_error() {
    piped(&["list"], "nope: 1\n").assert().code(1).stdout("").stderr(contains("unknown key"));
}

#[test]
fn prerequisites_are_listed() {
    Place::new()
        .monstack(&["list", "--prerequisites"])
        .assert()
        .success()
        .stdout(contains("ClusterSecretStore").and(contains("crossplane-secret-store")));
}

#[test]
fn version_names_what_is_installed() {
    Place::new()
        .monstack(&["version"])
        .assert()
        .success()
        .stdout(starts_with("monstack ").and(contains("kube-prometheus-stack 66.7.1")));
    Place::new().monstack(&["--version"]).assert().success().stdout(starts_with("monstack "));
}
