//! Objects that the original rendered itself: names and immutable fields.

use serde_json::{Value, json};

use super::super::evidence::{Evidence, Role, role_of};
use super::super::manifest::Manifest;
use super::super::report::{Findings, Outcome};
use super::Rendered;
use super::claims::Volume;

/// Kinds that other parts compare.
const ELSEWHERE: [&str; 5] =
    ["HelmChart", "Application", "Bucket", "BucketVersioning", "BucketLifecycleConfiguration"];

/// Says which objects are created anew, which cannot be updated, and which monstack does not have.
pub(super) fn compare(evidence: &Evidence, rendered: &Rendered, findings: &mut Findings) {
    for manifest in evidence.manifests.iter().copied() {
        let is_release =
            evidence.releases.iter().any(|release| release.manifest.identity() == manifest.identity());
        let is_stranger = matches!(manifest.kind(), "HelmChart" | "Application") && !is_release;
        if ELSEWHERE.contains(&manifest.kind()) && !is_stranger {
            continue;
        }
        match rendered.twin(manifest) {
            Some(twin) => immutable(manifest, twin, findings),
            None => renamed(manifest, rendered, findings),
        }
    }
}

/// Fields that the API server does not let change, of the kinds that the stack has.
fn immutable_fields(kind: &str) -> &'static [&'static [&'static str]] {
    match kind {
        "StatefulSet" => &[&["spec", "selector"], &["spec", "serviceName"], &["spec", "podManagementPolicy"]],
        "Deployment" => &[&["spec", "selector"]],
        "PriorityClass" => &[&["value"], &["preemptionPolicy"]],
        "Service" => &[&["spec", "clusterIP"]],
        _ => &[],
    }
}

/// What the API server takes an absent field for.
fn default_of(field: &str) -> Value {
    match field {
        "podManagementPolicy" => json!("OrderedReady"),
        "preemptionPolicy" => json!("PreemptLowerPriority"),
        _ => Value::Null,
    }
}

fn immutable(manifest: Manifest, twin: &Value, findings: &mut Findings) {
    let mut changed = Vec::new();
    for field in immutable_fields(manifest.kind()) {
        let absent = field.last().map_or(Value::Null, |last| default_of(last));
        let old = manifest.view.at(field).and_then(|view| view.node.to_json().ok()).unwrap_or(absent.clone());
        let new = field.iter().try_fold(twin, |value, key| value.get(key)).cloned().unwrap_or(absent);
        if old != new {
            changed.push(field.join("."));
        }
    }
    if manifest.kind() == "StatefulSet" && volumes(manifest) != volumes_of(twin) {
        changed.push("spec.volumeClaimTemplates".to_owned());
    }
    if changed.is_empty() {
        return;
    }
    let message =
        format!("it has monstack's name, but the API server refuses to change {}", changed.join(", "));
    let help = replaced(manifest, twin, &changed);
    findings.add(Outcome::NotAdopted, Some(manifest.place()), manifest.to_string(), message).help(help);
}

/// How an object is replaced by one of the same name.
fn replaced(manifest: Manifest, twin: &Value, changed: &[String]) -> String {
    let kind = manifest.kind().to_lowercase();
    let namespace = match manifest.namespace() {
        "" => String::new(),
        namespace => format!(" -n {namespace}"),
    };
    let delete = format!("before the first apply: kubectl delete {kind} {}{namespace}", manifest.name());
    if manifest.kind() != "StatefulSet" {
        return delete;
    }
    let (old, new) =
        (claims(&volumes(manifest), manifest.name()), claims(&volumes_of(twin), manifest.name()));
    let fate = if old == new {
        "its claims stay and are used again as they are".to_owned()
    } else {
        format!("its claims {old} stay, but are not used again: the new ones are {new}")
    };
    // Pods that the new selector does not know would stand in the way of new ones of the same names.
    let selects_other = changed.iter().any(|field| field == "spec.selector");
    let orphan = if selects_other || old != new { "" } else { " --cascade=orphan" };
    format!("{delete}{orphan}; {fate}")
}

