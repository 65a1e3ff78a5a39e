//! Operators and the versions of their resources, as the API server's discovery lists them.

use std::collections::BTreeMap;

use super::expected::{Expected, identity};
use super::finding::Finding;
use super::observed::Observed;
use crate::config::Delivery;
use crate::k8s::Identity;

/// The group of the Prometheus Operator, whose definitions the charts bring.
pub const MONITORING: &str = "monitoring.coreos.com";

/// A kind of a group and version, with the objects of it that are rendered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Used {
    /// Group and version.
    pub api_version: String,
    /// Kind.
    pub kind: String,
}

impl Used {
    /// The API group; empty for `v1`.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    fn version(&self) -> &str {
        self.api_version.rsplit_once('/').map_or(&self.api_version, |(_, version)| version)
    }
}

/// Every kind that the stack uses: those that it renders, and those that it refers to.
#[must_use]
pub fn used(expected: &Expected) -> Vec<Used> {
    let mut all: Vec<Used> = expected
        .rendered()
        .map(|object| Used { api_version: object.api_version().to_owned(), kind: object.kind().to_owned() })
        .collect();
    let mut refer = |api_version: &str, kind: &str| {
        all.push(Used { api_version: api_version.to_owned(), kind: kind.to_owned() });
    };
    let secrets = expected.of("ExternalSecret").next().map(|object| object["apiVersion"].clone());
    if let Some(version) = secrets.as_ref().and_then(|version| version.as_str()) {
        refer(version, "ClusterSecretStore");
    }
    if expected.of("Bucket").next().is_some() {
        refer("aws.upbound.io/v1beta1", "ProviderConfig");
    }
    all.retain(|used| !used.api_version.is_empty());
    all.sort();
    all.dedup();
    all
}

/// What is not served.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed, applied: bool) -> Vec<Finding> {
    // By group: the versions and kinds that are not served.
    let mut lacking: BTreeMap<String, Vec<Used>> = BTreeMap::new();
    for used in used(expected) {
        let is_lacking = match observed.groups.get(used.group()) {
            None => true,
            Some(versions) if !versions.iter().any(|version| version == used.version()) => true,
            Some(_) => observed
                .served
                .get(&used.api_version)
                .is_some_and(|kinds| !kinds.iter().any(|served| served.kind == used.kind)),
        };
        if is_lacking && !used.group().is_empty() {
            lacking.entry(used.group().to_owned()).or_default().push(used);
        }
    }
    // The charts bring these definitions, with the first apply.
    if !applied || expected.rendered().any(|object| brings_monitoring(object.kind(), object.name())) {
        lacking.remove(MONITORING);
    }
    lacking.iter().map(|(group, used)| finding(expected, observed, group, used)).collect()
}

/// Whether a rendered object is a definition of the Prometheus Operator.
fn brings_monitoring(kind: &str, name: &str) -> bool {
    kind == crate::k8s::DEFINITION && name.ends_with(MONITORING)
}

fn finding(expected: &Expected, observed: &Observed, group: &str, used: &[Used]) -> Finding {
    let mut definitions: Vec<Identity> = used
        .iter()
        .map(|used| {
            let name = format!("{}s.{group}", used.kind.to_lowercase());
            identity("apiextensions.k8s.io", crate::k8s::DEFINITION, "", &name)
        })
        .collect();
    definitions.dedup();
    let first = definitions.first().cloned().unwrap_or_default();
    let kinds = |with_version: bool| {
        let kinds: Vec<_> =
            used.iter()
                .map(|used| {
                    if with_version { format!("{} {}", used.version(), used.kind) } else { used.kind.clone() }
                })
                .collect();
        kinds.join(", ")
    };
    let operator = operator(group);
    let mut finding = match observed.groups.get(group) {
        None if group == MONITORING => Finding::new(
            first,
            format!(
                "the charts have not brought the definitions of the Prometheus Operator yet: {}",
                kinds(false)
            ),
        )
        .evidence(format!("API group {group} is not served"))
        .fix(format!("when the charts are installed, apply once more: {}", expected.apply()))
        .because(expected.bringer(expected.names.prometheus_release())),
        None => Finding::new(first, format!("{} is not installed", operator.name))
            .evidence(format!("API group {group} is not served; the stack uses {}", kinds(true)))
            .fix(operator.install),
        Some(versions) => {
            let unserved = used.iter().any(|used| !versions.iter().any(|version| version == used.version()));
            let served = versions.join(", ");
            let what = if unserved {
                format!("{group} serves {served} only: the stack uses {}", kinds(true))
            } else {
                format!("{} does not serve {}", operator.name, kinds(true))
            };
            let finding = Finding::new(first, what);
            let finding = finding.evidence(format!("API group {group} serves the versions {served}"));
            let finding = match group {
                "external-secrets.io" if versions.iter().any(|version| version == "v1beta1") && unserved => {
                    finding.fix(
                        "objectStorage.credentials.apiVersion: v1beta1, or upgrade External Secrets to 0.16",
                    )
                }
                "external-secrets.io" if unserved => finding.fix("objectStorage.credentials.apiVersion: v1"),
                _ if used.iter().all(|used| used.kind == "BucketLifecycleConfiguration") => {
                    finding.fix("objectStorage.lifecycle.enabled: false")
                }
                _ => finding,
            };
            finding.fix(operator.upgrade)
        }
    };
    if group == "helm.cattle.io" && expected.config.delivery == Delivery::HelmChart {
        finding = finding.fix("delivery: application, or delivery: inline");
    } else if group == "argoproj.io" {
        finding = finding.fix("delivery: helmchart, or delivery: inline");
    }
    finding.also = definitions.into_iter().skip(1).collect();
    finding
}

