//! How a chart release reaches the cluster.

mod application;
mod helm_chart;
pub(crate) mod inline;
mod surroundings;

pub use surroundings::Surroundings;

use crate::config::Delivery;
use crate::constructs::Release;
use crate::context::{App, Context};

/// The objects that bring `releases`, each part of a construct, to the cluster, and warnings.
///
/// # Errors
///
/// When values cannot be serialised or a chart cannot be rendered.
pub(crate) fn deliver(
    ctx: &Context,
    surroundings: &Surroundings,
    releases: Vec<(&'static str, Release)>,
) -> anyhow::Result<inline::Inlined> {
    let object = match ctx.config.delivery {
        Delivery::HelmChart => helm_chart::object,
        Delivery::Application => application::object,
        Delivery::Inline => return inline::render(ctx, surroundings, releases),
    };
    let objects = releases
        .into_iter()
        .map(|(construct, release)| Ok((construct, object(ctx, construct, release)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(inline::Inlined { objects, warnings: Vec::new() })
}

/// The labels of a release. The version is the chart's, whose `+` a label value cannot have.
fn app<'a>(release: &'a Release, construct: &'a str, version: &'a str) -> App<'a> {
    App { name: release.chart, component: construct, version: Some(version) }
}

/// A chart version as a label value.
fn label_version(release: &Release) -> String {
    let mut version = release.source.version.as_str().replace('+', "_");
    version.truncate(63);
    version
}
