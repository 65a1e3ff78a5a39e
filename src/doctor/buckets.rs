//! Buckets and what belongs to them: managed resources of Crossplane.

use serde_json::Value;

use super::credentials::unattended;
use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::{Condition, Observed, Secret, condition, conditions, text};
use super::prerequisites::{create_command, keys, not_found};
use crate::k8s::Identity;

/// The group of buckets.
pub const GROUP: &str = "s3.aws.upbound.io";

/// Whether a kind is a managed resource of the stack.
#[must_use]
pub fn is_managed(object: &Identity) -> bool {
    object.group == GROUP
}

/// Managed resources that are not ready or not synchronised.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed, notes: &mut Vec<String>) -> Vec<Finding> {
    let provider = identity(
        "aws.upbound.io",
        "ProviderConfig",
        "",
        expected.config.object_storage.provider_config.name.as_str(),
    );
    let mut found = Vec::new();
    for rendered in expected.rendered() {
        let object = Identity::of(&rendered.value);
        let Some(value) =
            is_managed(&object).then(|| observed.get(GROUP, &object.kind, "", &object.name)).flatten()
        else {
            continue;
        };
        let mut because = vec![provider.clone()];
        because.extend(provider_secret(observed, &provider).map(|(secret, _)| secret));
        if object.kind != "Bucket" {
            because.push(Identity { kind: "Bucket".to_owned(), ..object.clone() });
        }
        let failing: Vec<_> = conditions(value)
            .filter(|one| {
                let is_state = matches!(one.of, "Ready" | "Synced" | "LastAsyncOperation");
                is_state && one.status != "True" && !is_progress(one, observed)
            })
            .collect();
        if !failing.is_empty() {
            found.push(unhealthy(expected, object, &failing).because(because));
        } else if conditions(value).any(|one| one.of == "Ready" && one.status != "True") {
            notes.push(format!("{object} is being created"));
        } else if conditions(value).next().is_none() && !observed.is_young(value) {
            found.push(unattended(object, value, observed, "Crossplane's provider-aws-s3").because(because));
        }
    }
    found
}

/// The Secret of the ProviderConfig, unless all buckets are well: then they show that it is there.
#[must_use]
pub fn check_provider(expected: &Expected, observed: &Observed) -> Option<Finding> {
    let config = expected.config.object_storage.provider_config.name.as_str();
    let provider = identity("aws.upbound.io", "ProviderConfig", "", config);
    let is_well = |object: &Identity| {
        observed
            .get(GROUP, &object.kind, "", &object.name)
            .and_then(|value| condition(value, "Ready"))
            .is_some_and(|ready| ready.status == "True")
    };
    let mut managed =
        expected.rendered().map(|one| Identity::of(&one.value)).filter(|object| object.kind == "Bucket");
    if managed.all(|object| is_well(&object)) {
        return None;
    }
    provider_credentials(expected, observed, &provider)
}

/// Whether a condition only says that something has begun lately.
fn is_progress(one: &Condition, observed: &Observed) -> bool {
    let age = observed.since(&one.value["lastTransitionTime"]);
    // What refers to a bucket waits for it.
    let waits = one.of == "Synced" && one.message.contains("cannot resolve references");
    (one.of == "Ready" && matches!(one.reason, "Creating" | "Pending") && one.message.is_empty() || waits)
        && age.is_some_and(|age| age < observed.grace)
}

