//! What identifies an object.

use serde::Serialize;
use serde_json::Value;

/// What identifies an object in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// API group; empty for `v1`.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl Identity {
    /// The identity of an object, of which the head is enough.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let version = value["apiVersion"].as_str().unwrap_or_default();
        let metadata = &value["metadata"];
        Self {
            group: version.rsplit_once('/').map_or("", |(group, _)| group).to_owned(),
            kind: text(&value["kind"]),
            namespace: text(&metadata["namespace"]),
            name: text(&metadata["name"]),
        }
    }
}

/// Writes `StatefulSet monitoring/thanos-store`.
impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let separator = if self.namespace.is_empty() { "" } else { "/" };
        write!(f, "{} {}{separator}{}", self.kind, self.namespace, self.name)
    }
}
