//! What the pods of Loki do, by their target: all of them share one configuration file, so that says who could ask whom, and
//! they find each other in a ring, which is in no file (Loki's documentation, "Deployment modes" and "Components").

use super::parts::{Workload, text};

/// What a target does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Takes log lines and answers queries for those that are in no bucket yet. It asks nobody: its index is only written.
    Write,
    /// Answers queries, from the bucket and the writers.
    Read,
}

/// The task of a workload, if it is a writer or reader of Loki.
pub(super) fn task(workload: &Workload) -> Option<Task> {
    let target = workload.texts.iter().find_map(|text| text.strip_prefix("-target="))?;
    match target {
        "write" | "ingester" => Some(Task::Write),
        "read" | "querier" => Some(Task::Read),
        _ => None,
    }
}

/// Whether two workloads are in one ring: members of one release in one namespace.
pub(super) fn share_ring(one: &Workload, other: &Workload) -> bool {
    let release = |workload: &Workload| workload.labels["app.kubernetes.io/instance"].clone();
    let namespace = |workload: &Workload| text(workload.object, "/metadata/namespace").to_owned();
    release(one) == release(other) && namespace(one) == namespace(other)
}
