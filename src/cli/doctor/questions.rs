//! What the cluster is asked for: which kinds, where, and how much of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::Delivery;
use crate::doctor::{Expected, Observed, buckets, credentials, definitions};
use crate::k8s::Identity;
use crate::prerequisites;

/// A kind that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Item {
    /// API group.
    pub(super) group: String,
    /// Kind.
    pub(super) kind: String,
    /// Its name for kubectl.
    pub(super) plural: String,
}

impl Item {
    /// `buckets.s3.aws.upbound.io`
    fn argument(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }
}

/// How much is wanted of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// All of them.
    Whole,
    /// Their names.
    Names,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    /// Namespace; empty for cluster-scoped kinds.
    pub(super) namespace: String,
    /// Kinds.
    pub(super) kinds: Vec<Item>,
    /// The one object that matters of a kind with many.
    pub(super) name: Option<String>,
    /// How much is wanted.
    pub(super) shape: Shape,
}

impl Batch {
    fn whole(namespace: &str, kinds: Vec<Item>) -> Self {
        Self { namespace: namespace.to_owned(), kinds, name: None, shape: Shape::Whole }
    }

    /// The same question for each kind by itself.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        let (namespace, name, shape) = (self.namespace, self.name, self.shape);
        self.kinds.into_iter().map(move |kind| Self {
            namespace: namespace.clone(),
            kinds: vec![kind],
            name: name.clone(),
            shape,
        })
    }

    /// What follows `kubectl get`.
    pub(super) fn arguments(&self) -> Vec<String> {
        let kinds: Vec<_> = self.kinds.iter().map(Item::argument).collect();
        let mut arguments = vec![kinds.join(",")];
        if let Some(name) = &self.name {
            arguments.extend([name.clone(), "--ignore-not-found".to_owned()]);
        }
        if !self.namespace.is_empty() {
            arguments.extend(["-n".to_owned(), self.namespace.clone()]);
        }
        let format = match self.shape {
            Shape::Whole => "json",
            Shape::Names => "name",
        };
        arguments.extend(["-o".to_owned(), format.to_owned()]);
        arguments
    }

    /// The object of a line of `-o name`: `poddisruptionbudget.policy/thanos-query`.
    pub(super) fn identity(&self, line: &str) -> Option<Identity> {
        let (kind, name) = line.trim().split_once('/')?;
        let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
        let item = self.kinds.iter().find(|item| item.group == group && item.kind.to_lowercase() == kind)?;
        Some(Identity {
            group: item.group.clone(),
            kind: item.kind.clone(),
            namespace: self.namespace.clone(),
            name: name.to_owned(),
        })
    }
}

/// Kinds that every cluster serves, of which everything is wanted.
const BUILT_IN: [(&str, &str, &str); 8] = [
    ("", "Pod", "pods"),
    ("", "PersistentVolumeClaim", "persistentvolumeclaims"),
    ("", "Service", "services"),
    ("", "Endpoints", "endpoints"),
    ("discovery.k8s.io", "EndpointSlice", "endpointslices"),
    ("apps", "Deployment", "deployments"),
    ("apps", "StatefulSet", "statefulsets"),
    ("apps", "DaemonSet", "daemonsets"),
];

/// Kinds of others, in the stack's namespace, of which everything is wanted.
const CUSTOM: [(&str, &str); 3] = [
    ("external-secrets.io", "ExternalSecret"),
    (definitions::MONITORING, "Prometheus"),
    (definitions::MONITORING, "Alertmanager"),
];

/// Cluster-scoped kinds of which everything is wanted.
const CLUSTER_SCOPED: [(&str, &str); 2] =
    [("external-secrets.io", "ClusterSecretStore"), ("aws.upbound.io", "ProviderConfig")];

fn item(group: &str, kind: &str, plural: &str) -> Item {
    Item { group: group.to_owned(), kind: kind.to_owned(), plural: plural.to_owned() }
}

/// A kind, when the cluster serves it.
fn served(observed: &Observed, group: &str, kind: &str) -> Option<(Item, bool)> {
    let versions = observed.served.iter();
    let of_group =
        versions.filter(|(version, _)| version.rsplit_once('/').map_or("", |(group, _)| group) == group);
    let found = of_group.flat_map(|(_, kinds)| kinds).find(|served| served.kind == kind)?;
    Some((item(group, kind, &found.plural), found.namespaced))
}

