//! What the stack needs and does not create, but for the S3 credentials.

use serde_json::Value;

use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::{Observed, Secret, list, text};
use crate::k8s::Identity;
use crate::prerequisites::{self, Prerequisite};

/// The annotation of the class that volumes without a class get.
const DEFAULT_CLASS: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// Missing stores' configurations, classes and Secrets.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    for needed in prerequisites::list(expected.config) {
        let reason = &needed.reason;
        match needed.kind {
            "ProviderConfig" => {
                let object = identity("aws.upbound.io", needed.kind, "", &needed.name);
                if observed.lacks(&object) {
                    found.push(
                        missing(
                            object,
                            reason,
                            "objectStorage.providerConfig.name",
                            observed,
                            "aws.upbound.io",
                        )
                        .fix("or let monstack create it: objectStorage.providerConfig.create: true"),
                    );
                }
            }
            "PriorityClass" => {
                let object = identity("scheduling.k8s.io", needed.kind, "", &needed.name);
                if observed.lacks(&object) {
                    found.push(
                        missing(object, reason, "priorityClass.name", observed, "scheduling.k8s.io")
                            .fix("or let monstack create it: priorityClass.create: true"),
                    );
                }
            }
            "StorageClass" => {
                let object = identity("storage.k8s.io", needed.kind, "", &needed.name);
                if observed.lacks(&object) {
                    found.push(missing(object, reason, "storage.class", observed, "storage.k8s.io"));
                }
            }
            "Secret" if !needed.namespace.is_empty() && !is_made_by_others(expected, &needed) => {
                found.extend(secret(expected, observed, &needed));
            }
            _ => {}
        }
    }
    found.extend(default_class(expected, observed));
    found
}

/// The Secret that cert-manager makes for an Ingress with its annotation.
fn is_made_by_others(expected: &Expected, needed: &Prerequisite) -> bool {
    let ingress = expected.config.grafana.ingress.as_ref();
    ingress.is_some_and(|ingress| {
        ingress.tls_secret.as_ref().is_some_and(|secret| secret.as_str() == needed.name)
            && ingress.annotations.keys().any(|key| key.contains("cert-manager.io/"))
    })
}

fn missing(object: Identity, reason: &str, key: &str, observed: &Observed, group: &str) -> Finding {
    let kind = object.kind.clone();
    let mut there: Vec<_> = observed.of(group, &kind).map(|object| text(object, "/metadata/name")).collect();
    there.sort_unstable();
    let (evidence, fix) = if there.is_empty() {
        (format!("there is no {kind} at all"), format!("create it, or name another one: {key}"))
    } else {
        (format!("there are: {}", there.join(", ")), format!("create it, or {key}: {}", there[0]))
    };
    Finding::new(object, format!("is missing: {reason}")).evidence(evidence).fix(fix)
}

/// A Secret that is missing, or lacks keys.
fn secret(expected: &Expected, observed: &Observed, needed: &Prerequisite) -> Option<Finding> {
    let key = (needed.namespace.clone(), needed.name.clone());
    let object = Expected::secret(&needed.namespace, &needed.name);
    let kubectl = format!("{} -n {}", expected.kubectl, needed.namespace);
    match observed.secrets.get(&key)? {
        Secret::Missing => {
            let is_registry =
                expected.config.images.pull_secrets.iter().any(|secret| secret.as_str() == needed.name);
            let create = if is_registry {
                format!(
                    "{kubectl} create secret docker-registry {} --docker-server=... --docker-username=... \
                     --docker-password=...",
                    needed.name
                )
            } else {
                create_command(&kubectl, &needed.name, &needed.keys)
            };
            let evidence = not_found(&object);
            Some(
                Finding::new(object, format!("is missing: {}", needed.reason)).evidence(evidence).fix(create),
            )
        }
        Secret::Keys(there) => {
            let lacking: Vec<_> = needed.keys.iter().filter(|key| !there.contains(*key)).collect();
            let first = lacking.first()?;
            let lacking: Vec<_> = lacking.iter().map(|key| format!("`{key}`")).collect();
            let there: Vec<_> = there.iter().map(String::as_str).collect();
            Some(
                Finding::new(object, format!("lacks {}: {}", lacking.join(" and "), needed.reason))
                    .evidence(format!("its keys with a value: {}", keys(&there)))
                    .fix(format!("add the key `{first}`: {kubectl} edit secret {}", needed.name)),
            )
        }
    }
}

/// That an object is not there, as evidence.
#[must_use]
pub fn not_found(object: &Identity) -> String {
    format!("namespace {} has no {} {}", object.namespace, object.kind, object.name)
}

/// The names of keys, for evidence.
#[must_use]
pub fn keys(there: &[&str]) -> String {
    if there.is_empty() { "none".to_owned() } else { there.join(", ") }
}

/// The command that makes a Secret.
#[must_use]
pub fn create_command(kubectl: &str, name: &str, keys: &[String]) -> String {
    let literals: Vec<_> = keys.iter().map(|key| format!("--from-literal={key}=...")).collect();
    let keys = if literals.is_empty() { String::new() } else { format!(" {}", literals.join(" ")) };
    format!("{kubectl} create secret generic {name}{keys}")
}

