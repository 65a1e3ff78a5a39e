//! What may lose data, or what a cluster refuses to change in place.

use serde::Serialize;
use serde_json::Value;

use super::fields::Field;

use crate::config::{duration, quantity};
use crate::k8s::{DEFINITION, Identity};

/// Something dangerous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Danger {
    /// The field; empty for a whole object.
    pub path: String,
    /// What happens.
    pub message: String,
}

fn danger(path: &str, message: impl Into<String>) -> Danger {
    Danger { path: path.to_owned(), message: message.into() }
}

/// What is dangerous about an object that is gone.
pub(super) fn of_deletion(identity: &Identity, old: &Value) -> Vec<Danger> {
    let annotation = |key: &str| old["metadata"]["annotations"][key].as_str().unwrap_or_default();
    let message = match identity.kind.as_str() {
        "Namespace" => "everything in the namespace is deleted, volumes included",
        "PersistentVolumeClaim" => "the volume is deleted, unless its class retains it",
        DEFINITION => "all objects of this kind are deleted, wherever they came from",
        "Bucket" => "the bucket is managed no more, and deleted unless its deletionPolicy is Orphan",
        "HelmChart" | "Application" => "the chart is uninstalled, with everything that it has installed",
        "StatefulSet" if has(&old["spec"]["volumeClaimTemplates"]) => {
            "its volumes are left behind, used by nobody"
        }
        "Prometheus" | "Alertmanager" | "ThanosRuler" if has(&old["spec"]["storage"]) => {
            "its volumes are left behind, used by nobody"
        }
        _ => return Vec::new(),
    };
    let kept = annotation("argocd.argoproj.io/sync-options").contains("Prune=false");
    let kept = if kept { " (ArgoCD keeps the object: Prune=false)" } else { "" };
    vec![danger("", format!("{message}{kept}"))]
}

fn has(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        value => value.is_object(),
    }
}

/// What is dangerous about fields that differ.
pub(super) fn of_changes(identity: &Identity, fields: &[Field]) -> Vec<Danger> {
    fields.iter().filter_map(|field| of_field(identity, field)).collect()
}

fn of_field(identity: &Identity, field: &Field) -> Option<Danger> {
    if identity.kind == DEFINITION {
        // Its schema names fields; it has no data.
        return definition(field).map(|message| danger(&field.path, message));
    }
    let message = immutable(identity, &field.path)
        .map(str::to_owned)
        .or_else(|| selector(identity, &field.path).map(str::to_owned))
        .or_else(|| bucket(identity, &field.path).map(str::to_owned))
        .or_else(|| data(field))?;
    Some(danger(&field.path, message))
}

/// Fields that an API server refuses to change (Kubernetes pkg/apis/*/validation).
fn immutable(identity: &Identity, path: &str) -> Option<&'static str> {
    const MUTABLE: [&str; 7] = [
        "spec.replicas",
        "spec.ordinals",
        "spec.template",
        "spec.updateStrategy",
        "spec.persistentVolumeClaimRetentionPolicy",
        "spec.minReadySeconds",
        "spec.revisionHistoryLimit",
    ];
    let below = |field: &str| is_below(path, field);
    let refused = match identity.kind.as_str() {
        "StatefulSet" => below("spec") && !MUTABLE.iter().any(|field| below(field)),
        "Deployment" | "DaemonSet" | "ReplicaSet" => below("spec.selector"),
        "Job" => below("spec.template") || below("spec.selector") || below("spec.completions"),
        "PersistentVolumeClaim" => below("spec") && !below("spec.resources"),
        "PriorityClass" => path == "value" || path == "preemptionPolicy",
        "StorageClass" => {
            ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"].iter().any(|one| below(one))
        }
        "RoleBinding" | "ClusterRoleBinding" => below("roleRef"),
        "Service" => path == "spec.clusterIP",
        "Secret" => path == "type",
        _ => false,
    };
    refused.then_some("cannot be changed in place: the object has to be deleted and created again")
}

fn selector(identity: &Identity, path: &str) -> Option<&'static str> {
    let kinds = ["Service", "PodDisruptionBudget", "ServiceMonitor", "PodMonitor"];
    let selects = kinds.contains(&identity.kind.as_str()) && is_below(path, "spec.selector");
    selects.then_some("selects other pods or services than before")
}

fn bucket(identity: &Identity, path: &str) -> Option<&'static str> {
    if !identity.group.ends_with("s3.aws.upbound.io") {
        return None;
    }
    if path.contains("external-name") {
        return Some("is another bucket: what is in the old one is not seen any more");
    }
    if identity.kind == "Bucket"
        && (is_below(path, "spec.forProvider") || is_below(path, "spec.providerConfigRef"))
    {
        return Some("changes the bucket; region and lock cannot be changed in place");
    }
    if path.contains("deletionPolicy") || path.contains("managementPolicies") {
        return Some("changes whether the bucket outlives its object");
    }
    if path.contains("expiration") || path.contains("Expiration") || path.contains("days") {
        return Some("changes when objects in the bucket are deleted");
    }
    None
}

fn definition(field: &Field) -> Option<&'static str> {
    let is_version = field.path.starts_with("spec.versions[") && field.path.matches('.').count() == 1;
    if is_version && field.new.is_none() {
        return Some("removes a version: objects stored in it cannot be read");
    }
    if field.path.ends_with(".served") && field.new == Some(Value::Bool(false)) {
        return Some("serves a version no more");
    }
    ["spec.group", "spec.names.kind", "spec.names.plural", "spec.scope"]
        .contains(&field.path.as_str())
        .then_some("cannot be changed in place: all objects of the kind would have to go")
}

