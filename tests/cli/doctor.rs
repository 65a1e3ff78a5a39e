//! `monstack doctor`, with a program in the place of kubectl that answers from files.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};

use crate::support::Place;

/// Writes down how it is called, and answers by the first file whose name is in its arguments (with `_` for what no file
/// name has); a file that ends with `!` is a refusal.
const KUBECTL: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$ANSWERS/../calls"
called=$(printf '%s\n' "$*" | tr '/,:{}" \n' '________')
for file in "$ANSWERS"/*; do
  part=$(basename "$file" !)
  case "_${called}_" in *"$part"*)
    case "$file" in
      *!) cat "$file" >&2; exit 1 ;;
      *) cat "$file"; exit 0 ;;
    esac ;;
  esac
done
case "$*" in
  *--raw*) echo "Error from server (NotFound): the server could not find the requested resource" >&2; exit 1 ;;
  *"-o name"*|*go-template*|*--ignore-not-found*) exit 0 ;;
  *) echo '{"apiVersion": "v1", "kind": "List", "items": []}' ;;
esac
"#;

/// A place with a config, a kubectl, and a cluster that serves everything and is empty.
struct Cluster {
    place: Place,
}

impl Cluster {
    fn new() -> Self {
        let place = Place::with("config.yaml", "{features: {logs: false}, storage: {class: fast}}");
        let kubectl = place.file("kubectl", KUBECTL);
        std::fs::set_permissions(&kubectl, std::fs::Permissions::from_mode(0o755)).unwrap();
        let cluster = Self { place };
        let mut groups = Vec::new();
        for (group, version, kinds) in [
            ("apps", "v1", &["Deployment", "StatefulSet", "DaemonSet"][..]),
            ("policy", "v1", &["PodDisruptionBudget"]),
            ("scheduling.k8s.io", "v1", &["PriorityClass"]),
            ("helm.cattle.io", "v1", &["HelmChart"]),
            ("external-secrets.io", "v1", &["ExternalSecret", "ClusterSecretStore"]),
            ("aws.upbound.io", "v1beta1", &["ProviderConfig"]),
            ("s3.aws.upbound.io", "v1beta1", &["BucketLifecycleConfiguration"]),
            ("s3.aws.upbound.io", "v1beta2", &["Bucket", "BucketVersioning"]),
            (
                "monitoring.coreos.com",
                "v1",
                &["ServiceMonitor", "PrometheusRule", "Prometheus", "Alertmanager"],
            ),
        ] {
            groups.push(json!({"name": group, "versions": [{"version": version}]}));
            let resources: Vec<_> = kinds
                .iter()
                .map(|kind| {
                    let namespaced = !(kind.starts_with("Bucket")
                        || ["PriorityClass", "ClusterSecretStore", "ProviderConfig"].contains(kind));
                    let plural = if kind.ends_with('s') { format!("{kind}es") } else { format!("{kind}s") };
                    json!({"name": plural.to_lowercase(), "kind": kind, "namespaced": namespaced})
                })
                .collect();
            cluster.answer(&format!("_--raw__apis_{group}_{version}_"), json!({"resources": resources}));
        }
        // Both versions are of one group.
        groups[6]["versions"] = json!([{"version": "v1beta1"}, {"version": "v1beta2"}]);
        groups.remove(7);
        cluster.answer("_--raw__apis_--request", json!({"groups": groups}));
        cluster.answer(
            "_--raw__api_v1_--request",
            json!({"resources": [{"name": "services", "kind": "Service", "namespaced": true},
                {"name": "serviceaccounts", "kind": "ServiceAccount", "namespaced": true},
                {"name": "namespaces", "kind": "Namespace", "namespaced": false}]}),
        );
        cluster.answer(
            "_storageclasses.storage.k8s.io_priorityclasses",
            json!({"items": [
                {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"}},
                {"apiVersion": "aws.upbound.io/v1beta1", "kind": "ProviderConfig", "metadata": {"name": "hetzner-s3"}},
                {"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": {"name": "crossplane-secret-store"},
                    "spec": {"provider": {"kubernetes": {"remoteNamespace": "vault"}}},
                    "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
            ]}),
        );
        cluster.text("secrets_hetzner", "hetzner-s3-credentials\tAWS_ACCESS_KEY_ID\tAWS_SECRET_ACCESS_KEY\n");
        cluster.text("secrets_grafana", "grafana-admin\tadmin-user\tadmin-password\n");
        cluster
    }

    fn text(&self, part: &str, text: &str) {
        self.place.file(&format!("answers/{part}"), text);
    }

    fn answer(&self, part: &str, value: Value) {
        self.text(part, &value.to_string());
    }

    fn doctor(&self, arguments: &[&str]) -> assert_cmd::assert::Assert {
        let mut command = self.place.monstack(&[&["doctor", "config.yaml"], arguments].concat());
        command.env("KUBECTL", self.place.path("kubectl")).env("ANSWERS", self.place.path("answers"));
        command.timeout(std::time::Duration::from_secs(120)).assert()
    }

    fn json(&self, code: i32) -> Value {
        let assert = self.doctor(&["-o", "json"]).code(code);
        serde_json::from_slice(&assert.get_output().stdout).unwrap()
    }

    fn calls(&self) -> String {
        std::fs::read_to_string(self.place.path("calls")).unwrap()
    }
}

#[test]
fn a_cluster_with_all_prerequisites_is_fine_before_the_first_apply() {
    let cluster = Cluster::new();
    cluster
        .doctor(&[])
        .success()
        .stdout(contains("The stack is not in the cluster: only its prerequisites were checked."))
        .stdout(contains("no problems\n"))
        .stderr("");
}

#[test]
fn kubectl_only_reads_and_keeps_the_values_of_secrets() {
    let cluster = Cluster::new();
    cluster.answer(
        "get_pods_persist",
        json!({"items": [
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "thanos-store", "namespace": "monitoring"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "thanos-compactor-0", "namespace": "monitoring"},
                "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}},
        ]}),
    );
    cluster.doctor(&["--context", "c", "--kubeconfig", "file"]).code(1);
    let calls = cluster.calls();
    for call in calls.lines() {
        let verb = call.strip_prefix("--context c --kubeconfig file ").unwrap();
        assert!(verb.starts_with("get ") || verb.starts_with("logs thanos-compactor-0 "), "{call}");
        assert!(call.contains("--request-timeout="), "{call}");
        if verb.starts_with("get secrets ") {
            assert!(call.contains("-o go-template=") && !call.contains("{{$v}}"), "{call}");
        }
    }
    assert!(
        calls.contains("get --raw /api/v1/namespaces/monitoring/pods/thanos-compactor-0:10902/proxy/metrics")
    );
    assert!(calls.contains("logs thanos-compactor-0"), "{calls}");
    assert!(calls.lines().count() < 30, "few questions: {calls}");
}

#[test]
fn problems_come_with_evidence_and_fix() {
    let cluster = Cluster::new();
    std::fs::remove_file(cluster.place.path("answers/secrets_hetzner")).unwrap();
    cluster
        .doctor(&[])
        .code(1)
        .stdout(contains(
            "problem: Secret vault/hetzner-s3-credentials: is missing: the S3 credentials of Thanos and Loki\n  \
             evidence: namespace vault has no Secret hetzner-s3-credentials\n  \
             evidence: ClusterSecretStore crossplane-secret-store reads the namespace vault\n  \
             fix: kubectl -n vault create secret generic hetzner-s3-credentials",
        ))
        .stdout(contains("\n1 problem\n"));
    let report = cluster.json(1);
    assert_eq!(report["problems"][0]["object"]["kind"], "Secret");
    assert_eq!(report["applied"], false);
    assert!(report["unchecked"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_forbidden_is_no_problem_and_is_said() {
    let cluster = Cluster::new();
    let forbidden = "Error from server (Forbidden): storageclasses.storage.k8s.io is forbidden: User \"me\" cannot list\n";
    std::fs::remove_file(cluster.place.path("answers/_storageclasses.storage.k8s.io_priorityclasses"))
        .unwrap();
    cluster.text("_storageclasses.storage.k8s.io!", forbidden);
    cluster
        .text("secrets_grafana!", "Error from server (Forbidden): secrets \"grafana-admin\" is forbidden\n");
    std::fs::remove_file(cluster.place.path("answers/secrets_grafana")).unwrap();
    let report = cluster.json(1);
    let unchecked: Vec<_> =
        report["unchecked"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert!(unchecked.contains(&"storageclasses"), "{unchecked:?}");
    assert!(unchecked.contains(&"Secret monitoring/grafana-admin"), "{unchecked:?}");
    // The other kinds of the same question were asked by themselves, and are not there.
    let problems: Vec<_> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["object"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(problems, ["ProviderConfig", "ClusterSecretStore"]);
    cluster.doctor(&[]).code(1).stdout(contains(
        "not checked, since it is forbidden: Secret monitoring/grafana-admin, storageclasses\n",
    ));
}

#[test]
fn a_cluster_that_cannot_be_asked_is_no_problem_of_the_stack() {
    let cluster = Cluster::new();
    cluster.text(
        "_--raw__apis_--!",
        "The connection to the server was refused - did you specify the right host?\n",
    );
    std::fs::remove_file(cluster.place.path("answers/_--raw__apis_--request")).unwrap();
    cluster.doctor(&[]).code(3).stdout("").stderr(
        contains("the cluster could not be asked: The connection to the server was refused")
            .and(contains("help: doctor needs kubectl")),
    );
    let mut command = cluster.place.monstack(&["doctor", "config.yaml"]);
    command.env("KUBECTL", cluster.place.path("missing")).assert().code(3).stderr(contains("kubectl"));
}

#[test]
fn odd_answers_are_no_panics() {
    for text in ["", "null", "[]", "7", "{\"groups\": 7}", "{\"groups\": [null, 7, {}]}", "<html>"] {
        let cluster = Cluster::new();
        cluster.text("_--raw__apis_--request", text);
        cluster.doctor(&[]).stderr(contains("panicked").not());
    }
    for text in [
        "",
        "null",
        "[]",
        "7",
        "{\"items\": 7}",
        "{\"items\": [null, 7, {}, {\"metadata\": []}]}",
        "<html>",
        "{",
    ] {
        let cluster = Cluster::new();
        cluster.text("get_pods_persist", text);
        cluster.text("get_events", text);
        cluster.text("_-o_name_", "a/b\n/\nx\n");
        cluster.doctor(&[]).stderr("");
    }
}

#[test]
fn wrong_usage_and_invalid_configs_are_told_from_problems() {
    let cluster = Cluster::new();
    cluster.doctor(&["--set", "clutser=x"]).code(2).stdout("").stderr(contains("nothing was checked"));
    cluster.doctor(&["--grace", "soon"]).code(2);
    cluster.doctor(&["-o", "yaml"]).code(2);
}

#[test]
fn inline_without_charts_checks_the_rest() {
    let cluster = Cluster::new();
    let report = cluster.doctor(&["--set", "delivery=inline"]).success();
    report
        .stdout(contains("not checked: whether the charts' objects are all there: they cannot be rendered"));
}
