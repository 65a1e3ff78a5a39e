//! Pods that are not scheduled, do not start, crash, or are not ready.

mod containers;
mod scheduling;

use std::collections::BTreeSet;

use serde_json::Value;

use super::component::{self, Component};
use super::expected::Expected;
use super::finding::Finding;
use super::observed::{Observed, ago, condition, list, text};
use super::workloads;
use crate::k8s::Identity;

/// What was seen of the pods.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Names of pods that are only starting.
    pub starting: BTreeSet<String>,
}

/// A pod that is looked at.
struct Pod<'a> {
    expected: &'a Expected<'a>,
    observed: &'a Observed,
    value: &'a Value,
    object: Identity,
    component: Component,
}

/// Looks at the stack's pods.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed) -> Seen {
    let mut seen = Seen::default();
    let ready = workloads::ready_names(expected, observed);
    let here = expected.names.namespace();
    for value in observed.of("", "Pod").filter(|pod| text(pod, "/metadata/namespace") == here) {
        let Some(component) = component::of(expected.config, value) else { continue };
        let pod = Pod { expected, observed, value, object: Identity::of(value), component };
        let is_over = text(value, "/status/phase") == "Succeeded"
            || value["metadata"]["deletionTimestamp"].is_string()
            // What was evicted stays, and is replaced.
            || text(value, "/status/phase") == "Failed" && ready.iter().any(|name| component::begins(&pod.object.name, name));
        if is_over {
            // Another one takes its place.
            let ends = &value["metadata"]["deletionTimestamp"];
            if observed.since(ends).is_some_and(|age| age < observed.grace) {
                seen.starting.insert(pod.object.name);
            }
            continue;
        }
        match pod.finding() {
            Some(finding) => add(&mut seen.findings, finding, &pod.component),
            None if !pod.is_ready() => {
                seen.starting.insert(pod.object.name);
            }
            None => {}
        }
    }
    seen
}

/// Adds a finding to the one of another pod of the same workload with the same words, if there is one.
fn add(findings: &mut Vec<Finding>, finding: Finding, component: &Component) {
    let same = findings.iter_mut().find(|other| {
        other.finding == finding.finding && component::begins(&other.object.name, &component.base)
    });
    let Some(other) = same else {
        findings.push(finding);
        return;
    };
    other.also.push(finding.object);
    other.because.extend(finding.because);
}