fn unhealthy(expected: &Expected, object: Identity, failing: &[Condition]) -> Finding {
    let storage = &expected.config.object_storage;
    let what = if failing.iter().any(|one| one.of == "Synced" && one.status != "True") {
        "is not synchronised"
    } else {
        "is not ready"
    };
    let describe =
        format!("{} describe {}.{GROUP} {}", expected.kubectl, object.kind.to_lowercase(), object.name);
    let name = object.name.clone();
    let annotate = format!("{} annotate {}.{GROUP} {name}", expected.kubectl, object.kind.to_lowercase());
    let is_lifecycle = object.kind == "BucketLifecycleConfiguration";
    let key = if object.name == expected.names.metrics_bucket() { "metrics" } else { "logs" };
    let mut finding = Finding::new(object, what);
    for one in failing {
        finding = finding.evidence(one.shown());
    }
    let words = finding.evidence.join(" ").to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["bucketalreadyownedbyyou"]) {
        finding.fix(format!(
            "the bucket is there and is yours: let Crossplane take it over: {annotate} crossplane.io/external-name={name} \
             --overwrite"
        ))
    } else if has(&["reconcilepaused"]) {
        finding.fix(format!("let Crossplane act on it again: {annotate} crossplane.io/paused-"))
    } else if has(&["bucketalreadyexists", "already exists"]) {
        finding.fix(format!(
            "the name is taken, perhaps by somebody else: objectStorage.buckets.{key}: another-name"
        ))
    } else if has(&["providerconfig"]) && has(&["not found", "cannot get"]) {
        finding.fix(format!(
            "objectStorage.providerConfig.name has to name a ProviderConfig that is there: {} get \
             providerconfigs.aws.upbound.io",
            expected.kubectl
        ))
    } else if has(&[
        "statuscode: 403",
        "status code: 403",
        "accessdenied",
        "access denied",
        "invalidaccesskeyid",
        "signaturedoesnotmatch",
        "forbidden",
    ]) {
        finding.fix(format!(
            "the object store refuses the credentials of ProviderConfig {}: renew the Secret that its \
             spec.credentials.secretRef names ({} get providerconfigs.aws.upbound.io {} -o yaml)",
            storage.provider_config.name, expected.kubectl, storage.provider_config.name
        ))
    } else if has(&["credentials", "secret"]) && has(&["cannot get", "not found", "cannot extract"]) {
        finding.fix(format!(
            "the Secret of ProviderConfig {} is missing or lacks its key: {} get providerconfigs.aws.upbound.io {} -o \
             yaml",
            storage.provider_config.name, expected.kubectl, storage.provider_config.name
        ))
    } else if has(&["no such host", "dial tcp", "connection refused", "i/o timeout", "x509"]) {
        finding.fix(format!(
            "the object store cannot be reached: objectStorage.endpoint: {} and the endpoint of ProviderConfig {}",
            storage.endpoint.host(),
            storage.provider_config.name
        ))
    } else if is_lifecycle && !has(&["malformedxml", "cannot resolve references", "deleting"]) {
        // hashicorp/terraform-provider-aws#49019
        finding.fix(
            "stores on Ceph, such as Hetzner's, never confirm lifecycle rules: objectStorage.lifecycle.enabled: false, \
             and write the rules by hand",
        )
    } else if has(&["notimplemented", "not implemented"]) {
        finding.fix(
            "the object store has no such operation: start the provider with --skip-default-tags, or \
             objectStorage.versioning: Disabled",
        )
    } else {
        finding.fix(describe)
    }
}

/// The Secret and the key that a ProviderConfig reads.
#[must_use]
pub fn provider_secret(observed: &Observed, provider: &Identity) -> Option<(Identity, String)> {
    let object = observed.get(&provider.group, &provider.kind, "", &provider.name)?;
    let reference: &Value = object.pointer("/spec/credentials/secretRef")?;
    let secret = Expected::secret(text(reference, "/namespace"), text(reference, "/name"));
    let complete = !secret.namespace.is_empty() && !secret.name.is_empty();
    complete.then(|| (secret, text(reference, "/key").to_owned()))
}

