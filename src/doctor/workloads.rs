//! Deployments, StatefulSets and DaemonSets with fewer ready pods than they should have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::component;
use super::credentials::unattended;
use super::expected::Expected;
use super::finding::Finding;
use super::observed::{Observed, conditions, list, number, text};
use crate::k8s::Identity;

/// Whether a workload has all its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It has.
    Ready,
    /// It has not.
    Unready,
    /// Nobody has counted them yet.
    Unknown,
}

/// The stack's workloads in the cluster.
#[must_use]
pub fn of_stack<'a>(expected: &Expected, observed: &'a Observed) -> Vec<&'a Value> {
    ["Deployment", "StatefulSet", "DaemonSet"]
        .into_iter()
        .flat_map(|kind| observed.of("apps", kind))
        .filter(|workload| component::of(expected.config, workload).is_some())
        .collect()
}

/// How many pods are ready, and how many should be.
fn counts(workload: &Value) -> (i64, i64) {
    let of = |path| number(workload, path);
    if text(workload, "/kind") == "DaemonSet" {
        let desired = of("/status/desiredNumberScheduled").unwrap_or_default();
        return (of("/status/numberReady").unwrap_or_default(), desired);
    }
    (of("/status/readyReplicas").unwrap_or_default(), of("/spec/replicas").unwrap_or(1))
}

/// Whether a workload has all its pods.
#[must_use]
pub fn health(workload: &Value) -> Health {
    let (ready, desired) = counts(workload);
    let is_counted = ["observedGeneration", "replicas", "readyReplicas", "desiredNumberScheduled"]
        .iter()
        .any(|field| workload["status"][*field].as_i64().is_some_and(|number| number > 0));
    let complains = conditions(workload).any(|one| match one.of {
        "Available" => one.status == "False",
        "Progressing" => one.status == "False" || one.reason == "ProgressDeadlineExceeded",
        "ReplicaFailure" => one.status == "True",
        _ => false,
    });
    if complains {
        Health::Unready
    } else if !is_counted && conditions(workload).next().is_none() && desired > 0 {
        Health::Unknown
    } else if ready < desired {
        Health::Unready
    } else if !is_counted && text(workload, "/kind") == "DaemonSet" {
        Health::Unknown
    } else {
        Health::Ready
    }
}

/// The names of the stack's workloads that have all their pods.
#[must_use]
pub fn ready_names(expected: &Expected, observed: &Observed) -> BTreeSet<String> {
    of_stack(expected, observed)
        .into_iter()
        .filter(|workload| health(workload) == Health::Ready)
        .map(|workload| text(workload, "/metadata/name").to_owned())
        .collect()
}

/// Whether a pod is one of a workload's: by its owner, or else by its name.
#[must_use]
pub fn owns(workload: &Value, pod: &Value) -> bool {
    let (kind, name) = (text(workload, "/kind"), text(workload, "/metadata/name"));
    match list(pod, "/metadata/ownerReferences").first() {
        Some(owner) if text(owner, "/kind") == "ReplicaSet" => {
            let deployment = text(owner, "/name").rsplit_once('-').map_or("", |(deployment, _)| deployment);
            kind == "Deployment" && deployment == name
        }
        Some(owner) => text(owner, "/kind") == kind && text(owner, "/name") == name,
        None => component::begins(text(pod, "/metadata/name"), name),
    }
}

/// Workloads that lack pods. Those whose pods were rejected are left to that finding, and those whose pods are only
/// starting are noted.
#[must_use]
pub fn check(
    expected: &Expected,
    observed: &Observed,
    rejected: &[Finding],
    starting: &BTreeSet<String>,
    notes: &mut Vec<String>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for workload in of_stack(expected, observed) {
        let object = Identity::of(workload);
        if let Some(finding) = scaled_down(expected, &object, workload) {
            found.push(finding);
            continue;
        }
        match health(workload) {
            Health::Ready => {}
            Health::Unknown if observed.is_young(workload) => {}
            Health::Unknown => {
                found.push(unattended(object, workload, observed, "kube-controller-manager"));
            }
            Health::Unready if super::admission::is_about(rejected, workload) => {}
            Health::Unready => {
                let pods: Vec<_> =
                    observed.of("", "Pod").filter(|pod| owns(workload, pod)).map(Identity::of).collect();
                if pods.iter().any(|pod| starting.contains(&pod.name)) {
                    let (ready, desired) = counts(workload);
                    notes.push(format!("{object}: {ready} of {desired} pods are ready, others are starting"));
                    continue;
                }
                found.push(unready(expected, observed, object, workload, pods));
            }
        }
    }
    found
}

/// A workload that was told to have fewer pods than the config renders, or, of a chart, none.
fn scaled_down(expected: &Expected, object: &Identity, workload: &Value) -> Option<Finding> {
    let there = number(workload, "/spec/replicas")?;
    let rendered = expected.rendered().find(|one| Identity::of(&one.value) == *object);
    let wanted = rendered.and_then(|one| number(one.whole().ok()?.as_ref(), "/spec/replicas"));
    if there > 0 && wanted.is_none_or(|wanted| there >= wanted) || wanted == Some(0) {
        return None;
    }
    let finding = Finding::new(object.clone(), format!("was scaled down to {there}"))
        .evidence(format!("spec.replicas: {there}"));
    Some(match wanted {
        Some(wanted) => finding.evidence(format!("the config renders {wanted}")).fix(expected.apply()),
        None => finding.fix(format!(
            "{} scale {} {} --replicas=1, or more",
            expected.kubectl_here(),
            object.kind.to_lowercase(),
            object.name
        )),
    })
}

