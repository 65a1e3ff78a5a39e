//! Helm charts and how they are delivered.

use masterminds_semver::{Constraint, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    ApiVersion, ChartVersion, DnsLabel, FilePath, KubernetesDuration, KubernetesVersion, ObjectName,
    RepositoryUrl, ServerUrl,
};

/// How the Helm charts reach the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// `helm.cattle.io/v1` HelmChart objects, installed by the helm-controller of K3s.
    #[default]
    HelmChart,
    /// One ArgoCD `Application` per chart.
    Application,
    /// The objects of the charts themselves, rendered by monstack.
    Inline,
}

/// Settings of `delivery: helmchart`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HelmChart {
    /// Namespace of the HelmChart objects. Their install Jobs are cluster-admin, so prefer one that
    /// only administrators write to.
    pub namespace: DnsLabel,
    /// How long an install or upgrade may take.
    pub timeout: KubernetesDuration,
    /// What a failed upgrade does: `abort` leaves it for a person, `reinstall` uninstalls the release first.
    pub failure_policy: FailurePolicy,
    /// How often a failed Job is tried again.
    #[schemars(range(min = 0, max = 1000))]
    pub back_off_limit: u32,
}

impl Default for HelmChart {
    fn default() -> Self {
        Self {
            namespace: "kube-system".into(),
            timeout: "10m0s".into(),
            failure_policy: FailurePolicy::Abort,
            back_off_limit: 20,
        }
    }
}

/// What the helm-controller does after a failed install or upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailurePolicy {
    /// Leave the failed release as it is.
    Abort,
    /// Uninstall the release and install it anew.
    Reinstall,
}

/// Settings of `delivery: application`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Application {
    /// Namespace of the Application objects.
    pub namespace: DnsLabel,
    /// AppProject that they belong to. It must allow the stack's namespace and, for the CoreDNS and
    /// kubelet Services, `kube-system`.
    pub project: ObjectName,
    /// API server that they deploy to.
    pub server: ServerUrl,
    /// Whether ArgoCD syncs them by itself, with pruning and self-healing.
    pub automated: bool,
    /// Whether deleting an Application deletes what it deployed.
    pub cascade_delete: bool,
}

impl Default for Application {
    fn default() -> Self {
        Self {
            namespace: "argocd".into(),
            project: "default".into(),
            server: "https://kubernetes.default.svc".into(),
            automated: true,
            cascade_delete: false,
        }
    }
}

/// Settings of `delivery: inline`. What is left out is taken from `KUBE_VERSION` and `KUBE_API_VERSIONS`, which
/// ArgoCD sets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Inline {
    /// Kubernetes version that the charts are told, by default 1.34.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kube_version: Option<KubernetesVersion>,
    /// API versions that the charts are told, beside those of Kubernetes and of the stack's own CRDs, such as
    /// `cert-manager.io/v1`.
    pub api_versions: Vec<ApiVersion>,
    /// Whether charts may use passwords and certificates that are made anew in each render.
    pub allow_random: bool,
}

/// The Helm charts of the stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Charts {
    /// kube-prometheus-stack: Prometheus, Alertmanager, Grafana, the operator and the exporters.
    pub kube_prometheus_stack: Chart,
    /// Loki.
    pub loki: Chart,
    /// Alloy.
    pub alloy: Chart,
}

impl Default for Charts {
    fn default() -> Self {
        Self {
            kube_prometheus_stack: Chart::new(
                "prometheus",
                "https://prometheus-community.github.io/helm-charts",
                "66.7.1",
            ),
            loki: Chart::new("loki", "https://grafana.github.io/helm-charts", "6.24.0"),
            alloy: Chart::new("alloy", "https://grafana.github.io/helm-charts", "0.10.1"),
        }
    }
}

/// One Helm chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = every_key_is_optional)]
pub struct Chart {
    /// Release name, from which the chart derives the names of its objects.
    pub release: DnsLabel,
    /// Repository that holds the chart.
    pub repository: RepositoryUrl,
    /// Version of the chart.
    pub version: ChartVersion,
    /// The chart itself for `delivery: inline`: a directory or a `.tgz`. A relative path begins at the folder of
    /// the first config file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<FilePath>,
    /// Values merged over the computed ones: maps merge, anything else replaces, and `null` removes
    /// the chart's own default. For whatever this config does not model.
    pub values: Map<String, Value>,
}

impl Chart {
    fn new(release: &str, repository: &str, version: &str) -> Self {
        Self {
            release: release.into(),
            repository: repository.into(),
            version: version.into(),
            path: None,
            values: Map::new(),
        }
    }
}

impl ChartVersion {
    /// Whether this is a version rather than a constraint.
    pub fn is_exact(&self) -> bool {
        Version::parse_strict(self.as_str().trim_start_matches('v')).is_ok()
    }

    /// Whether a version is the one, or one of those, that this asks for.
    pub fn allows(&self, version: &str) -> bool {
        // An exact version has to be written alike: it names a file and an entry of an index.
        if self.is_exact() {
            return version == self.as_str();
        }
        match (Constraint::parse(self.as_str()), Version::parse(version)) {
            (Ok(constraint), Ok(version)) => constraint.check(&version),
            _ => false,
        }
    }
}

/// The defaults differ per chart, so they are layered under the config rather than set per field.
fn every_key_is_optional(schema: &mut schemars::Schema) {
    schema.remove("required");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_allow_versions_and_versions_only_themselves() {
        let allows = |wanted: &str, version: &str| ChartVersion::from(wanted).allows(version);
        assert!(allows("6.24.0", "6.24.0"));
        assert!(allows("~6.24", "6.24.1"));
        assert!(allows("6.x", "6.24.1"));
        assert!(!allows("6.24.0", "6.24.1"));
        assert!(!allows("6.24.0", "6.24.0+b"));
        assert!(!allows("*", "7.0.0-rc.1"));
        let is_exact = |text: &str| ChartVersion::from(text).is_exact();
        assert!(is_exact("v1.2.3-rc.1+b") && !is_exact("1.2") && !is_exact("^1.2.3"));
    }
}
