//! Values that are the same in the config and in a manifest, as tables.

use serde_json::Value;

use super::super::draft::Draft;
use super::super::release::Release;
use super::super::report::{Findings, Outcome};
use super::super::view::View;
use super::Evidence;

/// Where a value is in a chart's values, and its key in the config.
pub(super) type Row = (&'static [&'static str], &'static [&'static str]);

/// Offers texts of a release as they are written.
pub(super) fn texts(rows: &[Row], release: &Release, draft: &mut Draft, findings: &mut Findings) {
    for (from, to) in rows {
        if let Some(view) = release.at(from) {
            draft.offer_text(to, view, &[], findings);
        }
    }
}

/// Offers numbers, booleans and lists of a release.
pub(super) fn values(rows: &[Row], release: &Release, draft: &mut Draft, findings: &mut Findings) {
    for (from, to) in rows {
        if let Some(view) = release.at(from) {
            draft.offer_value(to, view, &[], findings);
        }
    }
}

/// Offers the resources of containers of a release.
pub(super) fn resources(
    rows: &[Row],
    evidence: &Evidence,
    release: &Release,
    draft: &mut Draft,
    findings: &mut Findings,
) {
    for (from, to) in rows {
        let place = release.manifest.view;
        quantities(release.at(from), place, to, evidence, draft, findings);
    }
}

const QUANTITIES: [[&str; 2]; 4] =
    [["requests", "cpu"], ["requests", "memory"], ["limits", "cpu"], ["limits", "memory"]];

/// Offers requests and limits of a container. What monstack did not render was removed with `null`; what the
/// original does not have gets monstack's default.
pub(super) fn quantities(
    resources: Option<View>,
    around: View,
    component: &[&str],
    evidence: &Evidence,
    draft: &mut Draft,
    findings: &mut Findings,
) {
    let mut absent = Vec::new();
    for quantity in QUANTITIES {
        let key: Vec<&str> = ["resources"].iter().chain(component).chain(&quantity).copied().collect();
        match resources.and_then(|resources| resources.at(&quantity)) {
            Some(view) if view.text(&[]).is_some() => draft.offer_text(&key, view, &[], findings),
            _ if evidence.own => draft.offer(&key, Value::Null, around.place(), findings),
            _ => absent.push(quantity.join(".")),
        }
    }
    absent.retain(|quantity| quantity != "limits.cpu");
    if !absent.is_empty() {
        let subject = format!("resources.{}", component.join("."));
        let message = format!("{} not set; monstack sets its defaults", absent.join(", "));
        findings
            .add(Outcome::Differs, Some(resources.unwrap_or(around).place()), subject, message)
            .help("`null` in place of a quantity removes it");
    }
}
