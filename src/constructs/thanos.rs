//! What Thanos Query, Store and Compactor have in common: pods, probes, volumes, monitoring.

mod alerts;

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec,
};
use k8s_openapi::api::core::v1::{
    Affinity, Capabilities, Container, ContainerPort, HTTPGetAction, KeyToPath, LocalObjectReference,
    PersistentVolumeClaim, PersistentVolumeClaimSpec, PodAffinityTerm, PodAntiAffinity, PodSecurityContext,
    PodSpec, PodTemplateSpec, Probe, ResourceRequirements, SeccompProfile, SecretVolumeSource,
    SecurityContext, Service, ServiceAccount, ServicePort, ServiceSpec, Toleration, Volume, VolumeMount,
    VolumeResourceRequirements, WeightedPodAffinityTerm,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Part, Parts, custom, object};
use crate::config::{ByteQuantity, Quantities, Resources, TaintEffect, TolerationOperator, quantity};
use crate::context::{App, Context};
use crate::k8s::Wave;
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::monitoring::{AlertingRule, Endpoint, Selector, ServiceMonitorSpec};
use crate::names::Names;

pub(super) use alerts::{alert, bucket_failures, is_down, metrics_of, prometheus_rule, share};

/// User and group of the Thanos image (`USER 1001` in its Dockerfile).
const USER: i64 = 1001;
/// Where the object store configuration is mounted.
const OBJSTORE_DIRECTORY: &str = "/etc/thanos";
/// gRPC and HTTP servers drain for 2 minutes (`--grpc-grace-period`, `--http-grace-period`); the kubelet
/// must not kill the process before.
const TERMINATION_GRACE_SECONDS: i64 = 150;

/// Name and number of the gRPC port. SRV discovery looks it up by its name.
pub(super) const GRPC: (&str, i32) = ("grpc", 10901);

/// A Thanos component.
pub(super) struct Component<'a> {
    /// Name of its objects.
    pub(super) name: &'static str,
    /// `app.kubernetes.io/component`
    pub(super) component: &'static str,
    /// Number of pods.
    pub(super) replicas: u32,
    /// Requests and limits.
    pub(super) resources: &'a Resources,
    /// Subcommand and flags.
    pub(super) args: Vec<String>,
    /// Ports with their names, HTTP among them.
    pub(super) ports: &'static [(&'static str, i32)],
    /// Whether the Service resolves to the pods themselves.
    pub(super) headless: bool,
    /// Minutes that the first start may take, if that can be long.
    pub(super) startup_minutes: Option<i32>,
    /// Volume for `--data-dir`, if it has one.
    pub(super) data: Option<DataVolume<'a>>,
}

/// A persistent volume per pod.
pub(super) struct DataVolume<'a> {
    /// Where it is mounted.
    pub(super) path: &'static str,
    /// Its size.
    pub(super) size: &'a ByteQuantity,
}

