//! A healthy cluster for tests, from which something is taken or to which something is added.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::definitions;
use super::expected::Expected;
use super::finding::{Finding, Report};
use super::observed::{Observed, Scope, Secret, Served, seconds};
use crate::config::Config;
use crate::constructs::testing::config;
use crate::delivery::Surroundings;
use crate::k8s::{DEFINITION, Identity};
use crate::names::Names;
use crate::stack::{self, Stack};
use crate::{doctor, prerequisites};

/// When the cluster is asked.
const NOW: &str = "2026-01-01T12:00:00Z";

/// A config, what it renders, and a cluster.
#[derive(Clone)]
pub(super) struct Case {
    config: Config,
    stack: Stack,
    pub(super) observed: Observed,
}

impl Case {
    /// The example with everything healthy.
    pub(super) fn healthy() -> Self {
        Self::of(include_str!("../../examples/kup6s/config.yaml"))
    }

    /// The stack of a config with everything healthy.
    pub(super) fn of(text: &str) -> Self {
        let config = config(text);
        let stack = stack::render(&config, &Surroundings::default(), |_| true).unwrap();
        let now = seconds(&json!(NOW)).unwrap();
        let observed = Observed { now, grace: 600, ..Observed::default() };
        let mut case = Self { config, stack, observed };
        case.serve();
        let objects: Vec<_> = case.stack.objects.iter().map(|object| object.object.value.clone()).collect();
        for mut object in objects {
            object["metadata"]["creationTimestamp"] = json!("2025-01-01T00:00:00Z");
            object["status"] = status(&object);
            case.add(object);
        }
        for needed in prerequisites::list(&case.config) {
            match (needed.kind, needed.namespace.as_str()) {
                ("Secret", namespace) => {
                    let namespace = if namespace.is_empty() { "crossplane-system" } else { namespace };
                    case.secret(namespace, &needed.name, Secret::Keys(needed.keys.iter().cloned().collect()));
                }
                (DEFINITION, _) => {}
                (kind, _) => {
                    let (version, spec) = match kind {
                        "ProviderConfig" => ("aws.upbound.io/v1beta1", json!({})),
                        "ClusterSecretStore" => (
                            "external-secrets.io/v1",
                            json!({"provider": {"kubernetes": {"remoteNamespace": "crossplane-system"}}}),
                        ),
                        "StorageClass" => ("storage.k8s.io/v1", json!({})),
                        _ => ("scheduling.k8s.io/v1", json!({})),
                    };
                    case.add(json!({"apiVersion": version, "kind": kind, "metadata": {"name": needed.name},
                        "spec": spec, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}));
                }
            }
        }
        if case.config.storage.class.is_none() {
            case.add(json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "longhorn"}}));
        }
        let targets = case.with(|expected, _| doctor::credentials::targets(expected));
        for (_, target, keys) in targets {
            case.secret(&target.namespace, &target.name, Secret::Keys(keys.into_iter().collect()));
        }
        case
    }

    /// All that the stack uses is served and listed.
    fn serve(&mut self) {
        let used = self.with(|expected, _| definitions::used(expected));
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for used in used {
            let version = used.api_version.rsplit('/').next().unwrap().to_owned();
            let versions = groups.entry(used.group().to_owned()).or_default();
            if !versions.contains(&version) {
                versions.push(version);
            }
            let served = Served { kind: used.kind.clone(), plural: String::new(), namespaced: true };
            self.observed.served.entry(used.api_version.clone()).or_default().push(served);
            for namespace in ["", "monitoring", "kube-system", "argocd"] {
                let (group, kind) = (used.group().to_owned(), used.kind.clone());
                self.observed.complete.insert(Scope { group, kind, namespace: namespace.to_owned() });
            }
        }
        self.observed.groups = groups;
        for (group, kind) in [("storage.k8s.io", "StorageClass"), ("scheduling.k8s.io", "PriorityClass")] {
            let (group, kind) = (group.to_owned(), kind.to_owned());
            self.observed.complete.insert(Scope { group, kind, namespace: String::new() });
        }
    }

    fn with<T>(&self, of: impl FnOnce(&Expected, &Observed) -> T) -> T {
        let expected = Expected {
            config: &self.config,
            names: Names::new(&self.config),
            objects: &self.stack.objects,
            kubectl: "kubectl",
            arguments: "config.yaml",
        };
        of(&expected, &self.observed)
    }

    /// What a topic finds.
    pub(super) fn findings(&self, check: impl FnOnce(&Expected, &Observed) -> Vec<Finding>) -> Vec<Finding> {
        self.with(check)
    }

    /// What all topics find.
    pub(super) fn report(&self) -> Report {
        self.with(doctor::diagnose)
    }

    /// Adds an object.
    pub(super) fn add(&mut self, object: Value) {
        self.observed.present.insert(Identity::of(&object));
        self.observed.objects.push(object);
    }

    /// Takes an object away.
    pub(super) fn remove(&mut self, kind: &str, name: &str) {
        self.observed.objects.retain(|object| object["kind"] != kind || object["metadata"]["name"] != name);
        self.observed.present.retain(|object| object.kind != kind || object.name != name);
    }

    /// An object to change.
    #[track_caller]
    pub(super) fn get(&mut self, kind: &str, name: &str) -> &mut Value {
        let mut all = self.observed.objects.iter_mut();
        all.find(|object| object["kind"] == kind && object["metadata"]["name"] == name).unwrap()
    }

    /// Gives an object an age in seconds.
    #[track_caller]
    pub(super) fn age(&mut self, kind: &str, name: &str, seconds: i64) {
        let moment = self.moment(seconds);
        self.get(kind, name)["metadata"]["creationTimestamp"] = json!(moment);
    }

    /// A moment so many seconds ago.
    pub(super) fn moment(&self, seconds: i64) -> String {
        let moment = k8s_openapi::jiff::Timestamp::from_second(self.observed.now - seconds).unwrap();
        moment.to_string()
    }

    /// Sets what is known of a Secret.
    pub(super) fn secret(&mut self, namespace: &str, name: &str, secret: Secret) {
        self.observed.secrets.insert((namespace.to_owned(), name.to_owned()), secret);
    }
}

/// The status of a healthy object.
fn status(object: &Value) -> Value {
    let condition =
        |of: &str| json!({"type": of, "status": "True", "lastTransitionTime": "2025-01-01T00:00:00Z"});
    let replicas = &object["spec"]["replicas"];
    match object["kind"].as_str().unwrap_or_default() {
        "Bucket" | "BucketVersioning" | "BucketLifecycleConfiguration" => {
            json!({"conditions": [condition("Ready"), condition("Synced")]})
        }
        "ExternalSecret" => json!({"conditions": [condition("Ready")]}),
        "Deployment" | "StatefulSet" => {
            json!({"observedGeneration": 1, "replicas": replicas, "readyReplicas": replicas})
        }
        "HelmChart" => {
            json!({"jobName": format!("helm-install-{}", object["metadata"]["name"].as_str().unwrap())})
        }
        "Application" => json!({"health": {"status": "Healthy"}, "sync": {"status": "Synced"}}),
        _ => Value::Null,
    }
}
