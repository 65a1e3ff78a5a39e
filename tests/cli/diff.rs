//! `monstack diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::Place;

fn stdout(place: &Place, arguments: &[&str], code: i32) -> String {
    let assert = place.monstack(&[&["diff"], arguments].concat()).assert().code(code);
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn two(old: &str, new: &str) -> Place {
    let place = Place::with("old.yaml", old);
    place.file("new.yaml", new);
    place
}

#[test]
fn the_exit_code_is_that_of_kubectl_diff() {
    let place = two("cluster: a\n", "{cluster: a, resources: {loki: {read: {requests: {cpu: 1000m}}}}}\n");
    assert_eq!(stdout(&place, &["old.yaml", "old.yaml"], 0), "no differences\n");
    place.file("new.yaml", "cluster: b\n");
    stdout(&place, &["old.yaml", "new.yaml"], 1);
    place.file("new.yaml", "clutser: b\n");
    place
        .monstack(&["diff", "old.yaml", "new.yaml"])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("new.yaml:1:1: error: clutser"));
    for arguments in [&["diff"][..], &["diff", "old.yaml"], &["diff", "--live", "old.yaml", "new.yaml"]] {
        place.monstack(arguments).assert().code(2).stdout("").stderr(contains("give "));
    }
}

#[test]
fn fields_are_named_and_dangers_flagged() {
    let place = two(
        "{}\n",
        "{storage: {thanosStore: 20Gi}, retention: {metrics: {raw: 7d}}, features: {nodeMetrics: false}}\n",
    );
    let text = stdout(&place, &["old.yaml", "new.yaml"], 1);
    for part in [
        "changed StatefulSet monitoring/thanos-store\n",
        "spec.volumeClaimTemplates[data].spec.resources.requests.storage: 10Gi -> 20Gi",
        "danger: spec.volumeClaimTemplates[data].spec.resources.requests.storage: cannot be changed in place",
        "args[--retention.resolution-raw]",
        "data older than that is deleted",
        "changed HelmChart kube-system/prometheus\n",
        "spec.valuesContent:nodeExporter.enabled",
        "0 created, 3 changed, 0 deleted; ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json: Value =
        serde_json::from_str(&stdout(&place, &["old.yaml", "new.yaml", "-o", "json"], 1)).unwrap();
    assert_eq!(json["summary"]["changed"], 3);
    let unified = stdout(&place, &["old.yaml", "new.yaml", "-o", "unified"], 1);
    assert!(
        unified.contains("--- a/apps/StatefulSet/monitoring/thanos-store.yaml\n+++ b/apps/"),
        "{unified}"
    );
    assert!(unified.contains("\n-          storage: 10Gi\n+          storage: 20Gi\n"), "{unified}");
    let markdown = stdout(&place, &["old.yaml", "new.yaml", "-o", "markdown"], 1);
    assert!(markdown.starts_with("### Monitoring stack: 0 created, 3 changed"), "{markdown}");
    assert!(markdown.contains("> [!WARNING]") && markdown.contains("| `10Gi` | `20Gi` |"), "{markdown}");
}

#[test]
fn what_is_new_and_what_is_gone_is_listed() {
    let place = two("{}\n", "features: {logs: false}\n");
    let text = stdout(&place, &["old.yaml", "new.yaml"], 1);
    assert!(text.contains("deleted Bucket logs-loki-kup6s\n  danger: "), "{text}");
    assert!(text.contains("ArgoCD keeps the object"), "{text}");
    let text = stdout(&place, &["new.yaml", "old.yaml"], 1);
    assert!(text.contains("created Bucket logs-loki-kup6s\n"), "{text}");
}

#[test]
fn overlays_and_sets_are_laid_over_both() {
    let place = two("cluster: a\n", "cluster: b\n");
    place.file("over.yaml", "cluster: c\n");
    stdout(&place, &["old.yaml", "new.yaml", "-f", "over.yaml"], 0);
    stdout(&place, &["old.yaml", "new.yaml", "--set", "cluster=x"], 0);
}

fn git(place: &Place, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]);
    let output = command.args(arguments).current_dir(place.path("")).output();
    output.is_ok_and(|output| output.status.success())
}

