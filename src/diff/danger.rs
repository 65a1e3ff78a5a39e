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
        "HelmChart" => "the chart is uninstalled, with everything that it has installed",
        // Without the finalizer ArgoCD leaves alone what it has deployed.
        "Application" if old["metadata"]["finalizers"].to_string().contains("resources-finalizer") => {
            "the chart is uninstalled, with everything that it has installed"
        }
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

/// What is dangerous about an object that is new.
pub(super) fn of_creation(identity: &Identity, new: &Value) -> Vec<Danger> {
    let expires = identity.kind == "BucketLifecycleConfiguration" && expires(&new["spec"]);
    expires.then(|| danger("", EXPIRES)).into_iter().collect()
}

const EXPIRES: &str = "changes when objects in the bucket are deleted";

/// Whether a lifecycle rule is in it that deletes objects.
fn expires(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(expires),
        Value::Object(map) => {
            map.iter().any(|(key, value)| key.to_lowercase().contains("expiration") || expires(value))
        }
        _ => false,
    }
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
        .or_else(|| bucket(identity, field).map(str::to_owned))
        .or_else(|| place(identity, field).map(str::to_owned))
        .or_else(|| volume(identity, field).map(str::to_owned))
        .or_else(|| retention(field).map(str::to_owned))?;
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

fn bucket(identity: &Identity, field: &Field) -> Option<&'static str> {
    let path = field.path.as_str();
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
    // Uploads that were never finished are no objects.
    if path.contains("abortIncompleteMultipartUpload") {
        return None;
    }
    let rules = [&field.old, &field.new].into_iter().flatten().any(expires);
    (rules || path.to_lowercase().contains("expiration") || path.contains("days")).then_some(EXPIRES)
}

/// Where data and charts are.
fn place(identity: &Identity, field: &Field) -> Option<&'static str> {
    let path = field.path.as_str();
    let elsewhere = "is another object store: what is in the old one is not seen any more";
    if path.ends_with("s3.endpoint") {
        return Some(elsewhere);
    }
    if path.contains("objstore.yml") {
        let line = |value: &Option<Value>, key: &str| {
            let text = value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            text.lines().find(|line| line.trim_start().starts_with(key)).map(str::to_owned)
        };
        let differs = |key: &str| line(&field.old, key) != line(&field.new, key);
        if field.old.is_some() && differs("endpoint:") {
            return Some(elsewhere);
        }
        if field.old.is_some() && differs("bucket:") {
            return Some("is another bucket: what is in the old one is not seen any more");
        }
    }
    if (path.contains("schemaConfig.") || path.contains("schema_config.")) && field.old.is_some() {
        return Some("stored logs were written by another schema, and cannot be read by this one");
    }
    let moved = matches!(
        (identity.kind.as_str(), path),
        ("HelmChart", "spec.targetNamespace")
            | (
                "Application",
                "spec.destination.server" | "spec.destination.name" | "spec.destination.namespace"
            )
    );
    moved.then_some("the chart is installed anew there, with empty volumes; what is in the old place stays or goes with it")
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

/// Volumes, in objects and in values of charts; and the labels of the data in them.
fn volume(identity: &Identity, field: &Field) -> Option<&'static str> {
    const EMPTY: &str = "running volumes keep what they have: new ones would be empty";
    let path = field.path.as_str();
    let is_gone = field.new.as_ref().is_none_or(Value::is_null);
    if path.contains("xternalLabels") || path.ends_with("replicaExternalLabelName") {
        return Some("starts new series; those in the bucket keep their old labels");
    }
    let is_claim = identity.kind == "PersistentVolumeClaim" && path.ends_with("requests.storage");
    let is_size = path.ends_with("persistence.size")
        || path.contains("volumeClaimTemplate") && (path.ends_with("storage") || path.ends_with("size"));
    if is_claim || is_size && !is_gone {
        let bytes = |value: &Option<Value>| value.as_ref().and_then(|value| quantity::bytes(&plain(value)));
        return match (bytes(&field.old), bytes(&field.new)) {
            (Some(old), Some(new)) if new < old => Some("a volume cannot shrink"),
            _ if is_claim => None,
            _ => Some("running volumes keep their size until their claims are changed, too"),
        };
    }
    // What asks for volumes, as a whole.
    let asks = ["storageSpec", "alertmanagerSpec.storage", "persistence", "volumeClaimTemplate"]
        .iter()
        .any(|end| path.ends_with(end))
        || matches!(identity.kind.as_str(), "Prometheus" | "Alertmanager" | "ThanosRuler")
            && path == "spec.storage";
    let is_off = path.ends_with("persistence.enabled") && field.new == Some(Value::Bool(false));
    if asks && is_gone && field.old.is_some() || is_off {
        return Some("its volumes are given up, with the data in them");
    }
    let is_class =
        path.ends_with("persistence.storageClass") || path.ends_with("persistence.storageClassName");
    (is_class || path.contains("volumeClaimTemplate") && !is_size).then_some(EMPTY)
}

