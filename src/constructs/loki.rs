//! Loki in simple scalable mode, with its chunks and index in the logs bucket. Key names are those of the
//! chart's `values.yaml` (6.24.0 and 18.11.0).

mod images;

use serde_json::{Value, json};

use super::{Part, Parts, custom, merge_values, values};
use crate::config::{ByteQuantity, LokiReplicas, Resources, duration};
use crate::context::{App, Context};
use crate::k8s::Wave;
use crate::names::Names;

/// `app.kubernetes.io/name` of the chart's objects (`loki.name` in its `_helpers.tpl`).
const APP: &str = "loki";

/// The release of Loki and its ServiceMonitor, unless logs are left out.
pub fn render(ctx: &Context) -> Parts {
    if !ctx.config.features.logs {
        return Ok(Vec::new());
    }
    let release = values::release("loki", &ctx.config.charts.loki, computed(ctx));
    Ok(vec![Part::Release(release), service_monitor(ctx)?])
}

/// Scrapes each component once. The chart's own ServiceMonitor is not fit: it stays away when the CRD is not
/// installed yet, covers the gateway, which has no metrics, and puts the release name into `cluster`, which
/// names this cluster everywhere else.
fn service_monitor(ctx: &Context) -> Result<Part, serde_json::Error> {
    let app = App { name: APP, component: "log-store", version: Some(ctx.config.versions.loki.as_str()) };
    let not_in = |key: &str, value: &str| json!({ "key": key, "operator": "NotIn", "values": [value] });
    let monitor = json!({
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": ctx.namespaced(ctx.names.loki_release(), app),
        "spec": {
            "selector": {
                "matchLabels": selector(ctx),
                "matchExpressions": [
                    not_in("app.kubernetes.io/component", "gateway"),
                    // The chart's mark of the headless Services, behind which are the same pods.
                    not_in("prometheus.io/service-monitor", "false"),
                ],
            },
            "endpoints": [{
                "port": "http-metrics",
                "path": "/metrics",
                "interval": ctx.config.scrape_interval,
                // Loki's mixin selects `job=~"<namespace>/.*"`.
                "relabelings": [{
                    "action": "replace",
                    "sourceLabels": ["job"],
                    "targetLabel": "job",
                    "replacement": format!("{}/$1", ctx.names.namespace()),
                }],
            }],
        },
    });
    custom(Wave::Monitoring, &[], &monitor)
}

/// The labels that all of the chart's objects have.
fn selector(ctx: &Context) -> Value {
    json!({ "app.kubernetes.io/name": APP, "app.kubernetes.io/instance": ctx.names.loki_release() })
}

fn computed(ctx: &Context) -> Value {
    let config = ctx.config;
    let mut all = json!({
        "fullnameOverride": ctx.names.loki_release(),
        "deploymentMode": "SimpleScalable",
        "global": {
            "clusterDomain": config.cluster_domain,
            "priorityClassName": ctx.names.priority_class(),
        },
        "loki": loki(ctx),
        "write": write(ctx),
        "read": read(ctx),
        "backend": backend(ctx),
        "gateway": gateway(ctx),
        // Loki finds its peers by DNS and reads no Kubernetes object.
        "serviceAccount": { "automountServiceAccountToken": false },
        "rbac": { "namespaced": true },
    });
    merge_values(&mut all, left_out());
    merge_values(&mut all, json!({ "rollout-operator": rollout_operator(ctx) }));
    if let Some(registry) = &config.images.registry {
        merge_values(&mut all, images::from_registry(registry.as_str()));
    }
    merge_values(&mut all, values::image_pull_secrets(ctx));
    all
}

/// What the chart would add. The caches alone request 11 GiB of memory; the test is a Helm hook and needs
/// the canary; the rule sidecar reads every Secret and ConfigMap of the cluster.
fn left_out() -> Value {
    let off = json!({ "enabled": false });
    json!({
        "chunksCache": off,
        "resultsCache": off,
        // For a config that turns them on: they lack what the level `restricted` asks for.
        "memcached": { "podSecurityContext": { "seccompProfile": { "type": "RuntimeDefault" } } },
        "lokiCanary": off,
        "test": off,
        "sidecar": { "rules": off },
        "rollout_operator": off,
    })
}

