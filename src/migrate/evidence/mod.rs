//! What manifests say of the config: which key each field of an object is.

mod alloy;
mod buckets;
mod credentials;
mod foundation;
mod grafana;
mod loki;
mod prometheus_stack;
mod releases;
mod table;
mod thanos;

pub(super) use buckets::{Store, name_of as bucket_name, store_of as bucket_store};
pub(super) use thanos::{Role, role_of};

use super::draft::Draft;
use super::manifest::Manifest;
use super::release::{Chart, Release};
use super::report::Findings;

/// The manifests of the original, taken apart.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    /// Every object.
    pub(super) manifests: &'a [Manifest<'a>],
    /// Releases of the charts of the stack.
    pub(super) releases: &'a [Release<'a>],
    /// Whether monstack itself has rendered them: what is not there was left out on purpose then.
    pub(super) own: bool,
}

impl<'a> Evidence<'a> {
    /// The objects of a kind.
    pub(super) fn of(&self, kind: &'a str) -> impl Iterator<Item = Manifest<'a>> {
        self.manifests.iter().copied().filter(move |manifest| manifest.kind() == kind)
    }

    /// The release of a chart.
    pub(super) fn release(&self, chart: Chart) -> Option<&'a Release<'a>> {
        self.releases.iter().find(|release| release.chart == chart)
    }
}

/// Collects what the manifests say. What is said first counts, so the objects that a value is about come before
/// those that only repeat it.
pub(super) fn collect(evidence: &Evidence, findings: &mut Findings) -> Draft {
    let mut draft = Draft::default();
    releases::collect(evidence, &mut draft, findings);
    foundation::collect(evidence, &mut draft, findings);
    thanos::collect(evidence, &mut draft, findings);
    buckets::collect(evidence, &mut draft, findings);
    credentials::collect(evidence, &mut draft, findings);
    if let Some(release) = evidence.release(Chart::PrometheusStack) {
        prometheus_stack::collect(evidence, release, &mut draft, findings);
        grafana::collect(evidence, release, &mut draft, findings);
    }
    if let Some(release) = evidence.release(Chart::Loki) {
        loki::collect(evidence, release, &mut draft, findings);
    }
    if let Some(release) = evidence.release(Chart::Alloy) {
        alloy::collect(evidence, release, &mut draft, findings);
    }
    draft
}