/// All questions for objects.
pub(super) fn batches(expected: &Expected, observed: &Observed) -> Vec<Batch> {
    let config = expected.config;
    let here = expected.names.namespace();
    let custom = |kinds: &[(&str, &str)]| -> Vec<Item> {
        kinds.iter().filter_map(|(group, kind)| served(observed, group, kind)).map(|(item, _)| item).collect()
    };
    let mut namespaced: Vec<_> =
        BUILT_IN.iter().map(|(group, kind, plural)| item(group, kind, plural)).collect();
    namespaced.extend(custom(&CUSTOM));
    let mut cluster = vec![
        item("storage.k8s.io", "StorageClass", "storageclasses"),
        item("scheduling.k8s.io", "PriorityClass", "priorityclasses"),
    ];
    cluster.extend(custom(&CLUSTER_SCOPED));
    let rendered: BTreeSet<Identity> =
        expected.rendered().map(|object| Identity::of(&object.value)).collect();
    let managed: BTreeSet<_> = rendered
        .iter()
        .filter(|object| buckets::is_managed(object))
        .map(|object| object.kind.as_str())
        .collect();
    let managed: Vec<_> = managed.into_iter().map(|kind| (buckets::GROUP, kind)).collect();
    cluster.extend(custom(&managed));
    let namespace = Batch {
        namespace: String::new(),
        kinds: vec![item("", "Namespace", "namespaces")],
        name: Some(here.to_owned()),
        shape: Shape::Whole,
    };
    let mut all = vec![
        Batch::whole(here, namespaced),
        Batch::whole(here, vec![item("", "Event", "events")]),
        namespace,
        Batch::whole("", cluster),
    ];
    match config.delivery {
        Delivery::HelmChart => {
            let mut kinds = custom(&[("helm.cattle.io", "HelmChart")]);
            kinds.push(item("batch", "Job", "jobs"));
            let elsewhere = config.helm_chart.namespace.as_str();
            if elsewhere != here {
                kinds.push(item("", "Pod", "pods"));
            }
            all.push(Batch::whole(elsewhere, kinds));
        }
        Delivery::Application => {
            let kinds = custom(&[("argoproj.io", "Application")]);
            all.push(Batch::whole(config.application.namespace.as_str(), kinds));
        }
        Delivery::Inline => {}
    }
    all.retain(|batch| !batch.kinds.is_empty());
    all.extend(names(observed, &rendered, &all));
    all
}

/// Questions for the names of all other rendered objects. Secrets are asked for by name.
fn names(observed: &Observed, rendered: &BTreeSet<Identity>, asked: &[Batch]) -> Vec<Batch> {
    let is_asked = |object: &Identity| {
        asked.iter().any(|batch| {
            batch.namespace == object.namespace
                && batch.kinds.iter().any(|item| item.group == object.group && item.kind == object.kind)
        })
    };
    let mut by_namespace: BTreeMap<&str, BTreeSet<Item>> = BTreeMap::new();
    for object in rendered {
        if object.kind == "Secret" || is_asked(object) {
            continue;
        }
        if let Some((item, namespaced)) = served(observed, &object.group, &object.kind)
            && namespaced != object.namespace.is_empty()
        {
            by_namespace.entry(&object.namespace).or_default().insert(item);
        }
    }
    by_namespace
        .into_iter()
        .map(|(namespace, kinds)| Batch {
            namespace: namespace.to_owned(),
            kinds: kinds.into_iter().collect(),
            name: None,
            shape: Shape::Names,
        })
        .collect()
}

/// The Secrets whose keys matter, by namespace.
pub(super) fn secrets(expected: &Expected, observed: &Observed) -> BTreeMap<String, Vec<String>> {
    let mut wanted: BTreeSet<Identity> = BTreeSet::new();
    for needed in prerequisites::list(expected.config) {
        if needed.kind == "Secret" && !needed.namespace.is_empty() {
            wanted.insert(Expected::secret(&needed.namespace, &needed.name));
        }
    }
    wanted.extend(credentials::source(expected, observed));
    wanted.extend(credentials::targets(expected).into_iter().map(|(_, target, _)| target));
    let provider = Identity {
        group: "aws.upbound.io".to_owned(),
        kind: "ProviderConfig".to_owned(),
        namespace: String::new(),
        name: expected.config.object_storage.provider_config.name.to_string(),
    };
    wanted.extend(buckets::provider_secret(observed, &provider).map(|(secret, _)| secret));
    wanted.extend(expected.of("Secret").map(Identity::of));
    let mut by_namespace: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for secret in wanted {
        // A name that begins with a hyphen would be a flag.
        if !secret.namespace.is_empty() && secret.name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            by_namespace.entry(secret.namespace).or_default().push(secret.name);
        }
    }
    by_namespace
}

/// Why the source of the credentials cannot be looked at: the store says where it is.
pub(super) fn hidden_source(expected: &Expected, observed: &Observed) -> Option<String> {
    let name = expected.config.object_storage.credentials.secret_store.as_str();
    expected.of("ExternalSecret").next()?;
    let Some(store) = observed.get("external-secrets.io", "ClusterSecretStore", "", name) else {
        return Some(format!("ClusterSecretStore {name}, which says where it is, could not be read"));
    };
    let provider = store.pointer("/spec/provider").and_then(Value::as_object)?;
    let other = provider.keys().find(|key| *key != "kubernetes")?;
    (!provider.contains_key("kubernetes")).then(|| format!("ClusterSecretStore {name} reads from {other}"))
}
