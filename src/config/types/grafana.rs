//! Grafana.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Domain, ObjectName, SecretKey};

/// Grafana's administrator, ingress and persistence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Grafana {
    /// Existing Secret with the administrator's user name and password. Grafana waits for it.
    pub admin: AdminSecret,
    /// Publish Grafana under a host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress: Option<Ingress>,
    /// Whether Grafana keeps its database on a volume (size: `storage.grafana`). More than one replica
    /// needs this off and an external database, set in `charts.kubePrometheusStack.values`.
    pub persistence: bool,
}

impl Default for Grafana {
    fn default() -> Self {
        Self { admin: AdminSecret::default(), ingress: None, persistence: true }
    }
}

/// Where the administrator's credentials are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AdminSecret {
    /// Name of the Secret, in the stack's namespace.
    pub secret: ObjectName,
    /// Key of the user name.
    pub user_key: SecretKey,
    /// Key of the password.
    pub password_key: SecretKey,
}

impl Default for AdminSecret {
    fn default() -> Self {
        Self {
            secret: "grafana-admin".into(),
            user_key: "admin-user".into(),
            password_key: "admin-password".into(),
        }
    }
}

/// An Ingress for Grafana.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ingress {
    /// Host name, also Grafana's root URL.
    pub host: Domain,
    /// IngressClass; the cluster's default when not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<ObjectName>,
    /// Secret with the TLS certificate. Without it the Ingress serves plain HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_secret: Option<ObjectName>,
    /// Annotations, such as `cert-manager.io/cluster-issuer`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}
