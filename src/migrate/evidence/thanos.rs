//! Thanos Query, Store and Compactor.

use super::super::draft::Draft;
use super::super::manifest::Manifest;
use super::super::report::{Findings, Outcome};
use super::super::view::View;
use super::{Evidence, table};

/// A component of Thanos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrate) enum Role {
    Query,
    Store,
    Compactor,
}

impl Role {
    /// Its key in `replicas`, `resources` and `storage`.
    pub(in crate::migrate) fn key(self) -> &'static str {
        match self {
            Self::Query => "thanosQuery",
            Self::Store => "thanosStore",
            Self::Compactor => "thanosCompactor",
        }
    }

    /// The name of its objects in monstack.
    pub(in crate::migrate) fn name(self) -> &'static str {
        use crate::names::Names;
        match self {
            Self::Query => Names::THANOS_QUERY,
            Self::Store => Names::THANOS_STORE,
            Self::Compactor => Names::THANOS_COMPACTOR,
        }
    }

    /// The component whose object has this name.
    fn named(name: &str) -> Option<Self> {
        [("thanos-query", Self::Query), ("thanos-store", Self::Store), ("thanos-compact", Self::Compactor)]
            .into_iter()
            .find_map(|(part, role)| name.contains(part).then_some(role))
    }
}

/// The component that an object belongs to: by its subcommand for a workload, else by its name.
pub(in crate::migrate) fn role_of(manifest: Manifest) -> Option<Role> {
    if !matches!(manifest.kind(), "Deployment" | "StatefulSet") {
        return Role::named(manifest.name());
    }
    let container = container(manifest)?;
    let words = container.texts(&["command"]).into_iter().chain(container.texts(&["args"]));
    let by_command = words.filter(|word| !word.starts_with('-')).find_map(|word| match word {
        "query" => Some(Role::Query),
        "store" => Some(Role::Store),
        "compact" => Some(Role::Compactor),
        _ => None,
    });
    let is_thanos = container.text(&["image"]).is_some_and(|image| image.contains("thanos"));
    by_command.filter(|_| is_thanos).or_else(|| Role::named(manifest.name()))
}

/// The first container of a workload.
fn container(manifest: Manifest) -> Option<View> {
    manifest.view.items(&["spec", "template", "spec", "containers"]).next()
}

/// Offers what the workloads say.
pub(super) fn collect(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    let workloads = || ["Deployment", "StatefulSet"].into_iter().flat_map(|kind| evidence.of(kind));
    for (manifest, role) in workloads().filter_map(|manifest| Some((manifest, role_of(manifest)?))) {
        let view = manifest.view;
        draft.offer_text(&["namespace"], view, &["metadata", "namespace"], findings);
        draft.offer_value(&["replicas", role.key()], view, &["spec", "replicas"], findings);
        let pod = &["spec", "template", "spec"];
        if let Some(pod) = view.at(pod) {
            draft.offer_value(&["tolerations"], pod, &["tolerations"], findings);
            draft.offer_text(&["priorityClass", "name"], pod, &["priorityClassName"], findings);
            pull_secrets(pod, draft, findings);
        }
        let Some(container) = container(manifest) else { continue };
        image(container, draft, findings);
        let resources = container.at(&["resources"]);
        table::quantities(resources, container, &[role.key()], evidence, draft, findings);
        arguments(role, manifest, container, draft, findings);
        for claim in view.items(&["spec", "volumeClaimTemplates"]) {
            volume(role, claim, draft, findings);
        }
    }
    for claim in evidence.of("PersistentVolumeClaim") {
        if let Some(role) = Role::named(claim.name()) {
            volume(role, claim.view, draft, findings);
        }
    }
}

/// Offers size and class of a claim.
fn volume(role: Role, claim: View, draft: &mut Draft, findings: &mut Findings) {
    let size = &["spec", "resources", "requests", "storage"];
    draft.offer_text(&["storage", role.key()], claim, size, findings);
    draft.offer_text(&["storage", "class"], claim, &["spec", "storageClassName"], findings);
}

/// Offers the names of pull secrets.
fn pull_secrets(pod: View, draft: &mut Draft, findings: &mut Findings) {
    let names: Vec<_> =
        pod.items(&["imagePullSecrets"]).filter_map(|secret| secret.text(&["name"])).collect();
    if let Some(at) = pod.at(&["imagePullSecrets"]).filter(|_| !names.is_empty()) {
        draft.offer(&["images", "pullSecrets"], names.into(), at.place(), findings);
    }
}

/// Offers the version that an image's tag is, and the registry if it is another one than that of Thanos.
fn image(container: View, draft: &mut Draft, findings: &mut Findings) {
    let (Some(image), Some(at)) = (container.text(&["image"]), container.at(&["image"])) else { return };
    let (repository, tag) = image_parts(image);
    match tag {
        Some(tag) => draft.offer(&["versions", "thanos"], tag.into(), at.place(), findings),
        None => {
            let message = format!("the image {image} has no tag; monstack's default version is used");
            findings.add(Outcome::Differs, Some(at.place()), "versions.thanos", message);
        }
    }
    match repository.strip_suffix("/thanos/thanos") {
        Some("quay.io") => {}
        Some(registry) => draft.offer(&["images", "registry"], registry.into(), at.place(), findings),
        None => {
            let message = format!("the image {repository} becomes quay.io/thanos/thanos, the official one");
            findings.add(Outcome::Differs, Some(at.place()), "images.registry", message);
        }
    }
}

