//! Pods that the API server does not admit: Pod Security, quotas, priority classes. The workload is accepted, and then
//! has no pods; only events and conditions tell.

use serde_json::{Value, json};

use super::component::begins;
use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::{Event, Observed, condition, label, one_line, text};
use super::workloads::{self, Health};
use crate::config::PodSecurityLevel;
use crate::k8s::Identity;
use crate::pod_security;

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// How Pod Security begins to name a level.
const VIOLATES: &str = "violates PodSecurity \"";

/// A namespace that is too strict, and pods that were rejected.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found: Vec<_> = namespace(expected, observed).into_iter().collect();
    found.extend(rejected(expected, observed));
    found
}

/// The level that the namespace has in the cluster.
fn enforced(expected: &Expected, observed: &Observed) -> Option<PodSecurityLevel> {
    let namespace = observed.get("", "Namespace", "", expected.names.namespace())?;
    level(label(namespace, ENFORCE))
}

fn level(text: &str) -> Option<PodSecurityLevel> {
    use PodSecurityLevel::{Baseline, Privileged, Restricted};
    [Privileged, Baseline, Restricted].into_iter().find(|level| level.as_str() == text)
}

/// The namespace's object, which explains rejected pods.
fn namespace_identity(expected: &Expected) -> Identity {
    identity("", "Namespace", "", expected.names.namespace())
}

fn namespace(expected: &Expected, observed: &Observed) -> Option<Finding> {
    let enforced = enforced(expected, observed)?;
    let shut_out: Vec<_> = pod_security::requirements(expected.config)
        .into_iter()
        .filter(|requirement| requirement.level < enforced)
        .collect();
    let needed = shut_out.iter().map(|requirement| requirement.level).min()?;
    let workloads: Vec<_> = shut_out.iter().map(|requirement| requirement.workload).collect();
    let (enforced, needed) = (enforced.as_str(), needed.as_str());
    let mut finding = Finding::new(
        namespace_identity(expected),
        format!("its Pod Security level `{enforced}` keeps out {}", workloads.join(" and ")),
    )
    .evidence(format!("label {ENFORCE}={enforced}"));
    for requirement in &shut_out {
        let level = requirement.level.as_str();
        finding =
            finding.evidence(format!("{} needs `{level}`: {}", requirement.workload, requirement.reason));
    }
    Some(
        finding
            .fix(relabel(expected, needed))
            .fix(format!("podSecurity.enforce: {needed}, or leave it out; then {}", expected.apply())),
    )
}

fn relabel(expected: &Expected, level: &str) -> String {
    format!(
        "{} label namespace {} {ENFORCE}={level} --overwrite",
        expected.kubectl,
        expected.names.namespace()
    )
}

/// Why a workload's pods are not made.
struct Rejection<'a> {
    workload: Identity,
    /// The words of the API server.
    message: &'a str,
    shown: String,
}

fn rejected(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for rejection in rejections(expected, observed) {
        let finding = finding(expected, observed, &rejection);
        match found
            .iter_mut()
            .find(|other| other.object == finding.object && other.finding == finding.finding)
        {
            Some(other) => {
                let words = finding.evidence.into_iter().take(1);
                *other = words.fold(other.clone(), |other, words| {
                    if other.evidence.len() < 2 { other.evidence(words) } else { other }
                });
            }
            None => found.push(finding),
        }
    }
    found
}

fn rejections<'a>(expected: &Expected, observed: &'a Observed) -> Vec<Rejection<'a>> {
    let mut all = Vec::new();
    for workload in workloads::of_stack(expected, observed) {
        let failure = condition(workload, "ReplicaFailure").filter(|failure| failure.status == "True");
        if let Some(failure) = failure {
            let workload = Identity::of(workload);
            all.push(Rejection { workload, message: failure.message, shown: failure.shown() });
        }
    }
    let events = observed.recent_events(|event| {
        event.reason == "FailedCreate"
            && matches!(event.kind, "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Deployment" | "Job")
    });
    for event in events {
        let Some((workload, health)) = workload_of(expected, observed, &event) else { continue };
        // A workload that has all its pods got over it, unless the namespace would reject the next one, too.
        let still_rejected = violated(event.message).and_then(level).is_some_and(|violated| {
            enforced(expected, observed).is_some_and(|enforced| enforced >= violated)
        }) && violated(event.message) != Some("privileged");
        if health != Health::Ready || still_rejected || is_blocked(observed, &workload, &event) {
            all.push(Rejection { workload, message: event.message, shown: event.shown() });
        }
    }
    all
}

