//! What is wrong with the stack in a cluster: from what the cluster answered, and what the config renders, to findings
//! with evidence and a fix. Nothing here asks anything.

pub mod admission;
pub mod buckets;
pub mod component;
pub mod credentials;
pub mod definitions;
pub mod delivery;
pub mod expected;
pub mod finding;
pub mod missing;
pub mod observed;
pub mod operator;
pub mod pods;
pub mod prerequisites;
pub mod thanos;
pub mod volumes;
pub mod workloads;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use expected::Expected;
pub use finding::{Finding, Report, Unchecked};
pub use observed::Observed;

use crate::k8s::Identity;

/// Looks at everything that was observed. Topics are in the order of causes: what others need comes first.
#[must_use]
pub fn diagnose(expected: &Expected, observed: &Observed) -> Report {
    let known = is_applied(expected, observed);
    let applied = known == Some(true);
    let mut notes = Vec::new();
    let mut unchecked: Vec<_> = observed.unchecked.iter().cloned().collect();
    let mut findings = definitions::check(expected, observed, applied);
    findings.extend(prerequisites::check(expected, observed));
    findings.extend(credentials::check_source(expected, observed));
    findings.extend(buckets::check_provider(expected, observed));
    let mut checked = vec![format!(
        "{} prerequisites: operators, API versions, stores, classes, Secrets",
        crate::prerequisites::list(expected.config).len()
    )];
    if applied {
        findings.extend(credentials::check_copies(expected, observed));
        findings.extend(buckets::check(expected, observed, &mut notes));
        findings.extend(delivery::check(expected, observed, &mut notes));
        findings.extend(missing::check(expected, observed));
        let rejected = admission::check(expected, observed);
        findings.extend(volumes::check(expected, observed, &mut notes));
        let pods = pods::check(expected, observed);
        if !pods.starting.is_empty() {
            let names: Vec<_> = pods.starting.iter().map(String::as_str).collect();
            notes.push(format!("pods that are starting: {}", names.join(", ")));
        }
        let workloads = workloads::check(expected, observed, &rejected, &pods.starting, &mut notes);
        findings.extend(rejected);
        findings.extend(pods.findings);
        findings.extend(workloads);
        findings.extend(operator::check(expected, observed));
        findings.extend(thanos::query(expected, observed, &mut unchecked));
        findings.extend(thanos::compactor(expected, observed, &mut unchecked));
        let count = |kinds: &[(&str, &str)]| -> usize {
            kinds.iter().map(|(group, kind)| observed.of(group, kind).count()).sum()
        };
        checked.push(format!(
            "{} rendered objects, {} workloads, {} pods, {} volume claims, {} events",
            expected.objects.len(),
            workloads::of_stack(expected, observed).len(),
            count(&[("", "Pod")]),
            count(&[("", "PersistentVolumeClaim")]),
            count(&[("", "Event")]),
        ));
        for (question, what) in [
            (observed::Question::Stores, "the stores of Thanos Query"),
            (observed::Question::Metrics, "the metrics of Thanos Compactor"),
        ] {
            if observed.answers.iter().any(|answer| answer.question == question) {
                checked.push(what.to_owned());
            }
        }
        notes.extend(young(expected, observed));
    }
    Report { problems: finding::arrange(findings), notes, unchecked, checked, applied: known }
}

/// Whether anything of the stack is there that was not there before it. `None` where nothing could be listed.
#[must_use]
pub fn is_applied(expected: &Expected, observed: &Observed) -> Option<bool> {
    let telling = expected.rendered().filter(|object| Expected::tells_of_apply(object));
    let telling: Vec<_> = telling.map(|object| Identity::of(&object.value)).collect();
    if telling.iter().any(|object| observed.present.contains(object)) {
        return Some(true);
    }
    telling.iter().any(|object| observed.lacks(object)).then_some(false)
}

/// Objects that nobody has looked at yet, but which are young.
fn young(expected: &Expected, observed: &Observed) -> Option<String> {
    let waiting: Vec<_> = expected
        .rendered()
        .map(|object| Identity::of(&object.value))
        .filter(|object| {
            let has_status = matches!(object.kind.as_str(), "HelmChart" | "Application" | "ExternalSecret")
                || buckets::is_managed(object);
            let value = observed.get(&object.group, &object.kind, &object.namespace, &object.name);
            has_status
                && value.is_some_and(|value| {
                    let status = value["status"].as_object();
                    status.is_none_or(serde_json::Map::is_empty) && observed.is_young(value)
                })
        })
        .map(|object| object.to_string())
        .collect();
    (!waiting.is_empty()).then(|| {
        format!(
            "without a status yet, which is a problem only after {} min: {}",
            observed.grace / 60,
            waiting.join(", ")
        )
    })
}
