//! Which part of the stack a pod, a workload or a volume belongs to, and which keys of the config are about it.

use serde_json::Value;

use super::observed::{label, text};
use crate::config::{Config, Resources, quantity};
use crate::names::Names;

/// A part of the stack that makes pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// How the names of its workload and pods begin.
    pub base: String,
    /// Its key below `resources`.
    pub key: Option<&'static str>,
    /// The key of its version.
    pub version: Option<&'static str>,
    /// The key of its volume's size.
    pub storage: Option<&'static str>,
}

/// All parts of the stack, those with longer names first.
#[must_use]
pub fn all(config: &Config) -> Vec<Component> {
    let names = Names::new(config);
    let (stack, loki, alloy) = (names.prometheus_release(), names.loki_release(), names.alloy_release());
    let mut all = Vec::new();
    let mut add = |base: String, key, version, storage| all.push(Component { base, key, version, storage });
    let thanos = Some("versions.thanos");
    add(Names::THANOS_QUERY.to_owned(), Some("thanosQuery"), thanos, None);
    add(Names::THANOS_STORE.to_owned(), Some("thanosStore"), thanos, Some("storage.thanosStore"));
    add(Names::THANOS_COMPACTOR.to_owned(), Some("thanosCompactor"), thanos, Some("storage.thanosCompactor"));
    let version = Some("versions.loki");
    add(format!("{loki}-write"), Some("loki.write"), version, Some("storage.loki.write"));
    add(format!("{loki}-read"), Some("loki.read"), version, None);
    add(format!("{loki}-backend"), Some("loki.backend"), version, Some("storage.loki.backend"));
    add(format!("{loki}-gateway"), Some("loki.gateway"), None, None);
    let prometheus = format!("prometheus-{}", names.prometheus());
    add(prometheus, Some("prometheus"), Some("versions.prometheus"), Some("storage.prometheus"));
    let alertmanager = format!("alertmanager-{stack}-alertmanager");
    add(alertmanager, Some("alertmanager"), None, Some("storage.alertmanager"));
    let grafana = format!("{stack}-grafana");
    add(grafana, Some("grafana"), Some("versions.grafana"), Some("storage.grafana"));
    add(format!("{stack}-operator"), Some("prometheusOperator"), None, None);
    add(format!("{stack}-kube-state-metrics"), Some("kubeStateMetrics"), None, None);
    add(format!("{stack}-prometheus-node-exporter"), Some("nodeExporter"), None, None);
    add(alloy.to_owned(), Some("alloy"), None, None);
    // What an override of a chart's values adds.
    add(stack.to_owned(), None, None, None);
    add(loki.to_owned(), None, None, None);
    all
}

/// The part that a pod or a workload belongs to; `None` when it is not the stack's.
#[must_use]
pub fn of(config: &Config, object: &Value) -> Option<Component> {
    let name = text(object, "/metadata/name");
    let instance = label(object, "app.kubernetes.io/instance");
    let names = Names::new(config);
    let loki = names.loki_release();
    let is_ours = is_ours(config, object);
    if !instance.is_empty() && !is_ours {
        return None;
    }
    // `prometheus` is also how the names of others begin, who have no labels.
    let is_loki = instance.is_empty() && begins(name, loki);
    let known = all(config).into_iter().find(|component| begins(name, &component.base));
    match known {
        Some(known) if known.key.is_some() || is_ours || is_loki => Some(known),
        _ if is_ours => Some(Component { base: workload(name), key: None, version: None, storage: None }),
        _ => None,
    }
}

/// Whether the label `instance` of an object is that of a part of the stack.
fn is_ours(config: &Config, object: &Value) -> bool {
    let instance = label(object, "app.kubernetes.io/instance");
    let names = Names::new(config);
    let (stack, loki, alloy) = (names.prometheus_release(), names.loki_release(), names.alloy_release());
    [stack, loki, alloy, names.namespace()].contains(&instance)
        || [names.prometheus(), format!("{stack}-alertmanager")].iter().any(|own| own == instance)
}

/// The part that a volume claim belongs to. The claims of a StatefulSet are `<template>-<pod>`.
#[must_use]
pub fn of_claim(config: &Config, claim: &Value) -> Option<Component> {
    let name = text(claim, "/metadata/name");
    let is_labelled = !label(claim, "app.kubernetes.io/instance").is_empty();
    if is_labelled && !is_ours(config, claim) {
        return None;
    }
    let with_storage = all(config).into_iter().find(|component| {
        component.storage.is_some()
            && (begins(name, &component.base) || name.contains(&format!("-{}-", component.base)))
    });
    with_storage.or_else(|| of(config, claim))
}

/// Whether a name is another one, or goes on with a hyphen.
#[must_use]
pub fn begins(name: &str, base: &str) -> bool {
    name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// A pod's name without its ordinal or its hashes.
fn workload(name: &str) -> String {
    let hashed = |part: &str| part.len() >= 5 && part.chars().all(|c| c.is_ascii_alphanumeric());
    let mut base = name;
    while let Some((rest, last)) = base.rsplit_once('-') {
        let is_made = last.chars().all(|c| c.is_ascii_digit())
            || hashed(last) && last.chars().any(|c| c.is_ascii_digit());
        if !is_made {
            break;
        }
        base = rest;
    }
    base.to_owned()
}

/// Requests or limits, and CPU or memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Requested CPU.
    RequestedCpu,
    /// Requested memory.
    RequestedMemory,
    /// Limit of memory.
    MemoryLimit,
}

