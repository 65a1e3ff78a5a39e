//! Alerts, most of them from the Thanos mixin (thanos v0.37.2, `examples/alerts/alerts.yaml`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::{Part, custom};
use crate::context::{App, Context};
use crate::k8s::Wave;
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::monitoring::{AlertingRule, PrometheusRuleSpec, RuleGroup};

/// A PrometheusRule with one group of alerts.
pub(in crate::constructs) fn prometheus_rule(
    ctx: &Context,
    name: &str,
    app: App,
    alerts: Vec<AlertingRule>,
) -> Result<Part, serde_json::Error> {
    let spec = PrometheusRuleSpec { groups: vec![RuleGroup { name: name.to_owned(), rules: alerts }] };
    custom(Wave::Monitoring, &[], &CustomResource::new(ctx.namespaced(name, app), spec))
}

/// The selector of a component's metrics in alert expressions.
pub(in crate::constructs) fn metrics_of(ctx: &Context, job: &str) -> String {
    format!("job=\"{job}\",namespace=\"{}\"", ctx.names.namespace())
}

/// An alert. `for` is how long `expr` must hold.
pub(in crate::constructs) fn alert(
    alert: &'static str,
    severity: &'static str,
    r#for: &'static str,
    expr: String,
    summary: &'static str,
    description: impl Into<Cow<'static, str>>,
) -> AlertingRule {
    AlertingRule {
        alert,
        expr,
        r#for: Some(r#for),
        labels: BTreeMap::from([("severity", severity.into())]),
        annotations: BTreeMap::from([("summary", summary.into()), ("description", description.into())]),
    }
}

/// The share that the rate of the series `part` has of that of `whole`, per component.
pub(in crate::constructs) fn share(part: &str, whole: &str) -> String {
    let rate = |series| format!("sum by (namespace, job) (rate({series}[5m]))");
    format!("{} / {}", rate(part), rate(whole))
}

/// Alerts when a share of bucket operations fails.
pub(in crate::constructs) fn bucket_failures(alert_name: &'static str, metrics: &str) -> AlertingRule {
    alert(
        alert_name,
        "warning",
        "15m",
        share(
            &format!("thanos_objstore_bucket_operation_failures_total{{{metrics}}}"),
            &format!("thanos_objstore_bucket_operations_total{{{metrics}}}"),
        ) + " > 0.05",
        "Operations on the metrics bucket fail.",
        "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its operations on the object store.",
    )
}

/// Alerts when no pod of a component is up. `absent` has labels only over a plain selector, which would miss
/// targets that are down: so the alert is told whom it is about.
pub(in crate::constructs) fn is_down(
    ctx: &Context,
    alert_name: &'static str,
    job: &'static str,
) -> AlertingRule {
    let namespace = ctx.names.namespace();
    let mut rule = alert(
        alert_name,
        "critical",
        "5m",
        format!("absent(up{{{}}} == 1)", metrics_of(ctx, job)),
        "A Thanos component has disappeared.",
        format!("No target of {job} in {namespace} is up."),
    );
    rule.labels.extend([("job", job.into()), ("namespace", namespace.to_owned().into())]);
    rule
}
