//! `grafana`: its datasources, administrator, persistence and ingress.

use serde_json::{Map, Value, json};

use super::{placement, values};
use crate::config::Ingress;
use crate::constructs::merge_values;
use crate::context::Context;

pub(super) fn values(ctx: &Context) -> Value {
    let config = ctx.config;
    let admin = &config.grafana.admin;
    let mut all = json!({
        "fullnameOverride": fullname(ctx),
        "image": { "tag": config.versions.grafana },
        "replicas": config.replicas.grafana,
        // Without it the chart's password is a constant in old versions and random at each render in new ones.
        "admin": {
            "existingSecret": admin.secret,
            "userKey": admin.user_key,
            "passwordKey": admin.password_key,
        },
        // Test pods are Helm hooks, which other ways of delivery apply as ordinary objects.
        "testFramework": { "enabled": false },
        // Runs as root with CHOWN. `fsGroup` already makes the volume writable.
        "initChownData": { "enabled": false, "resources": values::helper_resources("10m", "16Mi", "64Mi") },
        "grafana.ini": { "analytics": { "reporting_enabled": false } },
        "resources": values::resources(&config.resources.grafana),
        "sidecar": sidecar(ctx),
        "additionalDataSources": additional_data_sources(ctx),
    });
    merge_values(&mut all, persistence(ctx));
    merge_values(&mut all, placement(ctx));
    if config.replicas.grafana >= 2 {
        let labels = json!({
            "app.kubernetes.io/name": "grafana",
            "app.kubernetes.io/instance": ctx.names.prometheus_release(),
        });
        // Without the version the chart asks the cluster, and a bare `helm template` has none to ask.
        let budget = json!({ "apiVersion": "policy/v1", "maxUnavailable": 1 });
        merge_values(&mut all, json!({ "affinity": values::spread(&labels), "podDisruptionBudget": budget }));
    }
    if let Some(ingress) = &config.grafana.ingress {
        merge_values(&mut all, self::ingress(ingress));
    }
    all
}

fn fullname(ctx: &Context) -> String {
    format!("{}-grafana", ctx.names.prometheus_release())
}

/// The containers that load dashboards and datasources from ConfigMaps. The default datasource keeps the
/// name and uid that the chart's dashboards expect, and asks Thanos Query: all replicas, all blocks.
fn sidecar(ctx: &Context) -> Value {
    json!({
        "resources": values::helper_resources("10m", "96Mi", "256Mi"),
        "datasources": { "url": ctx.names.thanos_query_url() },
    })
}

/// Datasources beside the default one; none of them may be a default too.
fn additional_data_sources(ctx: &Context) -> Value {
    let source = |name: &str, uid: &str, kind: &str, url: String| {
        json!({
            "name": name,
            "uid": uid,
            "type": kind,
            "access": "proxy",
            // The chart runs `tpl` over these (`templates/grafana/configmaps-datasources.yaml`).
            "url": values::escape_template(&url),
        })
    };
    let mut sources =
        vec![source("Prometheus-local", "prometheus-local", "prometheus", ctx.names.prometheus_url())];
    if ctx.config.features.logs {
        sources.push(source("Loki", "loki", "loki", ctx.names.loki_gateway_url()));
    }
    Value::Array(sources)
}

/// A volume for the database, which one pod at a time can attach: the old pod goes before the new one comes.
fn persistence(ctx: &Context) -> Value {
    if !ctx.config.grafana.persistence {
        return json!({ "persistence": { "enabled": false } });
    }
    let mut persistence = json!({ "enabled": true, "size": ctx.config.storage.grafana });
    if let Some(class) = &ctx.config.storage.class {
        merge_values(&mut persistence, json!({ "storageClassName": class }));
    }
    json!({ "persistence": persistence, "deploymentStrategy": { "type": "Recreate" } })
}

fn ingress(ingress: &Ingress) -> Value {
    let host = &ingress.host;
    let mut spec = json!({ "enabled": true, "hosts": [host] });
    if let Some(class) = &ingress.class_name {
        merge_values(&mut spec, json!({ "ingressClassName": class }));
    }
    if !ingress.annotations.is_empty() {
        // The chart runs `tpl` over the annotations (its subchart's `templates/ingress.yaml`).
        let annotations: Map<_, _> = ingress
            .annotations
            .iter()
            .map(|(key, value)| (key.clone(), json!(values::escape_template(value))))
            .collect();
        merge_values(&mut spec, json!({ "annotations": annotations }));
    }
    let scheme = if let Some(secret) = &ingress.tls_secret {
        merge_values(&mut spec, json!({ "tls": [{ "secretName": secret, "hosts": [host] }] }));
        "https"
    } else {
        "http"
    };
    let server = json!({ "domain": host, "root_url": format!("{scheme}://{host}/") });
    json!({ "ingress": spec, "grafana.ini": { "server": server } })
}
