//! The operator, kube-state-metrics and node-exporter.

use serde_json::{Value, json};

use super::{placement, values};
use crate::constructs::merge_values;
use crate::context::Context;

/// `prometheusOperator`. Without admission webhooks nothing needs their certificate, whose creation the
/// chart leaves to Helm hooks; with only the webhooks off the operator would wait for it for ever, so TLS
/// goes too (`templates/prometheus-operator/deployment.yaml`).
pub(super) fn operator(ctx: &Context) -> Value {
    let mut operator = json!({
        "admissionWebhooks": { "enabled": false },
        "tls": { "enabled": false },
        "resources": values::resources(&ctx.config.resources.prometheus_operator),
        // Of the reloader and init containers beside Prometheus and Alertmanager.
        "prometheusConfigReloader": { "resources": values::helper_resources("10m", "32Mi", "128Mi") },
    });
    merge_values(&mut operator, placement(ctx));
    operator
}

/// The exporters, under the names of their subcharts.
pub(super) fn values(ctx: &Context) -> Value {
    json!({
        "kube-state-metrics": kube_state_metrics(ctx),
        "nodeExporter": { "enabled": ctx.config.features.node_metrics },
        "prometheus-node-exporter": node_exporter(ctx),
    })
}

fn kube_state_metrics(ctx: &Context) -> Value {
    let replicas = ctx.config.replicas.kube_state_metrics;
    let mut exporter = json!({
        "fullnameOverride": format!("{}-kube-state-metrics", ctx.names.prometheus_release()),
        "replicas": replicas,
        "resources": values::resources(&ctx.config.resources.kube_state_metrics),
    });
    merge_values(&mut exporter, placement(ctx));
    if replicas >= 2 {
        let labels = json!({
            "app.kubernetes.io/name": "kube-state-metrics",
            "app.kubernetes.io/instance": ctx.names.prometheus_release(),
        });
        merge_values(&mut exporter, json!({ "affinity": values::spread(&labels) }));
    }
    exporter
}

/// One pod on every node, whatever its taints.
fn node_exporter(ctx: &Context) -> Value {
    json!({
        "fullnameOverride": format!("{}-node-exporter", ctx.names.prometheus_release()),
        "priorityClassName": ctx.names.priority_class(),
        "tolerations": [{ "operator": "Exists" }],
        "resources": values::resources(&ctx.config.resources.node_exporter),
    })
}
