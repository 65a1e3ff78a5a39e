//! Sync waves and options, the annotations by which ArgoCD orders and protects objects.

/// Sync wave (`argocd.argoproj.io/sync-wave`): ArgoCD applies a wave when the one before is healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// Custom resource definitions of the charts.
    Definitions,
    /// Namespace and PriorityClass.
    Foundation,
    /// The ProviderConfig that the buckets refer to.
    Provider,
    /// Buckets and their versioning.
    Buckets,
    /// ExternalSecrets; Thanos and Loki do not start without their Secrets.
    Credentials,
    /// The charts, which bring the CRDs of the Prometheus Operator.
    Charts,
    /// Thanos Query, Store and Compactor.
    Thanos,
    /// ServiceMonitors and PrometheusRules.
    Monitoring,
    /// Lifecycle rules, which some object stores never confirm: nothing may wait for them.
    Lifecycle,
}

impl Wave {
    /// The number in the annotation.
    pub fn number(self) -> i32 {
        match self {
            Self::Definitions => -11,
            Self::Foundation => -10,
            Self::Provider => -9,
            Self::Buckets => -8,
            Self::Credentials => -5,
            Self::Charts => 0,
            Self::Thanos => 1,
            Self::Monitoring => 2,
            Self::Lifecycle => 10,
        }
    }
}

/// A sync option (`argocd.argoproj.io/sync-options`; argo-cd docs/user-guide/sync-options.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncOption {
    /// Do not fail the dry run while the object's CRD is not installed yet.
    SkipDryRunOnMissingResource,
    /// Apply on the server: the object is too large for the annotation that client-side apply keeps.
    ServerSideApply,
    /// Keep the object in the cluster when it leaves the stream.
    KeepWhenPruned,
    /// Keep the object in the cluster when the Application is deleted.
    KeepWhenDeleted,
}

impl SyncOption {
    /// The option as the annotation writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SkipDryRunOnMissingResource => "SkipDryRunOnMissingResource=true",
            Self::ServerSideApply => "ServerSideApply=true",
            Self::KeepWhenPruned => "Prune=false",
            Self::KeepWhenDeleted => "Delete=false",
        }
    }
}
