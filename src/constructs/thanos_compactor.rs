//! ThanosCompactor: compacts, downsamples and, alone, deletes blocks in the bucket.

use super::Parts;
use super::thanos::{self, Component, DataVolume, alert};
use crate::context::Context;
use crate::k8s::custom::monitoring::AlertingRule;
use crate::names::Names;

const DATA: &str = "/var/thanos/compact";

/// StatefulSet, Service and companions of the Thanos Compactor, unless long-term metrics are left out.
///
/// Always one: object stores have no locks, and two compactors on one stream of blocks corrupt it.
pub fn render(ctx: &Context) -> Parts {
    if !ctx.config.features.long_term_metrics {
        return Ok(Vec::new());
    }
    let component = Component {
        name: Names::THANOS_COMPACTOR,
        component: "compactor",
        replicas: ctx.config.replicas.thanos_compactor,
        resources: &ctx.config.resources.thanos_compactor,
        args: args(ctx),
        // The compactor has no gRPC server.
        ports: &[("http", 10902)],
        headless: true,
        startup_minutes: None,
        data: Some(DataVolume { path: DATA, size: &ctx.config.storage.thanos_compactor }),
    };
    let mut parts = vec![component.stateful_set(ctx)?];
    parts.extend(component.companions(ctx, alerts(ctx))?);
    Ok(parts)
}

fn args(ctx: &Context) -> Vec<String> {
    let retention = &ctx.config.retention.metrics;
    let mut args: Vec<String> = [
        "compact",
        "--log.level=info",
        "--log.format=logfmt",
        "--http-address=0.0.0.0:10902",
        "--http-grace-period=2m",
        "--wait",
        "--wait-interval=5m",
        "--consistency-delay=30m",
        "--delete-delay=48h",
        "--compact.concurrency=1",
        "--downsample.concurrency=1",
    ]
    .map(str::to_owned)
    .into();
    args.push(format!("--data-dir={DATA}"));
    args.push(thanos::objstore_flag());
    args.push(format!("--retention.resolution-raw={}", retention.raw));
    args.push(format!("--retention.resolution-5m={}", retention.five_minutes));
    args.push(format!("--retention.resolution-1h={}", retention.one_hour));
    args
}

fn alerts(ctx: &Context) -> Vec<AlertingRule> {
    let metrics = thanos::metrics_of(ctx, Names::THANOS_COMPACTOR);
    vec![
        thanos::is_down(ctx, "ThanosCompactIsDown", Names::THANOS_COMPACTOR),
        // A halted compactor stays healthy and ready, so no probe ever shows it; the bucket grows for ever.
        alert(
            "ThanosCompactHalted",
            "critical",
            "5m",
            format!("thanos_compact_halted{{{metrics}}} == 1"),
            "The Thanos Compactor has halted.",
            "{{ $labels.pod }} met an error that it cannot repair, such as overlapping blocks. Nothing is compacted, downsampled or deleted until a person mends the bucket and restarts it.",
        ),
        alert(
            "ThanosCompactMultipleRunning",
            "critical",
            "5m",
            format!("sum by (namespace, job) (up{{{metrics}}}) > 1"),
            "Several Thanos Compactors are running.",
            "There must be one compactor per bucket; {{ $value }} are running in {{ $labels.namespace }}.",
        ),
        alert(
            "ThanosCompactHasNotRun",
            "warning",
            "5m",
            // The time is zero until the first upload, hours after the start of a stack or a compactor: until
            // then the start counts.
            format!(
                "(time() - max by (namespace, job) (\
                 max_over_time(thanos_objstore_bucket_last_successful_upload_time{{{metrics}}}[24h]) > 0 \
                 or on (namespace, pod) process_start_time_seconds{{{metrics}}})) / 3600 > 24"
            ),
            "The Thanos Compactor has not uploaded anything for a day.",
            "{{ $labels.job }} has uploaded nothing for {{ $value | humanize }} hours.",
        ),
        alert(
            "ThanosCompactHighCompactionFailures",
            "warning",
            "15m",
            thanos::share(
                &format!("thanos_compact_group_compactions_failures_total{{{metrics}}}"),
                &format!("thanos_compact_group_compactions_total{{{metrics}}}"),
            ) + " > 0.05",
            "Compactions fail.",
            "{{ $value | humanizePercentage }} of the compactions of {{ $labels.job }} fail.",
        ),
        thanos::bucket_failures("ThanosCompactBucketHighOperationFailures", &metrics),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::constructs::testing::{self, find, objects, render_of};

    fn stateful_set(config: &str) -> Value {
        find(&objects(render_of(super::render, config)), "StatefulSet")
    }

    fn args(config: &str) -> Vec<String> {
        testing::args(&stateful_set(config))
    }

    #[test]
    fn there_is_exactly_one_and_no_disruption_budget() {
        let objects = objects(render_of(super::render, "{}"));
        assert_eq!(find(&objects, "StatefulSet")["spec"]["replicas"], 1);
        assert!(objects.iter().all(|object| object["kind"] != "PodDisruptionBudget"));
    }

    #[test]
    fn retention_is_the_configs_own_words() {
        let args = args("retention: {metrics: {raw: 5w, 5m: 0d, 1h: 2y}}");
        assert!(args.contains(&"--retention.resolution-raw=5w".to_owned()));
        assert!(args.contains(&"--retention.resolution-5m=0d".to_owned()));
        assert!(args.contains(&"--retention.resolution-1h=2y".to_owned()));
    }

    #[test]
    fn it_has_no_grpc() {
        assert!(args("{}").iter().all(|arg| !arg.contains("grpc")));
        let set = stateful_set("{}");
        let ports = set["spec"]["template"]["spec"]["containers"][0]["ports"].as_array().unwrap();
        assert_eq!(ports.len(), 1);
        assert_eq!(ports[0]["name"], "http");
    }

    #[test]
    fn a_compactor_that_just_started_is_not_late() {
        let objects = objects(render_of(super::render, "{}"));
        let alerts = find(&objects, "PrometheusRule")["spec"]["groups"][0]["rules"].clone();
        let rules = alerts.as_array().unwrap();
        let late = rules.iter().find(|alert| alert["alert"] == "ThanosCompactHasNotRun").unwrap();
        let expression = late["expr"].as_str().unwrap();
        assert!(expression.contains("[24h]) > 0 or on (namespace, pod) process_start_time_seconds"));
    }

    #[test]
    fn an_alert_about_what_is_absent_says_what_that_is() {
        let objects = objects(render_of(super::render, "namespace: obs"));
        let down = find(&objects, "PrometheusRule")["spec"]["groups"][0]["rules"][0].clone();
        assert_eq!(down["alert"], "ThanosCompactIsDown");
        assert_eq!(down["labels"]["job"], "thanos-compactor");
        assert_eq!(down["labels"]["namespace"], "obs");
        assert_eq!(down["annotations"]["description"], "No target of thanos-compactor in obs is up.");
    }

    #[test]
    fn a_halt_raises_an_alert() {
        let objects = objects(render_of(super::render, "namespace: obs"));
        let rule = find(&objects, "PrometheusRule");
        let alerts = rule["spec"]["groups"][0]["rules"].as_array().unwrap();
        let halted = alerts.iter().find(|alert| alert["alert"] == "ThanosCompactHalted").unwrap();
        assert_eq!(halted["labels"]["severity"], "critical");
        assert_eq!(halted["expr"], "thanos_compact_halted{job=\"thanos-compactor\",namespace=\"obs\"} == 1");
    }
}
