//! What pods may do, where they run and where their images come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ObjectName, Registry};

/// Levels of the Pod Security Standards, from the loosest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PodSecurityLevel {
    /// No restriction.
    Privileged,
    /// No host namespaces, host paths, host ports or added capabilities.
    Baseline,
    /// Baseline, and non-root, seccomp, no privilege escalation, no capabilities.
    Restricted,
}

impl PodSecurityLevel {
    /// The level as the namespace labels write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// Pod Security Admission levels of the namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PodSecurity {
    /// Level that is enforced and warned about. Not set: the strictest that the workloads allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce: Option<PodSecurityLevel>,
    /// Level whose violations are recorded in the audit log.
    pub audit: PodSecurityLevel,
}

impl Default for PodSecurity {
    fn default() -> Self {
        Self { enforce: None, audit: PodSecurityLevel::Restricted }
    }
}

/// The PriorityClass of the critical components.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PriorityClass {
    /// Its name. Names that begin with `system-` are Kubernetes' own.
    pub name: ObjectName,
    /// Its value; larger ones are scheduled first. It cannot be changed once the object exists.
    #[schemars(range(min = -1_000_000_000, max = 1_000_000_000))]
    pub value: i32,
    /// Whether to render it, or only refer to one that exists.
    pub create: bool,
}

impl Default for PriorityClass {
    fn default() -> Self {
        Self { name: "monitoring-critical".into(), value: 1_000_000, create: true }
    }
}

/// A toleration, as in a pod's spec.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Toleration {
    /// Taint key; every key when not set (needs `operator: Exists`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How `value` is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<TolerationOperator>,
    /// Taint value, with `operator: Equal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Taint effect; every effect when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<TaintEffect>,
    /// How long a `NoExecute` taint is tolerated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toleration_seconds: Option<i64>,
}

/// Operator of a toleration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TolerationOperator {
    /// The value is equal.
    Equal,
    /// The key exists.
    Exists,
}

/// Effect of a taint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TaintEffect {
    /// New pods are not scheduled.
    NoSchedule,
    /// New pods are scheduled elsewhere if possible.
    PreferNoSchedule,
    /// Running pods are evicted.
    NoExecute,
}

/// Where images come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Images {
    /// Registry that replaces `docker.io`, `quay.io` and `registry.k8s.io` in every image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// Secrets with registry credentials, in the stack's namespace.
    pub pull_secrets: Vec<ObjectName>,
}
