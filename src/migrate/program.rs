//! What the original program did without saying so in its config.

use super::draft::{Draft, path};
use super::report::{Findings, Outcome};

/// The storage class of every volume.
const STORAGE_CLASS: &str = "longhorn";

/// What is different whatever the config says.
const DIFFERENCES: [(&str, &str); 8] = [
    (
        "storage.class",
        "the program wrote the class `longhorn`; monstack's default is the cluster's default class",
    ),
    (
        "retention.metrics",
        "retention is flags of the compactor, not lifecycle rules of the bucket, which delete piecemeal",
    ),
    (
        "Deployment thanos-query",
        "`--store` becomes `--endpoint`, since Thanos v0.38 removed it, and `--query.replica-label` is set",
    ),
    (
        "ExternalSecret",
        "one per Secret, by key; the program searched by regular expression and made no `thanos-objstore-config`",
    ),
    (
        "prometheus.prometheusSpec.thanos",
        "`objectStorageConfig.existingSecret`; without it the chart drops the sidecar",
    ),
    (
        "replicas.loki.write",
        "3 writers by default, the program had 2 with a replication factor of 3: one restart stopped ingestion",
    ),
    (
        "resources",
        "quantities are the config's own text; the program made `1Mi` of `1Gi`. Missing limits get monstack's defaults",
    ),
    (
        "affinity",
        "preferred anti-affinity; with a required one replicas beyond the number of nodes stay pending",
    ),
];

/// What cannot be adopted whatever the config says.
const NOT_ADOPTED: [(&str, &str, &str); 5] = [
    (
        "object names",
        "the program's names end with a hash: those objects are deleted and stable ones are created",
        "give the manifests too (`monstack migrate config.yaml manifests/`) to see each of them",
    ),
    (
        "objectStorage.buckets",
        "the config does not say the buckets' names; monstack's are metrics-thanos-<cluster> and logs-loki-<cluster>",
        "set objectStorage.buckets.metrics and .logs to the names of the existing buckets, and mark the old Bucket \
         objects `deletionPolicy: Orphan` before they are removed",
    ),
    (
        "volumes",
        "claims are named after their StatefulSet: those of Thanos Store, the compactor and Prometheus are new",
        "Store and compactor rebuild theirs from the bucket; Prometheus' last two hours are only on its volume",
    ),
    (
        "Thanos Compactor",
        "two compactors on one bucket corrupt it",
        "scale the old StatefulSet to 0 before monstack's is created",
    ),
    (
        "cluster",
        "monstack sets the external label `cluster`, which begins new streams of blocks",
        "set `cluster` before the first upload; old blocks stay readable",
    ),
];

/// Sets what the program wrote by itself, and lists what is different with monstack.
pub(super) fn collect(draft: &mut Draft, findings: &mut Findings) {
    draft.set(&path(&["storage", "class"]), STORAGE_CLASS.into(), None);
    for (subject, message) in DIFFERENCES {
        findings.add(Outcome::Differs, None, subject, message);
    }
    for (subject, message, help) in NOT_ADOPTED {
        findings.add(Outcome::NotAdopted, None, subject, message).help(help);
    }
}
