//! Names that several constructs must agree on: objects, services, addresses, buckets, Secrets.
//!
//! Whatever one construct creates and another refers to is named here and nowhere else.

use std::borrow::Cow;

use crate::config::Config;

/// Names derived from the config.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    config: &'a Config,
}

impl<'a> Names<'a> {
    /// Thanos Query's Deployment and Service. The Thanos mixin selects `job=~".*thanos-query.*"`.
    pub const THANOS_QUERY: &'static str = "thanos-query";
    /// Thanos Store's StatefulSet and Service.
    pub const THANOS_STORE: &'static str = "thanos-store";
    /// Thanos Compactor's StatefulSet and Service.
    pub const THANOS_COMPACTOR: &'static str = "thanos-compactor";
    /// `job` label of the Thanos sidecars' metrics.
    pub const THANOS_SIDECAR_JOB: &'static str = "thanos-sidecar";
    /// Secret with the S3 credentials as `AWS_*` keys, for Thanos.
    pub const THANOS_CREDENTIALS: &'static str = "thanos-s3-credentials";
    /// Secret with the whole object store configuration of Thanos.
    pub const THANOS_OBJSTORE: &'static str = "thanos-objstore-config";
    /// Key of [`Self::THANOS_OBJSTORE`].
    pub const THANOS_OBJSTORE_KEY: &'static str = "objstore.yml";
    /// Secret with the S3 credentials as `AWS_*` keys, for Loki.
    pub const LOKI_CREDENTIALS: &'static str = "loki-s3-credentials";
    /// Headless Service that the Prometheus Operator creates over every Prometheus of a namespace
    /// (prometheus-operator v0.79.0, `pkg/prometheus/server/operator.go`).
    pub const PROMETHEUS_OPERATED: &'static str = "prometheus-operated";
    /// External label that tells the replicas of Prometheus apart
    /// (prometheus-operator v0.79.0, `pkg/prometheus/promcfg.go`).
    pub const REPLICA_LABEL: &'static str = "prometheus_replica";

    /// The names that follow from `config`.
    pub fn new(config: &'a Config) -> Self {
        Self { config }
    }

    /// The stack's namespace.
    pub fn namespace(&self) -> &'a str {
        self.config.namespace.as_str()
    }

    /// Fully qualified DNS name of a Service of the stack's namespace.
    pub fn service(&self, service: &str) -> String {
        format!("{service}.{}.svc.{}", self.namespace(), self.config.cluster_domain)
    }

    /// Release name of kube-prometheus-stack, also its `fullnameOverride`.
    pub fn prometheus_release(&self) -> &'a str {
        self.config.charts.kube_prometheus_stack.release.as_str()
    }

    /// Release name of Loki, also its `fullnameOverride`.
    pub fn loki_release(&self) -> &'a str {
        self.config.charts.loki.release.as_str()
    }

    /// Release name of Alloy, also its `fullnameOverride`.
    pub fn alloy_release(&self) -> &'a str {
        self.config.charts.alloy.release.as_str()
    }

    /// The Prometheus object and its Service: `<fullname>-prometheus` in kube-prometheus-stack.
    pub fn prometheus(&self) -> String {
        format!("{}-prometheus", self.prometheus_release())
    }

    /// Address of the Prometheus Service.
    pub fn prometheus_url(&self) -> String {
        format!("http://{}:9090", self.service(&self.prometheus()))
    }

    /// Remote-write address of one Prometheus replica: the operator names its pods
    /// `prometheus-<object>-<ordinal>` under the governing Service.
    pub fn prometheus_replica_write_url(&self, ordinal: u32) -> String {
        let pod = format!("prometheus-{}-{ordinal}", self.prometheus());
        format!("http://{pod}.{}:9090/api/v1/write", self.service(Self::PROMETHEUS_OPERATED))
    }

    /// Address of Thanos Query, Grafana's default datasource.
    pub fn thanos_query_url(&self) -> String {
        format!("http://{}:9090", self.service(Self::THANOS_QUERY))
    }

    /// Address of Loki's gateway Service: `<fullname>-gateway` in the Loki chart.
    pub fn loki_gateway_url(&self) -> String {
        format!("http://{}", self.service(&format!("{}-gateway", self.loki_release())))
    }

    /// Address that log lines are pushed to.
    pub fn loki_push_url(&self) -> String {
        format!("{}/loki/api/v1/push", self.loki_gateway_url())
    }

    /// Bucket of Thanos.
    pub fn metrics_bucket(&self) -> Cow<'a, str> {
        self.bucket(self.config.object_storage.buckets.metrics.as_ref(), "metrics-thanos")
    }

    /// Bucket of Loki.
    pub fn logs_bucket(&self) -> Cow<'a, str> {
        self.bucket(self.config.object_storage.buckets.logs.as_ref(), "logs-loki")
    }

    fn bucket(&self, given: Option<&'a crate::config::BucketName>, prefix: &str) -> Cow<'a, str> {
        match given {
            Some(name) => name.as_str().into(),
            None => {
                let cluster = self.config.cluster.as_str().to_ascii_lowercase().replace(['_', '.'], "-");
                format!("{prefix}-{cluster}").into()
            }
        }
    }

    /// Name of the PriorityClass that critical pods refer to.
    pub fn priority_class(&self) -> &'a str {
        self.config.priority_class.name.as_str()
    }

    /// An image of `registry`, or of the registry that replaces it.
    pub fn image(&self, registry: &str, repository: &str, tag: &str) -> String {
        let registry = self.config.images.registry.as_ref().map_or(registry, |own| own.as_str());
        format!("{registry}/{repository}:{tag}")
    }

    /// The Thanos image of every Thanos component.
    pub fn thanos_image(&self) -> String {
        self.image("quay.io", "thanos/thanos", self.config.versions.thanos.as_str())
    }
}
