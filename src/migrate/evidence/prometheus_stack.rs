//! Values of kube-prometheus-stack, but for those of Grafana.

use serde_json::{Map, Value};

use super::super::draft::Draft;
use super::super::release::Release;
use super::super::report::{Findings, Outcome};
use super::table::{self, Row};
use super::{Evidence, thanos};

const SPEC: [&str; 2] = ["prometheus", "prometheusSpec"];

const TEXTS: &[Row] = &[
    (&["prometheus", "prometheusSpec", "image", "tag"], &["versions", "prometheus"]),
    (&["prometheus", "prometheusSpec", "retention"], &["retention", "prometheus"]),
    (&["prometheus", "prometheusSpec", "scrapeInterval"], &["scrapeInterval"]),
    (&["prometheus", "prometheusSpec", "externalLabels", "cluster"], &["cluster"]),
    (&["prometheus", "prometheusSpec", "priorityClassName"], &["priorityClass", "name"]),
    (&["alertmanager", "alertmanagerSpec", "configSecret"], &["alerting", "configSecret"]),
    (&["global", "imageRegistry"], &["images", "registry"]),
];

const VALUES: &[Row] = &[
    (&["prometheus", "prometheusSpec", "replicas"], &["replicas", "prometheus"]),
    (&["prometheus", "prometheusSpec", "tolerations"], &["tolerations"]),
    (&["alertmanager", "alertmanagerSpec", "replicas"], &["replicas", "alertmanager"]),
    (&["kube-state-metrics", "replicas"], &["replicas", "kubeStateMetrics"]),
    (&["nodeExporter", "enabled"], &["features", "nodeMetrics"]),
];

const RESOURCES: &[Row] = &[
    (&["prometheus", "prometheusSpec", "resources"], &["prometheus"]),
    (&["prometheus", "prometheusSpec", "thanos", "resources"], &["thanosSidecar"]),
    (&["alertmanager", "alertmanagerSpec", "resources"], &["alertmanager"]),
    (&["grafana", "resources"], &["grafana"]),
    (&["prometheusOperator", "resources"], &["prometheusOperator"]),
    (&["kube-state-metrics", "resources"], &["kubeStateMetrics"]),
    (&["prometheus-node-exporter", "resources"], &["nodeExporter"]),
];

/// Where a volume is in the values, and its key below `storage`.
const VOLUMES: &[Row] = &[
    (&["prometheus", "prometheusSpec", "storageSpec"], &["prometheus"]),
    (&["alertmanager", "alertmanagerSpec", "storage"], &["alertmanager"]),
];

/// The control plane's switches, which are one in the config.
const CONTROL_PLANE: [&str; 4] = ["kubeControllerManager", "kubeScheduler", "kubeProxy", "kubeEtcd"];

/// Offers what the values say.
pub(super) fn collect(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    table::texts(TEXTS, release, draft, findings);
    table::values(VALUES, release, draft, findings);
    table::resources(RESOURCES, evidence, release, draft, findings);
    for (from, to) in VOLUMES {
        let claim = release.at(from).and_then(|storage| storage.at(&["volumeClaimTemplate"]));
        let Some(claim) = claim else { continue };
        let size = &["spec", "resources", "requests", "storage"];
        draft.offer_text(&["storage", to[0]], claim, size, findings);
        draft.offer_text(&["storage", "class"], claim, &["spec", "storageClassName"], findings);
    }
    let pull_secrets = release.at(&["global", "imagePullSecrets"]);
    if let Some(secrets) = pull_secrets {
        // Both forms that charts take: names, and references by name.
        let names: Vec<_> = secrets
            .items(&[])
            .filter_map(|secret| secret.text(&["name"]).or_else(|| secret.text(&[])))
            .collect();
        if !names.is_empty() {
            draft.offer(&["images", "pullSecrets"], names.into(), secrets.place(), findings);
        }
    }
    let switches = CONTROL_PLANE.map(|part| release.flag(&[part, "enabled"]));
    if let [Some(first), rest @ ..] = switches
        && rest.iter().all(|switch| *switch == Some(first))
    {
        let place = release.at(&[CONTROL_PLANE[0], "enabled"]).unwrap_or(release.manifest.view).place();
        draft.offer(&["controlPlaneMetrics"], Value::Bool(first), place, findings);
    }
    sidecar(evidence, release, draft, findings);
    email(release, draft, findings);
    if !evidence.own && release.at(&SPEC).and_then(|spec| spec.at(&["externalLabels", "cluster"])).is_none() {
        let message = "there is no external label `cluster`; monstack always sets one";
        findings
            .add(Outcome::Differs, Some(release.manifest.place()), "cluster", message)
            .help("choose its value before the first upload: another one later begins new streams of blocks");
    }
}

