//! Buckets with their versioning and lifecycle rules, and the ProviderConfig that they refer to.

use serde_json::Value;

use super::super::draft::Draft;
use super::super::manifest::Manifest;
use super::super::release::Chart;
use super::super::report::{Findings, Outcome};
use super::super::view::View;
use super::Evidence;

/// What is stored in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrate) enum Store {
    Metrics,
    Logs,
}

impl Store {
    /// Its key below `objectStorage.buckets`.
    pub(in crate::migrate) fn key(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Logs => "logs",
        }
    }
}

/// The name of a bucket in the object store: Crossplane's external name, else that of the object.
pub(in crate::migrate) fn name_of(bucket: Manifest<'_>) -> &str {
    bucket.view.text(&["metadata", "annotations", "crossplane.io/external-name"]).unwrap_or(bucket.name())
}

/// What a bucket, or an object about one, is for.
pub(in crate::migrate) fn store_of(manifest: Manifest, evidence: &Evidence) -> Option<Store> {
    match manifest.label("app.kubernetes.io/name") {
        Some("thanos") => return Some(Store::Metrics),
        Some("loki") => return Some(Store::Logs),
        _ => {}
    }
    let parameters = manifest.view.at(&["spec", "forProvider"]);
    let referred = parameters.and_then(|parameters| {
        parameters.text(&["bucketRef", "name"]).or_else(|| parameters.text(&["bucket"]))
    });
    let names = match referred {
        Some(referred) if manifest.kind() != "Bucket" => [referred, manifest.name()],
        _ => [name_of(manifest), manifest.name()],
    };
    let loki = evidence.release(Chart::Loki);
    let chunks = loki.and_then(|loki| loki.text(&["loki", "storage", "bucketNames", "chunks"]));
    if chunks.is_some_and(|chunks| names.contains(&chunks)) {
        return Some(Store::Logs);
    }
    names.into_iter().find_map(|name| {
        let has = |words: [&str; 2]| words.iter().any(|word| name.contains(word));
        if has(["thanos", "metrics"]) {
            Some(Store::Metrics)
        } else if has(["loki", "logs"]) {
            Some(Store::Logs)
        } else {
            None
        }
    })
}

/// Offers names, region, versioning, lifecycle and ProviderConfig of the buckets.
pub(super) fn collect(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    let mut buckets = 0;
    for bucket in evidence.of("Bucket").filter(|bucket| bucket.group() == "s3.aws.upbound.io") {
        let Some(store) = store_of(bucket, evidence) else {
            let message = "it is not clear whether this bucket is for metrics or for logs";
            findings
                .add(Outcome::LeftOut, Some(bucket.place()), bucket.to_string(), message)
                .help("set objectStorage.buckets.metrics or objectStorage.buckets.logs to its name");
            continue;
        };
        buckets += 1;
        let key = ["objectStorage", "buckets", store.key()];
        draft.offer(&key, name_of(bucket).into(), bucket.place(), findings);
        common(bucket, draft, findings);
    }
    for versioning in evidence.of("BucketVersioning") {
        let parameters = versioning.view.at(&["spec", "forProvider"]);
        // A list of one in v1beta1.
        let setting = parameters.and_then(|parameters| {
            let list = parameters.items(&["versioningConfiguration"]).next();
            list.or_else(|| parameters.at(&["versioningConfiguration"]))
        });
        if let Some(setting) = setting {
            draft.offer_text(&["objectStorage", "versioning"], setting, &["status"], findings);
        }
        common(versioning, draft, findings);
    }
    let mut lifecycles = 0;
    for lifecycle in evidence.of("BucketLifecycleConfiguration") {
        lifecycles += 1;
        common(lifecycle, draft, findings);
        if let Some(store) = store_of(lifecycle, evidence) {
            self::lifecycle(lifecycle, store, evidence.own, draft, findings);
        }
    }
    if let Some(bucket) =
        evidence.of("Bucket").next().filter(|_| evidence.own && buckets > 0 && lifecycles == 0)
    {
        let key = ["objectStorage", "lifecycle", "enabled"];
        draft.offer(&key, Value::Bool(false), bucket.place(), findings);
    }
    provider_config(evidence, draft, findings);
}

