//! Which Pod Security level the stack's workloads need.
//!
//! Everything runs at `restricted` but what reads the node itself. The levels were found by applying the
//! rendered charts to an API server whose PodSecurity admission warns; the checks look at the chart values
//! after the config's own were merged in, so that an override there counts too.

use serde_json::Value;

use crate::config::{Config, PodSecurityLevel};
use crate::constructs::{Part, alloy, prometheus_stack};
use crate::context::Context;

/// A workload that a stricter level would keep from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The workload.
    pub workload: &'static str,
    /// The strictest level that admits it.
    pub level: PodSecurityLevel,
    /// What the next level forbids.
    pub reason: &'static str,
    /// The config key without which the requirement is gone.
    pub remedy: &'static str,
}

/// A requirement and the chart values that cause it.
struct Check {
    requirement: Requirement,
    chart: &'static str,
    applies: fn(&Value, &Config) -> bool,
}

const CHECKS: [Check; 4] = [
    Check {
        requirement: Requirement {
            workload: "node-exporter",
            level: PodSecurityLevel::Privileged,
            reason: "shares the node's network and process list and mounts its file systems",
            remedy: "features.nodeMetrics: false",
        },
        chart: "kube-prometheus-stack",
        applies: |values, config| {
            let elsewhere = &values["prometheus-node-exporter"]["namespaceOverride"];
            let here =
                elsewhere.as_str().is_none_or(|name| name.is_empty() || name == config.namespace.as_str());
            is_true(values, "/nodeExporter/enabled") && here
        },
    },
    Check {
        requirement: Requirement {
            workload: "Alloy",
            level: PodSecurityLevel::Privileged,
            reason: "mounts the node's log files and keeps its positions in them on the node",
            remedy: "features.logs: false",
        },
        chart: "alloy",
        applies: |values, _| mounts_host_paths(values),
    },
    Check {
        requirement: Requirement {
            workload: "Alloy",
            level: PodSecurityLevel::Baseline,
            reason: "runs as root, who alone may read the node's log files",
            remedy: "features.logs: false",
        },
        chart: "alloy",
        applies: |values, _| {
            !mounts_host_paths(values) && !is_true(values, "/global/podSecurityContext/runAsNonRoot")
        },
    },
    Check {
        requirement: Requirement {
            workload: "Grafana",
            level: PodSecurityLevel::Baseline,
            reason: "its init container changes the volume's owner as root",
            remedy: "charts.kubePrometheusStack.values.grafana.initChownData.enabled: false",
        },
        chart: "kube-prometheus-stack",
        applies: |values, _| is_true(values, "/grafana/initChownData/enabled"),
    },
];

/// What keeps the namespace from the level `restricted`, the loosest first.
pub fn requirements(config: &Config) -> Vec<Requirement> {
    let ctx = Context::new(config);
    let parts = [prometheus_stack::render(&ctx), alloy::render(&ctx)];
    let mut found = Vec::new();
    for part in parts.into_iter().flatten().flatten() {
        if let Part::Release(release) = part {
            let checks = CHECKS.iter().filter(|check| check.chart == release.chart);
            let applying = checks.filter(|check| (check.applies)(&release.values, config));
            found.extend(applying.map(|check| check.requirement));
        }
    }
    found.sort_by_key(|requirement| requirement.level);
    found
}

/// The strictest level that admits every workload.
pub fn strictest_allowed(config: &Config) -> PodSecurityLevel {
    let levels = requirements(config).into_iter().map(|requirement| requirement.level);
    levels.min().unwrap_or(PodSecurityLevel::Restricted)
}

fn is_true(values: &Value, pointer: &str) -> bool {
    values.pointer(pointer).and_then(Value::as_bool) == Some(true)
}

/// Whether Alloy's pods mount a directory of the node.
fn mounts_host_paths(values: &Value) -> bool {
    let volumes = values.pointer("/controller/volumes/extra").and_then(Value::as_array);
    is_true(values, "/alloy/mounts/varlog")
        || is_true(values, "/alloy/mounts/dockercontainers")
        || volumes.is_some_and(|volumes| volumes.iter().any(|volume| !volume["hostPath"].is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::config;

    fn workloads(text: &str) -> Vec<(&'static str, PodSecurityLevel)> {
        let found = requirements(&config(text));
        found.iter().map(|requirement| (requirement.workload, requirement.level)).collect()
    }

    #[test]
    fn node_exporter_and_the_log_agent_need_the_node() {
        use PodSecurityLevel::Privileged;
        assert_eq!(workloads("{}"), [("node-exporter", Privileged), ("Alloy", Privileged)]);
        assert_eq!(strictest_allowed(&config("{}")), Privileged);
    }

    #[test]
    fn each_feature_brings_its_own_requirement() {
        use PodSecurityLevel::Privileged;
        assert_eq!(workloads("features: {logs: false}"), [("node-exporter", Privileged)]);
        assert_eq!(workloads("features: {nodeMetrics: false}"), [("Alloy", Privileged)]);
    }

    #[test]
    fn without_host_access_everything_is_restricted() {
        let config = config("features: {logs: false, nodeMetrics: false}");
        assert!(requirements(&config).is_empty());
        assert_eq!(strictest_allowed(&config), PodSecurityLevel::Restricted);
    }

    #[test]
    fn an_override_of_chart_values_counts() {
        let without = "{features: {logs: false}, \
            charts: {kubePrometheusStack: {values: {nodeExporter: {enabled: false}}}}}";
        assert!(workloads(without).is_empty());
        let elsewhere = "{features: {logs: false}, charts: {kubePrometheusStack: {values: \
            {prometheus-node-exporter: {namespaceOverride: node-agents}}}}}";
        assert!(workloads(elsewhere).is_empty());
    }

    #[test]
    fn a_root_agent_without_host_paths_passes_baseline() {
        let text = "{features: {nodeMetrics: false}, charts: {alloy: {values: \
            {alloy: {mounts: {varlog: false}}, controller: {volumes: {extra: [{name: storage, emptyDir: {}}]}}}}}}";
        assert_eq!(workloads(text), [("Alloy", PodSecurityLevel::Baseline)]);
    }

    #[test]
    fn the_loosest_comes_first() {
        let text = "charts: {kubePrometheusStack: {values: {grafana: {initChownData: {enabled: true}}}}}";
        let levels: Vec<_> = workloads(text).into_iter().map(|(_, level)| level).collect();
        assert!(levels.is_sorted() && levels.last() == Some(&PodSecurityLevel::Baseline));
    }
}
