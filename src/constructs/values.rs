//! Fragments of chart values that the charts have in common.

use serde_json::{Map, Value, json};

use crate::config::{ByteQuantity, Chart, Quantities, Resources};
use crate::constructs::{Release, merge_values};
use crate::context::Context;

/// A release of `chart` with the config's own values merged over the computed ones.
pub(crate) fn release(chart: &'static str, source: &Chart, mut values: Value) -> Release {
    merge_values(&mut values, Value::Object(source.values.clone()));
    Release { chart, source: source.clone(), values }
}

/// The `resources` of a container, without the quantities that the config leaves open.
pub(crate) fn resources(resources: &Resources) -> Value {
    let mut all = Map::new();
    for (name, quantities) in [("requests", &resources.requests), ("limits", &resources.limits)] {
        let set = self::quantities(quantities);
        if !set.is_empty() {
            all.insert(name.into(), Value::Object(set));
        }
    }
    Value::Object(all)
}

fn quantities(quantities: &Quantities) -> Map<String, Value> {
    let cpu = quantities.cpu.iter().map(|cpu| ("cpu".to_owned(), json!(cpu)));
    let memory = quantities.memory.iter().map(|memory| ("memory".to_owned(), json!(memory)));
    cpu.chain(memory).collect()
}

/// The `resources` of a helper container that the config does not model.
pub(crate) fn helper_resources(cpu: &str, memory: &str, memory_limit: &str) -> Value {
    json!({ "requests": { "cpu": cpu, "memory": memory }, "limits": { "memory": memory_limit } })
}

/// The spec of a volume claim. Without a class in the config the key stays away, which is the cluster's
/// default class; an empty one would be no class at all.
pub(crate) fn claim(ctx: &Context, size: &ByteQuantity) -> Value {
    let mut claim = json!({
        "accessModes": ["ReadWriteOnce"],
        "resources": { "requests": { "storage": size } },
    });
    if let Some(class) = &ctx.config.storage.class {
        merge_values(&mut claim, json!({ "storageClassName": class }));
    }
    claim
}

/// Spreads the pods with these labels over the nodes where that is possible, and runs them all where it is
/// not. The empty list replaces the *required* term that some charts have by default; a `null` would do
/// so too, but does not survive a JSON merge patch of the object that carries the values.
pub(crate) fn spread(labels: &Value) -> Value {
    json!({
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [],
            "preferredDuringSchedulingIgnoredDuringExecution": [{
                "weight": 100,
                "podAffinityTerm": {
                    "topologyKey": "kubernetes.io/hostname",
                    "labelSelector": { "matchLabels": labels },
                },
            }],
        },
    })
}

/// The pull secrets as references in a pod's spec.
pub(crate) fn pull_secrets(ctx: &Context) -> Vec<Value> {
    ctx.config.images.pull_secrets.iter().map(|name| json!({ "name": name })).collect()
}

/// A text that comes out of Helm's `tpl` as it went in: a template that prints each `{{`.
pub(crate) fn escape_template(text: &str) -> String {
    text.replace("{{", "{{`{{`}}")
}

/// `imagePullSecrets`, if there are any.
pub(crate) fn image_pull_secrets(ctx: &Context) -> Value {
    if ctx.config.images.pull_secrets.is_empty() {
        return json!({});
    }
    json!({ "imagePullSecrets": pull_secrets(ctx) })
}

/// `tolerations`, if there are any.
pub(crate) fn tolerations(ctx: &Context) -> Value {
    if ctx.config.tolerations.is_empty() {
        return json!({});
    }
    json!({ "tolerations": ctx.config.tolerations })
}

/// The security context of a container at the Pod Security level `restricted`.
pub(crate) fn restricted_container() -> Value {
    json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": { "drop": ["ALL"] },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_that_are_not_set_stay_away() {
        let none = Resources::default();
        assert_eq!(resources(&none), json!({}));
        let some = Resources {
            requests: Quantities { cpu: Some("250m".into()), memory: None },
            limits: Quantities::default(),
        };
        assert_eq!(resources(&some), json!({ "requests": { "cpu": "250m" } }));
    }

    #[test]
    fn template_delimiters_are_printed_by_a_template() {
        assert_eq!(escape_template("plain { } text"), "plain { } text");
        assert_eq!(escape_template("{{ .Value }}"), "{{`{{`}} .Value }}");
        assert_eq!(escape_template("{{{"), "{{`{{`}}{");
    }
}