/// The names of the claims of an owner, without the numbers of the pods.
fn claims(volumes: &[Volume], owner: &str) -> String {
    let names: Vec<_> = volumes.iter().map(|volume| format!("{}-{owner}-*", volume.claims)).collect();
    if names.is_empty() { "(none)".to_owned() } else { names.join(", ") }
}

/// Claim templates, as far as they decide on a claim.
fn volumes(manifest: Manifest) -> Vec<Volume> {
    let text = |view: super::super::view::View, keys: &[&str]| view.text(keys).map(str::to_owned);
    let templates = manifest.view.items(&["spec", "volumeClaimTemplates"]);
    templates
        .map(|template| Volume {
            claims: text(template, &["metadata", "name"]).unwrap_or_default(),
            size: text(template, &["spec", "resources", "requests", "storage"]),
            class: text(template, &["spec", "storageClassName"]),
        })
        .collect()
}

fn volumes_of(object: &Value) -> Vec<Volume> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let templates = object["spec"]["volumeClaimTemplates"].as_array();
    templates
        .into_iter()
        .flatten()
        .map(|template| Volume {
            claims: text(&template["metadata"]["name"]).unwrap_or_default(),
            size: text(&template["spec"]["resources"]["requests"]["storage"]),
            class: text(&template["spec"]["storageClassName"]),
        })
        .collect()
}

/// An object without a twin: monstack has one of another name, or none.
fn renamed(manifest: Manifest, rendered: &Rendered, findings: &mut Findings) {
    let role = role_of(manifest);
    let by_role = role
        .and_then(|role| rendered.of(manifest.kind(), |object| object["metadata"]["name"] == role.name()));
    let target = manifest.view.text(&["spec", "target", "name"]);
    let by_target = target
        .and_then(|target| rendered.of(manifest.kind(), |object| object["spec"]["target"]["name"] == target));
    let by_kind = matches!(manifest.kind(), "Namespace" | "PriorityClass" | "ProviderConfig")
        .then(|| rendered.of(manifest.kind(), |_| true))
        .flatten();
    let Some(new) = by_role.or(by_target).or(by_kind) else {
        let message =
            "monstack renders no such object: it stays as it is, or goes with the former Application";
        findings.add(Outcome::Differs, Some(manifest.place()), manifest.to_string(), message);
        return;
    };
    let hash = if manifest.has_hashed_name() { "a name with a hash of cdk8s; it " } else { "it " };
    let message = format!("{hash}becomes {}: the one is deleted and the other created", super::place_of(new));
    let help = help(manifest, role, new);
    findings.add(Outcome::NotAdopted, Some(manifest.place()), manifest.to_string(), message);
    if let Some(help) = help {
        findings.help(help);
    }
}

fn help(manifest: Manifest, role: Option<Role>, new: &Value) -> Option<String> {
    match (manifest.kind(), role) {
        ("StatefulSet", Some(role)) => {
            let claims = format!(
                "the claims {} are not taken over ({} are new): delete them when all is well",
                claims(&volumes(manifest), manifest.name()),
                claims(&volumes_of(new), role.name()),
            );
            Some(match role {
                Role::Compactor => format!(
                    "two compactors on one bucket corrupt it: kubectl scale statefulset {} -n {} --replicas=0 before \
                     the first apply; {claims}. They hold only blocks at work",
                    manifest.name(),
                    manifest.namespace()
                ),
                _ => format!("{claims}. They hold only what is rebuilt from the bucket"),
            })
        }
        ("Deployment", Some(Role::Compactor)) => Some(format!(
            "two compactors on one bucket corrupt it: kubectl scale deployment {} -n {} --replicas=0 before the first apply",
            manifest.name(),
            manifest.namespace()
        )),
        ("Service", _) => Some("whoever uses the former address has to be changed".to_owned()),
        ("ExternalSecret", _) => Some(
            "two ExternalSecrets must not own one Secret: delete the former first. Its Secret goes with it and comes \
             back with the new one; running pods keep what they have read"
                .to_owned(),
        ),
        ("ProviderConfig", _) => {
            Some("keep the former while buckets refer to it; the buckets refer to the new one".to_owned())
        }
        _ => None,
    }
}
