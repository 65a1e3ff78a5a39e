//! `plugin.yaml` as shipped, run the way ArgoCD runs it: in the Application's directory, with `/dev/null`
//! on stdin and an environment of ArgoCD's own.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn plugin() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin.yaml");
    let documents = go_yaml::read(&std::fs::read(path).unwrap(), &go_yaml::Limits::default()).unwrap();
    documents[0].to_json().unwrap()
}

fn generate() -> Command {
    let plugin = plugin();
    let command: Vec<&str> = plugin["spec"]["generate"]["command"]
        .as_array()
        .unwrap()
        .iter()
        .map(|arg| arg.as_str().unwrap())
        .collect();
    assert_eq!(command[0], "monstack");
    let mut run = Command::cargo_bin("monstack").unwrap();
    run.args(&command[1..])
        .env_clear()
        .env("ARGOCD_APP_NAME", "monitoring")
        .env("ARGOCD_APP_NAMESPACE", "monitoring")
        .env("KUBE_VERSION", "1.34.4")
        .write_stdin("");
    run
}

#[test]
fn only_fields_that_argocd_knows_are_used() {
    let plugin = plugin();
    assert_eq!(plugin["kind"], "ConfigManagementPlugin");
    assert_eq!(plugin["metadata"]["name"], "monstack");
    let spec: Vec<_> = plugin["spec"].as_object().unwrap().keys().collect();
    assert_eq!(spec, ["generate", "parameters"]);
}

#[test]
fn it_renders_the_config_of_the_applications_directory() {
    let directory = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/kup6s/config.yaml");
    std::fs::copy(example, directory.path().join("monstack.yaml")).unwrap();
    let output = generate().current_dir(directory.path()).assert().success();
    assert!(output.get_output().stdout.starts_with(b"---\n"));
}

#[test]
fn a_broken_config_fails_with_its_place_and_prints_no_manifest() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("monstack.yaml"), "namespace: monitoring\nreplicsa: {}\n").unwrap();
    let output = generate().current_dir(directory.path()).assert().code(1).stdout("");
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(stderr.starts_with("monstack.yaml:2:1: error: "), "{stderr}");
    assert!(!stderr.contains('\u{1b}'), "{stderr}");
}

#[test]
fn a_missing_config_is_an_error_and_not_an_empty_stack() {
    let directory = tempfile::tempdir().unwrap();
    let output = generate().current_dir(directory.path()).assert().code(1).stdout("");
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(stderr.contains("monstack.yaml"), "{stderr}");
}
