//! Which telemetry the stack collects, and with which programs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, GoDuration, PlainVersion, PrefixedVersion};

/// Parts of the stack that can be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Features {
    /// Loki, its bucket and credentials, and log collection by Alloy.
    pub logs: bool,
    /// Upload to the metrics bucket, Thanos Store and Compactor. Without it Prometheus' own retention is
    /// all there is; Thanos Query still joins the replicas.
    pub long_term_metrics: bool,
    /// node-exporter on every node. It needs host access, hence a privileged namespace.
    pub node_metrics: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { logs: true, long_term_metrics: true, node_metrics: true }
    }
}

/// Versions of the programs, used as image tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Versions {
    /// Prometheus.
    pub prometheus: PrefixedVersion,
    /// Grafana.
    pub grafana: PlainVersion,
    /// Loki.
    pub loki: PlainVersion,
    /// Thanos: sidecar, Query, Store and Compactor.
    pub thanos: PrefixedVersion,
}

impl Default for Versions {
    fn default() -> Self {
        Self {
            prometheus: "v2.55.1".into(),
            grafana: "11.4.0".into(),
            loki: "3.3.2".into(),
            thanos: "v0.37.2".into(),
        }
    }
}

/// Loki's replication and schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Loki {
    /// Number of writers that hold each log line. Not set: 3 with three writers or more, else 1. With 2,
    /// both writers must be up for any line to be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub replication_factor: Option<u32>,
    /// Day from which the index schema applies, in the past. It describes stored data: never change it
    /// once logs were written.
    pub schema_from: Date,
}

impl Default for Loki {
    fn default() -> Self {
        Self { replication_factor: None, schema_from: "2024-04-01".into() }
    }
}

/// Alloy, the agent on every node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Alloy {
    /// How often Alloy scrapes pods annotated `prometheus.io/scrape: "true"`.
    pub scrape_interval: GoDuration,
    /// Level of Alloy's own log.
    pub log_level: LogLevel,
}

impl Default for Alloy {
    fn default() -> Self {
        Self { scrape_interval: "30s".into(), log_level: LogLevel::Info }
    }
}

/// Level of a program's own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// The usual.
    Info,
    /// Warnings and errors.
    Warn,
    /// Errors.
    Error,
}

impl LogLevel {
    /// The level as Alloy's configuration writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}
