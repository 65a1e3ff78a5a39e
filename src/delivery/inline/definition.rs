//! What a CustomResourceDefinition says.

use super::outline::Outline;
use crate::k8s::DEFINITION;

/// A kind that a chart brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    /// Its API group.
    pub(super) group: String,
    /// Its name.
    pub(super) kind: String,
    /// The versions that are served.
    pub(super) versions: Vec<String>,
    /// Whether its objects have no namespace.
    pub(super) is_cluster_scoped: bool,
}

impl Definition {
    /// What a document defines, if it is a CustomResourceDefinition.
    pub(super) fn of(outline: &Outline) -> Option<Self> {
        if outline.text("/kind") != DEFINITION {
            return None;
        }
        let versions = outline.head.pointer("/spec/versions")?.as_array()?;
        Some(Definition {
            group: outline.text("/spec/group").to_owned(),
            kind: outline.text("/spec/names/kind").to_owned(),
            versions: versions
                .iter()
                .filter(|version| version["served"] != false)
                .filter_map(|version| version["name"].as_str().map(str::to_owned))
                .collect(),
            is_cluster_scoped: outline.text("/spec/scope") == "Cluster",
        })
    }
}
