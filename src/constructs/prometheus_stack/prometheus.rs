//! `prometheus`: the Prometheus object, its Thanos sidecar and their Services.

use serde_json::{Value, json};

use super::{disruption_budget, placement, values};
use crate::config::{ByteQuantity, quantity};
use crate::constructs::merge_values;
use crate::context::Context;
use crate::names::Names;

pub(super) fn values(ctx: &Context) -> Value {
    json!({
        "podDisruptionBudget": disruption_budget(ctx.config.replicas.prometheus),
        "thanosService": { "enabled": true },
        "thanosServiceMonitor": {
            "enabled": true,
            // The Service is called `<fullname>-thanos-discovery`, but the Thanos mixin's alerts and
            // dashboards select `job=~".*thanos-sidecar.*"`.
            "relabelings": [{
                "action": "replace",
                "targetLabel": "job",
                "replacement": Names::THANOS_SIDECAR_JOB,
            }],
        },
        "prometheusSpec": spec(ctx),
    })
}

fn spec(ctx: &Context) -> Value {
    let config = ctx.config;
    let mut spec = json!({
        "image": { "tag": config.versions.prometheus },
        "version": config.versions.prometheus,
        "replicas": config.replicas.prometheus,
        "podAntiAffinity": "soft",
        "retention": config.retention.prometheus,
        "scrapeInterval": config.scrape_interval,
        // Alloy writes what it scrapes to each replica.
        "enableRemoteWriteReceiver": true,
        "externalLabels": { "cluster": config.cluster },
        "replicaExternalLabelName": Names::REPLICA_LABEL,
        // Otherwise only what carries the label `release: <release name>` is selected.
        "serviceMonitorSelectorNilUsesHelmValues": false,
        "podMonitorSelectorNilUsesHelmValues": false,
        "probeSelectorNilUsesHelmValues": false,
        "ruleSelectorNilUsesHelmValues": false,
        "scrapeConfigSelectorNilUsesHelmValues": false,
        "resources": values::resources(&config.resources.prometheus),
        "storageSpec": {
            "volumeClaimTemplate": { "spec": values::claim(ctx, &config.storage.prometheus) },
        },
        "thanos": thanos(ctx),
    });
    if let Some(size) = retention_size(&config.storage.prometheus) {
        merge_values(&mut spec, json!({ "retentionSize": size }));
    }
    merge_values(&mut spec, placement(ctx));
    spec
}

/// 80% of the volume: the write-ahead log and a compaction need the rest, and a full disk stops ingestion.
/// Prometheus' `MB` is 2^20 bytes (`units.Base2Bytes`).
fn retention_size(volume: &ByteQuantity) -> Option<String> {
    let bytes = quantity::bytes(volume.as_str())?;
    Some(format!("{}MB", bytes * 8 / 10 / (1 << 20)))
}

/// The sidecar. Its flags depend on `version`, so that is set beside the image. The chart passes on only
/// `objectStorageConfig.existingSecret` or `.secret`; a plain `{name, key}` is dropped silently
/// (`templates/prometheus/prometheus.yaml`).
fn thanos(ctx: &Context) -> Value {
    let mut thanos = json!({
        "image": ctx.names.thanos_image(),
        "version": ctx.config.versions.thanos,
        "resources": values::resources(&ctx.config.resources.thanos_sidecar),
    });
    if ctx.config.features.long_term_metrics {
        let secret = json!({ "name": Names::THANOS_OBJSTORE, "key": Names::THANOS_OBJSTORE_KEY });
        merge_values(&mut thanos, json!({ "objectStorageConfig": { "existingSecret": secret } }));
    }
    thanos
}
