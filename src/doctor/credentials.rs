//! The way of the S3 credentials: source Secret, ClusterSecretStore, ExternalSecrets, and the Secrets that they make.

use std::collections::BTreeSet;

use serde_json::Value;

use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::{Condition, Observed, Secret, ago, condition, conditions, list, one_line, text};
use super::prerequisites::{create_command, keys, not_found, store_admits};
use crate::k8s::Identity;
use crate::names::Names;

const GROUP: &str = "external-secrets.io";

/// The ClusterSecretStore, if the stack uses one.
fn store_identity(expected: &Expected) -> Option<Identity> {
    expected.of("ExternalSecret").next()?;
    let name = expected.config.object_storage.credentials.secret_store.as_str();
    Some(identity(GROUP, "ClusterSecretStore", "", name))
}

/// Where the source Secret is, by what the store in the cluster says.
#[must_use]
pub fn source(expected: &Expected, observed: &Observed) -> Option<Identity> {
    let store = store_identity(expected)?;
    let store = observed.get(GROUP, &store.kind, "", &store.name)?;
    // The default is that of External Secrets' Kubernetes provider.
    let namespace = match text(store.pointer("/spec/provider/kubernetes")?, "/remoteNamespace") {
        "" => "default",
        namespace => namespace,
    };
    Some(Expected::secret(namespace, expected.config.object_storage.credentials.secret.as_str()))
}

/// The Secrets that the ExternalSecrets make, each with its ExternalSecret and its keys.
#[must_use]
pub fn targets(expected: &Expected) -> Vec<(Identity, Identity, Vec<String>)> {
    let all = expected.of("ExternalSecret").map(|external| {
        let target = Expected::secret(expected.names.namespace(), text(external, "/spec/target/name"));
        let templated = external.pointer("/spec/target/template/data").and_then(Value::as_object);
        let keys = match templated {
            Some(data) => data.keys().cloned().collect(),
            None => {
                list(external, "/spec/data").iter().map(|data| text(data, "/secretKey").to_owned()).collect()
            }
        };
        (Identity::of(external), target, keys)
    });
    all.collect()
}

/// The source: the store and the Secret in it.
#[must_use]
pub fn check_source(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(store) = store_identity(expected) else { return found };
    let source = source(expected, observed);
    if let Some(source) = &source {
        found.extend(source_secret(expected, observed, source));
    }
    if observed.lacks(&store) {
        let mut there: Vec<_> =
            observed.of(GROUP, &store.kind).map(|object| text(object, "/metadata/name")).collect();
        there.sort_unstable();
        let fix = match there.first() {
            Some(first) => format!("create it, or objectStorage.credentials.secretStore: {first}"),
            None => "create it, with spec.provider.kubernetes.remoteNamespace: crossplane-system".to_owned(),
        };
        let evidence = format!("ClusterSecretStores that are there: {}", keys(&there));
        found.push(
            Finding::new(store, "is missing: source of the S3 credentials").evidence(evidence).fix(fix),
        );
        return found;
    }
    let Some(object) = observed.get(GROUP, &store.kind, "", &store.name) else { return found };
    if !store_admits(object, expected.names.namespace()) {
        let finding = format!("does not let the namespace {} use it", expected.names.namespace());
        let conditions = object.pointer("/spec/conditions").map(ToString::to_string).unwrap_or_default();
        let fix = format!(
            "add {} to spec.conditions[].namespaces: {} edit clustersecretstore {}",
            expected.names.namespace(),
            expected.kubectl,
            store.name
        );
        found.push(
            Finding::new(store.clone(), finding)
                .evidence(format!("spec.conditions: {}", one_line(&conditions)))
                .fix(fix),
        );
    }
    if let Some(ready) = condition(object, "Ready").filter(|ready| ready.status != "True") {
        let fix = format!(
            "look at spec.provider: {} get clustersecretstore {} -o yaml; its ServiceAccount needs `get` on the \
             Secret and `create` on selfsubjectrulesreviews",
            expected.kubectl, store.name
        );
        found.push(Finding::new(store, "is not ready").evidence(ready.shown()).fix(fix));
    } else if conditions(object).next().is_none() && !observed.is_young(object) {
        found.push(unattended(store, object, observed, "External Secrets"));
    }
    found
}