/// Who serves a group.
struct Operator {
    name: &'static str,
    install: &'static str,
    upgrade: &'static str,
}

fn operator(group: &str) -> Operator {
    let of = |name, install, upgrade| Operator { name, install, upgrade };
    match group {
        "helm.cattle.io" => of(
            "K3s' helm-controller",
            "install the stack on K3s or RKE2, which bring it (k3s server without --disable-helm-controller)",
            "upgrade K3s",
        ),
        "argoproj.io" => of(
            "ArgoCD",
            "install ArgoCD: https://argo-cd.readthedocs.io/en/stable/getting_started/",
            "upgrade ArgoCD",
        ),
        "external-secrets.io" => of(
            "External Secrets",
            "helm install external-secrets external-secrets -n external-secrets --create-namespace \
             --repo https://charts.external-secrets.io",
            "helm upgrade external-secrets external-secrets -n external-secrets \
             --repo https://charts.external-secrets.io",
        ),
        "aws.upbound.io" | "s3.aws.upbound.io" => of(
            "Crossplane's provider-aws-s3",
            "install Crossplane and a Provider with package: xpkg.upbound.io/upbound/provider-aws-s3:v1.21.1",
            "set the Provider's package to xpkg.upbound.io/upbound/provider-aws-s3:v1.21.1 or later; \
             Crossplane 2 serves only what a ManagedResourceActivationPolicy activates",
        ),
        MONITORING => of(
            "the Prometheus Operator",
            "apply the stack once more when its charts are installed",
            "apply the crds of the chart kube-prometheus-stack with --server-side: helm never upgrades them",
        ),
        _ => of("an API that the stack uses", "install what serves it", "upgrade what serves it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::testing::Case;

    #[test]
    fn a_cluster_that_serves_everything_is_fine() {
        assert!(Case::healthy().findings(|expected, observed| check(expected, observed, true)).is_empty());
    }

    #[test]
    fn a_group_that_is_not_there_is_an_operator_that_is_not_installed() {
        let mut case = Case::healthy();
        case.observed.groups.remove("external-secrets.io");
        let found = case.findings(|expected, observed| check(expected, observed, false));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].finding, "External Secrets is not installed");
        assert!(found[0].evidence[0].contains("v1 ExternalSecret"), "{found:?}");
        assert!(found[0].fix[0].starts_with("helm install external-secrets"));
    }

    #[test]
    fn an_old_version_is_named() {
        let mut case = Case::healthy();
        case.observed.groups.insert("external-secrets.io".to_owned(), vec!["v1beta1".to_owned()]);
        let found = case.findings(|expected, observed| check(expected, observed, true));
        assert_eq!(
            found[0].finding,
            "external-secrets.io serves v1beta1 only: the stack uses v1 ClusterSecretStore, v1 ExternalSecret"
        );
        assert!(found[0].fix[0].contains("objectStorage.credentials.apiVersion: v1beta1"));
    }

    #[test]
    fn a_kind_that_a_served_version_lacks_is_named() {
        let mut case = Case::healthy();
        let kinds = case.observed.served.get_mut("s3.aws.upbound.io/v1beta1").unwrap();
        kinds.retain(|served| served.kind != "BucketLifecycleConfiguration");
        let found = case.findings(|expected, observed| check(expected, observed, true));
        assert_eq!(found.len(), 1);
        assert!(found[0].finding.contains("does not serve v1beta1 BucketLifecycleConfiguration"));
        assert_eq!(found[0].fix[0], "objectStorage.lifecycle.enabled: false");
    }

    #[test]
    fn what_the_charts_bring_is_missed_only_after_the_first_apply() {
        let mut case = Case::healthy();
        case.observed.groups.remove(MONITORING);
        assert!(case.findings(|expected, observed| check(expected, observed, false)).is_empty());
        let found = case.findings(|expected, observed| check(expected, observed, true));
        assert!(found[0].finding.starts_with("the charts have not brought"), "{found:?}");
        assert_eq!(found[0].because[0].to_string(), "HelmChart kube-system/prometheus");
    }
}