/// The key of a quantity of a container, with what it is now.
#[must_use]
pub fn resource(
    config: &Config,
    component: &Component,
    container: &str,
    of: Quantity,
) -> Option<(String, Option<String>)> {
    // Others beside the main container have no key of their own.
    if ["config-reloader", "init-config-reloader"].contains(&container) || container.contains("-sc-") {
        return None;
    }
    let key = if container == "thanos-sidecar" { "thanosSidecar" } else { component.key? };
    let components = config.resources.components();
    let (_, resources) = components.into_iter().find(|(path, _)| path.join(".") == key)?;
    let (path, value) = quantity_of(resources, of);
    Some((format!("resources.{key}.{path}"), value))
}

fn quantity_of(resources: &Resources, of: Quantity) -> (&'static str, Option<String>) {
    let text = |text: Option<&str>| text.map(str::to_owned);
    match of {
        Quantity::RequestedCpu => {
            ("requests.cpu", text(resources.requests.cpu.as_ref().map(|cpu| cpu.as_str())))
        }
        Quantity::RequestedMemory => {
            ("requests.memory", text(resources.requests.memory.as_ref().map(|memory| memory.as_str())))
        }
        Quantity::MemoryLimit => {
            ("limits.memory", text(resources.limits.memory.as_ref().map(|memory| memory.as_str())))
        }
    }
}

/// Twice or half a quantity of memory, in whole mebibytes; half of CPU in thousandths.
#[must_use]
pub fn scaled(value: &str, of: Quantity) -> Option<String> {
    match of {
        Quantity::RequestedCpu => quantity::nano(value).map(|nano| format!("{}m", (nano / 2_000_000).max(1))),
        Quantity::RequestedMemory => {
            quantity::bytes(value).map(|bytes| format!("{}Mi", (bytes >> 21).max(1)))
        }
        Quantity::MemoryLimit => quantity::bytes(value).map(|bytes| format!("{}Mi", bytes >> 19)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(name: &str, instance: &str) -> Option<Option<&'static str>> {
        let labels = json!({"app.kubernetes.io/instance": instance});
        of(&Config::default(), &json!({"metadata": {"name": name, "labels": labels}})).map(|found| found.key)
    }

    #[test]
    fn pods_are_known_by_their_names_and_labels() {
        for (name, expected) in [
            ("thanos-query-7d9c5b-abcde", "thanosQuery"),
            ("loki-write-2", "loki.write"),
            ("loki-gateway-5f7c9-xyz", "loki.gateway"),
            ("prometheus-prometheus-prometheus-0", "prometheus"),
            ("alertmanager-prometheus-alertmanager-1", "alertmanager"),
            ("prometheus-grafana-0", "grafana"),
            ("prometheus-prometheus-node-exporter-abcde", "nodeExporter"),
            ("prometheus-operator-6c9-abc", "prometheusOperator"),
            ("alloy-xk2lp", "alloy"),
        ] {
            assert_eq!(key(name, ""), Some(Some(expected)), "{name}");
        }
        assert_eq!(key("loki-canary-x1", "loki"), Some(None));
        assert_eq!(key("prometheus-pushgateway-0", "prometheus-pushgateway"), None);
        assert_eq!(key("prometheus-pushgateway-0", ""), None);
        assert_eq!(key("loki-chunks-cache-0", ""), Some(None));
        assert_eq!(key("postgres-0", ""), None);
        assert_eq!(key("loki-write-0", "another"), None);
    }

    #[test]
    fn claims_are_known_by_their_pods() {
        let storage = |name: &str| {
            of_claim(&Config::default(), &json!({"metadata": {"name": name}})).and_then(|found| found.storage)
        };
        assert_eq!(storage("data-thanos-store-0"), Some("storage.thanosStore"));
        assert_eq!(
            storage("prometheus-prometheus-prometheus-db-prometheus-prometheus-prometheus-0"),
            Some("storage.prometheus")
        );
        assert_eq!(
            storage("alertmanager-prometheus-alertmanager-db-alertmanager-prometheus-alertmanager-0"),
            Some("storage.alertmanager")
        );
        assert_eq!(storage("prometheus-grafana"), Some("storage.grafana"));
        assert_eq!(storage("data-loki-write-0"), Some("storage.loki.write"));
        assert_eq!(storage("data-postgres-0"), None);
    }

    #[test]
    fn a_key_comes_with_its_value_and_a_proposal() {
        let config = Config::default();
        let write = all(&config).into_iter().find(|one| one.base == "loki-write").unwrap();
        assert!(resource(&config, &write, "loki-sc-rules", Quantity::MemoryLimit).is_none());
        let found = resource(&config, &write, "loki", Quantity::RequestedMemory).unwrap();
        assert_eq!(found, ("resources.loki.write.requests.memory".to_owned(), Some("256Mi".to_owned())));
        assert_eq!(scaled("256Mi", Quantity::RequestedMemory).unwrap(), "128Mi");
        assert_eq!(scaled("1Gi", Quantity::MemoryLimit).unwrap(), "2048Mi");
        assert_eq!(scaled("0.5", Quantity::RequestedCpu).unwrap(), "250m");
        assert_eq!(scaled("lots", Quantity::RequestedMemory), None);
    }
}
