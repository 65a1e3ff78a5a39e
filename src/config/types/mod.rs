//! The config's types: the single source of the JSON Schema, of its descriptions and of its defaults.
//!
//! Every field has a default, so `{}` is a complete config. A doc comment here is what an editor shows.

mod alerting;
mod charts;
mod grafana;
mod object_storage;
mod replicas;
mod resources;
mod retention;
mod scheduling;
mod storage;
mod telemetry;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use alerting::{Alerting, EmailReceiver};
pub use charts::{Application, Chart, Charts, Delivery, FailurePolicy, HelmChart, Inline};
pub use grafana::{AdminSecret, Grafana, Ingress};
pub use object_storage::{
    Buckets, CredentialsFormat, CredentialsSecret, ExternalSecretsVersion, Lifecycle, ObjectStorage,
    ProviderConfig, StorageCredentials, Versioning,
};
pub use replicas::{LokiReplicas, Replicas};
pub use resources::{ComponentResources, LokiResources, Quantities, Resources};
pub use retention::{MetricsRetention, Retention};
pub use scheduling::{
    Images, PodSecurity, PodSecurityLevel, PriorityClass, TaintEffect, Toleration, TolerationOperator,
};
pub use storage::{LokiStorage, Storage};
pub use telemetry::{Alloy, Features, LogLevel, Loki, Versions};
pub use text::*;

/// Configuration of a monitoring stack. Every key is optional.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Config {
    /// Namespace of the stack. It is created, labelled and protected from pruning.
    pub namespace: DnsLabel,
    /// Name of this cluster: the external label `cluster` of every metric and log line, and the end of
    /// the default bucket names. Choose it before the first upload: another name later starts new streams.
    pub cluster: LabelValue,
    /// DNS domain of the cluster, as in `thanos-store.monitoring.svc.<clusterDomain>`.
    pub cluster_domain: Domain,
    /// How the three Helm charts reach the cluster.
    pub delivery: Delivery,
    /// Settings of `delivery: helmchart` (K3s helm-controller).
    pub helm_chart: HelmChart,
    /// Settings of `delivery: application` (ArgoCD).
    pub application: Application,
    /// Settings of `delivery: inline`, for which monstack renders the charts itself.
    pub inline: Inline,
    /// Parts of the stack that can be left out.
    pub features: Features,
    /// Versions of the programs, used as image tags.
    pub versions: Versions,
    /// The Helm charts: where they come from, and values merged over the computed ones.
    pub charts: Charts,
    /// Number of replicas per component. DaemonSets (node-exporter, Alloy) run once per node, and the
    /// Thanos sidecar once per Prometheus replica.
    pub replicas: Replicas,
    /// Resource requests and limits per component.
    pub resources: ComponentResources,
    /// Storage class and volume sizes.
    pub storage: Storage,
    /// How long metrics and logs are kept.
    pub retention: Retention,
    /// The S3-compatible object store: buckets, Crossplane provider, credentials.
    pub object_storage: ObjectStorage,
    /// How often Prometheus scrapes a target.
    pub scrape_interval: PrometheusDuration,
    /// Whether to scrape kube-controller-manager, kube-scheduler, kube-proxy and etcd. K3s runs them in
    /// one process whose metrics the kubelet endpoint repeats, so their targets would be down for ever.
    pub control_plane_metrics: bool,
    /// Where alerts go.
    pub alerting: Alerting,
    /// Grafana's administrator, ingress and persistence.
    pub grafana: Grafana,
    /// Loki's replication and schema.
    pub loki: Loki,
    /// Alloy, the agent that tails logs and scrapes annotated pods.
    pub alloy: Alloy,
    /// Pod Security Admission levels of the namespace.
    pub pod_security: PodSecurity,
    /// The PriorityClass of the critical components.
    pub priority_class: PriorityClass,
    /// Tolerations of every pod but those of the DaemonSets, which tolerate every taint.
    pub tolerations: Vec<Toleration>,
    /// Where images come from.
    pub images: Images,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            namespace: "monitoring".into(),
            cluster: "kup6s".into(),
            cluster_domain: "cluster.local".into(),
            delivery: Delivery::default(),
            helm_chart: HelmChart::default(),
            application: Application::default(),
            inline: Inline::default(),
            features: Features::default(),
            versions: Versions::default(),
            charts: Charts::default(),
            replicas: Replicas::default(),
            resources: ComponentResources::default(),
            storage: Storage::default(),
            retention: Retention::default(),
            object_storage: ObjectStorage::default(),
            scrape_interval: "30s".into(),
            control_plane_metrics: false,
            alerting: Alerting::default(),
            grafana: Grafana::default(),
            loki: Loki::default(),
            alloy: Alloy::default(),
            pod_security: PodSecurity::default(),
            priority_class: PriorityClass::default(),
            tolerations: Vec::new(),
            images: Images::default(),
        }
    }
}
