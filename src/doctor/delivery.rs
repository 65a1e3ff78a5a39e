//! What brings the charts: HelmCharts of K3s with their Jobs, Applications of ArgoCD.

use serde_json::Value;

use super::credentials::unattended;
use super::expected::Expected;
use super::finding::Finding;
use super::observed::{Observed, condition, list, number, one_line, text};
use crate::k8s::Identity;

/// Charts that failed to be installed.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed, notes: &mut Vec<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rendered in expected.rendered() {
        let object = Identity::of(&rendered.value);
        let Some(value) = observed.get(&object.group, &object.kind, &object.namespace, &object.name) else {
            continue;
        };
        match object.kind.as_str() {
            "HelmChart" => found.extend(helm_chart(expected, observed, object, value)),
            "Application" => found.extend(application(expected, observed, object, value, notes)),
            _ => {}
        }
    }
    found
}

fn helm_chart(expected: &Expected, observed: &Observed, object: Identity, value: &Value) -> Option<Finding> {
    let job_name = match text(value, "/status/jobName") {
        "" => format!("helm-install-{}", object.name),
        name => name.to_owned(),
    };
    let kubectl = format!("{} -n {}", expected.kubectl, object.namespace);
    let log = format!("{kubectl} logs job/{job_name}");
    let failed = condition(value, "Failed").filter(|failed| failed.status == "True");
    let job = observed.get("batch", "Job", &object.namespace, &job_name);
    let is_done = job.is_some_and(|job| number(job, "/status/succeeded").unwrap_or_default() > 0);
    let stuck = || stuck_pod(observed, &object.namespace, &job_name).filter(|_| !is_done);
    let job_failure = job.and_then(|job| job_failure(job, &job_name)).or_else(stuck);
    if failed.is_some() || job_failure.is_some() {
        let mut finding = Finding::new(object.clone(), "the chart could not be installed");
        if let Some(failed) = failed {
            finding = finding.evidence(failed.shown());
        }
        for words in job_failure.into_iter().chain(job_words(observed, &object.namespace, &job_name)) {
            finding = finding.evidence(words);
        }
        return Some(
            finding
                .fix(format!("see why: {log}"))
                .fix(format!("then let it try again: {kubectl} delete job {job_name}")),
        );
    }
    let has_status = value["status"].as_object().is_some_and(|status| !status.is_empty());
    (!has_status && job.is_none() && !observed.is_young(value))
        .then(|| unattended(object, value, observed, "K3s' helm-controller"))
}

fn job_failure(job: &Value, name: &str) -> Option<String> {
    if let Some(failed) = condition(job, "Failed").filter(|failed| failed.status == "True") {
        return Some(format!("Job {name}: {}", failed.shown()));
    }
    let failed = number(job, "/status/failed").unwrap_or_default();
    let others = ["/status/succeeded", "/status/active"].map(|path| number(job, path).unwrap_or_default());
    (failed > 0 && others == [0, 0])
        .then(|| format!("Job {name}: {failed} of its pods failed, none succeeded"))
}

/// The pod of a Job that cannot get on. Those of the helm-controller are restarted in place, so the Job itself counts no
/// failure (k3s-io/helm-controller `pkg/controllers/chart/chart.go`, `restartPolicy: OnFailure`).
fn stuck_pod(observed: &Observed, namespace: &str, job: &str) -> Option<String> {
    let pods = observed.of("", "Pod").filter(|pod| {
        text(pod, "/metadata/namespace") == namespace
            && super::component::begins(text(pod, "/metadata/name"), job)
            && !pod["metadata"]["deletionTimestamp"].is_string()
    });
    pods.flat_map(|pod| list(pod, "/status/containerStatuses").iter().map(move |container| (pod, container)))
        .find_map(|(pod, container)| {
            let reason = text(container, "/state/waiting/reason");
            let is_stuck = !matches!(reason, "" | "ContainerCreating" | "PodInitializing");
            is_stuck.then(|| {
                let restarts = number(container, "/restartCount").unwrap_or_default();
                format!("Pod {}: {reason}, {restarts} restarts", text(pod, "/metadata/name"))
            })
        })
}

/// What the pods of a Job said when they ended, or why they wait; and events about the Job.
fn job_words(observed: &Observed, namespace: &str, job: &str) -> Vec<String> {
    let mut words = Vec::new();
    for pod in observed.of("", "Pod").filter(|pod| text(pod, "/metadata/namespace") == namespace) {
        let name = text(pod, "/metadata/name");
        if !super::component::begins(name, job) {
            continue;
        }
        for container in list(pod, "/status/containerStatuses") {
            for state in ["/state/terminated", "/lastState/terminated", "/state/waiting"] {
                let message = text(container, &format!("{state}/message"));
                if !message.is_empty() && text(container, &format!("{state}/reason")) != "Completed" {
                    words.push(format!("Pod {name}: {}", one_line(message)));
                }
            }
        }
    }
    words.extend(
        observed.events("Job", job).iter().filter(|event| event.is_warning).map(|event| event.shown()),
    );
    words.truncate(3);
    words
}

