//! Volumes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ByteQuantity, ObjectName};

/// Storage class and volume sizes. The size of an existing volume claim template cannot be changed:
/// enlarging one needs the StatefulSet deleted with `--cascade=orphan` and the claims resized by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Storage {
    /// Storage class of every volume; the cluster's default class when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<ObjectName>,
    /// Volume of each Prometheus. Its blocks may fill 80% of it.
    pub prometheus: ByteQuantity,
    /// Volume of each Alertmanager: silences and notification state.
    pub alertmanager: ByteQuantity,
    /// Volume of Grafana.
    pub grafana: ByteQuantity,
    /// Volume of each Thanos Store: index headers, which can be rebuilt.
    pub thanos_store: ByteQuantity,
    /// Volume of the Thanos Compactor: the blocks at work.
    pub thanos_compactor: ByteQuantity,
    /// Volumes of Loki.
    pub loki: LokiStorage,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            class: None,
            prometheus: "3Gi".into(),
            alertmanager: "1Gi".into(),
            grafana: "5Gi".into(),
            thanos_store: "10Gi".into(),
            thanos_compactor: "20Gi".into(),
            loki: LokiStorage::default(),
        }
    }
}

/// Volumes of Loki.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LokiStorage {
    /// Volume of each writer: the write-ahead log.
    pub write: ByteQuantity,
    /// Volume of each backend: the compactor's and the index gateway's working files.
    pub backend: ByteQuantity,
}

impl Default for LokiStorage {
    fn default() -> Self {
        Self { write: "10Gi".into(), backend: "10Gi".into() }
    }
}