#[test]
fn a_revision_is_compared_with_the_work_tree() {
    let place = Place::with("clusters/a/monstack.yaml", "cluster: a\n");
    place.file("over.yaml", "replicas: {thanosQuery: 2}\n");
    // Without git there is nothing to compare with.
    if !git(&place, &["init", "-q"]) {
        return;
    }
    assert!(git(&place, &["add", "."]) && git(&place, &["commit", "-qm", "x"]));
    let arguments = ["--git", "HEAD", "clusters/a/monstack.yaml", "-f", "over.yaml"];
    stdout(&place, &arguments, 0);
    place.file("over.yaml", "replicas: {thanosQuery: 3}\n");
    assert!(stdout(&place, &arguments, 1).contains("spec.replicas: 2 -> 3"));
    assert!(git(&place, &["add", "."]), "staged");
    assert!(stdout(&place, &arguments, 1).contains("spec.replicas: 2 -> 3"));
    let status =
        Command::new("git").args(["status", "--short"]).current_dir(place.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&status.stdout), "M  over.yaml\n", "the index is not touched");
    place
        .monstack(&["diff", "--git", "nothing", "over.yaml"])
        .assert()
        .code(2)
        .stderr(contains("nothing is no commit"));
    place.file("new.yaml", "{}");
    place
        .monstack(&["diff", "--git", "HEAD", "new.yaml"])
        .assert()
        .code(2)
        .stderr(contains("there is no new.yaml at HEAD"));
    place.file("clusters/a/monstack.yaml", "clutser: a\n");
    assert!(git(&place, &["commit", "-qam", "y"]));
    place.monstack(&["diff", "--git", "HEAD", "clusters/a/monstack.yaml"]).assert().code(2).stderr(
        contains("HEAD:clusters/a/monstack.yaml:1:1: error").or(contains("clusters/a/monstack.yaml:1:1")),
    );
}

#[cfg(unix)]
#[test]
fn kubectl_compares_with_the_cluster_and_we_present_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::with("config.yaml", "{}");
    // What kubectl does: it writes both sides of each object that differs, and runs the program with two folders.
    let script = "#!/bin/sh\necho \"$@\" > arguments\ncat > stream\nset -e\nmkdir -p live merged\n\
        printf 'apiVersion: v1\\nkind: Service\\nmetadata: {name: x, generation: 1}\\nspec: {replicas: 1}\\n' > live/x\n\
        printf 'apiVersion: v1\\nkind: Service\\nmetadata: {name: x, generation: 2}\\nspec: {replicas: 2}\\n' > merged/x\n\
        : > live/y\nprintf 'apiVersion: v1\\nkind: Secret\\nmetadata: {name: z}\\n' > merged/y\n\
        [ -z \"$SAME\" ] || rm live/* merged/*\n$KUBECTL_EXTERNAL_DIFF live merged\n";
    let kubectl = place.file("kubectl", script);
    std::fs::set_permissions(&kubectl, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = place.monstack(&[&["diff", "--live", "config.yaml"], arguments].concat());
        command.env("KUBECTL", &kubectl);
        command
    };
    run(&["--context", "c"])
        .assert()
        .code(1)
        .stdout(contains("changed Service x\n  spec.replicas: 1 -> 2\n  (1 that only repeat it"))
        .stdout(contains("created Secret z\n"));
    let arguments = std::fs::read_to_string(place.path("arguments")).unwrap();
    assert_eq!(arguments, "--context c diff --server-side --force-conflicts -f -\n");
    assert!(std::fs::read_to_string(place.path("stream")).unwrap().starts_with("---\n"));
    run(&["-o", "json"]).assert().code(1).stdout(contains("\"summary\""));
    run(&[]).env("SAME", "1").assert().code(0).stdout("no differences\n");
    run(&[])
        .env("KUBECTL", place.path("missing"))
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("--live needs kubectl"));
}

// --- the differences against a plain comparison of the two streams

