//! The objects that a graph is made of, sorted by what they are for.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::labels;

/// Something that runs pods.
pub(super) struct Workload<'a> {
    pub(super) construct: &'a str,
    pub(super) object: &'a Value,
    /// Labels of its pods.
    pub(super) labels: Value,
    /// All that it is told: the texts of its `spec` and of the ConfigMaps and Secrets that it refers to.
    pub(super) texts: Vec<&'a str>,
}

/// A Service, of the stack or of the operator.
pub(super) struct Service<'a> {
    namespace: &'a str,
    /// `NAME.NAMESPACE`, as addresses have it.
    pub(super) address: String,
    labels: Cow<'a, Value>,
    selector: Cow<'a, Value>,
}

impl<'a> Service<'a> {
    fn of(object: &'a Value) -> Self {
        let (namespace, name) = (text(object, "/metadata/namespace"), text(object, "/metadata/name"));
        Self {
            namespace,
            address: format!("{name}.{namespace}"),
            labels: Cow::Borrowed(&object["metadata"]["labels"]),
            selector: Cow::Borrowed(&object["spec"]["selector"]),
        }
    }

    /// The Service that the operator makes for a custom resource: it is in no object of the stack
    /// (prometheus-operator `pkg/prometheus/server/statefulset.go`, `pkg/alertmanager/statefulset.go`).
    fn operated(object: &'a Value) -> Option<Self> {
        let app = match text(object, "/kind") {
            "Prometheus" => "prometheus",
            "Alertmanager" => "alertmanager",
            _ => return None,
        };
        let namespace = text(object, "/metadata/namespace");
        let (label, address) = (format!("operated-{app}"), format!("{app}-operated.{namespace}"));
        let labels = Cow::Owned(json!({ label: "true" }));
        Some(Self {
            namespace,
            address,
            labels,
            selector: Cow::Owned(json!({ "app.kubernetes.io/name": app })),
        })
    }
}

#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) workloads: Vec<Workload<'a>>,
    pub(super) buckets: Vec<(&'a str, &'a Value)>,
    pub(super) monitors: Vec<&'a Value>,
    pub(super) services: Vec<Service<'a>>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(objects: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Self {
        let mut parts = Self::default();
        let mut files = Vec::new();
        for (construct, object) in objects {
            match text(object, "/kind") {
                "Service" => parts.services.push(Service::of(object)),
                "ServiceMonitor" => parts.monitors.push(object),
                "Bucket" => parts.buckets.push((construct, object)),
                "ConfigMap" | "Secret" | "ExternalSecret" => files.push(object),
                "Deployment" | "StatefulSet" | "DaemonSet" | "Prometheus" | "Alertmanager" => {
                    parts.services.extend(Service::operated(object));
                    let texts = Vec::new();
                    parts.workloads.push(Workload { construct, object, labels: labels_of(object), texts });
                }
                _ => {}
            }
        }
        for workload in &mut parts.workloads {
            let mut texts = Vec::new();
            collect(&workload.object["spec"], &mut texts);
            let read: Vec<_> = files.iter().filter(|file| reads(workload.object, &texts, file)).collect();
            read.into_iter().for_each(|file| collect_file(file, &mut texts));
            workload.texts = texts;
        }
        parts
    }

    /// The workloads behind a Service.
    pub(super) fn behind(&self, service: &Service) -> Vec<usize> {
        let is_behind = |workload: &Workload| {
            is_some(&service.selector)
                && text(workload.object, "/metadata/namespace") == service.namespace
                && labels::contain(&workload.labels, &service.selector)
        };
        self.workloads.iter().enumerate().filter(|(_, one)| is_behind(one)).map(|(place, _)| place).collect()
    }

    /// The workloads behind the Services that a ServiceMonitor selects.
    pub(super) fn monitored(&self, monitor: &Value) -> Vec<usize> {
        let spec = &monitor["spec"];
        let named = spec.pointer("/namespaceSelector/matchNames").and_then(Value::as_array);
        let is_in = |namespace: &str| match named {
            _ if spec["namespaceSelector"]["any"] == true => true,
            Some(names) if !names.is_empty() => names.iter().any(|name| name == namespace),
            _ => namespace == text(monitor, "/metadata/namespace"),
        };
        let selected = self
            .services
            .iter()
            .filter(|service| is_in(service.namespace) && labels::select(&spec["selector"], &service.labels));
        selected.flat_map(|service| self.behind(service)).collect()
    }
}

fn is_some(selector: &Value) -> bool {
    selector.as_object().is_some_and(|labels| !labels.is_empty())
}

/// A text of an object; empty where there is none.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Labels of an object's pods. Those that the operator gives are in prometheus-operator `pkg/prometheus/server/statefulset.go`
/// and `pkg/alertmanager/operator.go`.
fn labels_of(object: &Value) -> Value {
    let name = text(object, "/metadata/name");
    match text(object, "/kind") {
        "Prometheus" => json!({
            "app.kubernetes.io/name": "prometheus",
            "app.kubernetes.io/instance": name,
            "operator.prometheus.io/name": name,
            "prometheus": name,
        }),
        "Alertmanager" => json!({
            "app.kubernetes.io/name": "alertmanager",
            "app.kubernetes.io/instance": name,
            "alertmanager": name,
        }),
        _ => object.pointer("/spec/template/metadata/labels").cloned().unwrap_or_default(),
    }
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(map) => map.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

/// The contents of a ConfigMap, of a Secret that is no binary, or of the Secret that an ExternalSecret makes.
fn collect_file<'a>(file: &'a Value, texts: &mut Vec<&'a str>) {
    for pointer in ["/data", "/stringData", "/spec/target/template/data"] {
        if let Some(value) = file.pointer(pointer) {
            collect(value, texts);
        }
    }
}

/// Whether a workload reads a file: it is named by a volume, a variable or a field of a custom resource, or it has a label
/// for which a sidecar looks (kiwigrid/k8s-sidecar, variable `LABEL`).
fn reads(workload: &Value, texts: &[&str], file: &Value) -> bool {
    let target = text(file, "/spec/target/name");
    let name = if target.is_empty() { text(file, "/metadata/name") } else { target };
    let labels = file["metadata"]["labels"].as_object();
    let is_wanted = |label: &str| label.starts_with("grafana_datasource") && texts.contains(&label);
    text(workload, "/metadata/namespace") == text(file, "/metadata/namespace")
        && (refers(&workload["spec"], "", name)
            || labels.is_some_and(|labels| labels.keys().any(|label| is_wanted(label))))
}

/// Whether a value refers to a ConfigMap or Secret: `configMap: {name: ...}`, `secretKeyRef`, `secretName`, or
/// `objectStorageConfig` of a Prometheus.
fn refers(value: &Value, parent: &str, name: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| refers(item, parent, name)),
        Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
            ("secretName", Value::String(text)) => text == name,
            ("name", Value::String(text)) => {
                let parent = parent.to_ascii_lowercase();
                text == name
                    && ["configmap", "secret", "objectstorageconfig"].iter().any(|one| parent.contains(one))
            }
            (key, value) => refers(value, key, name),
        }),
        _ => false,
    }
}
