//! How a chart release reaches the cluster.

mod application;
mod helm_chart;

use crate::config::Delivery;
use crate::constructs::Release;
use crate::context::{App, Context};
use crate::k8s::Object;

/// The object that brings `release`, part of `construct`, to the cluster.
///
/// # Errors
///
/// When the values cannot be serialised.
pub fn deliver(ctx: &Context, construct: &'static str, release: Release) -> anyhow::Result<Object> {
    match ctx.config.delivery {
        Delivery::HelmChart => helm_chart::object(ctx, construct, release),
        Delivery::Application => application::object(ctx, construct, release),
    }
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
