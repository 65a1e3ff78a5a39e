//! How long metrics and logs are kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PrometheusDuration;

/// How long metrics and logs are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Retention {
    /// On Prometheus' own volume. Blocks are uploaded every two hours, so a few days bridge an outage of
    /// the object store.
    pub prometheus: PrometheusDuration,
    /// In the metrics bucket, per resolution; applied by the Thanos compactor.
    pub metrics: MetricsRetention,
    /// In the logs bucket; applied by Loki's compactor. `0` keeps logs for ever.
    pub logs: PrometheusDuration,
}

impl Default for Retention {
    fn default() -> Self {
        Self { prometheus: "3d".into(), metrics: MetricsRetention::default(), logs: "744h".into() }
    }
}

/// Retention per resolution. `0d` keeps a resolution for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsRetention {
    /// Raw samples. At least 40h, since blocks are downsampled to 5 minutes after that time.
    pub raw: PrometheusDuration,
    /// Five-minute resolution. At least 10d, since blocks are downsampled to 1 hour after that time.
    #[serde(rename = "5m")]
    pub five_minutes: PrometheusDuration,
    /// One-hour resolution.
    #[serde(rename = "1h")]
    pub one_hour: PrometheusDuration,
}

impl Default for MetricsRetention {
    fn default() -> Self {
        Self { raw: "30d".into(), five_minutes: "180d".into(), one_hour: "730d".into() }
    }
}