fn source_secret(expected: &Expected, observed: &Observed, source: &Identity) -> Option<Finding> {
    let settings = &expected.config.object_storage.credentials;
    let wanted: Vec<_> = settings.keys().into_iter().map(str::to_owned).collect();
    let kubectl = format!("{} -n {}", expected.kubectl, source.namespace);
    let store = &settings.secret_store;
    match observed.secrets.get(&(source.namespace.clone(), source.name.clone()))? {
        Secret::Missing => Some(
            Finding::new(source.clone(), "is missing: the S3 credentials of Thanos and Loki")
                .evidence(not_found(source))
                .evidence(format!("ClusterSecretStore {store} reads the namespace {}", source.namespace))
                .fix(create_command(&kubectl, &source.name, &wanted))
                .fix("or name the Secret that has them: objectStorage.credentials.secret"),
        ),
        Secret::Keys(there) => {
            let lacking: Vec<_> = wanted.iter().filter(|key| !there.contains(*key)).collect();
            let first = lacking.first()?;
            let lacking: Vec<_> = lacking.iter().map(|key| format!("`{key}`")).collect();
            let names: Vec<_> = there.iter().map(String::as_str).collect();
            let finding = Finding::new(
                source.clone(),
                format!("lacks {}: the S3 credentials of Thanos and Loki", lacking.join(" and ")),
            );
            let finding = finding.evidence(format!("its keys with a value: {}", keys(&names)));
            // With some of the keys there, it is no other kind of Secret.
            let is_other = wanted.iter().all(|key| !there.contains(key));
            Some(match other_keys(there).filter(|_| is_other) {
                Some(fix) => finding.fix(fix),
                None => finding.fix(format!("add the key `{first}`: {kubectl} edit secret {}", source.name)),
            })
        }
    }
}

/// The keys of the config that fit the keys that are there.
fn other_keys(there: &BTreeSet<String>) -> Option<String> {
    let has = |key: &str| there.contains(key);
    if has("AWS_ACCESS_KEY_ID") && has("AWS_SECRET_ACCESS_KEY") {
        return Some("objectStorage.credentials.format: keys".to_owned());
    }
    if there.len() == 1 {
        let key = there.first()?;
        return Some(format!(
            "when `{key}` holds an AWS credentials file: objectStorage.credentials.format: ini and \
             objectStorage.credentials.iniKey: {key}"
        ));
    }
    let named =
        |end: &str| there.iter().find(|key| key.to_lowercase().replace(['-', '_'], "").ends_with(end));
    let (id, secret) = (named("accesskeyid")?, named("secretaccesskey")?);
    Some(format!(
        "objectStorage.credentials.accessKeyIdKey: {id} and \
         objectStorage.credentials.secretAccessKeyKey: {secret}"
    ))
}

/// The ExternalSecrets, and the Secrets that they make.
#[must_use]
pub fn check_copies(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    let causes: Vec<_> = source(expected, observed).into_iter().chain(store_identity(expected)).collect();
    for (external, target, wanted) in targets(expected) {
        let object = observed.get(GROUP, &external.kind, &external.namespace, &external.name);
        let ready = object.and_then(|object| condition(object, "Ready"));
        let is_made = match object {
            None => true,
            Some(object) => ready.is_some() || !observed.is_young(object),
        };
        if let Some(ready) = ready.filter(|ready| ready.status != "True") {
            found.push(unready(expected, &external, &ready).because(causes.clone()));
        } else if let Some(object) = object
            && ready.is_none()
            && is_made
        {
            found.push(
                unattended(external.clone(), object, observed, "External Secrets").because(causes.clone()),
            );
        }
        if is_made {
            let because = causes.iter().cloned().chain([external.clone()]);
            found
                .extend(copy(expected, observed, &external, target, &wanted).map(|one| one.because(because)));
        }
    }
    found
}