/// How long or how much data is kept.
fn retention(field: &Field) -> Option<&'static str> {
    const DELETED: &str = "data older than that is deleted";
    let path = field.path.as_str();
    let key = path.rsplit(['.', ':']).next().unwrap_or_default();
    if key == "retention_enabled" {
        return (field.new == Some(Value::Bool(true))).then_some(DELETED);
    }
    let flag = path.rsplit_once("[--retention").is_some();
    if !flag && !key.starts_with("retention") {
        return None;
    }
    let amount = |value: &Option<Value>| {
        let text = plain(value.as_ref()?);
        let text = text.rsplit_once('=').map_or(text.as_str(), |(_, value)| value);
        duration::prometheus(text).map(|length| length.as_millis()).or_else(|| size(text))
    };
    match (amount(&field.old), amount(&field.new)) {
        // For the compactor, 0 is for ever.
        (Some(old), Some(new)) => (new != 0 && (new < old || old == 0)).then_some(DELETED),
        (Some(_), None) if key == "retention" => {
            Some("the program's own default counts: older data is deleted")
        }
        _ => None,
    }
}

/// Bytes, also as Prometheus writes them: `5GB` is `5Gi` (alecthomas/units, `Base2Bytes`).
fn size(text: &str) -> Option<u128> {
    let binary = text.strip_suffix('B').map(|short| format!("{}i", short.trim_end_matches('i')));
    quantity::bytes(text).or_else(|| quantity::bytes(&binary?))
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
    fn volumes_and_places_of_data_are_flagged_in_values_of_charts_too() {
        let values = |path: &str| format!("spec.valuesContent:{path}");
        for (path, old, new, part) in [
            ("grafana.persistence.size", json!("5Gi"), json!("2Gi"), "cannot shrink"),
            ("grafana.persistence.size", json!("5Gi"), Value::Null, ""),
            ("grafana.persistence.enabled", json!(true), json!(false), "given up"),
            ("write.persistence.storageClass", Value::Null, json!("other"), "new ones would be empty"),
            ("prometheus.prometheusSpec.storageSpec", json!({}), Value::Null, "given up"),
            ("prometheus.prometheusSpec.retentionSize", json!("5GB"), json!("1GB"), "deleted"),
            ("prometheus.prometheusSpec.retentionSize", json!("1GB"), json!("1GiB"), ""),
            ("prometheus.prometheusSpec.retention", json!("3d"), Value::Null, "default"),
            ("loki.compactor.retention_enabled", json!(false), json!(true), "deleted"),
            ("loki.compactor.retention_enabled", json!(true), json!(false), ""),
            ("loki.storage.s3.endpoint", json!("a"), json!("b"), "another object store"),
            ("loki.schemaConfig.configs[0].from", json!("2024-01-01"), json!("2024-02-01"), "schema"),
        ] {
            let found = of("HelmChart", &values(path), old, new);
            assert!(if part.is_empty() { found.is_empty() } else { found.contains(part) }, "{path}: {found}");
        }
        assert!(of("HelmChart", "spec.targetNamespace", json!("a"), json!("b")).contains("anew"));
        let claim = "spec.resources.requests.storage";
        assert!(of("PersistentVolumeClaim", claim, json!("5Gi"), json!("2Gi")).contains("cannot shrink"));
        assert_eq!(of("PersistentVolumeClaim", claim, json!("2Gi"), json!("5Gi")), "");
        assert!(of("Prometheus", "spec.storage", json!({}), Value::Null).contains("given up"));
        let file = "spec.target.template.data[\"objstore.yml\"]";
        let text = |endpoint: &str| json!(format!("config:\n  bucket: x\n  endpoint: {endpoint}\n"));
        assert!(of("ExternalSecret", file, text("a"), text("b")).contains("another object store"));
    }

    #[test]
    fn rules_that_delete_objects_are_flagged_when_they_come_too() {
        let kind = "BucketLifecycleConfiguration";
        let rule = json!({"id": "x", "expiration": [{"days": 60}]});
        assert!(of(kind, "spec.forProvider.rule[x]", Value::Null, rule.clone()).contains("deleted"));
        let uploads = "spec.forProvider.rule[x].abortIncompleteMultipartUpload[0].daysAfterInitiation";
        assert_eq!(of(kind, uploads, json!(7), json!(3)), "");
        let created = |rule: Value| {
            of_creation(&identity(kind), &json!({"spec": {"forProvider": {"rule": [rule]}}})).len()
        };
        assert_eq!((created(rule), created(json!({"id": "x"}))), (1, 0));
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
        assert_eq!(deletion("Application", json!({"metadata": {}})), "");
        let cascade = json!({"metadata": {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}});
        assert!(deletion("Application", cascade).contains("uninstalled"));
    }
}