/// A workload that is ready may be so by its old pods only: the rejection is past when there are pods that are younger.
fn is_blocked(observed: &Observed, workload: &Identity, event: &Event) -> bool {
    let Some(age) = event.age.filter(|age| *age < observed.grace) else { return false };
    let base = json!({"kind": workload.kind, "metadata": {"name": workload.name}});
    let mut pods = observed.of("", "Pod").filter(|pod| workloads::owns(&base, pod));
    !pods.any(|pod| observed.since(&pod["metadata"]["creationTimestamp"]).is_some_and(|pod| pod <= age))
}

/// The workload that an event is about: of a ReplicaSet it is the Deployment. One that is not there may be the stack's
/// by its name.
fn workload_of(expected: &Expected, observed: &Observed, event: &Event) -> Option<(Identity, Health)> {
    let (kind, name) = match event.kind {
        "ReplicaSet" => ("Deployment", event.name.rsplit_once('-').map_or(event.name, |(name, _)| name)),
        kind => (kind, event.name),
    };
    let there = workloads::of_stack(expected, observed)
        .into_iter()
        .find(|workload| text(workload, "/kind") == kind && text(workload, "/metadata/name") == name);
    if let Some(workload) = there {
        return Some((Identity::of(workload), workloads::health(workload)));
    }
    let others = ["Deployment", "StatefulSet", "DaemonSet"];
    let is_anothers =
        others.iter().any(|kind| observed.of("apps", kind).any(|one| text(one, "/metadata/name") == name));
    let is_ours = super::component::all(expected.config)
        .iter()
        .any(|component| component.key.is_some() && begins(name, &component.base));
    (is_ours && !is_anothers).then(|| (expected.here("apps", kind, name), Health::Unknown))
}

/// The level that pods violate, by the API server's message.
fn violated(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(VIOLATES)?;
    rest.split([':', '"']).next()
}

fn finding(expected: &Expected, observed: &Observed, rejection: &Rejection) -> Finding {
    let (object, message) = (rejection.workload.clone(), rejection.message);
    let name = object.name.clone();
    if let Some(level) = violated(message) {
        let why = message.split_once(VIOLATES).and_then(|(_, rest)| rest.split_once("\": "));
        let allowed = pod_security::strictest_allowed(expected.config).as_str();
        let needed = if allowed == level { "privileged" } else { allowed };
        let mut finding =
            Finding::new(object, format!("its pods are rejected: they violate Pod Security `{level}`"))
                .evidence(rejection.shown.clone());
        if let Some((_, why)) = why {
            finding = finding.evidence(format!("forbidden: {}", one_line(why)));
        }
        if let Some(now) = enforced(expected, observed) {
            finding = finding.evidence(format!("label {ENFORCE}={} of the namespace", now.as_str()));
        }
        return finding
            .fix(relabel(expected, needed))
            .fix(format!("podSecurity.enforce: {needed}, or leave it out; then {}", expected.apply()))
            .because([namespace_identity(expected)]);
    }
    let here = expected.kubectl_here();
    let lower = message.to_lowercase();
    let (what, fix, because) = if lower.contains("exceeded quota") || lower.contains("failed quota") {
        ("its pods are rejected: they exceed a quota", format!("raise it: {here} get resourcequota"), None)
    } else if lower.contains("priorityclass") || lower.contains("priority class") {
        let class = identity("scheduling.k8s.io", "PriorityClass", "", expected.names.priority_class());
        let fix = if expected.config.priority_class.create {
            expected.apply()
        } else {
            "priorityClass.create: true, or priorityClass.name of one that is there".to_owned()
        };
        ("its pods are rejected: their PriorityClass is missing", fix, Some(class))
    } else if lower.contains("serviceaccount") || lower.contains("service account") {
        ("its pods are rejected: their ServiceAccount is missing", expected.apply(), None)
    } else if lower.contains("limitrange")
        || lower.contains("limit to request ratio")
        || lower.contains("per container")
    {
        ("its pods are rejected by a LimitRange", format!("change it: {here} get limitrange"), None)
    } else if lower.contains("webhook") {
        ("its pods are rejected by a webhook", "see what the webhook asks for".to_owned(), None)
    } else {
        let kind = object.kind.to_lowercase();
        ("its pods cannot be created", format!("{here} describe {kind} {name}"), None)
    };
    Finding::new(object, what).evidence(rejection.shown.clone()).fix(fix).because(because)
}