/// Every leaf of an object with its path. Items of lists are named by their names, or not at all.
fn flatten(value: &Value, path: String, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| flatten(value, format!("{path}/{key}"), found));
        }
        Value::Array(items) => {
            for item in items {
                let name = item.get("name").map_or_else(|| "*".to_owned(), Value::to_string);
                flatten(item, format!("{path}/{name}"), found);
            }
        }
        Value::String(text) if text.contains('\n') => {
            match go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()) {
                Ok(documents)
                    if documents.len() == 1
                        && documents[0].to_json().is_ok_and(|value| value.is_object()) =>
                {
                    flatten(&documents[0].to_json().unwrap(), format!("{path}:"), found);
                }
                _ => {
                    found.insert(format!("{path} {value}"));
                }
            }
        }
        value => {
            found.insert(format!("{path} {value}"));
        }
    }
}

/// How much more often each value is there than before.
type Balance = BTreeMap<String, i64>;

fn count(value: &Value, sign: i64, balance: &mut Balance) {
    let mut found = Vec::new();
    values(value, &mut found);
    for value in found {
        *balance.entry(value).or_default() += sign;
    }
    balance.retain(|_, count| *count != 0);
}

/// The values of all leaves, those in texts of YAML included.
fn values(value: &Value, found: &mut Vec<String>) {
    let mut leaves = BTreeSet::new();
    match value {
        // What fills an empty map is named; that it was empty is not.
        Value::Object(map) => map.values().for_each(|value| values(value, found)),
        Value::Array(items) => items.iter().for_each(|value| values(value, found)),
        Value::String(text) if text.contains('\n') => {
            flatten(value, String::new(), &mut leaves);
            match go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()) {
                Ok(documents) if documents.len() == 1 && leaves.iter().all(|leaf| leaf.starts_with(':')) => {
                    values(&documents[0].to_json().unwrap(), found);
                }
                _ => found.push(value.to_string()),
            }
        }
        value => found.push(value.to_string()),
    }
}

fn objects(stream: &str) -> BTreeMap<String, Value> {
    let documents = go_yaml::read(stream.as_bytes(), &go_yaml::Limits::default()).unwrap();
    let named = documents.iter().map(|document| {
        let value = document.to_json().unwrap();
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        (format!("{} {}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name")), value)
    });
    named.collect()
}

/// Which values come and go in an object.
fn plain(old: &Value, new: &Value) -> (Balance, BTreeSet<String>, BTreeSet<String>) {
    let mut balance = Balance::new();
    count(new, 1, &mut balance);
    count(old, -1, &mut balance);
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    flatten(old, String::new(), &mut before);
    flatten(new, String::new(), &mut after);
    let value = |leaf: &String| leaf.split_once(' ').map_or("", |(_, value)| value).to_owned();
    let gone = before.difference(&after).map(value).collect();
    let come = after.difference(&before).map(value).collect();
    (balance, gone, come)
}

/// What is said of an object that is changed.
fn said(object: &Value) -> (Balance, BTreeSet<String>, BTreeSet<String>) {
    let mut balance = Balance::new();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for field in object["fields"].as_array().unwrap() {
        assert_ne!(field.get("old"), field.get("new"));
        for (side, sign, found) in [("old", -1, &mut old), ("new", 1, &mut new)] {
            if let Some(value) = field.get(side) {
                count(value, sign, &mut balance);
                values(value, found);
            }
        }
    }
    (balance, old.into_iter().collect(), new.into_iter().collect())
}

fn check(place: &Place, old: &str, new: &str) {
    let render = |config: &str| {
        let assert = place.monstack(&["render", "-q", config]).assert().success();
        objects(&String::from_utf8(assert.get_output().stdout.clone()).unwrap())
    };
    let (before, after) = (render(old), render(new));
    let code = i32::from(before != after);
    let json: Value = serde_json::from_str(&stdout(place, &[old, new, "-o", "json"], code)).unwrap();
    let mut reported: BTreeMap<String, &Value> = BTreeMap::new();
    for object in json["objects"].as_array().unwrap() {
        let text = |key: &str| object[key].as_str().unwrap();
        reported.insert(format!("{} {}/{}", text("kind"), text("namespace"), text("name")), object);
    }
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        let object = reported.remove(name);
        let action = object.map(|object| object["action"].as_str().unwrap());
        let expected = match (old, new) {
            (None, _) => Some("created"),
            (_, None) => Some("deleted"),
            (old, new) => (old != new).then_some("changed"),
        };
        assert_eq!(action, expected, "{name}");
        let (Some("changed"), Some(object), Some(old), Some(new)) = (action, object, old, new) else {
            continue;
        };
        let ((balance, gone, come), (said, said_old, said_new)) = (plain(old, new), said(object));
        assert_eq!(said, balance, "{name}");
        assert!(gone.is_subset(&said_old), "{name}: {gone:?} {said_old:?}");
        assert!(come.is_subset(&said_new), "{name}: {come:?} {said_new:?}");
    }
    assert!(reported.is_empty(), "{:?}", reported.keys());
}

