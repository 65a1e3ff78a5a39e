//! The order in which Helm installs kinds.

use std::cmp::Ordering;

use super::Manifest;

/// `InstallOrder` of Helm 3. Other kinds follow, by name.
const INSTALL_ORDER: [&str; 35] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
];

/// The kind that ends the order.
const LAST: &str = "APIService";

/// Sorts by kind; documents of one kind stay in their order.
pub(super) fn sort(manifests: &mut [Manifest]) {
    manifests.sort_by(|a, b| compare(&a.kind, &b.kind));
}

fn compare(a: &str, b: &str) -> Ordering {
    match (place(a), place(b)) {
        (None, None) => a.cmp(b),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(&b),
    }
}

fn place(kind: &str) -> Option<usize> {
    if kind == LAST {
        Some(INSTALL_ORDER.len())
    } else {
        INSTALL_ORDER.iter().position(|&known| known == kind)
    }
}
