//! `monstack migrate` as a user runs it.

use std::path::{Path, PathBuf};

use predicates::prelude::*;
use predicates::str::{contains, starts_with};
use serde_json::Value;

use crate::support::{Place, piped};

fn original() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrate/original")
}

/// The files of the original program in a directory of their own.
fn place() -> Place {
    let place = Place::new();
    for name in ["config.yaml", "manifests/monitoring.k8s.yaml"] {
        place.file(name, std::fs::read(original().join(name)).unwrap());
    }
    place
}

#[test]
fn the_config_goes_to_stdout_and_the_report_to_stderr() {
    let place = place();
    let output = place
        .monstack(&["migrate", "config.yaml"])
        .assert()
        .success()
        .stdout(starts_with("# Migrated from config.yaml.\n").and(contains("class: longhorn")))
        .stderr(
            contains("carried over:\n  config.yaml:7:33: resources.thanosQuery.requests.cpu: 25m\n")
                .and(contains("different, and why:"))
                .and(contains("cannot be adopted in place:"))
                .and(contains("monstack: 15 carried over, 8 different, and why, 5 cannot be adopted in place and 0 left out")),
        );
    place.file("monstack.yaml", &output.get_output().stdout);
    place.monstack(&["validate", "monstack.yaml"]).assert().success();
    place.monstack(&["render", "-q", "monstack.yaml"]).assert().success();
}

#[test]
fn a_repository_of_the_original_is_read_whole() {
    let place = place();
    let named = place.monstack(&["migrate", "config.yaml", "manifests"]).output().unwrap();
    let whole = place.monstack(&["migrate", "."]).output().unwrap();
    assert!(named.status.success() && whole.status.success());
    let config = |output: &std::process::Output| {
        String::from_utf8(output.stdout.clone()).unwrap().lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(config(&named), config(&whole));
    assert!(config(&whole).contains("logs: logs-of-kup6s"));
}

#[test]
fn the_report_is_data_on_request() {
    let place = place();
    place
        .monstack(&["migrate", "manifests", "--report", "report.json"])
        .assert()
        .success()
        .stderr("")
        .stdout(starts_with("# Migrated"));
    let report: Value = serde_json::from_slice(&std::fs::read(place.path("report.json")).unwrap()).unwrap();
    for outcome in ["carriedOver", "differs", "notAdopted", "leftOut"] {
        let first = &report[outcome][0];
        assert!(first["subject"].is_string() && first["message"].is_string(), "{outcome}: {report}");
        assert_eq!(first["file"], "manifests/monitoring.k8s.yaml", "{outcome}");
        assert!(first["line"].is_u64() && first["column"].is_u64(), "{outcome}");
    }
    let output = place.monstack(&["migrate", "manifests", "-o", "json"]).output().unwrap();
    assert!(output.stderr.is_empty());
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(all["report"], report);
    assert_eq!(all["config"]["scrapeInterval"], "1m");
}

#[test]
fn quiet_is_without_a_report() {
    place().monstack(&["migrate", "-q", "config.yaml"]).assert().success().stderr("");
}

#[test]
fn a_rendered_stack_can_be_piped_in() {
    for format in ["yaml", "json"] {
        let config = "{cluster: homelab, retention: {logs: 7d}}";
        let rendered = piped(&["render", "-q", "-o", format], config).output().unwrap().stdout;
        for arguments in [&["migrate", "-q"][..], &["migrate", "-q", "-"]] {
            piped(arguments, rendered.clone())
                .assert()
                .success()
                .stdout(contains("cluster: homelab\n").and(contains("retention:\n  logs: 7d\n")));
        }
    }
}

#[test]
fn what_is_neither_config_nor_manifest_is_refused_with_its_place() {
    let migrate = |text: &str| {
        let place = Place::with("in.yaml", text);
        place
            .monstack(&["migrate", "in.yaml"])
            .timeout(std::time::Duration::from_secs(20))
            .assert()
            .code(1)
            .stdout("")
    };
    for (text, part) in [
        ("", "there is nothing to migrate"),
        ("---\n# nothing\n---\n", "there is nothing to migrate"),
        ("just text", "in.yaml:1:1: error: expected a config or a Kubernetes object, found \"just text\""),
        ("- a\n", "found a list"),
        ("dependencies: {cdk8s: 2}\n", "neither a config of the original program nor a Kubernetes object"),
        ("kind: Namespace\nmetadata: {name: a}\n", "without `apiVersion`"),
        ("apiVersion: v1\nkind: Namespace\n", "`metadata.name`"),
        ("apiVersion: v1\nkind: [x]\nmetadata: {name: a}\n", "needs texts"),
        ("apiVersion: v1\nkind: List\nitems: [1]\n", "in.yaml:3:9: error: an item of the list"),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
            "none of the objects is one of a monitoring stack",
        ),
        ("namespace: a\n---\nnamespace: b\n", "in.yaml:3:1: error: here begins a second config"),
        ("namespace: [\n", "in.yaml:"),
        ("namespace: a\nnamespace: b\n", "in.yaml:2:1"),
        ("a: &a [*a]\n", "in.yaml:"),
    ] {
        migrate(text)
            .stderr(contains(part).and(contains("nothing was migrated")).and(contains("panicked").not()));
    }
    let twice = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
    migrate(&format!("{twice}---\n{twice}"))
        .stderr(contains("in.yaml:5:1: error: Namespace a is there twice"));
    let bomb = format!("a: &a [{}]\n", "x,".repeat(100))
        + &(0..9)
            .map(|n| {
                format!(
                    "{0}: &{0} [{1}]\n",
                    (b'b' + n) as char,
                    format!("*{},", (b'a' + n) as char).repeat(9)
                )
            })
            .collect::<String>();
    migrate(&bomb).stderr(contains("in.yaml:"));
    migrate(&"[".repeat(100_000)).stderr(contains("in.yaml:"));
}

#[test]
fn a_second_stack_is_refused() {
    let chart = |name: &str| {
        format!(
            "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: {name}, namespace: a}}\nspec: {{chart: loki}}\n"
        )
    };
    piped(&["migrate"], format!("{}---\n{}", chart("one"), chart("two")))
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("HelmChart a/two is a second release of the chart loki"));
}

#[test]
fn files_that_cannot_be_read_are_all_named() {
    let place = Place::with("config.yaml", "namespace: a");
    std::fs::create_dir(place.path("empty")).unwrap();
    place
        .monstack(&["migrate", "nope.yaml", "empty", "config.yaml", "config.yaml"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(
            contains("nope.yaml: error: cannot be read")
                .and(contains("empty: error: there is no YAML file in this directory"))
                .and(contains("config.yaml: error: it is named twice")),
        );
    place.monstack(&["migrate", "config.yaml", "--report", "no/such/file"]).assert().code(1).stdout("");
}

#[test]
fn the_help_shows_what_to_type() {
    Place::new()
        .monstack(&["migrate", "--help"])
        .assert()
        .success()
        .stdout(contains("monstack migrate config.yaml manifests/"));
    Place::new().monstack(&["migrate", "-o", "toml"]).assert().code(2).stdout("");
}
