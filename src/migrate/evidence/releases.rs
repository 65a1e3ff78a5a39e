//! How charts reach the cluster: names, versions and repositories of the releases.

use serde_json::Value;

use super::super::draft::Draft;
use super::super::release::Release;
use super::super::report::{Findings, Outcome};
use super::Evidence;

/// Offers what HelmChart and Application objects say beside their values.
pub(super) fn collect(evidence: &Evidence, draft: &mut Draft, findings: &mut Findings) {
    for release in evidence.releases {
        let key = |last| ["charts", release.chart.key(), last];
        draft.offer(&key("release"), release.name.into(), release.manifest.place(), findings);
        if release.manifest.kind() == "HelmChart" {
            helm_chart(release, &key("repository"), &key("version"), draft, findings);
        } else {
            application(release, &key("repository"), &key("version"), draft, findings);
        }
        if let Some(namespace) = release.namespace {
            draft.offer_text(&["namespace"], namespace, &[], findings);
        }
        for at in [&["spec", "set"][..], &["spec", "source", "helm", "parameters"]]
            .iter()
            .filter_map(|keys| release.manifest.view.at(keys))
        {
            let message = "single values that are set beside the chart's values are not read";
            findings
                .add(Outcome::LeftOut, Some(at.place()), release.manifest.to_string(), message)
                .help(format!("put them into charts.{}.values", release.chart.key()));
        }
    }
}

fn helm_chart(
    release: &Release,
    repository: &[&str],
    version: &[&str],
    draft: &mut Draft,
    findings: &mut Findings,
) {
    let view = release.manifest.view;
    let chart = view.text(&["spec", "chart"]).unwrap_or_default();
    draft.offer_text(version, view, &["spec", "version"], findings);
    match (view.at(&["spec", "repo"]), chart.rsplit_once('/')) {
        (_, Some((registry, _))) if chart.starts_with("oci://") => {
            draft.offer(repository, registry.into(), view.place(), findings);
        }
        (Some(repo), _) => draft.offer_text(repository, repo, &[], findings),
        _ => {
            let message = "it names no repository; monstack's default one is used";
            findings.add(Outcome::Differs, Some(view.place()), release.manifest.to_string(), message);
        }
    }
    draft.offer_text(&["helmChart", "namespace"], view, &["metadata", "namespace"], findings);
    draft.offer_text(&["helmChart", "timeout"], view, &["spec", "timeout"], findings);
    draft.offer_value(&["helmChart", "backOffLimit"], view, &["spec", "backOffLimit"], findings);
    draft.offer_text(&["helmChart", "failurePolicy"], view, &["spec", "failurePolicy"], findings);
    if view.at(&["spec", "failurePolicy"]).is_none() {
        let message = "a failed upgrade uninstalled the release, the helm-controller's default; with monstack's \
                       `failurePolicy: abort` it waits for a person";
        findings.add(Outcome::Differs, Some(view.place()), release.manifest.to_string(), message);
    }
}

fn application(
    release: &Release,
    repository: &[&str],
    version: &[&str],
    draft: &mut Draft,
    findings: &mut Findings,
) {
    let view = release.manifest.view;
    let place = view.place();
    draft.offer(&["delivery"], "application".into(), place, findings);
    draft.offer_text(version, view, &["spec", "source", "targetRevision"], findings);
    if let Some(url) = view.text(&["spec", "source", "repoURL"]) {
        // ArgoCD takes registries without their scheme.
        let url = if url.contains("://") { url.to_owned() } else { format!("oci://{url}") };
        draft.offer(repository, url.into(), place, findings);
    }
    draft.offer_text(&["application", "namespace"], view, &["metadata", "namespace"], findings);
    draft.offer_text(&["application", "project"], view, &["spec", "project"], findings);
    draft.offer_text(&["application", "server"], view, &["spec", "destination", "server"], findings);
    let automated = view.at(&["spec", "syncPolicy", "automated"]).is_some();
    draft.offer(&["application", "automated"], Value::Bool(automated), place, findings);
    let finalizers = view.texts(&["metadata", "finalizers"]);
    let cascades =
        finalizers.iter().any(|finalizer| finalizer.starts_with("resources-finalizer.argocd.argoproj.io"));
    draft.offer(&["application", "cascadeDelete"], Value::Bool(cascades), place, findings);
}
