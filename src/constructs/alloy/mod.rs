//! Alloy on every node: it tails the logs of the node's pods to Loki and scrapes annotated pods into
//! Prometheus. Key names are those of the chart's `values.yaml` (0.10.1 and 1.11.1).

mod agent;
mod syntax;

use serde_json::{Value, json};

use super::{Part, Parts, Release, merge_values, values};
use crate::context::Context;

/// Where positions in log files and the write-ahead log of metrics are kept.
const STORAGE_PATH: &str = "/var/lib/alloy";
/// The user that the image has for running without root (its `Dockerfile`).
const USER: u32 = 473;
/// The user of the configuration reloader's image.
const RELOADER_USER: u32 = 65534;

/// The release of Alloy.
pub fn render(ctx: &Context) -> Parts {
    Ok(vec![Part::Release(release(ctx))])
}

/// The release of Alloy.
pub(crate) fn release(ctx: &Context) -> Release {
    values::release("alloy", &ctx.config.charts.alloy, computed(ctx))
}

fn computed(ctx: &Context) -> Value {
    let logs = ctx.config.features.logs;
    let mut all = json!({
        "fullnameOverride": ctx.names.alloy_release(),
        "global": { "podSecurityContext": pod_security_context(logs) },
        // Only for PodLogs, which nothing here uses.
        "crds": { "create": false },
        "alloy": {
            // The chart runs `tpl` over it (`templates/configmap.yaml`).
            "configMap": { "content": values::escape_template(&agent::configuration(ctx)) },
            "enableReporting": false,
            "storagePath": STORAGE_PATH,
            "mounts": {
                "varlog": logs,
                "extra": [{ "name": "storage", "mountPath": STORAGE_PATH }],
            },
            "resources": values::resources(&ctx.config.resources.alloy),
            "securityContext": values::restricted_container(),
        },
        "configReloader": {
            "resources": values::helper_resources("10m", "32Mi", "128Mi"),
            "securityContext": reloader_security_context(),
        },
        "controller": {
            "type": "daemonset",
            "priorityClassName": ctx.names.priority_class(),
            // A node whose taints it did not tolerate would have no logs.
            "tolerations": [{ "operator": "Exists" }],
            "volumes": { "extra": [storage(logs)] },
        },
        "serviceMonitor": { "enabled": true, "interval": ctx.config.scrape_interval },
    });
    let images = &ctx.config.images;
    if let Some(registry) = &images.registry {
        merge_values(&mut all, json!({ "global": { "image": { "registry": registry } } }));
    }
    if !images.pull_secrets.is_empty() {
        let secrets = json!({ "pullSecrets": values::pull_secrets(ctx) });
        merge_values(&mut all, json!({ "global": { "image": secrets } }));
    }
    all
}

/// With logs a directory of the node, so that positions survive the pod and no line is sent twice. Without
/// logs there is only a write-ahead log of minutes, and no need for host access.
fn storage(logs: bool) -> Value {
    if logs {
        let directory = json!({ "path": STORAGE_PATH, "type": "DirectoryOrCreate" });
        json!({ "name": "storage", "hostPath": directory })
    } else {
        json!({ "name": "storage", "emptyDir": {} })
    }
}

/// The kubelet's log files belong to root and are readable for root only. No capability is needed for that.
fn pod_security_context(logs: bool) -> Value {
    let mut context = json!({ "seccompProfile": { "type": "RuntimeDefault" } });
    let user = if logs {
        json!({ "runAsUser": 0, "runAsGroup": 0 })
    } else {
        json!({ "runAsNonRoot": true, "runAsUser": USER, "runAsGroup": USER, "fsGroup": USER })
    };
    merge_values(&mut context, user);
    context
}

fn reloader_security_context() -> Value {
    let mut context = values::restricted_container();
    let user = json!({
        "runAsNonRoot": true,
        "runAsUser": RELOADER_USER,
        "runAsGroup": RELOADER_USER,
    });
    merge_values(&mut context, user);
    context
}

#[cfg(test)]
mod tests;