impl<'a> Component<'a> {
    /// Whom the component's objects belong to.
    pub(super) fn app(&self, ctx: &Context<'a>) -> App<'a> {
        App { name: self.name, component: self.component, version: Some(ctx.config.versions.thanos.as_str()) }
    }

    /// ServiceAccount, Service, PodDisruptionBudget, ServiceMonitor and PrometheusRule.
    pub(super) fn companions(&self, ctx: &Context<'a>, alerts: Vec<AlertingRule>) -> Parts {
        let app = self.app(ctx);
        let account = ServiceAccount {
            metadata: ctx.namespaced(self.name, app),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        };
        let mut parts = vec![object(Wave::Thanos, &account)?, object(Wave::Thanos, &self.service(ctx))?];
        if self.replicas >= 2 {
            let budget = PodDisruptionBudget {
                metadata: ctx.namespaced(self.name, app),
                spec: Some(PodDisruptionBudgetSpec {
                    max_unavailable: Some(IntOrString::Int(1)),
                    selector: Some(self.selector(ctx)),
                    ..PodDisruptionBudgetSpec::default()
                }),
                ..PodDisruptionBudget::default()
            };
            parts.push(object(Wave::Thanos, &budget)?);
        }
        parts.push(self.service_monitor(ctx)?);
        parts.push(prometheus_rule(ctx, self.name, app, alerts)?);
        Ok(parts)
    }

    fn service(&self, ctx: &Context<'a>) -> Service {
        let port = |(name, number): &(&str, i32)| ServicePort {
            name: Some((*name).to_owned()),
            port: *number,
            target_port: Some(IntOrString::String((*name).to_owned())),
            ..ServicePort::default()
        };
        Service {
            metadata: ctx.namespaced(self.name, self.app(ctx)),
            spec: Some(ServiceSpec {
                cluster_ip: self.headless.then(|| "None".to_owned()),
                selector: Some(ctx.selector(self.app(ctx))),
                ports: Some(self.ports.iter().map(port).collect()),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        }
    }

    fn service_monitor(&self, ctx: &Context<'a>) -> Result<Part, serde_json::Error> {
        let spec = ServiceMonitorSpec {
            selector: Selector { match_labels: ctx.selector(self.app(ctx)) },
            endpoints: vec![Endpoint {
                port: "http",
                path: "/metrics",
                interval: ctx.config.scrape_interval.to_string(),
            }],
        };
        let metadata = ctx.namespaced(self.name, self.app(ctx));
        custom(Wave::Monitoring, &[], &CustomResource::new(metadata, spec))
    }

    /// Selects the component's pods.
    pub(super) fn selector(&self, ctx: &Context<'a>) -> LabelSelector {
        LabelSelector { match_labels: Some(ctx.selector(self.app(ctx))), ..LabelSelector::default() }
    }

    /// The component's StatefulSet. Claims outlive it: blocks at work are worth keeping.
    pub(super) fn stateful_set(&self, ctx: &Context<'a>) -> Result<Part, serde_json::Error> {
        let retain = StatefulSetPersistentVolumeClaimRetentionPolicy {
            when_deleted: Some("Retain".into()),
            when_scaled: Some("Retain".into()),
        };
        let set = StatefulSet {
            metadata: ctx.namespaced(self.name, self.app(ctx)),
            spec: Some(StatefulSetSpec {
                replicas: Some(replicas(self.replicas)),
                service_name: Some(self.name.into()),
                pod_management_policy: Some("Parallel".into()),
                revision_history_limit: Some(5),
                persistent_volume_claim_retention_policy: Some(retain),
                selector: self.selector(ctx),
                template: self.pod_template(ctx),
                volume_claim_templates: self.data.as_ref().map(|data| vec![claim(ctx, data)]),
                ..StatefulSetSpec::default()
            }),
            ..StatefulSet::default()
        };
        object(Wave::Thanos, &set)
    }

    /// The component's pods, fit for the Pod Security level `restricted`.
    pub(super) fn pod_template(&self, ctx: &Context<'a>) -> PodTemplateSpec {
        let pull_secrets = &ctx.config.images.pull_secrets;
        let tolerations = &ctx.config.tolerations;
        PodTemplateSpec {
            metadata: Some(ObjectMeta { labels: Some(ctx.labels(self.app(ctx))), ..ObjectMeta::default() }),
            spec: Some(PodSpec {
                service_account_name: Some(self.name.into()),
                automount_service_account_token: Some(false),
                enable_service_links: Some(false),
                priority_class_name: Some(ctx.names.priority_class().into()),
                termination_grace_period_seconds: Some(TERMINATION_GRACE_SECONDS),
                security_context: Some(pod_security_context()),
                affinity: (self.replicas >= 2).then(|| self.anti_affinity(ctx)),
                tolerations: (!tolerations.is_empty()).then(|| tolerations.iter().map(toleration).collect()),
                image_pull_secrets: (!pull_secrets.is_empty()).then(|| {
                    pull_secrets.iter().map(|name| LocalObjectReference { name: name.to_string() }).collect()
                }),
                containers: vec![self.container(ctx)],
                volumes: self.needs_objstore().then(|| vec![objstore_volume()]),
                ..PodSpec::default()
            }),
        }
    }

    /// Spreads the pods over the nodes where that is possible, and runs them all where it is not.
    fn anti_affinity(&self, ctx: &Context<'a>) -> Affinity {
        let term = WeightedPodAffinityTerm {
            weight: 100,
            pod_affinity_term: PodAffinityTerm {
                label_selector: Some(self.selector(ctx)),
                topology_key: "kubernetes.io/hostname".into(),
                ..PodAffinityTerm::default()
            },
        };
        Affinity {
            pod_anti_affinity: Some(PodAntiAffinity {
                preferred_during_scheduling_ignored_during_execution: Some(vec![term]),
                ..PodAntiAffinity::default()
            }),
            ..Affinity::default()
        }
    }

    fn container(&self, ctx: &Context<'a>) -> Container {
        let mut mounts = Vec::new();
        if let Some(data) = &self.data {
            mounts.push(VolumeMount {
                name: "data".into(),
                mount_path: data.path.into(),
                ..VolumeMount::default()
            });
        }
        if self.needs_objstore() {
            mounts.push(VolumeMount {
                name: "objstore".into(),
                mount_path: OBJSTORE_DIRECTORY.into(),
                read_only: Some(true),
                ..VolumeMount::default()
            });
        }
        let port = |(name, number): &(&str, i32)| ContainerPort {
            name: Some((*name).to_owned()),
            container_port: *number,
            ..ContainerPort::default()
        };
        let mut args = self.args.clone();
        if self.resources.limits.memory.is_some() {
            // Go collects garbage harder when memory comes close to the limit.
            args.push("--enable-auto-gomemlimit".into());
        }
        Container {
            name: self.name.into(),
            image: Some(ctx.names.thanos_image()),
            image_pull_policy: Some("IfNotPresent".into()),
            args: Some(args),
            ports: Some(self.ports.iter().map(port).collect()),
            startup_probe: self.startup_minutes.map(|minutes| probe("/-/ready", 10, 6 * minutes)),
            liveness_probe: Some(probe("/-/healthy", 30, 4)),
            readiness_probe: Some(probe("/-/ready", 5, 20)),
            resources: Some(requirements(self.resources)),
            security_context: Some(container_security_context()),
            termination_message_policy: Some("FallbackToLogsOnError".into()),
            volume_mounts: (!mounts.is_empty()).then_some(mounts),
            ..Container::default()
        }
    }

    /// Whoever keeps data locally does so because it works on the bucket.
    fn needs_objstore(&self) -> bool {
        self.data.is_some()
    }
}

/// Flags that name the object store configuration.
pub(super) fn objstore_flag() -> String {
    format!("--objstore.config-file={OBJSTORE_DIRECTORY}/{}", Names::THANOS_OBJSTORE_KEY)
}

/// A number of replicas as the API writes it.
pub(super) fn replicas(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A memory limit in whole mebibytes.
pub(super) fn limit_mebibytes(resources: &Resources) -> Option<u128> {
    let limit = resources.limits.memory.as_ref()?;
    quantity::bytes(limit.as_str()).map(|bytes| bytes >> 20)
}

fn probe(path: &str, period_seconds: i32, failure_threshold: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.into()),
            port: IntOrString::String("http".into()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(period_seconds),
        timeout_seconds: Some(5),
        failure_threshold: Some(failure_threshold),
        ..Probe::default()
    }
}

fn requirements(resources: &Resources) -> ResourceRequirements {
    ResourceRequirements {
        requests: quantities(&resources.requests),
        limits: quantities(&resources.limits),
        ..ResourceRequirements::default()
    }
}

fn quantities(quantities: &Quantities) -> Option<BTreeMap<String, Quantity>> {
    let cpu = quantities.cpu.iter().map(|cpu| ("cpu".to_owned(), Quantity(cpu.to_string())));
    let memory = quantities.memory.iter().map(|memory| ("memory".to_owned(), Quantity(memory.to_string())));
    let all: BTreeMap<_, _> = cpu.chain(memory).collect();
    (!all.is_empty()).then_some(all)
}

fn pod_security_context() -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(USER),
        run_as_group: Some(USER),
        // Makes the volume writable for the user.
        fs_group: Some(USER),
        fs_group_change_policy: Some("OnRootMismatch".into()),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".into(), ..SeccompProfile::default() }),
        ..PodSecurityContext::default()
    }
}

fn container_security_context() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".into()]), ..Capabilities::default() }),
        ..SecurityContext::default()
    }
}