fn unready(expected: &Expected, external: &Identity, ready: &Condition) -> Finding {
    let settings = &expected.config.object_storage.credentials;
    let message = ready.message.to_lowercase();
    let finding = Finding::new(external.clone(), "is not ready: its Secret is not made or not renewed");
    let finding = finding.evidence(ready.shown());
    if message.contains("could not get secretstore") || message.contains("clustersecretstore") {
        finding.fix(format!(
            "objectStorage.credentials.secretStore has to name a ClusterSecretStore that is there and ready: {} get \
             clustersecretstores",
            expected.kubectl
        ))
    } else if message.contains("forbidden") || message.contains("cannot get resource") {
        finding.fix(format!(
            "let the ServiceAccount of ClusterSecretStore {} `get` the Secret {}",
            settings.secret_store, settings.secret
        ))
    } else if message.contains("credentials file has no") || message.contains("template") {
        finding.fix("objectStorage.credentials.format: keys, or put both keys into the credentials file")
    } else {
        finding.fix(format!(
            "make the Secret {} with the keys {} be where ClusterSecretStore {} reads, then {} annotate \
             externalsecret {} force-sync=$(date +%s) --overwrite",
            settings.secret,
            settings.keys().join(" and "),
            settings.secret_store,
            expected.kubectl_here(),
            external.name
        ))
    }
}

fn copy(
    expected: &Expected,
    observed: &Observed,
    external: &Identity,
    target: Identity,
    wanted: &[String],
) -> Option<Finding> {
    let whose = match target.name.as_str() {
        Names::LOKI_CREDENTIALS => "S3 credentials of Loki",
        Names::THANOS_OBJSTORE => "object store configuration of Thanos and Prometheus' sidecars",
        _ => "S3 credentials of Thanos",
    };
    let sync = format!(
        "{} annotate externalsecret {} force-sync=$(date +%s) --overwrite",
        expected.kubectl_here(),
        external.name
    );
    match observed.secrets.get(&(target.namespace.clone(), target.name.clone()))? {
        Secret::Missing => Some(
            Finding::new(target.clone(), format!("is missing: {whose}"))
                .evidence(not_found(&target))
                .evidence(format!("{external} makes it"))
                .fix(format!("let External Secrets make it: {sync}")),
        ),
        Secret::Keys(there) => {
            let lacking: Vec<_> =
                wanted.iter().filter(|key| !there.contains(*key)).map(|key| format!("`{key}`")).collect();
            if lacking.is_empty() {
                return None;
            }
            let names: Vec<_> = there.iter().map(String::as_str).collect();
            Some(
                Finding::new(target, format!("lacks {}: {whose}", lacking.join(" and ")))
                    .evidence(format!("its keys with a value: {}", keys(&names)))
                    .fix(format!("let External Secrets make it anew: {sync}")),
            )
        }
    }
}