/// Volumes, retention and names of data, in objects and in values of charts.
fn data(field: &Field) -> Option<String> {
    let path = field.path.as_str();
    let text = |value: &Option<Value>| value.as_ref().map(plain);
    let (old, new) = (text(&field.old), text(&field.new));
    if path.contains("volumeClaimTemplate") || path.ends_with("persistence.size") {
        if path.ends_with("storage") || path.ends_with("size") {
            let bytes = |text: &Option<String>| text.as_deref().and_then(quantity::bytes);
            return match (bytes(&old), bytes(&new)) {
                (Some(old), Some(new)) if new < old => Some("a volume cannot shrink".to_owned()),
                _ => Some("running volumes keep their size until their claims are changed, too".to_owned()),
            };
        }
        return Some("running volumes keep what they have: new ones would be empty".to_owned());
    }
    if path.contains("xternalLabels") || path.ends_with("replicaExternalLabelName") {
        return Some("starts new series; those in the bucket keep their old labels".to_owned());
    }
    let flag = path.rsplit_once("[--retention").is_some();
    let key = path.rsplit(['.', ':']).next().unwrap_or_default();
    if flag || key.starts_with("retention") {
        let value = |text: &Option<String>| {
            let text = text.as_deref()?;
            let text = text.rsplit_once('=').map_or(text, |(_, value)| value);
            duration::prometheus(text).map(|length| length.as_millis()).or_else(|| quantity::bytes(text))
        };
        if let (Some(old), Some(new)) = (value(&old), value(&new)) {
            // For the compactor, 0 is for ever.
            let shorter = new != 0 && (new < old || old == 0);
            return shorter.then(|| "data older than that is deleted".to_owned());
        }
    }
    None
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_below(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '(', ':']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(kind: &str) -> Identity {
        let group = if kind.starts_with("Bucket") { "s3.aws.upbound.io" } else { "" };
        Identity { group: group.to_owned(), kind: kind.to_owned(), ..Identity::default() }
    }

    fn of(kind: &str, path: &str, old: Value, new: Value) -> String {
        let some = |value: Value| (!value.is_null()).then_some(value);
        let field = Field { path: path.to_owned(), old: some(old), new: some(new), noise: false };
        of_field(&identity(kind), &field).map(|danger| danger.message).unwrap_or_default()
    }

    #[test]
    fn what_a_server_refuses_is_flagged() {
        for (kind, path, refused) in [
            ("StatefulSet", "spec.serviceName", true),
            ("StatefulSet", "spec.volumeClaimTemplates[data].spec", true),
            ("StatefulSet", "spec.replicas", false),
            ("StatefulSet", "spec.template.spec.containers[x].image", false),
            ("Deployment", "spec.selector.matchLabels.a", true),
            ("Deployment", "spec.strategy", false),
            ("PriorityClass", "value", true),
        ] {
            assert_eq!(of(kind, path, json!(1), json!(2)).contains("in place"), refused, "{kind} {path}");
        }
    }

    #[test]
    fn what_loses_data_is_flagged() {
        let vct = "spec.storage.volumeClaimTemplate.spec.resources.requests.storage";
        assert!(of("Prometheus", vct, json!("10Gi"), json!("5Gi")).contains("cannot shrink"));
        assert!(of("Prometheus", vct, json!("5Gi"), json!("10Gi")).contains("until their claims"));
        let values = "spec.valuesContent:prometheus.prometheusSpec.retention";
        assert!(of("HelmChart", values, json!("3d"), json!("1d")).contains("deleted"));
        assert_eq!(of("HelmChart", values, json!("3d"), json!("5d")), "");
        let flag = "spec.template.spec.containers[thanos].args[--retention.resolution-raw]";
        let value = |days: &str| json!(format!("--retention.resolution-raw={days}"));
        assert!(of("StatefulSet", flag, value("90d"), value("30d")).contains("deleted"));
        assert!(of("StatefulSet", flag, value("0d"), value("30d")).contains("deleted"));
        assert_eq!(of("StatefulSet", flag, value("30d"), value("0d")), "");
        assert!(
            of("Prometheus", "spec.externalLabels.cluster", json!("a"), json!("b")).contains("new series")
        );
        assert!(of("Bucket", "spec.forProvider.region", json!("a"), json!("b")).contains("bucket"));
        assert!(of("Service", "spec.selector.app", json!("a"), json!("b")).contains("selects"));
        let version = of("CustomResourceDefinition", "spec.versions[v1]", json!({}), Value::Null);
        assert!(version.contains("removes a version"), "{version}");
        let schema = "spec.versions[v1].schema.openAPIV3Schema.properties.retention.description";
        assert_eq!(of("CustomResourceDefinition", schema, json!("10d"), json!("5d")), "");
    }

    #[test]
    fn deletions_say_what_goes_with_them() {
        let deletion = |kind: &str, old: Value| {
            of_deletion(&identity(kind), &old)
                .first()
                .map(|danger| danger.message.clone())
                .unwrap_or_default()
        };
        assert!(deletion("Namespace", json!({})).contains("everything"));
        let kept = json!({"metadata": {"annotations": {"argocd.argoproj.io/sync-options": "Prune=false"}}});
        assert!(deletion("Bucket", kept).contains("ArgoCD keeps"));
        assert!(
            deletion("StatefulSet", json!({"spec": {"volumeClaimTemplates": [{}]}})).contains("left behind")
        );
        assert_eq!(deletion("StatefulSet", json!({"spec": {}})), "");
        assert_eq!(deletion("Service", json!({})), "");
    }
}
