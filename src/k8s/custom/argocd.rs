//! ArgoCD (argoproj/argo-cd `docs/operator-manual/application.yaml`).

use serde_json::Value;

use super::{Spec, resource_structs};

resource_structs! {
    /// `spec` of an Application.
    ApplicationSpec {
        /// The AppProject.
        project: String,
        /// Cluster and namespace.
        destination: Destination,
        /// The chart.
        source: Source,
        /// When and how it is synced.
        sync_policy: SyncPolicy,
        /// Differences that are not drift.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        ignore_differences: Vec<IgnoreDifferences>,
    }

    /// Cluster and namespace.
    Destination {
        /// API server.
        server: String,
        /// Namespace.
        namespace: String,
    }

    /// A chart in a Helm repository.
    Source {
        /// URL of the repository.
        #[serde(rename = "repoURL")]
        repo_url: String,
        /// Name of the chart.
        chart: String,
        /// Version of the chart.
        target_revision: String,
        /// How it is rendered.
        helm: Helm,
    }

    /// How a chart is rendered.
    Helm {
        /// Release name; the Application's own name otherwise.
        release_name: String,
        /// Values.
        values_object: Value,
    }

    /// When and how an Application is synced.
    SyncPolicy {
        /// Sync without being asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        automated: Option<Automated>,
        /// Options of every sync.
        sync_options: Vec<&'static str>,
    }

    /// Sync without being asked.
    Automated {
        /// Delete what left the chart's output.
        prune: bool,
        /// Undo changes made in the cluster.
        self_heal: bool,
    }

    /// Fields of a kind whose differences are not drift.
    IgnoreDifferences {
        /// API group.
        group: &'static str,
        /// Kind.
        kind: &'static str,
        /// jq expressions.
        jq_path_expressions: Vec<&'static str>,
    }
}

impl Spec for ApplicationSpec {
    const API_VERSION: &'static str = "argoproj.io/v1alpha1";
    const KIND: &'static str = "Application";
}