/// An object that nobody looks at.
#[must_use]
pub fn unattended(object: Identity, value: &Value, observed: &Observed, who: &str) -> Finding {
    let evidence = match observed.since(&value["metadata"]["creationTimestamp"]) {
        Some(age) => format!("no status, {} after it was created", ago(age)),
        None => "no status".to_owned(),
    };
    Finding::new(object, format!("nothing acts on it: {who} is not running"))
        .evidence(evidence)
        .fix(format!("start {who}, and look at its log"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn all(case: &Case) -> Vec<Finding> {
        case.findings(|expected, observed| {
            [check_source(expected, observed), check_copies(expected, observed)].concat()
        })
    }

    #[test]
    fn healthy_credentials_are_fine() {
        assert!(all(&Case::healthy()).is_empty());
    }

    #[test]
    fn the_namespace_of_the_source_is_the_stores() {
        let mut case = Case::healthy();
        case.get("ClusterSecretStore", "crossplane-secret-store")["spec"]["provider"]["kubernetes"]["remoteNamespace"] =
            json!("vault");
        case.observed
            .secrets
            .insert(("vault".to_owned(), "hetzner-s3-credentials".to_owned()), Secret::Missing);
        let found = all(&case);
        assert_eq!(found[0].object.to_string(), "Secret vault/hetzner-s3-credentials");
        assert_eq!(
            found[0].fix[0],
            "kubectl -n vault create secret generic hetzner-s3-credentials --from-literal=AWS_ACCESS_KEY_ID=... \
             --from-literal=AWS_SECRET_ACCESS_KEY=..."
        );
    }

    #[test]
    fn keys_that_are_there_under_other_names_are_proposed() {
        let keys = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        for (there, fix) in [
            (
                &["credentials"][..],
                "objectStorage.credentials.format: ini and objectStorage.credentials.iniKey: credentials",
            ),
            (
                &["access_key_id", "secret-access-key"],
                "objectStorage.credentials.accessKeyIdKey: access_key_id and objectStorage.credentials.secretAccessKeyKey: secret-access-key",
            ),
            (
                &["a", "b"],
                "add the key `AWS_ACCESS_KEY_ID`: kubectl -n crossplane-system edit secret hetzner-s3-credentials",
            ),
        ] {
            let mut case = Case::healthy();
            case.secret("crossplane-system", "hetzner-s3-credentials", Secret::Keys(keys(there)));
            let found = all(&case);
            assert!(found[0].finding.starts_with("lacks `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"));
            assert!(found[0].fix[0].contains(fix), "{found:?}");
        }
    }

    #[test]
    fn an_unready_external_secret_says_why_and_hangs_on_its_source() {
        let mut case = Case::healthy();
        case.get("ExternalSecret", "loki-s3-credentials")["status"] = json!({"conditions": [{"type": "Ready",
            "status": "False", "reason": "SecretSyncedError", "message": "could not get secret data from provider"}]});
        let found = all(&case);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].evidence,
            ["Ready=False, SecretSyncedError: could not get secret data from provider"]
        );
        assert!(found[0].because.iter().any(|object| object.name == "hetzner-s3-credentials"));
    }

    #[test]
    fn a_copy_that_is_gone_is_found() {
        let mut case = Case::healthy();
        case.secret("monitoring", "thanos-objstore-config", Secret::Missing);
        let found = all(&case);
        assert_eq!(found.len(), 1);
        assert!(found[0].finding.contains("object store configuration of Thanos"));
        case.secret("monitoring", "thanos-objstore-config", Secret::Keys(BTreeSet::new()));
        assert!(all(&case)[0].finding.starts_with("lacks `objstore.yml`"));
    }

    #[test]
    fn an_external_secret_without_status_is_young_or_unattended() {
        let mut case = Case::healthy();
        case.get("ExternalSecret", "loki-s3-credentials")["status"] = json!({});
        case.secret("monitoring", "loki-s3-credentials", Secret::Missing);
        case.age("ExternalSecret", "loki-s3-credentials", 60);
        assert!(all(&case).is_empty());
        case.age("ExternalSecret", "loki-s3-credentials", 3600);
        let found = all(&case);
        assert_eq!(found[0].finding, "nothing acts on it: External Secrets is not running");
        assert_eq!(found[0].evidence, ["no status, 60 min after it was created"]);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_store_is_missing_unready_or_closed() {
        let name = "crossplane-secret-store";
        let mut case = Case::healthy();
        case.get("ClusterSecretStore", name)["spec"]["conditions"] = json!([{"namespaces": ["other"]}]);
        case.get("ClusterSecretStore", name)["status"]["conditions"][0]["status"] = json!("False");
        let found = all(&case);
        assert_eq!(found[0].finding, "does not let the namespace monitoring use it");
        assert_eq!(found[1].finding, "is not ready");
        case.remove("ClusterSecretStore", name);
        assert_eq!(all(&case)[0].finding, "is missing: source of the S3 credentials");
    }
}