impl Pod<'_> {
    fn is_ready(&self) -> bool {
        condition(self.value, "Ready").is_some_and(|ready| ready.status == "True")
    }

    fn finding(&self) -> Option<Finding> {
        if text(self.value, "/status/phase") == "Failed" {
            return Some(self.failed());
        }
        self.unschedulable().or_else(|| self.stuck_container()).or_else(|| self.unready())
    }

    /// The same pod's finding with what its events say, the newest first.
    fn with_events(&self, finding: Finding, most: usize) -> Finding {
        let events = self.observed.events("Pod", &self.object.name);
        let events = events.iter().filter(|event| event.is_warning).take(most);
        events.fold(finding, |finding, event| finding.evidence(event.shown()))
    }

    fn describe(&self) -> String {
        format!("{} describe pod {}", self.expected.kubectl_here(), self.object.name)
    }

    /// The claims that the pod mounts.
    fn claims(&self) -> Vec<Identity> {
        let volumes = list(self.value, "/spec/volumes").iter();
        let names = volumes.map(|volume| text(volume, "/persistentVolumeClaim/claimName"));
        let named = names.filter(|name| !name.is_empty());
        let mut claims: Vec<_> =
            named.map(|name| self.expected.here("", "PersistentVolumeClaim", name)).collect();
        // The claims of a StatefulSet's pod end with its name.
        let end = format!("-{}", self.object.name);
        let templated = self.observed.of("", "PersistentVolumeClaim").map(Identity::of);
        claims.extend(templated.filter(|claim| claim.name.ends_with(&end)));
        claims
    }

    fn failed(&self) -> Finding {
        let (reason, message) = (text(self.value, "/status/reason"), text(self.value, "/status/message"));
        let finding =
            Finding::new(self.object.clone(), format!("has failed: {reason}").trim_end_matches(": "))
                .evidence(super::observed::one_line(message));
        self.with_events(finding, 2).fix(self.describe())
    }

    /// A pod that is scheduled and has no container with a reason, but is not ready.
    fn unready(&self) -> Option<Finding> {
        if self.is_ready() {
            return None;
        }
        let observed = self.observed;
        let ready = condition(self.value, "Ready");
        let pending = text(self.value, "/status/phase") == "Pending";
        let since = ready.map(|ready| &ready.value["lastTransitionTime"]).filter(|moment| moment.is_string());
        let since = since.unwrap_or(&self.value["metadata"]["creationTimestamp"]);
        let age = observed.since(since);
        let events = observed.events("Pod", &self.object.name);
        let mount = events.iter().find(|event| {
            let reasons = ["FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox"];
            pending && reasons.contains(&event.reason)
        });
        if let Some(event) = mount {
            let secrets = containers::named_objects(self.expected, event.message);
            let fix = match secrets.first() {
                Some(secret) => containers::provide(self.expected, secret),
                None => self.describe(),
            };
            return Some(
                Finding::new(self.object.clone(), "cannot start: a volume or its network cannot be set up")
                    .evidence(event.shown())
                    .fix(fix)
                    .because(secrets)
                    .because(self.claims()),
            );
        }
        if age.is_some_and(|age| age < observed.grace) {
            return None;
        }
        let state = if pending { "is still Pending" } else { "runs, but is not ready" };
        let mut finding = Finding::new(self.object.clone(), state);
        if let Some(ready) = ready {
            finding = finding.evidence(ready.shown());
        }
        if let Some(age) = age {
            finding = finding.evidence(format!("since {}", ago(age)));
        }
        let log =
            format!("{} logs {} --all-containers --tail=50", self.expected.kubectl_here(), self.object.name);
        let fix = if pending { self.describe() } else { log };
        Some(self.with_events(finding, 2).fix(fix).because(self.claims()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn pod(name: &str, status: Value) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "monitoring",
            "creationTimestamp": "1970-01-01T00:00:00Z"}, "status": status})
    }

    fn found(case: &Case) -> Vec<Finding> {
        case.findings(|expected, observed| check(expected, observed).findings)
    }

    fn one(name: &str, status: Value) -> Finding {
        let mut case = Case::healthy();
        case.add(pod(name, status));
        let found = found(&case);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    #[test]
    fn ready_and_finished_pods_are_fine() {
        let mut case = Case::healthy();
        case.add(pod(
            "loki-read-5d-x",
            json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{"name": "loki", "ready": true, "state": {"running": {}}}]}),
        ));
        case.add(pod("loki-job", json!({"phase": "Succeeded"})));
        case.add(pod("thanos-query-5d-x", json!({"phase": "Failed", "reason": "Evicted"})));
        case.add(pod("postgres-0", json!({"phase": "Pending"})));
        assert!(found(&case).is_empty());
    }

    #[test]
    fn pods_that_wait_for_memory_are_one_finding_with_the_key() {
        let mut case = Case::healthy();
        let status = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/4 nodes are available: 4 Insufficient memory. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod."}]});
        for index in 0..3 {
            case.add(pod(&format!("loki-write-{index}"), status.clone()));
        }
        let found = found(&case);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].also.len(), 2);
        assert_eq!(found[0].finding, "Pending: no node has enough free memory");
        assert!(
            found[0].evidence[0].contains("Unschedulable: 0/4 nodes are available: 4 Insufficient memory.")
        );
        assert!(
            found[0].fix[0].contains("resources.loki.write.requests.memory: 128Mi (now 256Mi)"),
            "{found:?}"
        );
        assert!(found[0].fix[1].contains("monstack resources config.yaml --nodes 4"), "{found:?}");
    }

    #[test]
    fn other_reasons_of_the_scheduler_are_told_apart() {
        for (message, finding, fix) in [
            (
                "0/1 nodes are available: 1 Insufficient cpu.",
                "no node has enough free CPU",
                "resources.prometheus.requests.cpu: 50m (now 100m)",
            ),
            (
                "0/3 nodes are available: 1 Insufficient memory, 2 Insufficient cpu.",
                "no node has enough free memory and CPU",
                "requests.memory",
            ),
            (
                "0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: infra}.",
                "no node without a taint",
                "tolerations: [{key: dedicated, operator: Exists}]",
            ),
            (
                "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.",
                "no node without a taint",
                "repair the nodes with the taint node.kubernetes.io/disk-pressure",
            ),
            (
                "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
                "no node matches its affinity or selector",
                "kubectl get nodes --show-labels",
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
                "there are too few nodes",
                "replicas",
            ),
            (
                "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
                "its volume is not bound",
                "get pvc",
            ),
            (
                "0/1 nodes are available: 1 node(s) had volume node affinity conflict.",
                "its volume is on another node",
                "get pv",
            ),
            ("0/1 nodes are available: 1 Too many pods.", "has as many pods as it takes", "add a node"),
            (
                "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
                "a port that it needs is taken",
                "hostPort",
            ),
            ("no nodes available to schedule pods", "no node takes it", "describe pod"),
        ] {
            let found = one(
                "prometheus-prometheus-prometheus-0",
                json!({"phase": "Pending", "conditions":
                [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}]}),
            );
            assert!(found.finding.contains(finding), "{message}: {found:?}");
            assert!(found.fix.join(" ").contains(fix), "{message}: {found:?}");
            assert!(found.evidence[0].contains(message));
        }
    }

    #[test]
    fn an_event_of_the_scheduler_is_enough() {
        let mut case = Case::healthy();
        case.add(pod("loki-backend-0", json!({"phase": "Pending"})));
        case.add(
            json!({"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "FailedScheduling",
            "message": "0/1 nodes are available: 1 Insufficient memory.", "lastTimestamp": case.moment(5),
            "involvedObject": {"kind": "Pod", "name": "loki-backend-0"}}),
        );
        let found = found(&case);
        assert!(
            found[0].evidence[0].starts_with("event FailedScheduling of Pod loki-backend-0"),
            "{found:?}"
        );
        assert!(found[0].fix[0].contains("resources.loki.backend.requests.memory"));
    }

    #[test]
    fn a_missing_secret_is_named_and_explains() {
        for message in [
            "secret \"loki-s3-credentials\" not found",
            "couldn't find key x in Secret monitoring/loki-s3-credentials",
        ] {
            let found = one(
                "loki-write-0",
                json!({"phase": "Pending", "containerStatuses": [{"name": "loki",
                "state": {"waiting": {"reason": "CreateContainerConfigError", "message": message}}}]}),
            );
            assert_eq!(found.finding, "container loki cannot start: CreateContainerConfigError");
            assert_eq!(found.because[0].to_string(), "Secret monitoring/loki-s3-credentials");
            assert!(found.fix[0].contains("ExternalSecret loki-s3-credentials"), "{found:?}");
        }
    }

    #[test]
    fn crashes_tell_how_it_ended_last() {
        let status = |reason: &str, code: i64| {
            json!({"phase": "Running", "containerStatuses": [{"name": "thanos-store",
            "restartCount": 7, "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
            "lastState": {"terminated": {"reason": reason, "exitCode": code}}}]})
        };
        let killed = one("thanos-store-0", status("OOMKilled", 137));
        assert_eq!(killed.finding, "container thanos-store was killed for want of memory");
        assert!(
            killed.fix[0].contains("resources.thanosStore.limits.memory: 4096Mi (now 2Gi)"),
            "{killed:?}"
        );
        let crashed = one("thanos-store-0", status("Error", 1));
        assert_eq!(crashed.finding, "container thanos-store crashes: CrashLoopBackOff");
        assert!(
            crashed
                .evidence
                .iter()
                .any(|words| words.contains("exit code 1") && words.contains("7 restarts"))
        );
        assert_eq!(
            crashed.fix,
            ["kubectl -n monitoring logs thanos-store-0 -c thanos-store --previous --tail=50"]
        );
    }

    #[test]
    fn images_and_init_containers_count() {
        let found = one(
            "prometheus-grafana-0",
            json!({"phase": "Pending", "initContainerStatuses": [{"name": "init",
            "image": "docker.io/x:1", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}}]}),
        );
        assert_eq!(found.finding, "container init cannot start: ImagePullBackOff");
        assert!(found.fix[0].contains("versions.grafana"), "{found:?}");
    }

    #[test]
    fn not_ready_for_long_is_a_finding_and_for_short_is_starting() {
        let mut case = Case::healthy();
        let status = |moment: &str| {
            json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "False",
            "reason": "ContainersNotReady", "lastTransitionTime": moment}]})
        };
        case.add(pod("alloy-x1y2z", status(&case.moment(30))));
        assert!(found(&case).is_empty());
        let starting = case.findings(|expected, observed| {
            assert!(check(expected, observed).starting.contains("alloy-x1y2z"));
            Vec::new()
        });
        assert!(starting.is_empty());
        case.get("Pod", "alloy-x1y2z")["status"] = status(&case.moment(3600));
        assert_eq!(found(&case)[0].finding, "runs, but is not ready");
    }

    #[test]
    fn a_volume_that_cannot_be_mounted_is_found_at_once() {
        let mut case = Case::healthy();
        case.add(pod("prometheus-grafana-0", json!({"phase": "Pending"})));
        case.add(json!({"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "FailedMount",
            "message": "MountVolume.SetUp failed for volume \"x\" : secret \"grafana-admin\" not found",
            "lastTimestamp": case.moment(5), "involvedObject": {"kind": "Pod", "name": "prometheus-grafana-0"}}));
        let found = found(&case);
        assert!(found[0].because.iter().any(|object| object.name == "grafana-admin"), "{found:?}");
    }

    #[test]
    fn odd_pods_do_not_break_anything() {
        for status in [
            json!(null),
            json!([]),
            json!({"conditions": {}}),
            json!({"containerStatuses": [1, null, {"state": 3}]}),
        ] {
            let mut case = Case::healthy();
            case.add(pod("loki-write-0", status));
            found(&case);
        }
    }
}
