//! Replicas per component.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Number of replicas per component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Replicas {
    /// Prometheus; each replica scrapes everything, Thanos Query deduplicates.
    #[schemars(range(min = 1, max = 20))]
    pub prometheus: u32,
    /// Alertmanager; the replicas form a cluster.
    #[schemars(range(min = 1, max = 20))]
    pub alertmanager: u32,
    /// Grafana; more than one needs `grafana.persistence: false` and an external database.
    #[schemars(range(min = 1, max = 20))]
    pub grafana: u32,
    /// Prometheus Operator; it has no leader election, so exactly one.
    #[schemars(range(min = 1, max = 100))]
    pub prometheus_operator: u32,
    /// kube-state-metrics; each replica reports every object, so more than one doubles its series.
    #[schemars(range(min = 1, max = 20))]
    pub kube_state_metrics: u32,
    /// Thanos Query.
    #[schemars(range(min = 1, max = 100))]
    pub thanos_query: u32,
    /// Thanos Store; every replica serves all blocks.
    #[schemars(range(min = 1, max = 100))]
    pub thanos_store: u32,
    /// Thanos Compactor; two of them corrupt a bucket, so exactly one.
    #[schemars(range(min = 1, max = 100))]
    pub thanos_compactor: u32,
    /// Loki's components.
    pub loki: LokiReplicas,
}

impl Default for Replicas {
    fn default() -> Self {
        Self {
            prometheus: 2,
            alertmanager: 2,
            grafana: 1,
            prometheus_operator: 1,
            kube_state_metrics: 1,
            thanos_query: 2,
            thanos_store: 2,
            thanos_compactor: 1,
            loki: LokiReplicas::default(),
        }
    }
}

/// Number of replicas per component of Loki (simple scalable mode).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LokiReplicas {
    /// Write path; three keep accepting logs while one restarts.
    #[schemars(range(min = 1, max = 100))]
    pub write: u32,
    /// Read path.
    #[schemars(range(min = 1, max = 100))]
    pub read: u32,
    /// Backend: compactor, ruler, index gateway, query scheduler.
    #[schemars(range(min = 1, max = 100))]
    pub backend: u32,
    /// Gateway (nginx).
    #[schemars(range(min = 1, max = 100))]
    pub gateway: u32,
}

impl Default for LokiReplicas {
    fn default() -> Self {
        Self { write: 3, read: 2, backend: 2, gateway: 2 }
    }
}
