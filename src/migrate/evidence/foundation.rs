//! Namespace and PriorityClass.

use serde_json::Value;

use super::super::draft::Draft;
use super::super::report::{Findings, Outcome};
use super::Evidence;
use crate::config::PodSecurityLevel;

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// Offers the namespace with its Pod Security levels, and the PriorityClass.
pub(super) fn collect(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    namespace(evidence, draft, findings);
    priority_class(evidence, draft, findings);
}

fn namespace(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    let known =
        draft.get(&super::super::draft::path(&["namespace"])).and_then(Value::as_str).map(str::to_owned);
    let mut namespaces = evidence.of("Namespace");
    let found = match known {
        Some(known) => namespaces.find(|namespace| namespace.name() == known),
        None => namespaces.next(),
    };
    let Some(namespace) = found else { return };
    draft.offer(&["namespace"], namespace.name().into(), namespace.place(), findings);
    let level = |mode: &str| namespace.view.at(&["metadata", "labels", mode]);
    if let Some(enforce) = level(ENFORCE) {
        // monstack computes the strictest level that the workloads allow. A stricter one never let all of them
        // run, so the original's is a mistake and not a wish.
        draft.offer_text(&["podSecurity", "enforce"], enforce, &[], findings);
    }
    if let Some(audit) = level("pod-security.kubernetes.io/audit") {
        draft.offer_text(&["podSecurity", "audit"], audit, &[], findings);
    }
    let warn = level("pod-security.kubernetes.io/warn");
    if let Some(warn) = warn.filter(|warn| warn.text(&[]) != namespace.label(ENFORCE)) {
        let message = format!(
            "the level `warn` follows `enforce`; {} is not carried over",
            warn.text(&[]).unwrap_or(PodSecurityLevel::Privileged.as_str())
        );
        findings.add(Outcome::Differs, Some(warn.place()), namespace.to_string(), message);
    }
}

fn priority_class(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    let referred = evidence.manifests.iter().find_map(|manifest| {
        manifest
            .view
            .at(&["spec", "template", "spec", "priorityClassName"])
            .filter(|name| name.text(&[]).is_some())
    });
    let mut classes = evidence
        .of("PriorityClass")
        .filter(|class| referred.is_none_or(|referred| referred.text(&[]) == Some(class.name())));
    if let Some(class) = classes.next() {
        draft.offer(&["priorityClass", "name"], class.name().into(), class.place(), findings);
        draft.offer_value(&["priorityClass", "value"], class.view, &["value"], findings);
        return;
    }
    let Some(referred) = referred else { return };
    draft.offer_text(&["priorityClass", "name"], referred, &[], findings);
    // Of a whole stack the namespace is always there: then a class that is not is somebody else's.
    if evidence.of("Namespace").next().is_some() {
        draft.offer(&["priorityClass", "create"], Value::Bool(false), referred.place(), findings);
    }
}
