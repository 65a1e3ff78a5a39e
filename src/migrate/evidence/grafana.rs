//! Values of Grafana, a subchart of kube-prometheus-stack.

use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::super::release::Release;
use super::super::report::{Findings, Outcome};
use super::Evidence;
use super::table::{self, Row};

const TEXTS: &[Row] = &[
    (&["grafana", "image", "tag"], &["versions", "grafana"]),
    (&["grafana", "persistence", "size"], &["storage", "grafana"]),
    (&["grafana", "persistence", "storageClassName"], &["storage", "class"]),
    (&["grafana", "admin", "existingSecret"], &["grafana", "admin", "secret"]),
    (&["grafana", "admin", "userKey"], &["grafana", "admin", "userKey"]),
    (&["grafana", "admin", "passwordKey"], &["grafana", "admin", "passwordKey"]),
];

const VALUES: &[Row] = &[
    (&["grafana", "replicas"], &["replicas", "grafana"]),
    (&["grafana", "persistence", "enabled"], &["grafana", "persistence"]),
];

/// Offers what the values say.
pub(super) fn collect(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    table::texts(TEXTS, release, draft, findings);
    table::values(VALUES, release, draft, findings);
    ingress(evidence, release, draft, findings);
    if release.at(&["grafana", "admin", "existingSecret"]).is_none() {
        let place = release.at(&["grafana", "adminPassword"]).unwrap_or(release.manifest.view).place();
        let message = "the administrator's password comes from a Secret, which has to exist";
        findings
            .add(Outcome::Differs, Some(place), "grafana.admin.secret", message)
            .help("create the Secret `grafana-admin` with the keys `admin-user` and `admin-password`");
    }
}

fn ingress(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    let Some(ingress) = release.at(&["grafana", "ingress"]) else { return };
    if ingress.flag(&["enabled"]) != Some(true) {
        return;
    }
    let hosts = ingress.texts(&["hosts"]);
    let Some(host) = hosts.first() else {
        let message = "an Ingress without a host is not carried over";
        findings.add(Outcome::LeftOut, Some(ingress.place()), "grafana.ingress", message);
        return;
    };
    let mut all = Map::from_iter([("host".to_owned(), Value::from(*host))]);
    if let Some(class) = ingress.text(&["ingressClassName"]) {
        all.insert("className".to_owned(), class.into());
    }
    if let Some(secret) = ingress.items(&["tls"]).find_map(|tls| tls.text(&["secretName"])) {
        all.insert("tlsSecret".to_owned(), secret.into());
    }
    let annotations: Map<_, _> = ingress
        .entries(&["annotations"])
        .filter_map(|(key, value)| {
            let text = value.text(&[])?;
            // The chart runs `tpl` over them, and monstack escapes what it was given.
            let text = if evidence.own { text.replace("{{`{{`}}", "{{") } else { text.to_owned() };
            Some((key.to_owned(), text.into()))
        })
        .collect();
    if !annotations.is_empty() {
        all.insert("annotations".to_owned(), Value::Object(annotations));
    }
    draft.offer(&["grafana", "ingress"], Value::Object(all), ingress.place(), findings);
    if hosts.len() > 1 {
        let message = format!("only the first of {} hosts is carried over", hosts.len());
        findings.add(Outcome::Differs, Some(ingress.place()), "grafana.ingress.host", message);
    }
}
