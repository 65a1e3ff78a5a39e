//! ExternalSecrets with the S3 credentials.

use super::super::draft::Draft;
use super::super::manifest::Manifest;
use super::super::report::{Findings, Outcome};
use super::super::view::View;
use super::Evidence;
use crate::names::Names;

/// Offers the store, the source Secret and its keys.
pub(super) fn collect(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    for secret in evidence.of("ExternalSecret").filter(|secret| is_ours(*secret)) {
        let key = |last| ["objectStorage", "credentials", last];
        let view = secret.view;
        draft.offer(&key("apiVersion"), secret.version().into(), secret.place(), findings);
        draft.offer_text(&key("secretStore"), view, &["spec", "secretStoreRef", "name"], findings);
        draft.offer_text(&key("refreshInterval"), view, &["spec", "refreshInterval"], findings);
        if let Some(kind) = view.at(&["spec", "secretStoreRef", "kind"])
            && kind.text(&[]) != Some("ClusterSecretStore")
        {
            let message = "monstack reads from a ClusterSecretStore, not from a SecretStore of the namespace";
            findings.add(Outcome::Differs, Some(kind.place()), secret.to_string(), message);
        }
        for data in view.items(&["spec", "data"]) {
            self::data(data, draft, findings);
        }
        for from in view.items(&["spec", "dataFrom"]) {
            data_from(secret, from, draft, findings);
        }
        let template = ["spec", "target", "template", "data", Names::THANOS_OBJSTORE_KEY];
        if let Some(template) = view.at(&template) {
            objstore(template, draft, findings);
        }
        if let Some(namespace) = view.at(&["spec", "target", "namespace"]) {
            let message =
                "`target.namespace` is no field of an ExternalSecret: the Secret lands in its own namespace";
            findings.add(Outcome::Differs, Some(namespace.place()), secret.to_string(), message);
        }
    }
}

/// Whether it makes one of the Secrets that Thanos or Loki mount.
fn is_ours(secret: Manifest) -> bool {
    let target = secret.view.text(&["spec", "target", "name"]).unwrap_or(secret.name());
    [Names::THANOS_CREDENTIALS, Names::THANOS_OBJSTORE, Names::LOKI_CREDENTIALS].contains(&target)
        || (target.contains("thanos") || target.contains("loki")) && target.contains("s3")
}

/// One value that is read: the two keys, or an INI file.
fn data(data: View, draft: &mut Draft, findings: &mut Findings) {
    let key = |last| ["objectStorage", "credentials", last];
    draft.offer_text(&key("secret"), data, &["remoteRef", "key"], findings);
    let name = data.text(&["secretKey"]).unwrap_or_default();
    let property = &["remoteRef", "property"];
    match name.to_ascii_uppercase().as_str() {
        "CREDENTIALS" => {
            draft.offer(&key("format"), "ini".into(), data.place(), findings);
            draft.offer_text(&key("iniKey"), data, property, findings);
        }
        "AWS_ACCESS_KEY_ID" | "ACCESS_KEY" | "ACCESS_KEY_ID" => {
            draft.offer_text(&key("accessKeyIdKey"), data, property, findings);
        }
        "AWS_SECRET_ACCESS_KEY" | "SECRET_KEY" | "SECRET_ACCESS_KEY" => {
            draft.offer_text(&key("secretAccessKeyKey"), data, property, findings);
        }
        _ => {}
    }
}

/// A search or a whole Secret becomes two keys.
fn data_from(secret: Manifest, from: View, draft: &mut Draft, findings: &mut Findings) {
    let key = ["objectStorage", "credentials", "secret"];
    draft.offer_text(&key, from, &["extract", "key"], findings);
    let Some(expression) = from.at(&["find", "name", "regexp"]) else { return };
    let text = expression.text(&[]).unwrap_or_default();
    let name = text.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".").replace("\\-", "-");
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
    if is_name {
        draft.offer(&key, name.into(), expression.place(), findings);
    } else {
        findings
            .add(
                Outcome::LeftOut,
                Some(expression.place()),
                secret.to_string(),
                "the expression names no single Secret",
            )
            .help("set objectStorage.credentials.secret");
    }
    let message = "the search by regular expression becomes a reference by key: it needs `list` on all Secrets of the \
                   store, and its result has one key, the Secret's name, with JSON in it";
    findings
        .add(Outcome::Differs, Some(expression.place()), secret.to_string(), message)
        .help("check objectStorage.credentials.format and the names of the keys in the source Secret");
}

/// The object store configuration of Thanos, as far as it is no template.
fn objstore(template: View, draft: &mut Draft, findings: &mut Findings) {
    let text = template.text(&[]).unwrap_or_default();
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(':'))?;
        let value = line.trim().trim_matches('"');
        (!value.is_empty() && !value.contains("{{")).then(|| value.to_owned())
    };
    if let Some(bucket) = value("bucket") {
        let key = ["objectStorage", "buckets", "metrics"];
        draft.offer(&key, bucket.into(), template.place(), findings);
    }
    if let Some(region) = value("region") {
        draft.offer(&["objectStorage", "region"], region.into(), template.place(), findings);
    }
    if let Some(endpoint) = value("endpoint") {
        let insecure = value("insecure").is_some_and(|insecure| insecure == "true");
        let endpoint = if insecure { format!("http://{endpoint}") } else { endpoint };
        draft.offer(&["objectStorage", "endpoint"], endpoint.into(), template.place(), findings);
    }
}