fn unready(
    expected: &Expected,
    observed: &Observed,
    object: Identity,
    workload: &Value,
    pods: Vec<Identity>,
) -> Finding {
    let (ready, desired) = counts(workload);
    let what = if ready < desired {
        format!("{ready} of {desired} pods are ready")
    } else {
        "does not get on with its rollout".to_owned()
    };
    let mut finding = Finding::new(object.clone(), what);
    let bad = conditions(workload)
        .filter(|one| one.status == "False" || one.of == "ReplicaFailure" && one.status == "True");
    for one in bad {
        finding = finding.evidence(one.shown());
    }
    let events = observed.events(&object.kind, &object.name);
    for event in events.iter().filter(|event| event.is_warning).take(2) {
        finding = finding.evidence(event.shown());
    }
    if finding.evidence.is_empty() {
        let status =
            ["replicas", "readyReplicas", "updatedReplicas", "desiredNumberScheduled", "numberReady"];
        let status: Vec<_> = status
            .iter()
            .filter_map(|field| {
                workload["status"][*field].as_i64().map(|number| format!("{field}: {number}"))
            })
            .collect();
        finding = finding.evidence(format!("status: {}", status.join(", ")));
    }
    let describe =
        format!("{} describe {} {}", expected.kubectl_here(), object.kind.to_lowercase(), object.name);
    let claims = observed.of("", "PersistentVolumeClaim").map(Identity::of);
    let own = format!("-{}-", object.name);
    let claims: Vec<_> =
        claims.filter(|claim| claim.name.contains(&own) || claim.name == object.name).collect();
    finding.fix(describe).because(pods).because(claims)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn found(case: &Case) -> Vec<Finding> {
        case.findings(|expected, observed| check(expected, observed, &[], &BTreeSet::new(), &mut Vec::new()))
    }

    #[test]
    fn all_pods_or_no_count_yet_is_fine() {
        let mut case = Case::healthy();
        assert!(found(&case).is_empty());
        case.get("StatefulSet", "thanos-store")["status"] = json!({"replicas": 0});
        case.age("StatefulSet", "thanos-store", 30);
        assert!(found(&case).is_empty());
        case.age("StatefulSet", "thanos-store", 3000);
        assert!(found(&case)[0].finding.contains("kube-controller-manager is not running"));
    }

    #[test]
    fn what_was_scaled_down_is_found_though_it_is_ready() {
        let mut case = Case::healthy();
        case.get("StatefulSet", "thanos-compactor")["spec"]["replicas"] = json!(0);
        let own = found(&case);
        assert_eq!(own[0].finding, "was scaled down to 0");
        assert!(own[0].evidence.contains(&"the config renders 1".to_owned()), "{own:?}");
        let mut case = Case::healthy();
        case.add(json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 0},
            "metadata": {"name": "prometheus-operator", "namespace": "monitoring"}}));
        assert!(found(&case)[0].fix[0].contains("scale deployment prometheus-operator"));
    }

    #[test]
    fn fewer_pods_are_found_with_the_conditions() {
        let mut case = Case::healthy();
        case.get("Deployment", "thanos-query")["status"] = json!({"replicas": 2, "readyReplicas": 1,
            "conditions": [{"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable"}]});
        let found = found(&case);
        assert_eq!(found[0].finding, "1 of 2 pods are ready");
        assert_eq!(found[0].evidence, ["Available=False, MinimumReplicasUnavailable"]);
        assert_eq!(found[0].fix, ["kubectl -n monitoring describe deployment thanos-query"]);
    }

    #[test]
    fn a_daemon_set_counts_nodes() {
        let mut case = Case::healthy();
        case.add(json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "spec": {},
            "metadata": {"name": "alloy", "namespace": "monitoring"},
            "status": {"desiredNumberScheduled": 4, "numberReady": 3, "observedGeneration": 1}}));
        assert_eq!(found(&case)[0].finding, "3 of 4 pods are ready");
        case.get("DaemonSet", "alloy")["status"]["numberReady"] = json!(4);
        assert!(found(&case).is_empty());
    }

    #[test]
    fn workloads_of_others_are_theirs() {
        let mut case = Case::healthy();
        case.add(json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {"replicas": 1},
            "metadata": {"name": "postgres", "namespace": "monitoring"}, "status": {"observedGeneration": 1}}));
        assert!(found(&case).is_empty());
    }

    #[test]
    fn pods_belong_to_workloads_by_owner_or_name() {
        let workload = json!({"kind": "Deployment", "metadata": {"name": "thanos-query"}});
        let pod = |owner: Value| json!({"metadata": {"name": "thanos-query-5d-x", "ownerReferences": owner}});
        assert!(owns(&workload, &pod(json!([{"kind": "ReplicaSet", "name": "thanos-query-5d"}]))));
        assert!(!owns(&workload, &pod(json!([{"kind": "ReplicaSet", "name": "thanos-query-ui-5d"}]))));
        assert!(owns(&workload, &pod(json!(null))));
    }
}