fn application(
    expected: &Expected,
    observed: &Observed,
    object: Identity,
    value: &Value,
    notes: &mut Vec<String>,
) -> Option<Finding> {
    let health = text(value, "/status/health/status");
    let phase = text(value, "/status/operationState/phase");
    let mut evidence = Vec::new();
    // At first all of it is missing.
    if health == "Degraded" || health == "Missing" && !observed.is_young(value) {
        let message = text(value, "/status/health/message");
        let colon = if message.is_empty() { "" } else { ": " };
        evidence.push(format!("health {health}{colon}{}", one_line(message)));
    }
    if matches!(phase, "Failed" | "Error") {
        let message = one_line(text(value, "/status/operationState/message"));
        evidence.push(format!("operation {phase}: {message}"));
    }
    for one in list(value, "/status/conditions") {
        let of = text(one, "/type");
        if of.ends_with("Error") {
            evidence.push(format!("{of}: {}", one_line(text(one, "/message"))));
        }
    }
    for resource in list(value, "/status/resources") {
        if text(resource, "/health/status") == "Degraded" && evidence.len() < 5 {
            let message = one_line(text(resource, "/health/message"));
            let (kind, name) = (text(resource, "/kind"), text(resource, "/name"));
            evidence.push(format!("{kind} {name} is Degraded: {message}"));
        }
    }
    if !evidence.is_empty() {
        let mut finding =
            Finding::new(object.clone(), "the chart could not be synchronised, or is not healthy");
        for words in evidence {
            finding = finding.evidence(words);
        }
        return Some(finding.fix(format!("argocd app get {0}, then argocd app sync {0}", object.name)).fix(
            format!("{} -n {} describe application {}", expected.kubectl, object.namespace, object.name),
        ));
    }
    if health == "Progressing" {
        notes.push(format!("{object} is Progressing"));
    }
    if text(value, "/status/sync/status") == "OutOfSync" {
        notes.push(format!("{object} is OutOfSync"));
    }
    let has_status = value["status"].as_object().is_some_and(|status| !status.is_empty());
    (!has_status && !observed.is_young(value)).then(|| unattended(object, value, observed, "ArgoCD"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn found(case: &Case) -> Vec<Finding> {
        case.findings(|expected, observed| check(expected, observed, &mut Vec::new()))
    }

    #[test]
    fn an_install_that_is_tried_again_and_again_is_found_and_a_running_one_is_not() {
        let mut case = Case::healthy();
        case.add(json!({"apiVersion": "batch/v1", "kind": "Job", "status": {"active": 1, "ready": 0},
            "metadata": {"name": "helm-install-loki", "namespace": "kube-system"}}));
        let pod = |state: serde_json::Value| {
            json!({"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": "helm-install-loki-x7k2p", "namespace": "kube-system"},
                "status": {"containerStatuses": [{"restartCount": 12, "state": state,
                    "lastState": {"terminated": {"reason": "Error", "message": "INSTALLATION FAILED"}}}]}})
        };
        let mut running = case.clone();
        running.add(pod(json!({"running": {}})));
        assert!(found(&running).is_empty());
        case.add(pod(json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}})));
        let found = found(&case);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].evidence[0], "Pod helm-install-loki-x7k2p: CrashLoopBackOff, 12 restarts");
        assert!(found[0].evidence.iter().any(|words| words.contains("INSTALLATION FAILED")));
    }

    #[test]
    fn a_failed_chart_is_found_by_its_condition_or_its_job() {
        let mut case = Case::healthy();
        assert!(found(&case).is_empty());
        case.add(json!({"apiVersion": "batch/v1", "kind": "Job", "status": {"failed": 3},
            "metadata": {"name": "helm-install-loki", "namespace": "kube-system"}}));
        case.add(json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "helm-install-loki-x7k2p", "namespace": "kube-system"},
            "status": {"containerStatuses": [{"state": {"terminated": {"reason": "Error", "message": "no chart"}}}]}}));
        let by_job = found(&case);
        assert_eq!(by_job.len(), 1);
        assert_eq!(
            by_job[0].evidence,
            [
                "Job helm-install-loki: 3 of its pods failed, none succeeded",
                "Pod helm-install-loki-x7k2p: no chart"
            ]
        );
        assert_eq!(by_job[0].fix[0], "see why: kubectl -n kube-system logs job/helm-install-loki");
        case.get("HelmChart", "alloy")["status"] =
            json!({"conditions": [{"type": "Failed", "status": "True", "reason": "Job failed"}]});
        assert_eq!(found(&case)[1].object.to_string(), "HelmChart kube-system/alloy");
    }

    #[test]
    fn a_job_that_succeeded_in_the_end_is_fine() {
        let mut case = Case::healthy();
        case.add(json!({"apiVersion": "batch/v1", "kind": "Job", "status": {"failed": 3, "succeeded": 1},
            "metadata": {"name": "helm-install-loki", "namespace": "kube-system"}}));
        assert!(found(&case).is_empty());
    }

    #[test]
    fn a_chart_without_status_is_young_or_unattended() {
        let mut case = Case::healthy();
        case.get("HelmChart", "alloy")["status"] = json!({});
        case.age("HelmChart", "alloy", 5);
        assert!(found(&case).is_empty());
        case.age("HelmChart", "alloy", 5000);
        assert!(found(&case)[0].finding.contains("helm-controller is not running"));
    }

    #[test]
    fn an_application_is_degraded_or_not_synchronised() {
        let mut case = Case::of("delivery: application");
        assert!(found(&case).is_empty());
        let name = "monitoring-loki";
        for (status, evidence) in [
            (json!({"health": {"status": "Degraded", "message": "x"}}), "health Degraded: x"),
            (json!({"operationState": {"phase": "Failed", "message": "y"}}), "operation Failed: y"),
            (json!({"conditions": [{"type": "ComparisonError", "message": "z"}]}), "ComparisonError: z"),
        ] {
            case.get("Application", name)["status"] = status;
            let found = found(&case);
            assert_eq!(found[0].evidence, [evidence]);
            assert!(found[0].fix[0].contains("argocd app get monitoring-loki"));
        }
        case.get("Application", name)["status"] =
            json!({"health": {"status": "Progressing"}, "sync": {"status": "OutOfSync"}});
        let mut notes = Vec::new();
        assert!(case.findings(|expected, observed| check(expected, observed, &mut notes)).is_empty());
        assert_eq!(notes.len(), 2);
    }
}
