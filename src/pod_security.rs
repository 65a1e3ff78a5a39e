//! Which Pod Security level the stack's workloads need.
//!
//! Everything runs at `restricted` but what reads the node itself. The levels were found by applying the
//! rendered charts to an API server whose PodSecurity admission warns. An override in `charts.*.values`
//! counts as much as a feature; the tests hold what is said here about the computed values against them.

use serde_json::{Map, Value};

use crate::config::{Config, PodSecurityLevel};

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

const NODE_EXPORTER: Requirement = Requirement {
    workload: "node-exporter",
    level: PodSecurityLevel::Privileged,
    reason: "shares the node's network and process list and mounts its file systems",
    remedy: "features.nodeMetrics: false",
};

const LOG_AGENT: Requirement = Requirement {
    workload: "Alloy",
    level: PodSecurityLevel::Privileged,
    reason: "mounts the node's log files and keeps its positions in them on the node",
    remedy: "features.logs: false",
};

const ROOT_AGENT: Requirement = Requirement {
    workload: "Alloy",
    level: PodSecurityLevel::Baseline,
    reason: "runs as root, who alone may read the node's log files",
    remedy: "features.logs: false",
};

const CHOWNING_GRAFANA: Requirement = Requirement {
    workload: "Grafana",
    level: PodSecurityLevel::Baseline,
    reason: "its init container changes the volume's owner as root",
    remedy: "charts.kubePrometheusStack.values.grafana.initChownData.enabled: false",
};

/// What keeps the namespace from the level `restricted`, the loosest first.
pub fn requirements(config: &Config) -> Vec<Requirement> {
    let mut found = Vec::new();
    let prometheus_stack = Overrides(&config.charts.kube_prometheus_stack.values);
    if has_node_exporter(prometheus_stack, config) {
        found.push(NODE_EXPORTER);
    }
    let alloy = Overrides(&config.charts.alloy.values);
    if mounts_host_paths(alloy, config) {
        found.push(LOG_AGENT);
    } else if !alloy.flag(&["global", "podSecurityContext", "runAsNonRoot"], !config.features.logs) {
        found.push(ROOT_AGENT);
    }
    if prometheus_stack.flag(&["grafana", "initChownData", "enabled"], false) {
        found.push(CHOWNING_GRAFANA);
    }
    found
}

/// The strictest level that admits every workload.
pub fn strictest_allowed(config: &Config) -> PodSecurityLevel {
    let levels = requirements(config).into_iter().map(|requirement| requirement.level);
    levels.min().unwrap_or(PodSecurityLevel::Restricted)
}

/// Whether node-exporter runs in the stack's namespace.
fn has_node_exporter(values: Overrides, config: &Config) -> bool {
    let elsewhere = values.get(&["prometheus-node-exporter", "namespaceOverride"]).and_then(Value::as_str);
    let here = elsewhere.is_none_or(|name| name.is_empty() || name == config.namespace.as_str());
    here && values.flag(&["nodeExporter", "enabled"], config.features.node_metrics)
}

/// Whether Alloy's pods mount a directory of the node.
fn mounts_host_paths(values: Overrides, config: &Config) -> bool {
    let logs = config.features.logs;
    let volumes = values.get(&["controller", "volumes", "extra"]).and_then(Value::as_array);
    values.flag(&["alloy", "mounts", "varlog"], logs)
        || values.flag(&["alloy", "mounts", "dockercontainers"], false)
        || volumes.map_or(logs, |volumes| volumes.iter().any(|volume| !volume["hostPath"].is_null()))
}

/// The config's own values of a chart.
#[derive(Clone, Copy)]
struct Overrides<'a>(&'a Map<String, Value>);

impl<'a> Overrides<'a> {
    fn get(self, path: &[&str]) -> Option<&'a Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, key| value.get(key))
    }

    /// A switch: the config's own, or else the computed one.
    fn flag(self, path: &[&str], computed: bool) -> bool {
        self.get(path).and_then(Value::as_bool).unwrap_or(computed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::{config, render_of, values};
    use crate::constructs::{alloy, prometheus_stack};

    #[test]
    fn the_computed_values_are_as_assumed() {
        for (text, logs, node_metrics) in
            [("{}", true, true), ("features: {logs: false, nodeMetrics: false}", false, false)]
        {
            let stack = values(render_of(prometheus_stack::render, text));
            assert_eq!(stack["nodeExporter"]["enabled"], node_metrics);
            assert_eq!(stack["grafana"]["initChownData"]["enabled"], false);
            assert!(stack["prometheus-node-exporter"].get("namespaceOverride").is_none());
            let alloy = values(render_of(alloy::render, text));
            assert_eq!(alloy["alloy"]["mounts"]["varlog"], logs);
            assert_eq!(alloy["controller"]["volumes"]["extra"][0].get("hostPath").is_some(), logs);
            assert_eq!(alloy["global"]["podSecurityContext"].get("runAsNonRoot").is_some(), !logs);
        }
    }

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
