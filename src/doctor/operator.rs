//! Prometheus and Alertmanager, as the Prometheus Operator says they are.

use super::credentials::unattended;
use super::definitions::MONITORING;
use super::expected::Expected;
use super::finding::Finding;
use super::observed::{Observed, condition, conditions, text};
use crate::k8s::Identity;

/// Objects of the Prometheus Operator that are not available or not reconciled.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    for (kind, name) in [
        ("Prometheus", expected.names.prometheus()),
        ("Alertmanager", format!("{}-alertmanager", expected.names.prometheus_release())),
    ] {
        let Some(value) = observed.get(MONITORING, kind, expected.names.namespace(), &name) else { continue };
        let object = Identity::of(value);
        let failing: Vec<_> = ["Reconciled", "Available"]
            .iter()
            .filter_map(|of| condition(value, of))
            .filter(|one| !matches!(one.status, "True" | "Unknown"))
            // Some of its pods are being replaced.
            .filter(|one| {
                let age = observed.since(&one.value["lastTransitionTime"]);
                one.status != "Degraded" || age.is_none_or(|age| age >= observed.grace)
            })
            .collect();
        if failing.is_empty() {
            if conditions(value).next().is_none() && !observed.is_young(value) {
                found.push(unattended(object, value, observed, "the Prometheus Operator"));
            }
            continue;
        }
        let is_reconciled = failing.iter().all(|one| one.of != "Reconciled");
        let what = if is_reconciled {
            "is not available"
        } else {
            "cannot be reconciled by the Prometheus Operator"
        };
        let base = format!("{}-{name}", kind.to_lowercase());
        let mut finding = Finding::new(object, what);
        for one in failing {
            finding = finding.evidence(one.shown());
        }
        let kubectl = expected.kubectl_here();
        if is_reconciled {
            // Its pods say more.
            let pods = observed.of("", "Pod").filter(|pod| text(pod, "/metadata/name").starts_with(&base));
            let pods: Vec<_> = pods.map(Identity::of).collect();
            let workload = expected.here("apps", "StatefulSet", &base);
            finding = finding.because(pods).because([workload]);
        }
        let describe = format!("{kubectl} describe {} {name}", kind.to_lowercase());
        let log =
            format!("{kubectl} logs deployment/{}-operator --tail=50", expected.names.prometheus_release());
        found.push(finding.fix(describe).fix(log));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::doctor::testing::Case;

    fn prometheus(conditions: Value) -> Value {
        json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "status": {"conditions": conditions},
            "metadata": {"name": "prometheus-prometheus", "namespace": "monitoring", "creationTimestamp": "1970-01-01T00:00:00Z"}})
    }

    #[test]
    fn available_and_reconciled_is_fine_and_anything_else_is_not() {
        for (conditions, finding) in [
            (
                json!([{"type": "Available", "status": "True"}, {"type": "Reconciled", "status": "True"}]),
                None,
            ),
            (json!([{"type": "Available", "status": "Unknown"}]), None),
            (
                json!([{"type": "Available", "status": "False", "reason": "NoPodReady"}]),
                Some("is not available"),
            ),
            (json!([{"type": "Available", "status": "Degraded"}]), Some("is not available")),
            (
                json!([{"type": "Reconciled", "status": "False", "message": "x"}]),
                Some("cannot be reconciled by the Prometheus Operator"),
            ),
            (json!([]), Some("nothing acts on it: the Prometheus Operator is not running")),
        ] {
            let mut case = Case::healthy();
            case.add(prometheus(conditions));
            let found = case.findings(check);
            assert_eq!(found.first().map(|one| one.finding.as_str()), finding);
        }
    }
}