/// Repository and tag of an image; a colon before a slash is that of a port.
pub(super) fn image_parts(image: &str) -> (&str, Option<&str>) {
    let without_digest = image.split('@').next().unwrap_or(image);
    match without_digest.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (without_digest, None),
    }
}

/// Flags that monstack sets to another value or in another way, each with the reason.
const CHANGED: [(&str, &str); 8] = [
    ("--store", "becomes `--endpoint`, since Thanos v0.38 removed it"),
    ("--store.sd-dns-interval", "is left at its default"),
    ("--downsampling", "is no flag of the compactor: downsampling is on unless `--downsampling.disable`"),
    ("--grpc-address", "is no flag of the compactor"),
    ("--data-dir", "becomes a directory of monstack's own on the volume"),
    ("--objstore.config", "becomes `--objstore.config-file`: the configuration holds credentials"),
    ("--objstore.config-file", "names the key `objstore.yml` of the Secret `thanos-objstore-config`"),
    ("--deduplication.replica-label", "is not set: what it merges can never be taken apart again"),
];

/// Offers retention and the cluster's domain, and tells which flags monstack does not set.
fn arguments(role: Role, manifest: Manifest, container: View, draft: &mut Draft, findings: &mut Findings) {
    let own = manifest.is_own();
    let mut labels = false;
    for argument in container.items(&["args"]).chain(container.items(&["command"])) {
        let Some(text) = argument.text(&[]) else { continue };
        let (flag, value) = text.split_once('=').unwrap_or((text, ""));
        match (role, flag) {
            (Role::Compactor, "--retention.resolution-raw") => {
                draft.offer(&["retention", "metrics", "raw"], value.into(), argument.place(), findings);
            }
            (Role::Compactor, "--retention.resolution-5m") => {
                draft.offer(&["retention", "metrics", "5m"], value.into(), argument.place(), findings);
            }
            (Role::Compactor, "--retention.resolution-1h") => {
                draft.offer(&["retention", "metrics", "1h"], value.into(), argument.place(), findings);
            }
            (Role::Query, "--store" | "--endpoint") => {
                if let Some(domain) = cluster_domain(value) {
                    draft.offer(&["clusterDomain"], domain.into(), argument.place(), findings);
                }
            }
            (Role::Query, "--query.replica-label") => labels = true,
            _ => {}
        }
        if let Some((_, change)) = CHANGED.iter().find(|(known, _)| !own && *known == flag) {
            let applies = flag != "--grpc-address" || role == Role::Compactor;
            if applies {
                let message = format!("`{flag}` {change}");
                findings.add(Outcome::Differs, Some(argument.place()), manifest.to_string(), message);
            }
        }
    }
    if role == Role::Query && !own && !labels {
        let message = "without `--query.replica-label` every series appeared once per Prometheus replica; monstack sets it";
        findings.add(Outcome::Differs, Some(container.place()), manifest.to_string(), message);
    }
    let affinity = ["spec", "template", "spec", "affinity", "podAntiAffinity"];
    let required = manifest
        .view
        .at(&affinity)
        .and_then(|affinity| affinity.at(&["requiredDuringSchedulingIgnoredDuringExecution"]));
    if let Some(required) = required.filter(|_| !own) {
        let message = "required anti-affinity becomes a preferred one: replicas beyond the number of nodes stayed pending";
        findings.add(Outcome::Differs, Some(required.place()), manifest.to_string(), message);
    }
}

/// The domain behind `.svc.` in an address.
fn cluster_domain(address: &str) -> Option<&str> {
    let (_, domain) = address.split_once(".svc.")?;
    let domain = domain.split(':').next()?;
    (!domain.is_empty()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_no_tags() {
        assert_eq!(image_parts("quay.io/thanos/thanos:v0.37.2"), ("quay.io/thanos/thanos", Some("v0.37.2")));
        assert_eq!(image_parts("r.example:5000/thanos/thanos"), ("r.example:5000/thanos/thanos", None));
        assert_eq!(image_parts("thanos:v1@sha256:00"), ("thanos", Some("v1")));
    }

    #[test]
    fn a_domain_stands_behind_svc() {
        let store = "dnssrv+_grpc._tcp.thanos-store.monitoring.svc.cluster.local";
        assert_eq!(cluster_domain(store), Some("cluster.local"));
        assert_eq!(cluster_domain("thanos-store.monitoring.svc.k8s.example:10901"), Some("k8s.example"));
        assert_eq!(cluster_domain("thanos-store:10901"), None);
        assert_eq!(cluster_domain("thanos-store.monitoring.svc:10901"), None);
    }
}