/// Without a named class there has to be a default one, unless all volumes have been bound without.
fn default_class(expected: &Expected, observed: &Observed) -> Option<Finding> {
    let probe = identity("storage.k8s.io", "StorageClass", "", "\u{0}");
    if expected.config.storage.class.is_some() || !observed.lacks(&probe) {
        return None;
    }
    let is_default = |class: &&Value| {
        let annotations = &class["metadata"]["annotations"];
        DEFAULT_CLASS.iter().any(|key| annotations[*key] == "true")
    };
    let classes: Vec<_> = observed.of("storage.k8s.io", "StorageClass").collect();
    let mut claims = observed.of("", "PersistentVolumeClaim").peekable();
    let all_bound = claims.peek().is_some() && claims.all(|claim| text(claim, "/status/phase") == "Bound");
    if all_bound || classes.iter().any(is_default) {
        return None;
    }
    let names: Vec<_> = classes.iter().map(|class| text(class, "/metadata/name")).collect();
    let object = identity("storage.k8s.io", "StorageClass", "", "(default)");
    let finding =
        Finding::new(object, "there is no default StorageClass, and the config names none: volumes");
    Some(match names.first() {
        Some(first) => finding
            .evidence(format!("there are: {}, none of which has {}=true", names.join(", "), DEFAULT_CLASS[0]))
            .fix(format!("storage.class: {first}"))
            .fix(format!("{} annotate storageclass {first} {}=true", expected.kubectl, DEFAULT_CLASS[0])),
        None => finding
            .evidence("there is no StorageClass at all")
            .fix("install a provisioner, such as K3s' local-path, or Longhorn"),
    })
}

/// Whether a ClusterSecretStore lets a namespace use it; its conditions are alternatives.
#[must_use]
pub fn store_admits(store: &Value, namespace: &str) -> bool {
    let conditions = list(store, "/spec/conditions");
    conditions.is_empty()
        || conditions.iter().any(|condition| {
            // Selectors and expressions are the operator's to evaluate.
            condition.get("namespaceSelector").is_some()
                || condition.get("namespaceRegexes").is_some()
                || list(condition, "/namespaces").iter().any(|name| name.as_str() == Some(namespace))
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    #[test]
    fn a_healthy_cluster_has_everything() {
        assert!(Case::healthy().findings(check).is_empty());
    }

    #[test]
    fn what_is_missing_is_found_with_what_is_there() {
        let mut case = Case::healthy();
        case.remove("StorageClass", "longhorn");
        case.add(json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "local-path"}}));
        case.remove("ProviderConfig", "hetzner-s3");
        let found = case.findings(check);
        let lines: Vec<_> = found.iter().map(|one| format!("{}: {}", one.object, one.finding)).collect();
        assert_eq!(
            lines,
            [
                "ProviderConfig hetzner-s3: is missing: the buckets refer to it",
                "StorageClass longhorn: is missing: volumes"
            ]
        );
        assert_eq!(found[1].evidence, ["there are: local-path"]);
        assert_eq!(found[1].fix, ["create it, or storage.class: local-path"]);
    }

    #[test]
    fn secrets_are_missing_or_lack_keys() {
        let mut case = Case::healthy();
        let key = |name: &str| ("monitoring".to_owned(), name.to_owned());
        case.observed.secrets.insert(key("grafana-admin"), Secret::Keys(BTreeSet::from(["user".to_owned()])));
        case.observed.secrets.insert(key("alertmanager-smtp"), Secret::Missing);
        let found = case.findings(check);
        assert_eq!(
            found[0].finding,
            "lacks `admin-user` and `admin-password`: keys `admin-user` and `admin-password`: administrator of Grafana"
        );
        assert_eq!(found[0].evidence, ["its keys with a value: user"]);
        assert_eq!(found[1].finding, "is missing: SMTP password of Alertmanager");
        assert_eq!(
            found[1].fix,
            ["kubectl -n monitoring create secret generic alertmanager-smtp --from-literal=password=..."]
        );
    }

    #[test]
    fn a_secret_that_could_not_be_asked_is_not_missing() {
        let mut case = Case::healthy();
        case.observed.secrets.clear();
        assert!(case.findings(check).is_empty());
    }

    #[test]
    fn without_a_named_class_there_has_to_be_a_default_one() {
        let mut case = Case::of("{}");
        let found = case.findings(check);
        assert!(found[0].finding.starts_with("there is no default StorageClass"), "{found:?}");
        assert_eq!(found[0].fix[0], "storage.class: longhorn");
        case.remove("StorageClass", "longhorn");
        case.add(
            json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "longhorn",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}),
        );
        assert!(case.findings(check).is_empty());
    }

    #[test]
    fn a_store_may_be_for_some_namespaces_only() {
        let store = |conditions: Value| json!({"spec": {"conditions": conditions}});
        assert!(store_admits(&json!({}), "monitoring"));
        assert!(store_admits(&store(json!([{"namespaces": ["a", "monitoring"]}])), "monitoring"));
        assert!(!store_admits(&store(json!([{"namespaces": ["a"]}])), "monitoring"));
        assert!(store_admits(&store(json!([{"namespaceSelector": {}}])), "monitoring"));
    }
}
