//! What brings the plugin to ArgoCD.

use go_yaml::Limits;
use serde_json::{Value, json};

use crate::stream;

/// The plugin's configuration, as it is shipped.
pub const PLUGIN: &str = include_str!("../../plugin.yaml");

/// The patch of argocd-repo-server that is shipped as an example.
const PATCH: &str = include_str!("../../examples/argocd/repo-server-patch.yaml");

/// The image that the example names.
const IMAGE: &str = concat!("registry.example.com/monstack:", env!("CARGO_PKG_VERSION"));

/// A patch of the Deployment argocd-repo-server, for kustomize or `kubectl patch`.
#[must_use]
pub fn patch(image: Option<&str>) -> String {
    match image {
        Some(image) => PATCH.replace(IMAGE, image),
        None => PATCH.to_owned(),
    }
}

/// Values of the chart argo-cd (argo-helm charts/argo-cd/values.yaml, `repoServer.extraContainers` and
/// `repoServer.volumes`) that do the same.
///
/// # Errors
///
/// When the patch is no YAML, which a test prevents.
pub fn values(image: Option<&str>) -> Result<String, String> {
    let documents = go_yaml::read(patch(image).as_bytes(), &Limits::default())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
    let patch = documents.first().map(go_yaml::Node::to_json).transpose();
    let patch = patch.map_err(|problem| problem.to_string())?.unwrap_or_default();
    let pod = &patch["spec"]["template"]["spec"];
    let values: Value =
        json!({"repoServer": {"extraContainers": pod["containers"], "volumes": pod["volumes"]}});
    Ok(format!(
        "# Values of the Helm chart argo-cd: the sidecar that runs monstack.\n{}",
        stream::document(&values)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_put_in_everywhere() {
        assert!(patch(None).contains(IMAGE));
        for text in [patch(Some("r.io/x:1")), values(Some("r.io/x:1")).unwrap()] {
            assert!(text.contains("image: r.io/x:1\n") && !text.contains(IMAGE), "{text}");
        }
    }

    #[test]
    fn the_chart_gets_the_sidecar_and_its_volume() {
        let values = values(None).unwrap();
        let node = go_yaml::read(values.as_bytes(), &Limits::default()).unwrap().remove(0).to_json().unwrap();
        assert_eq!(node["repoServer"]["extraContainers"][0]["name"], "monstack");
        assert_eq!(node["repoServer"]["volumes"][0]["name"], "monstack-tmp");
    }
}
