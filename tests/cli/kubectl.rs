//! `kubectl monstack`: the program by the names that kubectl calls it by.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::Place;

/// The program by another name.
fn named(place: &Place, name: &str) -> PathBuf {
    let path = place.path(name);
    if !path.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_monstack"), &path).unwrap();
    }
    path
}

fn run(program: &Path, place: &Place, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(place.path("")).output().unwrap()
}

fn candidates(place: &Place, words: &[&str]) -> Vec<String> {
    let output = run(&named(place, "kubectl_complete-monstack"), place, words);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn help_speaks_of_kubectl_monstack() {
    let place = Place::new();
    let plugin = named(&place, "kubectl-monstack");
    for arguments in [&["--help"][..], &["render", "--help"], &["charts", "lock", "--help"]] {
        let help = String::from_utf8(run(&plugin, &place, arguments).stdout).unwrap();
        assert!(help.contains("Usage: kubectl monstack "), "{help}");
        let commands =
            help.lines().filter(|line| line.starts_with("  monstack ") || line.contains("| monstack "));
        assert_eq!(commands.count(), 0, "{help}");
        assert!(help.contains("  kubectl monstack ") || help.contains("| kubectl monstack "), "{help}");
    }
    let usage = run(&plugin, &place, &["rendr"]);
    assert_eq!(usage.status.code(), Some(2));
    assert!(String::from_utf8(usage.stderr).unwrap().contains("Usage: kubectl monstack"));
}

#[test]
fn kubectl_is_given_candidates_and_a_directive() {
    let place = Place::with("config.yaml", "{}");
    place.file("folder/x.yaml", "{}");
    let verbs = candidates(&place, &["v"]);
    let names: Vec<_> = verbs.iter().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(names, ["validate", "version", ":4"]);
    assert!(verbs[0].contains('\t'));
    assert_eq!(candidates(&place, &["render", "conf"]), ["config.yaml", ":4"]);
    assert_eq!(candidates(&place, &["render", "fol"]), ["folder/", ":6"]);
    let constructs = candidates(&place, &["render", "--only", "thanos-q"]);
    assert_eq!(constructs, ["thanos-query\tone view over all replicas and blocks", ":4"]);
    assert_eq!(candidates(&place, &["render", "-o", "j"])[0].split('\t').next(), Some("json"));
    assert!(candidates(&place, &[]).len() > 8);
    assert_eq!(candidates(&place, &["nothing", "like", "it"]), [":4"]);
}

#[test]
fn the_link_for_kubectl_is_written_and_replaced() {
    let place = Place::new();
    for _ in 0..2 {
        place.monstack(&["completion", "--install-kubectl", "."]).assert().success();
    }
    let output = run(&place.path("kubectl_complete-monstack"), &place, &["val"]);
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("validate\t"));
    place.monstack(&["completion", "--install-kubectl", "missing"]).assert().code(1);
    place.monstack(&["completion"]).assert().code(2);
}

#[test]
fn scripts_and_pages_name_every_verb() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = place.monstack(&["completion", shell]).assert().success();
        let script = String::from_utf8(output.get_output().stdout.clone()).unwrap();
        assert!(script.contains("validate") && script.contains("argocd"), "{shell}");
    }
    place.monstack(&["man", "--output-dir", "pages"]).assert().success();
    let pages = place.files("pages");
    for page in ["monstack.1", "monstack-render.1", "monstack-charts-lock.1", "monstack-argocd-generate.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
}