fn examples(place: &Place) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = Vec::new();
    for (name, path) in [
        ("kup6s.yaml", "examples/kup6s/config.yaml"),
        ("minimal.yaml", "examples/minimal/config.yaml"),
        ("base.yaml", "examples/overlays/base.yaml"),
        ("original.yaml", "tests/configs/original.yaml"),
    ] {
        place.file(name, std::fs::read(root.join(path)).unwrap());
        names.push(name.to_owned());
    }
    names
}

#[test]
fn every_pair_of_examples_differs_in_what_a_plain_comparison_says() {
    let place = Place::new();
    let names = examples(&place);
    for old in &names {
        for new in &names {
            check(&place, old, new);
        }
    }
}

const CHANGES: [&str; 52] = [
    "cluster: other",
    "clusterDomain: example.org",
    "delivery: application",
    "helmChart: {timeout: 5m}",
    "helmChart: {failurePolicy: reinstall}",
    "helmChart: {backOffLimit: 3}",
    "features: {nodeMetrics: false}",
    "versions: {prometheus: v2.55.0}",
    "versions: {grafana: 11.4.1}",
    "versions: {loki: 3.3.1}",
    "versions: {thanos: v0.37.1}",
    "charts: {loki: {version: 6.24.1}}",
    "charts: {alloy: {release: agent}}",
    "charts: {alloy: {values: {a: {b: 1}}}}",
    "charts: {kubePrometheusStack: {values: {grafana: {plugins: [x]}}}}",
    "replicas: {prometheus: 3}",
    "replicas: {alertmanager: 3}",
    "replicas: {thanosQuery: 5}",
    "replicas: {thanosStore: 4}",
    "replicas: {loki: {read: 4}}",
    "replicas: {loki: {gateway: 3}}",
    "resources: {prometheus: {requests: {cpu: 333m}}}",
    "resources: {thanosQuery: {requests: {memory: 333Mi}}}",
    "resources: {thanosStore: {requests: {cpu: 33m}}}",
    "resources: {thanosCompactor: {requests: {cpu: 33m}}}",
    "resources: {loki: {write: {requests: {cpu: 33m}}}}",
    "resources: {alloy: {requests: {cpu: 33m}}}",
    "storage: {class: other}",
    "storage: {prometheus: 7Gi}",
    "storage: {thanosStore: 17Gi}",
    "storage: {thanosCompactor: 47Gi}",
    "storage: {loki: {write: 17Gi}}",
    "retention: {logs: 77d}",
    "retention: {metrics: {1h: 999d}}",
    "objectStorage: {region: nbg1}",
    "objectStorage: {endpoint: s3.example.org}",
    "objectStorage: {buckets: {metrics: other-metrics}}",
    "objectStorage: {lifecycle: {abortIncompleteMultipartUploadDays: 3}}",
    "objectStorage: {providerConfig: {name: other}}",
    "objectStorage: {credentials: {secretStore: other}}",
    "objectStorage: {credentials: {refreshInterval: 2h}}",
    "scrapeInterval: 45s",
    "controlPlaneMetrics: true",
    "alerting: {configSecret: other}",
    "grafana: {admin: {secret: other}}",
    "grafana: {ingress: {host: g.example.org}}",
    "loki: {schemaFrom: 2024-01-01}",
    "alloy: {logLevel: debug}",
    "podSecurity: {audit: baseline}",
    "priorityClass: {value: 5000}",
    "tolerations: [{key: a, operator: Exists}]",
    "images: {registry: registry.example.org}",
];

#[test]
fn every_single_change_differs_in_what_a_plain_comparison_says() {
    let place = Place::with("old.yaml", "{}\n");
    for change in CHANGES {
        place.file("new.yaml", format!("{change}\n"));
        check(&place, "old.yaml", "new.yaml");
        check(&place, "new.yaml", "old.yaml");
    }
}
