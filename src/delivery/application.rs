//! `delivery: application`: one ArgoCD Application per chart.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{app, label_version};
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::argocd::{
    ApplicationSpec, Automated, Destination, Helm, IgnoreDifferences, Source, SyncPolicy,
};
use crate::k8s::{Object, SyncOption, Wave};

/// Deletes what the Application deployed when it is deleted itself, waiting for it (argo-cd
/// `pkg/apis/application/v1alpha1/application_defaults.go`). The same name without a path means the same, but
/// the API server warns about finalizers that have none.
const CASCADE: &str = "resources-finalizer.argocd.argoproj.io/foreground";

/// The Application of a release, named `<namespace>-<release>` so that several stacks fit beside each other.
pub(super) fn object(ctx: &Context, construct: &'static str, release: Release) -> anyhow::Result<Object> {
    let settings = &ctx.config.application;
    let version = label_version(&release);
    let name = format!("{}-{}", ctx.names.namespace(), release.source.release);
    let metadata = ObjectMeta {
        namespace: Some(settings.namespace.to_string()),
        finalizers: settings.cascade_delete.then(|| vec![CASCADE.to_owned()]),
        ..ctx.cluster_scoped(&name, app(&release, construct, &version))
    };
    let spec = ApplicationSpec {
        project: settings.project.to_string(),
        destination: Destination {
            server: settings.server.to_string(),
            namespace: ctx.names.namespace().to_owned(),
        },
        source: Source {
            // ArgoCD takes registries without their scheme.
            repo_url: release.source.repository.as_str().trim_start_matches("oci://").to_owned(),
            chart: release.chart.to_owned(),
            target_revision: release.source.version.to_string(),
            helm: Helm { release_name: release.source.release.to_string(), values_object: release.values },
        },
        sync_policy: SyncPolicy {
            automated: settings.automated.then_some(Automated { prune: true, self_heal: true }),
            // The Prometheus Operator's CRDs exceed the annotation that client-side apply needs, and the
            // namespace with its Pod Security labels is ours.
            sync_options: vec![
                "CreateNamespace=false",
                "ServerSideApply=true",
                "RespectIgnoreDifferences=true",
            ],
        },
        // The API server fills in defaults below volume claim templates.
        ignore_differences: vec![IgnoreDifferences {
            group: "apps",
            kind: "StatefulSet",
            jq_path_expressions: vec![
                ".spec.volumeClaimTemplates[]?.apiVersion",
                ".spec.volumeClaimTemplates[]?.kind",
                ".spec.volumeClaimTemplates[]?.status",
            ],
        }],
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

    fn application(text: &str, name: &str) -> Value {
        let objects = stack::render(&config(text), &Surroundings::default(), |_| true).unwrap().objects;
        let found = objects
            .into_iter()
            .find(|object| object.object.kind() == "Application" && object.object.name() == name);
        found.unwrap().object.value
    }

    #[test]
    fn the_release_name_is_not_the_applications() {
        let application = application("delivery: application", "monitoring-prometheus");
        assert_eq!(application["spec"]["source"]["helm"]["releaseName"], "prometheus");
        assert_eq!(application["metadata"]["namespace"], "argocd");
        assert!(application["metadata"].get("finalizers").is_none());
    }

    #[test]
    fn values_are_the_ones_of_the_other_delivery() {
        let application = application("delivery: application", "monitoring-alloy");
        let values = &application["spec"]["source"]["helm"]["valuesObject"];
        assert_eq!(values["controller"]["type"], "daemonset");
    }

    #[test]
    fn syncing_and_deleting_are_the_configs_choice() {
        let text = "{delivery: application, application: {automated: false, cascadeDelete: true}}";
        let application = application(text, "monitoring-loki");
        assert!(application["spec"]["syncPolicy"].get("automated").is_none());
        assert_eq!(application["metadata"]["finalizers"][0], super::CASCADE);
        // The API server warns about a finalizer without a path.
        assert!(super::CASCADE.contains('/'));
    }

    #[test]
    fn a_registry_has_no_scheme() {
        let text =
            "{delivery: application, charts: {loki: {repository: 'oci://registry.example.com/charts'}}}";
        let application = application(text, "monitoring-loki");
        assert_eq!(application["spec"]["source"]["repoURL"], "registry.example.com/charts");
    }
}
