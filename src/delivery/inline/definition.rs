//! What a CustomResourceDefinition says.

use go_yaml::{Data, Node};

/// The kind of CustomResourceDefinitions.
pub(super) const KIND: &str = "CustomResourceDefinition";

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
    /// Reads a document; None if it is none.
    pub(super) fn read(document: &Node) -> Option<Self> {
        if text(document, &["kind"])? != KIND {
            return None;
        }
        let versions = match &node(document, &["spec", "versions"])?.data {
            Data::Sequence(versions) => versions,
            _ => return None,
        };
        Some(Definition {
            group: text(document, &["spec", "group"])?.to_owned(),
            kind: text(document, &["spec", "names", "kind"])?.to_owned(),
            versions: versions
                .iter()
                .filter(|version| text(version, &["served"]) != Some("false"))
                .filter_map(|version| text(version, &["name"]).map(str::to_owned))
                .collect(),
            is_cluster_scoped: text(document, &["spec", "scope"]) == Some("Cluster"),
        })
    }
}

/// The node at a path.
pub(super) fn node<'a>(root: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, key| node.get(key).map(|entry| &entry.value))
}

/// The scalar at a path, as it is written.
pub(super) fn text<'a>(root: &'a Node, path: &[&str]) -> Option<&'a str> {
    match &node(root, path)?.data {
        Data::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}