/// The rollout operator has nothing to do here, but comes all the same with a Loki chart whose copy of it has
/// another version than the chart asks for: Helm then ignores the condition and the alias of the dependency,
/// and gives it the values under its own name.
fn rollout_operator(ctx: &Context) -> Value {
    let mut operator = json!({
        "priorityClassName": ctx.names.priority_class(),
        "resources": values::helper_resources("25m", "64Mi", "200Mi"),
        "podSecurityContext": {
            "runAsNonRoot": true,
            "runAsUser": 10001,
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        "securityContext": values::restricted_container(),
    });
    merge_values(&mut operator, values::tolerations(ctx));
    merge_values(&mut operator, values::image_pull_secrets(ctx));
    operator
}

/// Loki's own configuration. There are no credentials in it: without static ones the S3 client reads
/// `AWS_*` from the environment (loki v3.3.2, `pkg/storage/chunk/client/aws/s3_storage_client.go`).
fn loki(ctx: &Context) -> Value {
    let config = ctx.config;
    let storage = &config.object_storage;
    let bucket = ctx.names.logs_bucket();
    let mut loki = json!({
        "image": { "tag": config.versions.loki },
        // One tenant: Alloy and Grafana send no tenant header.
        "auth_enabled": false,
        "commonConfig": { "replication_factor": replication_factor(ctx) },
        "schemaConfig": {
            "configs": [{
                "from": config.loki.schema_from,
                "store": "tsdb",
                "object_store": "s3",
                "schema": "v13",
                // Retention works on daily index tables only.
                "index": { "prefix": "loki_index_", "period": "24h" },
            }],
        },
        "storage": {
            "type": "s3",
            "bucketNames": { "chunks": bucket, "ruler": bucket, "admin": bucket },
            "s3": {
                "endpoint": storage.endpoint.host(),
                "region": storage.region,
                "s3ForcePathStyle": true,
                "insecure": storage.endpoint.insecure(),
            },
        },
        "analytics": { "reporting_enabled": false },
        "podSecurityContext": pod_security_context(10001),
    });
    merge_values(&mut loki, retention(ctx));
    loki
}

/// Three writers hold each line, so that one may restart; fewer writers hold it once, since a quorum of two
/// among two could not spare either. The write-ahead log outlives a restart.
fn replication_factor(ctx: &Context) -> u32 {
    let writers = ctx.config.replicas.loki.write;
    ctx.config.loki.replication_factor.unwrap_or(if writers >= 3 { 3 } else { 1 })
}

/// `retention_period` alone deletes nothing: the compactor must apply it, and refuses to start without
/// `delete_request_store` (loki v3.3.2, `pkg/compactor/compactor.go`). A period of zero is for ever.
fn retention(ctx: &Context) -> Value {
    let period = &ctx.config.retention.logs;
    let working_directory = "/var/loki/compactor";
    if duration::prometheus(period.as_str()).is_some_and(|period| period.is_zero()) {
        return json!({
            "compactor": { "retention_enabled": false, "working_directory": working_directory },
        });
    }
    json!({
        "limits_config": { "retention_period": period },
        "compactor": {
            "retention_enabled": true,
            "delete_request_store": "s3",
            "working_directory": working_directory,
        },
    })
}

fn write(ctx: &Context) -> Value {
    let mut write = component(ctx, "write", |replicas| replicas.write, &ctx.config.resources.loki.write);
    merge_values(&mut write, with_credentials());
    merge_values(&mut write, persistence(ctx, &ctx.config.storage.loki.write));
    write
}

fn read(ctx: &Context) -> Value {
    let mut read = component(ctx, "read", |replicas| replicas.read, &ctx.config.resources.loki.read);
    merge_values(&mut read, with_credentials());
    read
}

fn backend(ctx: &Context) -> Value {
    let resources = &ctx.config.resources.loki.backend;
    let mut backend = component(ctx, "backend", |replicas| replicas.backend, resources);
    merge_values(&mut backend, with_credentials());
    merge_values(&mut backend, persistence(ctx, &ctx.config.storage.loki.backend));
    backend
}

/// nginx in front of the write and read paths. Its exporter, a second container in newer charts, stays out.
fn gateway(ctx: &Context) -> Value {
    let resources = &ctx.config.resources.loki.gateway;
    let mut gateway = component(ctx, "gateway", |replicas| replicas.gateway, resources);
    let more = json!({
        // Loki would store a line for each successful request to itself.
        "verboseLogging": false,
        "podSecurityContext": pod_security_context(101),
        "metrics": { "enabled": false },
        // Newer charts have a default for all components but the gateway.
        "podDisruptionBudget": { "maxUnavailable": 1 },
    });
    merge_values(&mut gateway, more);
    gateway
}

/// What all components have. The chart adds a PodDisruptionBudget where there are two replicas or more.
fn component(ctx: &Context, name: &str, replicas: fn(&LokiReplicas) -> u32, resources: &Resources) -> Value {
    let mut labels = selector(ctx);
    merge_values(&mut labels, json!({ "app.kubernetes.io/component": name }));
    let mut component = json!({
        "replicas": replicas(&ctx.config.replicas.loki),
        "resources": values::resources(resources),
        "affinity": values::spread(&labels),
    });
    merge_values(&mut component, values::tolerations(ctx));
    component
}

/// The S3 credentials as environment variables.
fn with_credentials() -> Value {
    json!({ "extraEnvFrom": [{ "secretRef": { "name": Names::LOKI_CREDENTIALS } }] })
}

/// A volume that outlives the StatefulSet; for the backend the chart's default deletes it.
fn persistence(ctx: &Context, size: &ByteQuantity) -> Value {
    let mut persistence = json!({ "size": size, "enableStatefulSetAutoDeletePVC": false });
    if let Some(class) = &ctx.config.storage.class {
        merge_values(&mut persistence, json!({ "storageClass": class }));
    }
    json!({ "persistence": persistence })
}

/// The chart's own pod security context, and the seccomp profile that the level `restricted` asks for.
fn pod_security_context(user: u32) -> Value {
    json!({
        "runAsNonRoot": true,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": { "type": "RuntimeDefault" },
    })
}

#[cfg(test)]
mod tests;
