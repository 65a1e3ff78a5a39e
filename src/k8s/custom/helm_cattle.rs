//! K3s' helm-controller (k3s-io/helm-controller `pkg/apis/helm.cattle.io/v1/types.go`).

use super::{Spec, resource_structs};

resource_structs! {
    /// `spec` of a HelmChart: only fields that every supported helm-controller knows.
    HelmChartSpec {
        /// URL of the repository; none for a chart in an OCI registry.
        #[serde(skip_serializing_if = "Option::is_none")]
        repo: Option<String>,
        /// Name of the chart, or its whole `oci://` reference.
        chart: String,
        /// Version of the chart.
        version: String,
        /// Namespace of the release.
        target_namespace: String,
        /// Whether the Job creates that namespace.
        create_namespace: bool,
        /// What happens after a failure.
        failure_policy: String,
        /// How often a failed Job is tried again.
        back_off_limit: u32,
        /// How long an install may take, as a Go duration.
        timeout: String,
        /// Values as a YAML text.
        values_content: String,
    }
}

impl Spec for HelmChartSpec {
    const API_VERSION: &'static str = "helm.cattle.io/v1";
    const KIND: &'static str = "HelmChart";
}
