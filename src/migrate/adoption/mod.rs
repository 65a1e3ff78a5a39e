//! What the running stack cannot simply take over, and what to do about it.
//!
//! Selectors, claim templates and names cannot be changed in place; a claim is found by its name, so data behind
//! another name are not found.

mod buckets;
mod claims;
mod labels;
mod objects;
mod releases;

use serde_json::Value;

use super::evidence::Evidence;
use super::manifest::Manifest;
use super::minimal;
use super::report::{Findings, Outcome};
use crate::config::Config;

/// The objects that the migrated config renders.
struct Rendered(Vec<Value>);

impl Rendered {
    /// The object of the same group, kind, namespace and name.
    fn twin(&self, manifest: Manifest) -> Option<&Value> {
        self.0.iter().find(|object| identity(object) == manifest.identity())
    }

    /// The first object of a kind that fits.
    fn of(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Option<&Value> {
        self.0.iter().find(|object| object["kind"] == kind && fits(object))
    }
}

fn identity(object: &Value) -> [&str; 4] {
    let metadata = &object["metadata"];
    let [version, kind, namespace, name] =
        [&object["apiVersion"], &object["kind"], &metadata["namespace"], &metadata["name"]]
            .map(|value| value.as_str().unwrap_or_default());
    [version.rsplit_once('/').map_or("", |(group, _)| group), kind, namespace, name]
}

/// `namespace/name`, or the name of what is cluster-scoped.
fn place_of(object: &Value) -> String {
    match identity(object) {
        [_, kind, "", name] => format!("{kind} {name}"),
        [_, kind, namespace, name] => format!("{kind} {namespace}/{name}"),
    }
}

/// Compares the manifests of the original with what `config` renders.
///
/// # Errors
///
/// When the config cannot be rendered.
pub(super) fn compare(evidence: &Evidence, config: &Config, findings: &mut Findings) -> anyhow::Result<()> {
    let rendered = Rendered(minimal::objects(config)?);
    namespace(evidence, config, findings);
    labels::compare(evidence, config, findings);
    releases::compare(evidence, config, &rendered, findings);
    buckets::compare(evidence, config, &rendered, findings);
    objects::compare(evidence, &rendered, findings);
    Ok(())
}

/// Another namespace is another stack.
fn namespace(evidence: &Evidence, config: &Config, findings: &mut Findings) {
    let of_releases = evidence.releases.iter().filter_map(|release| release.namespace);
    let of_workloads = evidence
        .manifests
        .iter()
        .filter(|manifest| super::evidence::role_of(**manifest).is_some())
        .filter_map(|manifest| manifest.view.at(&["metadata", "namespace"]));
    let known = of_releases.chain(of_workloads).find(|namespace| namespace.text(&[]).is_some());
    let Some(former) = known.filter(|former| former.text(&[]) != Some(config.namespace.as_str())) else {
        return;
    };
    let name = former.text(&[]).unwrap_or_default();
    let message = format!(
        "the stack moves from the namespace {name} to {}: every object, claim and Secret in it is a new one",
        config.namespace
    );
    findings
        .add(Outcome::NotAdopted, Some(former.place()), "namespace", message)
        .help(format!("set `namespace: {name}` to keep it"));
}
