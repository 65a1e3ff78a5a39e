//! Volume claims that are not bound.

use serde_json::Value;

use super::component;
use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::{Observed, list, text};
use crate::k8s::Identity;

/// Claims that are pending or have lost their volume.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed, notes: &mut Vec<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for claim in observed.of("", "PersistentVolumeClaim") {
        let Some(component) = component::of_claim(expected.config, claim) else { continue };
        let object = Identity::of(claim);
        match text(claim, "/status/phase") {
            "Pending" => match pending(expected, observed, claim) {
                Ok(finding) => found.push(finding),
                Err(note) => notes.push(note),
            },
            "Lost" => {
                let volume = text(claim, "/spec/volumeName");
                let fix = format!(
                    "restore PersistentVolume {volume}, or delete the claim, so that it gets a new and empty one: {} \
                     delete pvc {}",
                    expected.kubectl_here(),
                    object.name
                );
                let key = component.storage.unwrap_or("storage");
                found.push(
                    Finding::new(object, format!("has lost its volume ({key})"))
                        .evidence(format!("phase Lost, spec.volumeName: {volume}"))
                        .fix(fix),
                );
            }
            _ => {}
        }
    }
    found
}

/// A claim that is not bound; or a note, where it only waits for a pod.
fn pending(expected: &Expected, observed: &Observed, claim: &Value) -> Result<Finding, String> {
    let object = Identity::of(claim);
    let class_name = text(claim, "/spec/storageClassName");
    let class_object = identity("storage.k8s.io", "StorageClass", "", class_name);
    let class = observed.get("storage.k8s.io", "StorageClass", "", class_name);
    let events = observed.events("PersistentVolumeClaim", &object.name);
    let failed = events.iter().find(|event| {
        event.is_warning
            || matches!(event.reason, "ProvisioningFailed" | "FailedBinding" | "ProvisioningCleanupFailed")
    });
    let is_lazy = class.is_some_and(|class| text(class, "/volumeBindingMode") == "WaitForFirstConsumer")
        || events.iter().any(|event| event.reason == "WaitForFirstConsumer");
    if is_lazy && failed.is_none() {
        let pods = users(observed, &object);
        return Err(match pods.first() {
            Some(pod) => format!("{object} waits until {pod} is scheduled"),
            None => format!("{object} waits for a pod that uses it"),
        });
    }
    // The provisioner has begun.
    let has_begun =
        events.iter().any(|event| matches!(event.reason, "ExternalProvisioning" | "Provisioning"));
    if failed.is_none() && observed.is_young(claim) && has_begun {
        return Err(format!("{object} gets its volume just now"));
    }
    let mut finding = Finding::new(object.clone(), "is not bound to a volume").evidence("phase Pending");
    for event in failed.into_iter().chain(events.iter().take(1)) {
        finding = finding.evidence(event.shown());
    }
    let describe = format!("{} describe pvc {}", expected.kubectl_here(), object.name);
    if class_name.is_empty() {
        let is_explicit = claim.pointer("/spec/storageClassName").is_some();
        let words = if is_explicit {
            "it asks for no class"
        } else {
            "it names no class, and there was no default one"
        };
        let class = first_class(observed).unwrap_or("NAME");
        let default = identity("storage.k8s.io", "StorageClass", "", "(default)");
        return Ok(finding
            .evidence(words)
            .fix(format!("storage.class: {class}"))
            .fix(describe)
            .because([default]));
    }
    if observed.lacks(&class_object) {
        finding = finding.evidence(format!("its StorageClass {class_name} is missing"));
        let instead =
            first_class(observed).map_or_else(String::new, |class| format!(", or storage.class: {class}"));
        return Ok(finding
            .fix(format!("create StorageClass {class_name}{instead}; claims that are there keep their class"))
            .because([class_object]));
    }
    finding = finding.evidence(format!("storageClassName: {class_name}"));
    let provisioner = class.map_or("", |class| text(class, "/provisioner"));
    let words = finding.evidence.join(" ").to_lowercase();
    let fix = if words.contains("exceed") && words.contains("quota") {
        format!("raise the quota: {} get resourcequota", expected.kubectl_here())
    } else if ["insufficient", "not enough", "no space", "exhausted"].iter().any(|part| words.contains(part))
    {
        let key = component::of_claim(expected.config, claim).and_then(|component| component.storage);
        format!("make room in the storage, or ask for less: {}", key.unwrap_or("storage"))
    } else if provisioner.is_empty() {
        format!("see whether the provisioner of StorageClass {class_name} runs")
    } else {
        format!("see whether the provisioner {provisioner} of StorageClass {class_name} runs, and its log")
    };
    Ok(finding.fix(fix).fix(describe))
}

