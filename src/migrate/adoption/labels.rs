//! External labels: they define the streams of blocks.

use super::super::evidence::Evidence;
use super::super::release::Chart;
use super::super::report::{Findings, Outcome};
use crate::config::Config;
use crate::names::Names;

const SPEC: [&str; 2] = ["prometheus", "prometheusSpec"];

/// Says which external labels change, and what that means for the blocks in the bucket.
pub(super) fn compare(evidence: &Evidence, config: &Config, findings: &mut Findings) {
    let Some(release) = evidence.release(Chart::PrometheusStack) else { return };
    let spec = release.at(&SPEC);
    let former = spec.and_then(|spec| spec.text(&["externalLabels", "cluster"]));
    if former != Some(config.cluster.as_str()) {
        let place = spec.and_then(|spec| spec.at(&["externalLabels"])).or(spec).map(|at| at.place());
        let was = former.map_or("missing".to_owned(), |former| format!("`{former}`"));
        let message = format!("the external label `cluster` was {was} and becomes `{}`", config.cluster);
        findings.add(Outcome::NotAdopted, place, "external labels", message).help(STREAMS);
    }
    let replica = spec.and_then(|spec| spec.at(&["replicaExternalLabelName"]));
    if let Some(replica) = replica.filter(|replica| replica.text(&[]) != Some(Names::REPLICA_LABEL)) {
        let message = format!(
            "the replica's label was `{}` and becomes `{}`",
            replica.text(&[]).unwrap_or_default(),
            Names::REPLICA_LABEL
        );
        findings.add(Outcome::NotAdopted, Some(replica.place()), "external labels", message).help(STREAMS);
    }
}

const STREAMS: &str = "blocks with the former labels stay readable, but are never compacted together with new ones; \
                       queries and alerts that select the former label have to be changed";