fn objstore_volume() -> Volume {
    Volume {
        name: "objstore".into(),
        secret: Some(SecretVolumeSource {
            secret_name: Some(Names::THANOS_OBJSTORE.into()),
            default_mode: Some(0o440),
            items: Some(vec![KeyToPath {
                key: Names::THANOS_OBJSTORE_KEY.into(),
                path: Names::THANOS_OBJSTORE_KEY.into(),
                ..KeyToPath::default()
            }]),
            ..SecretVolumeSource::default()
        }),
        ..Volume::default()
    }
}

fn claim(ctx: &Context, data: &DataVolume) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: ObjectMeta { name: Some("data".into()), ..ObjectMeta::default() },
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".into()]),
            storage_class_name: ctx.config.storage.class.as_ref().map(ToString::to_string),
            resources: Some(VolumeResourceRequirements {
                requests: Some(
                    [("storage".to_owned(), Quantity(data.size.to_string()))].into_iter().collect(),
                ),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}

fn toleration(toleration: &crate::config::Toleration) -> Toleration {
    Toleration {
        key: toleration.key.clone(),
        operator: toleration.operator.map(|operator| match operator {
            TolerationOperator::Equal => "Equal".into(),
            TolerationOperator::Exists => "Exists".into(),
        }),
        value: toleration.value.clone(),
        effect: toleration.effect.map(|effect| match effect {
            TaintEffect::NoSchedule => "NoSchedule".into(),
            TaintEffect::PreferNoSchedule => "PreferNoSchedule".into(),
            TaintEffect::NoExecute => "NoExecute".into(),
        }),
        toleration_seconds: toleration.toleration_seconds,
    }
}
