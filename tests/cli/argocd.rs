//! `monstack argocd`: as ArgoCD runs it, and the same on one's own machine.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, starts_with};
use serde_json::Value;

use crate::support::Place;

const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";

/// The command with nothing in the environment, in a folder of the place.
fn in_folder(place: &Place, folder: &str, arguments: &[&str]) -> Command {
    let mut command = place.monstack(&[&["argocd"], arguments].concat());
    command.env_clear().current_dir(place.path(folder));
    command
}

fn generate(place: &Place) -> Command {
    in_folder(place, "", &["generate"])
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

fn rendered(place: &Place, arguments: &[&str]) -> String {
    stdout(&mut place.monstack(&[&["render"], arguments].concat()))
}

#[test]
fn the_default_is_monstack_yaml_and_then_config_yaml() {
    let place = Place::with("config.yaml", "cluster: one\n");
    let one = stdout(&mut generate(&place));
    assert!(one.contains("metrics-thanos-one"));
    place.file("monstack.yaml", "cluster: two\n");
    assert!(stdout(&mut generate(&place)).contains("metrics-thanos-two"));
}

#[test]
fn files_keys_and_parameters_are_overlaid_in_this_order() {
    let place = Place::with("clusters/a/base.yaml", "cluster: base\nreplicas: {grafana: 1}\n");
    place.file("shared.yaml", "replicas: {prometheus: 3, thanosQuery: 3}\n");
    let mut command = in_folder(&place, "clusters/a", &["generate"]);
    command
        .env("ARGOCD_APP_SOURCE_PATH", "clusters/a")
        .env("ARGOCD_ENV_CONFIG", "base.yaml")
        .env("ARGOCD_ENV_OVERLAYS", "../../shared.yaml")
        .env("ARGOCD_ENV_REPLICAS_THANOS_QUERY", "4")
        .env("ARGOCD_ENV_CLUSTER", "entry")
        .env(PARAMETERS, r#"[{"name":"cluster","string":"12"}]"#);
    let sets = ["--set", "replicas.thanosQuery=4", "--set", "cluster=\"12\""];
    let arguments = [&["-f", "clusters/a/base.yaml", "-f", "shared.yaml"][..], &sets].concat();
    assert_eq!(stdout(&mut command), rendered(&place, &arguments));
}

#[test]
fn each_problem_is_told_with_its_place_and_the_first_line_has_one() {
    let place = Place::with("monstack.yaml", "cluster: a\nreplicsa: {}\n");
    generate(&place)
        .env("ARGOCD_ENV_REPLICAS_PROMETHUES", "1")
        .env(PARAMETERS, r#"[{"name":"features.logs","string":"maybe"},{"name":"nothing"}]"#)
        .assert()
        .code(1)
        .stdout("")
        .stderr(starts_with("monstack.yaml:2:1: error: replicsa: unknown key \"replicsa\"\n"))
        .stderr(contains("ARGOCD_ENV_REPLICAS_PROMETHUES:1:1: error: no key of the config has this name\n  help: did you mean REPLICAS_PROMETHEUS?"))
        .stderr(contains("ARGOCD_APP_PARAMETERS:1:35: error: features.logs: expected true or false, found \"maybe\""))
        .stderr(contains("the parameter nothing has no value"))
        .stderr(contains("\u{1b}").not());
}

#[test]
fn an_empty_config_and_a_missing_one_are_errors() {
    let place = Place::with("monstack.yaml", "# nothing yet\n");
    generate(&place)
        .assert()
        .code(1)
        .stdout("")
        .stderr(starts_with("monstack.yaml:1:1: error: the config is empty"));
    let place = Place::with("values.yaml", "");
    generate(&place)
        .env("ARGOCD_APP_SOURCE_PATH", "clusters/a")
        .assert()
        .code(1)
        .stdout("")
        .stderr(starts_with("clusters/a/monstack.yaml: error: there is no such file"))
        .stderr(contains("there are values.yaml"));
}

#[test]
fn no_file_outside_of_the_repository_is_read() {
    let place = Place::with("secret.yaml", "cluster: secret\n");
    place.file("repo/app/monstack.yaml", "cluster: a\n");
    let run = |name: &str, value: &str| {
        let mut command = in_folder(&place, "repo/app", &["generate"]);
        command.env("ARGOCD_APP_SOURCE_PATH", "app").env(name, value);
        command.assert().code(1).stdout("").stderr(contains("is outside of the repository"));
    };
    run("ARGOCD_ENV_OVERLAYS", "../../secret.yaml");
    run("ARGOCD_ENV_CONFIG", &place.path("secret.yaml").display().to_string());
    run("ARGOCD_ENV_CONFIG", "/proc/self/environ");
}

#[cfg(unix)]
#[test]
fn links_and_charts_of_a_config_do_not_lead_out_of_the_repository() {
    let place = Place::with("secret.yaml", "cluster: secret\n");
    place.file("repo/monstack.yaml", "delivery: inline\ncharts: {loki: {path: ../charts/loki}}\n");
    place.file("charts/loki/Chart.yaml", "apiVersion: v2\nname: loki\nversion: 1.0.0\n");
    std::os::unix::fs::symlink(place.path("secret.yaml"), place.path("repo/link.yaml")).unwrap();
    in_folder(&place, "repo", &["generate"])
        .env("ARGOCD_ENV_OVERLAYS", "link.yaml")
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("link.yaml: error: is outside of the repository"));
    in_folder(&place, "repo", &["generate"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("../charts/loki is outside of the repository"));
}

#[test]
fn a_deadline_names_the_stage() {
    let place = Place::with("monstack.yaml", "{}");
    in_folder(&place, "", &["generate", "--timeout", "1ns"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(starts_with("monstack: gave up after 1ns, while "));
    in_folder(&place, "", &["generate", "--timeout", "soon"]).assert().code(2);
}

#[test]
fn what_is_announced_can_be_given_back() {
    let place = Place::with(
        "monstack.yaml",
        "cluster: a\ntolerations: [{key: x, operator: Exists}]\ngrafana: {ingress: {host: a.b, annotations: {a/b: 'yes'}}}\n\
         charts: {loki: {values: {a: {b: 1}}}}\nimages: {pullSecrets: [p]}\n",
    );
    let announced: Vec<Value> =
        serde_json::from_str(&stdout(&mut in_folder(&place, "", &["parameters"]))).unwrap();
    let parameters: Vec<Value> = announced
        .iter()
        .filter(|announced| announced["name"] != "config")
        .filter_map(|announced| {
            let kind = announced["collectionType"].as_str().unwrap();
            Some(serde_json::json!({"name": announced["name"], kind: announced.get(kind)?}))
        })
        .collect();
    assert!(parameters.len() > 100);
    let again = stdout(generate(&place).env(PARAMETERS, serde_json::to_string(&parameters).unwrap()));
    assert_eq!(again, rendered(&place, &["monstack.yaml"]));
}

#[test]
fn announcements_show_what_an_application_sets_and_survive_what_is_wrong_with_it() {
    let place = Place::with("monstack.yaml", "cluster: a\n");
    let current = |value: &str| {
        let mut command = in_folder(&place, "", &["parameters"]);
        command.env(PARAMETERS, format!(r#"[{{"name":"replicas.prometheus","string":"{value}"}}]"#));
        let announced: Vec<Value> = serde_json::from_str(&stdout(&mut command)).unwrap();
        let found = announced.into_iter().find(|announced| announced["name"] == "replicas.prometheus");
        found.unwrap()["string"].as_str().unwrap().to_owned()
    };
    assert_eq!(current("3"), "3");
    assert_eq!(current("three"), "2");
}

const APPLICATION: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: monitoring, namespace: argocd}
spec:
  source:
    path: clusters/a
    plugin:
      name: monstack
      env: [{name: CLUSTER, value: $ARGOCD_APP_NAME}]
      parameters: [{name: replicas.prometheus, string: '3'}]
";

#[test]
fn an_application_is_rendered_as_argocd_would() {
    let place = Place::with("app.yaml", APPLICATION);
    place.file("repo/clusters/a/monstack.yaml", "cluster: a\n");
    let app = ["generate", "--app", "app.yaml", "--repo", "repo"];
    let sets = ["--set", "cluster=monitoring", "--set", "replicas.prometheus=3"];
    let arguments = [&["repo/clusters/a/monstack.yaml"][..], &sets].concat();
    let plain = rendered(&place, &arguments);
    assert_eq!(stdout(&mut in_folder(&place, "", &app)), plain);
    place.file(
        "repo/clusters/a/.argocd-source-monitoring.yaml",
        "plugin: {parameters: [{name: replicas.prometheus, string: '4'}]}\n",
    );
    let patched = rendered(&place, &[&arguments[..], &["--set", "replicas.prometheus=4"]].concat());
    assert_eq!(stdout(&mut in_folder(&place, "", &app)), patched);
    place.file("app.yaml", APPLICATION.replace("clusters/a", "clusters/b"));
    in_folder(&place, "", &app).assert().code(1).stdout("").stderr(contains("repo/clusters/b is no folder"));
}

#[test]
fn env_shows_what_is_seen_and_what_it_does() {
    let place = Place::with("app.yaml", APPLICATION);
    place.file("repo/clusters/a/config.yaml", "cluster: a\n");
    let shown = stdout(&mut in_folder(&place, "", &["env", "--app", "app.yaml", "--repo", "repo"]));
    let lines: Vec<_> =
        shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "ARGOCD_ENV_CLUSTER monitoring cluster",
        "ARGOCD_APP_PARAMETERS replicas.prometheus 3 replicas.prometheus",
        "clusters/a/config.yaml the default",
    ] {
        assert!(lines.iter().any(|shown| shown == line), "{line}: {shown}");
    }
    place.file("app.yaml", APPLICATION.replace("value: $ARGOCD_APP_NAME", "value: 'a b'"));
    in_folder(&place, "", &["env", "--app", "app.yaml", "--repo", "repo"])
        .assert()
        .code(1)
        .stdout(contains("ARGOCD_ENV_CLUSTER"))
        .stderr(contains("ARGOCD_ENV_CLUSTER:1:1: error: cluster:"));
}

#[test]
fn what_installs_the_plugin_is_printed_and_nothing_else_is_done() {
    let place = Place::new();
    let print = |part: &[&str]| {
        stdout(
            &mut place
                .monstack(&[&["argocd", "install", "--print"], part, &["--image", "r.io/m:1"]].concat()),
        )
    };
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(print(&["plugin"]), std::fs::read_to_string(root.join("plugin.yaml")).unwrap());
    assert!(print(&["patch"]).contains("image: r.io/m:1\n"));
    assert!(print(&["values"]).contains("extraContainers:\n"));
    let documents = go_yaml::read(print(&[]).as_bytes(), &go_yaml::Limits::default()).unwrap();
    assert_eq!(documents.len(), 3);
    place.monstack(&["argocd", "install"]).assert().code(2);
    place.monstack(&["argocd", "install", "--print", "--image", "a b"]).assert().code(2);
}
