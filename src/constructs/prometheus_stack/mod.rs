//! kube-prometheus-stack: Prometheus with the Thanos sidecar, Alertmanager, Grafana, the operator and the
//! exporters. Key names are those of the chart's `values.yaml` (66.7.1 and 88.5.3).

mod alertmanager;
mod exporters;
mod grafana;
mod prometheus;
mod sidecar;

use serde_json::{Map, Value, json};

use super::{Part, Parts, Release, merge_values, values};
use crate::context::Context;

/// The release of kube-prometheus-stack, and the alerts of the Thanos sidecar, which it does not have.
pub fn render(ctx: &Context) -> Parts {
    Ok(vec![Part::Release(release(ctx)), sidecar::alerts(ctx)?])
}

/// The release of kube-prometheus-stack.
pub(crate) fn release(ctx: &Context) -> Release {
    let source = &ctx.config.charts.kube_prometheus_stack;
    values::release("kube-prometheus-stack", source, computed(ctx))
}

fn computed(ctx: &Context) -> Value {
    let mut values = json!({
        "fullnameOverride": ctx.names.prometheus_release(),
        "crds": { "enabled": true },
        "global": global(ctx),
    });
    for part in [
        control_plane(ctx),
        json!({
            "prometheusOperator": exporters::operator(ctx),
            "prometheus": prometheus::values(ctx),
            "alertmanager": alertmanager::values(ctx),
            "grafana": grafana::values(ctx),
        }),
        exporters::values(ctx),
    ] {
        merge_values(&mut values, part);
    }
    values
}

/// Every image of the chart and of its subcharts honours `global.imageRegistry`; only `thanos.image` is a
/// plain text, and comes from [`crate::names::Names::thanos_image`].
fn global(ctx: &Context) -> Value {
    let mut global = Map::new();
    if let Some(registry) = &ctx.config.images.registry {
        global.insert("imageRegistry".into(), json!(registry));
    }
    let mut global = Value::Object(global);
    merge_values(&mut global, values::image_pull_secrets(ctx));
    global
}

/// Services, monitors and alerts of the control plane. K3s runs it in one process, so these targets would
/// be down for ever.
fn control_plane(ctx: &Context) -> Value {
    let enabled = ctx.config.control_plane_metrics;
    json!({
        "kubeControllerManager": { "enabled": enabled },
        "kubeScheduler": { "enabled": enabled },
        "kubeProxy": { "enabled": enabled },
        "kubeEtcd": { "enabled": enabled },
    })
}

/// Where the pods of a component may run, and how important they are.
fn placement(ctx: &Context) -> Value {
    let mut placement = json!({ "priorityClassName": ctx.names.priority_class() });
    merge_values(&mut placement, values::tolerations(ctx));
    placement
}

/// A PodDisruptionBudget that lets a drain take one pod at a time. With a single replica it would block
/// every drain, so there is none. The chart's own default is `minAvailable`, which excludes
/// `maxUnavailable`.
fn disruption_budget(replicas: u32) -> Value {
    if replicas >= 2 {
        json!({ "enabled": true, "minAvailable": replicas - 1 })
    } else {
        json!({ "enabled": false })
    }
}

#[cfg(test)]
mod tests;