/// The Thanos sidecar: its version, and whether it uploads.
fn sidecar(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    let Some(thanos) = release.at(&SPEC).and_then(|spec| spec.at(&["thanos"])) else { return };
    draft.offer_text(&["versions", "thanos"], thanos, &["version"], findings);
    if let Some((_, Some(tag))) = thanos.text(&["image"]).map(thanos::image_parts) {
        draft.offer(&["versions", "thanos"], tag.into(), thanos.place(), findings);
    }
    let configuration = thanos.at(&["objectStorageConfig"]);
    if evidence.own && configuration.is_none() {
        draft.offer(&["features", "longTermMetrics"], Value::Bool(false), thanos.place(), findings);
    }
    let dropped = configuration
        .filter(|configuration| configuration.at(&["existingSecret"]).is_none())
        .filter(|configuration| configuration.at(&["name"]).is_some());
    if let Some(dropped) = dropped {
        let message = "`objectStorageConfig: {name, key}` becomes `.existingSecret`: the chart drops the former, and \
                       with it the whole sidecar";
        findings
            .add(Outcome::Differs, Some(dropped.place()), release.manifest.to_string(), message)
            .help("if nothing was ever uploaded, long-term metrics begin with monstack");
    }
}

/// An e-mail receiver, as `alerting.email` makes it. Any other configuration of Alertmanager is carried over as
/// values of the chart.
fn email(release: &Release, draft: &mut Draft, findings: &mut Findings) {
    let Some(config) = release.at(&["alertmanager", "config"]) else { return };
    if config.text(&["route", "receiver"]) != Some("email") || config.at(&["global"]).is_some() {
        return;
    }
    let receivers: Vec<_> = config.items(&["receivers"]).collect();
    let [null, receiver] = receivers.as_slice() else { return };
    let mails: Vec<_> = receiver.items(&["email_configs"]).collect();
    let [mail] = mails.as_slice() else { return };
    if null.text(&["name"]) != Some("null") || receiver.text(&["name"]) != Some("email") {
        return;
    }
    let mut email = Map::new();
    for (from, to) in
        [("to", "to"), ("from", "from"), ("smarthost", "smarthost"), ("auth_username", "username")]
    {
        if let Some(text) = mail.text(&[from]) {
            email.insert(to.to_owned(), text.into());
        }
    }
    if let Some((secret, key)) = mail.text(&["auth_password_file"]).and_then(password) {
        email.insert("passwordSecret".to_owned(), secret.into());
        if key != "password" {
            email.insert("passwordKey".to_owned(), key.into());
        }
    }
    if mail.flag(&["require_tls"]) == Some(false) {
        email.insert("requireTls".to_owned(), Value::Bool(false));
    }
    draft.offer(&["alerting", "email"], Value::Object(email), mail.place(), findings);
}

/// Secret and key of a file that the operator mounts.
fn password(file: &str) -> Option<(&str, &str)> {
    file.strip_prefix("/etc/alertmanager/secrets/")?.split_once('/')
}
