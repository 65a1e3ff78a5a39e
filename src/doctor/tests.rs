//! All topics together: one cause, one finding.

use serde_json::{Value, json};

use super::observed::Secret;
use super::testing::Case;

fn pod(name: &str, status: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "monitoring",
        "creationTimestamp": "2025-01-01T00:00:00Z"}, "status": status})
}

#[test]
fn a_healthy_stack_has_no_problems_notes_or_gaps() {
    for config in [
        include_str!("../../examples/kup6s/config.yaml"),
        "{delivery: application, storage: {class: longhorn}}",
    ] {
        let report = Case::of(config).report();
        assert_eq!(report.applied, Some(true));
        assert_eq!(report.problems, []);
        assert!(report.notes.is_empty() && report.unchecked.is_empty(), "{report:?}");
    }
}

#[test]
fn before_the_first_apply_only_prerequisites_are_looked_at() {
    let mut case = Case::healthy();
    // What outlives a stack does not tell that there is one.
    case.observed.objects.retain(|object| {
        ["Namespace", "Bucket", "ClusterSecretStore", "StorageClass"]
            .iter()
            .any(|kind| object["kind"] == *kind)
    });
    case.observed.present.retain(|object| {
        ["Namespace", "Bucket", "ClusterSecretStore", "StorageClass"].contains(&object.kind.as_str())
    });
    let report = case.report();
    assert_eq!(report.applied, Some(false));
    let objects: Vec<_> = report.problems.iter().map(|one| one.object.to_string()).collect();
    assert_eq!(objects, ["ProviderConfig hetzner-s3"]);
}

#[test]
fn where_nothing_could_be_listed_nobody_knows() {
    let mut case = Case::healthy();
    case.observed =
        super::Observed { groups: case.observed.groups, served: case.observed.served, ..Default::default() };
    let report = case.report();
    assert_eq!((report.applied, report.problems.len()), (None, 0));
}

#[test]
fn a_missing_source_is_one_problem_with_all_that_follows() {
    let mut case = Case::healthy();
    case.secret("crossplane-system", "hetzner-s3-credentials", Secret::Missing);
    case.secret("monitoring", "loki-s3-credentials", Secret::Missing);
    case.get("ExternalSecret", "loki-s3-credentials")["status"]["conditions"][0] =
        json!({"type": "Ready", "status": "False", "reason": "SecretSyncedError", "message": "not found"});
    case.add(json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {"replicas": 3},
        "metadata": {"name": "loki-write", "namespace": "monitoring"}, "status": {"replicas": 3}}));
    case.add(pod(
        "loki-write-0",
        json!({"phase": "Pending", "containerStatuses": [{"name": "loki", "state": {"waiting":
        {"reason": "CreateContainerConfigError", "message": "secret \"loki-s3-credentials\" not found"}}}]}),
    ));
    let report = case.report();
    assert_eq!(report.problems.len(), 1, "{report:#?}");
    let root = &report.problems[0];
    assert_eq!(root.object.to_string(), "Secret crossplane-system/hetzner-s3-credentials");
    let consequences: Vec<_> = root.consequences.iter().map(|one| one.object.to_string()).collect();
    assert_eq!(
        consequences,
        [
            "ExternalSecret monitoring/loki-s3-credentials",
            "Secret monitoring/loki-s3-credentials",
            "Pod monitoring/loki-write-0",
            "StatefulSet monitoring/loki-write",
        ]
    );
}

#[test]
fn unrelated_faults_stay_apart() {
    let mut case = Case::healthy();
    case.get("Bucket", "logs-loki-kup6s")["status"]["conditions"][1] =
        json!({"type": "Synced", "status": "False", "reason": "ReconcileError", "message": "AccessDenied"});
    case.get("StatefulSet", "thanos-store")["status"]["readyReplicas"] = json!(0);
    let objects: Vec<_> = case.report().problems.iter().map(|one| one.object.to_string()).collect();
    assert_eq!(objects, ["Bucket logs-loki-kup6s", "StatefulSet monitoring/thanos-store"]);
}

#[test]
fn an_unbound_volume_explains_its_pod_and_workload() {
    let mut case = Case::healthy();
    case.get("StatefulSet", "thanos-store")["status"]["readyReplicas"] = json!(1);
    case.add(json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"},
        "metadata": {"name": "data-thanos-store-1", "namespace": "monitoring"}, "spec": {"storageClassName": "longhorn"}}));
    case.add(pod("thanos-store-1", json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
        "reason": "Unschedulable", "message": "0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]})));
    let report = case.report();
    assert_eq!(report.problems.len(), 1, "{report:#?}");
    assert_eq!(report.problems[0].object.name, "data-thanos-store-1");
    assert_eq!(report.problems[0].consequences.len(), 2);
}

/// Whatever stands in the place of any part of any object, nothing breaks.
#[test]
fn odd_answers_break_nothing() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!("x"),
        json!([]),
        json!([1, null, "x", {}]),
        json!({"a": 1}),
    ];
    let healthy = Case::healthy();
    let kind = |index: usize| &healthy.observed.objects[index]["kind"];
    let firsts = (0..healthy.observed.objects.len())
        .filter(|index| !(0..*index).any(|other| kind(other) == kind(*index)));
    for index in firsts {
        for part in
            ["", "/metadata", "/status", "/spec", "/status/conditions", "/metadata/labels", "/apiVersion"]
        {
            for value in &odd {
                let mut case = healthy.clone();
                if let Some(place) = case.observed.objects[index].pointer_mut(part) {
                    *place = value.clone();
                    case.report();
                }
            }
        }
    }
}
