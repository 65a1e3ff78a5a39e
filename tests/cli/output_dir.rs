//! `--output-dir`

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::Place;

const RENDER: [&str; 5] = ["render", "config.yaml", "-q", "--output-dir", "out"];

fn run(place: &Place, extra: &[&str]) {
    place.monstack(&[&RENDER[..], extra].concat()).assert().success().stdout("").stderr("");
}

#[test]
fn each_object_has_a_file() {
    let place = Place::with("config.yaml", "{}");
    run(&place, &[]);
    let files = place.files("out");
    assert!(files.contains(&"namespace/namespace-monitoring.yaml".to_owned()), "{files:?}");
    let text = fs::read_to_string(place.path("out/namespace/namespace-monitoring.yaml")).unwrap();
    assert!(text.starts_with("---\n") && text.contains("kind: Namespace"));
    let stream = place.monstack(&["render", "config.yaml", "-q"]).output().unwrap().stdout;
    let objects = String::from_utf8(stream).unwrap().lines().filter(|line| *line == "---").count();
    assert_eq!(files.len() - 1, objects, "{files:?}");
    assert!(files.iter().all(|file| file.to_lowercase() == *file && !file.ends_with(".tmp")), "{files:?}");
}

#[test]
fn a_summary_says_what_was_done() {
    let place = Place::with("config.yaml", "{}");
    place
        .monstack(&["render", "config.yaml", "--output-dir", "out", "--only", "namespace"])
        .assert()
        .success()
        .stdout("")
        .stderr(contains("wrote 1 file to out\n"));
}

#[test]
fn stale_files_go_and_foreign_files_stay() {
    let place = Place::with("config.yaml", "{}");
    run(&place, &[]);
    let before = place.files("out");
    place.file("out/namespace/mine.yaml", "mine");
    place.file("out/README", "mine");
    place.file("config.yaml", "features: {logs: false}");
    run(&place, &[]);
    let after = place.files("out");
    assert!(
        before.iter().any(|file| file.starts_with("loki/"))
            && !after.iter().any(|file| file.starts_with("loki/"))
    );
    assert!(!place.path("out/loki").exists());
    assert!(after.contains(&"namespace/mine.yaml".to_owned()) && after.contains(&"README".to_owned()));
}

#[test]
fn constructs_that_are_not_rendered_keep_their_files() {
    let place = Place::with("config.yaml", "{}");
    run(&place, &[]);
    let before = place.files("out");
    run(&place, &["--only", "thanos-query"]);
    assert_eq!(place.files("out"), before);
    place.file("config.yaml", "features: {logs: false}");
    run(&place, &[]);
    assert!(!place.path("out/loki").exists());
}

#[test]
fn another_format_replaces_the_files() {
    let place = Place::with("config.yaml", "{}");
    run(&place, &[]);
    run(&place, &["-o", "json"]);
    let files = place.files("out");
    assert!(files.iter().all(|file| !file.ends_with(".yaml")), "{files:?}");
    let text = fs::read(place.path("out/namespace/namespace-monitoring.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&text).unwrap()["kind"], "Namespace");
}

#[test]
fn a_tampered_list_removes_nothing_outside() {
    let place = Place::with("config.yaml", "{}");
    let outside = place.file("victim.yaml", "mine");
    place
        .file("out/.monstack-files", format!("../victim.yaml\na/../../victim.yaml\n{}\n", outside.display()));
    run(&place, &[]);
    assert!(outside.exists());
}

#[test]
#[cfg(unix)]
fn symbolic_links_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let place = Place::with("config.yaml", "{}");
    let outside = place.file("elsewhere/victim.yaml", "mine");
    fs::create_dir(place.path("out")).unwrap();
    symlink(place.path("elsewhere"), place.path("out/loki")).unwrap();
    symlink(&outside, place.path("out/link.yaml")).unwrap();
    fs::create_dir(place.path("out/alloy")).unwrap();
    symlink(&outside, place.path("out/alloy/link.yaml")).unwrap();
    place.file("out/.monstack-files", "loki/victim.yaml\nalloy/link.yaml\n");
    place
        .monstack(&RENDER)
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("out/loki is in the way: it is not a directory"));
    run(&place, &["--only", "alloy"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
    assert!(fs::symlink_metadata(place.path("out/alloy/link.yaml")).is_ok());
}

#[test]
fn an_invalid_config_touches_nothing() {
    let place = Place::with("config.yaml", "{}");
    run(&place, &[]);
    let before = place.files("out");
    place.file("config.yaml", "nope: 1");
    place.monstack(&RENDER).assert().code(1).stdout("").stderr(contains("unknown key"));
    assert_eq!(place.files("out"), before);
}

#[test]
fn a_file_in_the_way_is_an_error() {
    let place = Place::with("config.yaml", "{}");
    place.file("out", "mine");
    place
        .monstack(&RENDER)
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("cannot create out").and(contains("panicked").not()));
}
