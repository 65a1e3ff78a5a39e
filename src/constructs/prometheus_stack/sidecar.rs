//! Alerts of the Thanos sidecar.

use crate::constructs::Part;
use crate::constructs::thanos::{alert, is_down, metrics_of, prometheus_rule};
use crate::context::{App, Context};
use crate::names::Names;

/// A PrometheusRule for the sidecars.
pub(super) fn alerts(ctx: &Context) -> Result<Part, serde_json::Error> {
    let app = App {
        name: Names::THANOS_SIDECAR_JOB,
        component: "sidecar",
        version: Some(ctx.config.versions.thanos.as_str()),
    };
    let metrics = metrics_of(ctx, Names::THANOS_SIDECAR_JOB);
    let mut alerts = vec![
        is_down(ctx, "ThanosSidecarIsDown", Names::THANOS_SIDECAR_JOB),
        alert(
            "ThanosSidecarNoConnectionToStartedPrometheus",
            "critical",
            "5m",
            format!(
                "thanos_sidecar_prometheus_up{{{metrics}}} == 0 \
                 and on (namespace, pod) prometheus_tsdb_data_replay_duration_seconds != 0"
            ),
            "A Thanos sidecar cannot reach its Prometheus.",
            "The sidecar in {{ $labels.pod }} has no connection although Prometheus has started.",
        ),
    ];
    if ctx.config.features.long_term_metrics {
        alerts.push(alert(
            "ThanosSidecarBucketOperationsFailed",
            "critical",
            "5m",
            format!(
                "sum by (namespace, job, pod) (rate(thanos_objstore_bucket_operation_failures_total{{{metrics}}}[5m])) > 0"
            ),
            "A Thanos sidecar cannot upload blocks.",
            "Operations of {{ $labels.pod }} on the metrics bucket fail. Blocks that are not uploaded before Prometheus' own retention ends are lost.",
        ));
    }
    prometheus_rule(ctx, Names::THANOS_SIDECAR_JOB, app, alerts)
}
