//! Resource requests and limits per component.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ByteQuantity, CpuQuantity};

/// Requests and limits of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Resources {
    /// What the scheduler reserves.
    pub requests: Quantities,
    /// What the container may not exceed. Memory beyond it kills the container, CPU beyond it is throttled.
    pub limits: Quantities,
}

/// Quantities of the two resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quantities {
    /// CPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuQuantity>,
    /// Memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<ByteQuantity>,
}

impl Resources {
    /// CPU and memory requests, and a memory limit. No CPU limit: throttling delays scrapes and queries
    /// without protecting anybody.
    fn new(cpu: &str, memory: &str, memory_limit: &str) -> Self {
        Self {
            requests: Quantities { cpu: Some(cpu.into()), memory: Some(memory.into()) },
            limits: Quantities { cpu: None, memory: Some(memory_limit.into()) },
        }
    }
}

/// Requests and limits per component. A default limit that is below a given request is raised to it, and
/// a default request above a given limit lowered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ComponentResources {
    /// Prometheus.
    pub prometheus: Resources,
    /// Alertmanager.
    pub alertmanager: Resources,
    /// Grafana.
    pub grafana: Resources,
    /// Prometheus Operator.
    pub prometheus_operator: Resources,
    /// kube-state-metrics.
    pub kube_state_metrics: Resources,
    /// node-exporter, on every node.
    pub node_exporter: Resources,
    /// Thanos sidecar of each Prometheus.
    pub thanos_sidecar: Resources,
    /// Thanos Query.
    pub thanos_query: Resources,
    /// Thanos Store; its caches are sized from the memory limit.
    pub thanos_store: Resources,
    /// Thanos Compactor.
    pub thanos_compactor: Resources,
    /// Loki's components.
    pub loki: LokiResources,
    /// Alloy, on every node.
    pub alloy: Resources,
}

impl Default for ComponentResources {
    fn default() -> Self {
        Self {
            prometheus: Resources::new("100m", "1500Mi", "3000Mi"),
            alertmanager: Resources::new("25m", "100Mi", "256Mi"),
            grafana: Resources::new("50m", "512Mi", "1Gi"),
            prometheus_operator: Resources::new("50m", "128Mi", "256Mi"),
            kube_state_metrics: Resources::new("25m", "64Mi", "256Mi"),
            node_exporter: Resources::new("25m", "32Mi", "128Mi"),
            thanos_sidecar: Resources::new("25m", "128Mi", "256Mi"),
            thanos_query: Resources::new("200m", "512Mi", "1Gi"),
            thanos_store: Resources::new("200m", "1Gi", "2Gi"),
            thanos_compactor: Resources::new("500m", "2Gi", "4Gi"),
            loki: LokiResources::default(),
            alloy: Resources::new("50m", "128Mi", "512Mi"),
        }
    }
}

/// Requests and limits per component of Loki.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LokiResources {
    /// Write path.
    pub write: Resources,
    /// Read path.
    pub read: Resources,
    /// Backend.
    pub backend: Resources,
    /// Gateway (nginx).
    pub gateway: Resources,
}

impl Default for LokiResources {
    fn default() -> Self {
        Self {
            write: Resources::new("100m", "256Mi", "1Gi"),
            read: Resources::new("100m", "256Mi", "1Gi"),
            backend: Resources::new("100m", "256Mi", "1Gi"),
            gateway: Resources::new("50m", "128Mi", "256Mi"),
        }
    }
}

impl ComponentResources {
    /// Every component's resources with the path of its key below `resources`.
    pub fn components(&self) -> [(&'static [&'static str], &Resources); 15] {
        [
            (&["prometheus"], &self.prometheus),
            (&["alertmanager"], &self.alertmanager),
            (&["grafana"], &self.grafana),
            (&["prometheusOperator"], &self.prometheus_operator),
            (&["kubeStateMetrics"], &self.kube_state_metrics),
            (&["nodeExporter"], &self.node_exporter),
            (&["thanosSidecar"], &self.thanos_sidecar),
            (&["thanosQuery"], &self.thanos_query),
            (&["thanosStore"], &self.thanos_store),
            (&["thanosCompactor"], &self.thanos_compactor),
            (&["loki", "write"], &self.loki.write),
            (&["loki", "read"], &self.loki.read),
            (&["loki", "backend"], &self.loki.backend),
            (&["loki", "gateway"], &self.loki.gateway),
            (&["alloy"], &self.alloy),
        ]
    }

    /// The same, to be changed.
    pub fn components_mut(&mut self) -> [(&'static [&'static str], &mut Resources); 15] {
        [
            (&["prometheus"], &mut self.prometheus),
            (&["alertmanager"], &mut self.alertmanager),
            (&["grafana"], &mut self.grafana),
            (&["prometheusOperator"], &mut self.prometheus_operator),
            (&["kubeStateMetrics"], &mut self.kube_state_metrics),
            (&["nodeExporter"], &mut self.node_exporter),
            (&["thanosSidecar"], &mut self.thanos_sidecar),
            (&["thanosQuery"], &mut self.thanos_query),
            (&["thanosStore"], &mut self.thanos_store),
            (&["thanosCompactor"], &mut self.thanos_compactor),
            (&["loki", "write"], &mut self.loki.write),
            (&["loki", "read"], &mut self.loki.read),
            (&["loki", "backend"], &mut self.loki.backend),
            (&["loki", "gateway"], &mut self.loki.gateway),
            (&["alloy"], &mut self.alloy),
        ]
    }
}
