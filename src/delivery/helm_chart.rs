//! `delivery: helmchart`: HelmChart objects of K3s' helm-controller.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{app, label_version};
use crate::config::FailurePolicy;
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::helm_cattle::HelmChartSpec;
use crate::k8s::{Object, SyncOption, Wave};
use crate::stream;

/// The HelmChart of a release. Its own name is the release name.
pub(super) fn object(ctx: &Context, construct: &'static str, release: Release) -> anyhow::Result<Object> {
    let settings = &ctx.config.helm_chart;
    let version = label_version(&release);
    let metadata = ObjectMeta {
        namespace: Some(settings.namespace.to_string()),
        ..ctx.cluster_scoped(release.source.release.as_str(), app(&release, construct, &version))
    };
    let repository = release.source.repository.as_str();
    let (repo, chart) = if repository.starts_with("oci://") {
        (None, format!("{}/{}", repository.trim_end_matches('/'), release.chart))
    } else {
        (Some(repository.to_owned()), release.chart.to_owned())
    };
    let spec = HelmChartSpec {
        repo,
        chart,
        version: release.source.version.to_string(),
        target_namespace: ctx.names.namespace().to_owned(),
        create_namespace: false,
        failure_policy: match settings.failure_policy {
            FailurePolicy::Abort => "abort".to_owned(),
            FailurePolicy::Reinstall => "reinstall".to_owned(),
        },
        back_off_limit: settings.back_off_limit,
        timeout: settings.timeout.to_string(),
        values_content: stream::document(&release.values),
    };
    let object = Object::new(Wave::Charts, &CustomResource::new(metadata, spec))?;
    Ok(object.with_options(&[SyncOption::SkipDryRunOnMissingResource]))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::constructs::testing::config;
    use crate::delivery::Surroundings;
    use crate::stack;

    fn helm_chart(text: &str, name: &str) -> Value {
        let objects = stack::render(&config(text), &Surroundings::default(), |_| true).unwrap().objects;
        let found = objects
            .into_iter()
            .find(|object| object.object.kind() == "HelmChart" && object.object.name() == name);
        found.unwrap().object.value
    }

    #[test]
    fn the_release_lands_in_the_stacks_namespace() {
        let chart = helm_chart("namespace: obs", "loki");
        assert_eq!(chart["metadata"]["namespace"], "kube-system");
        assert_eq!(chart["spec"]["targetNamespace"], "obs");
        assert_eq!(chart["spec"]["createNamespace"], false);
        assert_eq!(chart["spec"]["failurePolicy"], "abort");
    }

    #[test]
    fn values_are_a_yaml_text() {
        let chart = helm_chart("charts: {loki: {values: {mine: 'yes'}}}", "loki");
        let text = chart["spec"]["valuesContent"].as_str().unwrap();
        let values = go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()).unwrap();
        assert_eq!(values[0].to_json().unwrap()["mine"], "yes");
    }

    #[test]
    fn a_chart_in_a_registry_has_no_repository() {
        let chart = helm_chart("charts: {loki: {repository: 'oci://registry.example.com/charts'}}", "loki");
        assert_eq!(chart["spec"]["chart"], "oci://registry.example.com/charts/loki");
        assert!(chart["spec"].get("repo").is_none());
    }
}