/// The first class by name, to be proposed.
fn first_class(observed: &Observed) -> Option<&str> {
    observed.of("storage.k8s.io", "StorageClass").map(|class| text(class, "/metadata/name")).min()
}

/// Pods that mount a claim.
fn users(observed: &Observed, claim: &Identity) -> Vec<Identity> {
    let uses = |pod: &&Value| {
        let volumes = list(pod, "/spec/volumes").iter();
        let name = text(pod, "/metadata/name");
        volumes.map(|volume| text(volume, "/persistentVolumeClaim/claimName")).any(|used| used == claim.name)
            || claim.name.ends_with(&format!("-{name}"))
    };
    observed.of("", "Pod").filter(uses).map(Identity::of).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn claim(name: &str, phase: &str, class: Value) -> Value {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "monitoring"},
            "spec": {"storageClassName": class, "volumeName": "pv-1"}, "status": {"phase": phase}})
    }

    fn look(case: &Case) -> (Vec<Finding>, Vec<String>) {
        let mut notes = Vec::new();
        let found = case.findings(|expected, observed| check(expected, observed, &mut notes));
        (found, notes)
    }

    fn event(case: &Case, reason: &str, message: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Event", "reason": reason, "message": message,
            "lastTimestamp": case.moment(5),
            "involvedObject": {"kind": "PersistentVolumeClaim", "name": "data-thanos-store-0"}})
    }

    #[test]
    fn bound_claims_and_those_of_others_are_fine() {
        let mut case = Case::healthy();
        case.add(claim("data-thanos-store-0", "Bound", json!("longhorn")));
        case.add(claim("data-postgres-0", "Pending", json!("longhorn")));
        assert_eq!(look(&case), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_pending_claim_shows_its_event() {
        let mut case = Case::healthy();
        case.add(claim("data-thanos-store-0", "Pending", json!("longhorn")));
        case.add(event(&case, "ProvisioningFailed", "insufficient storage"));
        let (found, _) = look(&case);
        assert_eq!(found[0].finding, "is not bound to a volume");
        assert!(
            found[0].evidence[1].contains("ProvisioningFailed")
                && found[0].evidence[1].ends_with("insufficient storage")
        );
        assert!(found[0].fix[0].contains("storage.thanosStore"), "{found:?}");
    }

    #[test]
    fn a_class_that_is_missing_or_not_named_is_the_reason() {
        let mut case = Case::healthy();
        case.add(claim("data-thanos-store-0", "Pending", json!("gone")));
        let (found, _) = look(&case);
        assert_eq!(found[0].because[0].to_string(), "StorageClass gone");
        assert!(found[0].fix[0].contains("storage.class: longhorn"));
        case.get("PersistentVolumeClaim", "data-thanos-store-0")["spec"] = json!({});
        let (found, _) = look(&case);
        assert!(found[0].evidence[1].contains("names no class"), "{found:?}");
    }

    #[test]
    fn a_claim_that_waits_for_its_pod_is_a_note() {
        let mut case = Case::healthy();
        case.add(claim("data-thanos-store-0", "Pending", json!("longhorn")));
        case.add(event(&case, "WaitForFirstConsumer", "waiting for first consumer"));
        case.add(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "thanos-store-0", "namespace": "monitoring"}}));
        let (found, notes) = look(&case);
        assert!(found.is_empty());
        assert_eq!(
            notes,
            [
                "PersistentVolumeClaim monitoring/data-thanos-store-0 waits until Pod monitoring/thanos-store-0 is scheduled"
            ]
        );
    }

    #[test]
    fn a_lost_volume_is_a_finding() {
        let mut case = Case::healthy();
        case.add(claim("data-thanos-store-0", "Lost", json!("longhorn")));
        let (found, _) = look(&case);
        assert_eq!(found[0].finding, "has lost its volume (storage.thanosStore)");
        assert!(found[0].evidence[0].contains("pv-1"));
    }
}