/// The rejected workloads, whose lack of pods needs no other explanation.
#[must_use]
pub fn is_about(found: &[Finding], workload: &Value) -> bool {
    let identity = Identity::of(workload);
    found.iter().any(|finding| finding.object == identity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::testing::Case;

    const BASELINE: &str = "Error creating: pods \"x\" is forbidden: violates PodSecurity \"baseline:latest\": host \
        namespaces (hostNetwork=true), hostPath volumes (volume \"varlog\")";

    fn event(case: &Case, kind: &str, name: &str, message: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "FailedCreate", "message": message,
            "metadata": {"name": "e"}, "lastTimestamp": case.moment(60),
            "involvedObject": {"kind": kind, "name": name, "namespace": "monitoring"}})
    }

    #[test]
    fn a_healthy_stack_is_admitted() {
        assert!(Case::healthy().findings(check).is_empty());
    }

    #[test]
    fn a_namespace_that_is_too_strict_is_found_without_events() {
        let mut case = Case::healthy();
        case.get("Namespace", "monitoring")["metadata"]["labels"][ENFORCE] = json!("baseline");
        let found = case.findings(check);
        assert_eq!(found[0].finding, "its Pod Security level `baseline` keeps out node-exporter and Alloy");
        assert_eq!(
            found[0].fix[0],
            "kubectl label namespace monitoring pod-security.kubernetes.io/enforce=privileged --overwrite"
        );
        assert!(found[0].fix[1].starts_with("podSecurity.enforce: privileged"));
    }

    #[test]
    fn rejected_pods_name_workload_and_level() {
        let mut case = Case::healthy();
        case.add(event(&case, "DaemonSet", "alloy", BASELINE));
        let found = case.findings(check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].object.to_string(), "DaemonSet monitoring/alloy");
        assert_eq!(found[0].finding, "its pods are rejected: they violate Pod Security `baseline`");
        assert_eq!(
            found[0].evidence[1],
            "forbidden: host namespaces (hostNetwork=true), hostPath volumes (volume \"varlog\")"
        );
    }

    #[test]
    fn a_workload_that_is_ready_got_over_it_unless_the_level_is_still_there() {
        let mut case = Case::healthy();
        case.add(event(
            &case,
            "ReplicaSet",
            "thanos-query-5d8f",
            &BASELINE.replace("baseline", "restricted"),
        ));
        assert_eq!(case.findings(check).len(), 1, "a rollout is blocked");
        let moment = case.moment(30);
        case.add(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "thanos-query-6f-x",
            "namespace": "monitoring", "creationTimestamp": moment}}));
        assert!(case.findings(check).is_empty());
        case.get("Namespace", "monitoring")["metadata"]["labels"][ENFORCE] = json!("restricted");
        let found = case.findings(check);
        assert_eq!(found[1].object.to_string(), "Deployment monitoring/thanos-query");
        assert_eq!(found[1].because[0], found[0].object);
    }

    #[test]
    fn other_reasons_have_other_fixes() {
        for (message, finding) in [
            ("pods \"x\" is forbidden: exceeded quota: q, requested: memory=1Gi", "exceed a quota"),
            (
                "pods \"x\" is forbidden: no PriorityClass with name monitoring-critical was found",
                "PriorityClass",
            ),
            ("admission webhook \"a.b\" denied the request", "webhook"),
            ("something else", "cannot be created"),
        ] {
            let mut case = Case::healthy();
            case.get("StatefulSet", "thanos-store")["status"]["readyReplicas"] = json!(1);
            case.add(event(&case, "StatefulSet", "thanos-store", message));
            let found = case.findings(check);
            assert!(found.len() == 1 && found[0].finding.contains(finding), "{found:?}");
        }
    }

    #[test]
    fn events_of_others_are_theirs() {
        let mut case = Case::healthy();
        case.add(event(&case, "StatefulSet", "postgres", BASELINE));
        assert!(case.findings(check).is_empty());
    }

    #[test]
    fn a_condition_tells_without_an_event() {
        let mut case = Case::healthy();
        case.get("Deployment", "thanos-query")["status"] = json!({"conditions": [{"type": "ReplicaFailure",
            "status": "True", "reason": "FailedCreate", "message": BASELINE}]});
        let found = case.findings(check);
        assert!(found[0].finding.contains("violate Pod Security `baseline`"), "{found:?}");
    }
}
