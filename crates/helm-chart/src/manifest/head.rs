//! What Helm reads of a document.

use std::collections::BTreeMap;

use go_yaml::{Data, Limits, Node};

/// A document is as large as what a chart renders.
const LIMITS: Limits = Limits { max_bytes: 64 << 20, max_depth: 256, max_nodes: 4_000_000 };

/// Kind and annotations of an object: `SimpleHead`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Head {
    /// Empty if the document does not say.
    pub(crate) kind: String,
    /// Of the object's metadata.
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Head {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// When it is no YAML, or neither empty nor a mapping. The message is the cause alone.
    pub(crate) fn read(document: &str) -> Result<Self, String> {
        let nodes = go_yaml::read_last_of_equal_keys(document.as_bytes(), &LIMITS).map_err(|problems| {
            let message = problems.first().map(ToString::to_string).unwrap_or_default();
            format!("error converting YAML to JSON: yaml: {message}")
        })?;
        let Some(root) = nodes.first() else { return Ok(Head::default()) };
        match &root.data {
            Data::Mapping(_) => Ok(Head {
                kind: root.get("kind").map(|entry| text(&entry.value)).unwrap_or_default(),
                annotations: annotations(root),
            }),
            Data::Scalar(scalar) if matches!(scalar.value, go_yaml::Value::Null) => Ok(Head::default()),
            Data::Scalar(_) => Err(mismatch("string")),
            Data::Sequence(_) => Err(mismatch("array")),
        }
    }
}

fn mismatch(found: &str) -> String {
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type \
         releaseutil.SimpleHead"
    )
}

fn text(node: &Node) -> String {
    match &node.data {
        Data::Scalar(scalar) if !matches!(scalar.value, go_yaml::Value::Null) => scalar.text.clone(),
        _ => String::new(),
    }
}

fn annotations(root: &Node) -> BTreeMap<String, String> {
    let Some(annotations) = root.get("metadata").and_then(|entry| entry.value.get("annotations")) else {
        return BTreeMap::new();
    };
    match &annotations.value.data {
        Data::Mapping(entries) => {
            entries.iter().map(|entry| (entry.key.name.clone(), text(&entry.value))).collect()
        }
        _ => BTreeMap::new(),
    }
}