fn common(manifest: Manifest, draft: &mut Draft, findings: &mut Findings) {
    let view = manifest.view;
    draft.offer_text(&["objectStorage", "region"], view, &["spec", "forProvider", "region"], findings);
    let provider = &["spec", "providerConfigRef", "name"];
    draft.offer_text(&["objectStorage", "providerConfig", "name"], view, provider, findings);
}

fn lifecycle(manifest: Manifest, store: Store, own: bool, draft: &mut Draft, findings: &mut Findings) {
    for rule in manifest.view.items(&["spec", "forProvider", "rule"]) {
        let key = |last| ["objectStorage", "lifecycle", last];
        if let Some(days) = first(rule, "abortIncompleteMultipartUpload", "daysAfterInitiation") {
            draft.offer_value(&key("abortIncompleteMultipartUploadDays"), days, &[], findings);
        }
        if let Some(days) = first(rule, "noncurrentVersionExpiration", "noncurrentDays") {
            draft.offer_value(&key("noncurrentVersionDays"), days, &[], findings);
        }
        let Some(days) = first(rule, "expiration", "days") else { continue };
        if own {
            let last = if store == Store::Metrics { "expireMetricsDays" } else { "expireLogsDays" };
            draft.offer_value(&key(last), days, &[], findings);
        } else {
            expiration(manifest, store, rule, days, draft, findings);
        }
    }
}

/// A field of a part of a rule. Parts are lists of one in v1beta1 and objects in v1beta2.
fn first<'a>(rule: View<'a>, part: &str, field: &str) -> Option<View<'a>> {
    rule.items(&[part]).next().or_else(|| rule.at(&[part]))?.at(&[field])
}

/// Retention that was a lifecycle rule becomes the compactors'. A rule sees neither a block's resolution nor
/// whether an index still refers to a chunk.
fn expiration(
    manifest: Manifest,
    store: Store,
    rule: View,
    days: View,
    draft: &mut Draft,
    findings: &mut Findings,
) {
    let text = days.text(&[]).unwrap_or_default();
    let id = rule.text(&["id"]).unwrap_or_default();
    let prefix = first(rule, "filter", "prefix").and_then(|prefix| prefix.text(&[])).unwrap_or_default();
    let resolution = ["raw", "5m", "1h"].into_iter().find(|resolution| {
        let is =
            |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *resolution);
        is(id) || is(prefix)
    });
    let key: &[&str] = match (store, resolution) {
        (Store::Metrics, Some(resolution)) => &["retention", "metrics", resolution],
        // One age for all blocks is that of the coarsest ones, which outlive the others.
        (Store::Metrics, None) => &["retention", "metrics", "1h"],
        (Store::Logs, _) => &["retention", "logs"],
    };
    let path = super::super::draft::path(key);
    if draft.get(&path).is_none() {
        draft.offer(key, format!("{text}d").into(), days.place(), findings);
    }
    let message = format!("a lifecycle rule that deleted every object after {text} days becomes {path}");
    findings
        .add(Outcome::Differs, Some(days.place()), manifest.to_string(), message)
        .help("a rule cannot see a block's resolution or an index, and deletes piecemeal; the compactors delete what is expired");
}

fn provider_config(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    let mut providers = evidence.of("ProviderConfig").filter(|provider| provider.group() == "aws.upbound.io");
    let Some(provider) = providers.next() else { return };
    let view = provider.view;
    let key = |last| ["objectStorage", "providerConfig", last];
    draft.offer(&key("name"), provider.name().into(), provider.place(), findings);
    draft.offer(&key("create"), Value::Bool(true), provider.place(), findings);
    if let Some(secret) = view.at(&["spec", "credentials", "secretRef"]) {
        for (from, to) in [("namespace", "namespace"), ("name", "secret"), ("key", "key")] {
            let key = ["objectStorage", "providerConfig", "credentials", to];
            draft.offer_text(&key, secret, &[from], findings);
        }
    }
    let region = &["spec", "endpoint", "signingRegion"];
    draft.offer_text(&["objectStorage", "region"], view, region, findings);
    if let Some(url) = view.at(&["spec", "endpoint", "url", "static"]) {
        let endpoint = url.text(&[]).unwrap_or_default().trim_end_matches('/');
        let endpoint = endpoint.strip_prefix("https://").unwrap_or(endpoint);
        draft.offer(&["objectStorage", "endpoint"], endpoint.into(), url.place(), findings);
    }
}