/// Why buckets are unhealthy: the Secret of their ProviderConfig.
fn provider_credentials(expected: &Expected, observed: &Observed, provider: &Identity) -> Option<Finding> {
    let (secret, key) = provider_secret(observed, provider)?;
    let kubectl = format!("{} -n {}", expected.kubectl, secret.namespace);
    match observed.secrets.get(&(secret.namespace.clone(), secret.name.clone()))? {
        Secret::Missing => {
            let create = create_command(&kubectl, &secret.name, &[key]).replace("literal", "file");
            let what = format!("is missing: {provider} reads Crossplane's S3 credentials from it");
            let evidence = not_found(&secret);
            Some(Finding::new(secret, what).evidence(evidence).fix(create))
        }
        Secret::Keys(there) if !key.is_empty() && !there.contains(&key) => {
            let names: Vec<_> = there.iter().map(String::as_str).collect();
            let what = format!("lacks `{key}`: {provider} reads Crossplane's S3 credentials from it");
            let fix = format!(
                "add the key `{key}`, an AWS credentials file: {kubectl} edit secret {}",
                secret.name
            );
            Some(
                Finding::new(secret, what)
                    .evidence(format!("its keys with a value: {}", keys(&names)))
                    .fix(fix),
            )
        }
        Secret::Keys(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::testing::Case;

    fn found(case: &Case) -> Vec<Finding> {
        case.findings(|expected, observed| check(expected, observed, &mut Vec::new()))
    }

    fn failing(kind: &str, name: &str, of: &str, reason: &str, message: &str) -> Vec<Finding> {
        let mut case = Case::healthy();
        case.get(kind, name)["status"] = json!({"conditions": [{"type": of, "status": "False", "reason": reason,
            "message": message, "lastTransitionTime": "2020-01-01T00:00:00Z"}]});
        found(&case)
    }

    #[test]
    fn healthy_buckets_are_fine() {
        assert!(found(&Case::healthy()).is_empty());
    }

    #[test]
    fn each_reason_has_its_fix() {
        let bucket = "metrics-thanos-kup6s";
        for (kind, of, reason, message, finding, fix) in [
            (
                "Bucket",
                "Synced",
                "ReconcileError",
                "BucketAlreadyExists: taken",
                "is not synchronised",
                "objectStorage.buckets.metrics: another-name",
            ),
            (
                "Bucket",
                "Synced",
                "ReconcileError",
                "api error AccessDenied: 403",
                "is not synchronised",
                "refuses the credentials of ProviderConfig hetzner-s3",
            ),
            (
                "Bucket",
                "Ready",
                "Unavailable",
                "",
                "is not ready",
                "kubectl describe bucket.s3.aws.upbound.io metrics-thanos-kup6s",
            ),
            (
                "Bucket",
                "Synced",
                "ReconcileError",
                "dial tcp: lookup x: no such host",
                "is not synchronised",
                "objectStorage.endpoint",
            ),
            (
                "BucketVersioning",
                "LastAsyncOperation",
                "AsyncCreateFailure",
                "NotImplemented",
                "is not ready",
                "objectStorage.versioning: Disabled",
            ),
            (
                "BucketLifecycleConfiguration",
                "Ready",
                "Creating",
                "",
                "is not ready",
                "objectStorage.lifecycle.enabled: false",
            ),
            (
                "Bucket",
                "Synced",
                "ReconcileError",
                "cannot get ProviderConfig: \"x\" not found",
                "is not synchronised",
                "objectStorage.providerConfig.name",
            ),
        ] {
            let found = failing(kind, bucket, of, reason, message);
            assert_eq!(found.len(), 1, "{message}");
            assert_eq!(found[0].finding, finding);
            assert!(found[0].evidence[0].starts_with(&format!("{of}=False, {reason}")), "{found:?}");
            assert!(found[0].fix[0].contains(fix), "{found:?}");
        }
    }

    #[test]
    fn what_has_just_begun_is_a_note() {
        let mut case = Case::healthy();
        let moment = case.moment(30);
        case.get("Bucket", "logs-loki-kup6s")["status"] = json!({"conditions": [{"type": "Ready", "status": "False",
            "reason": "Creating", "lastTransitionTime": moment}]});
        let mut notes = Vec::new();
        assert!(case.findings(|expected, observed| check(expected, observed, &mut notes)).is_empty());
        assert_eq!(notes, ["Bucket logs-loki-kup6s is being created"]);
    }

    #[test]
    fn the_secret_of_the_provider_explains_an_unhealthy_bucket() {
        let mut case = Case::healthy();
        case.get("ProviderConfig", "hetzner-s3")["spec"]["credentials"] =
            json!({"secretRef": {"namespace": "crossplane-system", "name": "gone", "key": "credentials"}});
        case.secret("crossplane-system", "gone", Secret::Missing);
        let provider = |case: &Case| {
            case.findings(|expected, observed| check_provider(expected, observed).into_iter().collect())
        };
        assert!(provider(&case).is_empty(), "buckets that are fine need no explanation");
        case.get("Bucket", "logs-loki-kup6s")["status"]["conditions"][0]["status"] = json!("False");
        let (secret, buckets) = (provider(&case), found(&case));
        assert!(secret[0].finding.starts_with("is missing: ProviderConfig hetzner-s3"), "{secret:?}");
        assert!(buckets[0].because.contains(&secret[0].object));
    }

    #[test]
    fn without_conditions_nobody_acts() {
        let mut case = Case::healthy();
        case.get("Bucket", "logs-loki-kup6s")["status"] = json!({});
        case.age("Bucket", "logs-loki-kup6s", 3600);
        assert!(found(&case)[0].finding.contains("provider-aws-s3 is not running"));
        case.age("Bucket", "logs-loki-kup6s", 10);
        assert!(found(&case).is_empty());
    }
}
