//! What Helm reads of a document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use go_yaml::plain::{self, Visitor};
use go_yaml::{Data, Limits, Node, Problem};

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
        let mut reader = Reader::default();
        if plain::visit(document.as_bytes(), &LIMITS, &mut reader) && !reader.is_odd {
            return Ok(reader.head);
        }
        let root = go_yaml::read_first(document.as_bytes(), &LIMITS).map_err(|problems| {
            let message = Problem::first_in_go(&problems).map(Problem::go_message).unwrap_or_default();
            format!("error converting YAML to JSON: yaml: {message}")
        })?;
        let Some(root) = &root else { return Ok(Head::default()) };
        check_types(root)?;
        match &root.data {
            Data::Mapping(_) => Ok(Head {
                kind: root.get("kind").map(|entry| text(&entry.value)).unwrap_or_default(),
                annotations: annotations(root),
            }),
            Data::Scalar(scalar) if matches!(scalar.value, go_yaml::Value::Null) => Ok(Head::default()),
            Data::Scalar(scalar) => Err(mismatch(scalar_kind(scalar))),
            Data::Sequence(_) => Err(mismatch("array")),
        }
    }
}

/// Reads the head of a document that is written plainly.
#[derive(Default)]
struct Reader {
    head: Head,
    /// Collections around.
    depth: usize,
    place: Place,
    is_in_metadata: bool,
    /// The annotation that comes next.
    key: String,
    /// Whether something is no text or no mapping that should be one.
    is_odd: bool,
}

/// Where in a document the reader is, as far as it matters.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Elsewhere,
    Kind,
    /// `apiVersion` or `metadata.name`
    Text,
    Metadata,
    Annotations,
}

impl Visitor for Reader {
    fn begin_mapping(&mut self) {
        self.is_odd |= match self.place {
            Place::Kind | Place::Text => true,
            Place::Annotations => self.depth >= 3,
            Place::Metadata | Place::Elsewhere => false,
        };
        self.depth += 1;
    }

    fn begin_sequence(&mut self) {
        self.is_odd |= self.depth == 0
            || match self.place {
                Place::Kind | Place::Text | Place::Annotations => true,
                Place::Metadata => self.depth == 1,
                Place::Elsewhere => false,
            };
        self.depth += 1;
    }

    fn end(&mut self) {
        self.depth -= 1;
    }

    fn key(&mut self, name: &str, _: usize) {
        self.place = match (self.depth, name) {
            (1, "kind") => Place::Kind,
            (1, "apiVersion") => Place::Text,
            (1, "metadata") => Place::Metadata,
            (1, _) => Place::Elsewhere,
            (2, "annotations") if self.is_in_metadata => Place::Annotations,
            (2, "name") if self.is_in_metadata => Place::Text,
            (2, _) if self.is_in_metadata => Place::Metadata,
            (3, name) if self.place == Place::Annotations => {
                name.clone_into(&mut self.key);
                Place::Annotations
            }
            _ => self.place,
        };
        if self.depth == 1 {
            self.is_in_metadata = name == "metadata";
        }
        // Of equal keys the last counts, with nothing of the others.
        if (self.depth, self.place) == (1, Place::Metadata)
            || (self.depth, name) == (2, "annotations") && self.is_in_metadata
        {
            self.head.annotations.clear();
        }
    }

    fn wants_scalar(&self) -> bool {
        matches!((self.place, self.depth), (Place::Kind | Place::Metadata, 1) | (Place::Annotations, 2 | 3))
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: go_yaml::Value) {
        let text = || if value == go_yaml::Value::Null { String::new() } else { text.into_owned() };
        match (self.place, self.depth) {
            (Place::Kind, 1) => self.head.kind = text(),
            (Place::Annotations, 3) => {
                self.head.annotations.insert(std::mem::take(&mut self.key), text());
            }
            (Place::Metadata, 1) | (Place::Annotations, 2) => self.is_odd |= value != go_yaml::Value::Null,
            _ => {}
        }
    }
}

/// What stands where Helm reads a text or a mapping has to be one. Numbers and booleans become texts.
fn check_types(root: &Node) -> Result<(), String> {
    const METADATA: &str = "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \
                            \"json:\\\"annotations\\\"\" }";
    let field = |node: &Node, is_text: bool, path: &str, go_type: &str| match (&node.data, is_text) {
        (Data::Scalar(scalar), false) if !matches!(scalar.value, go_yaml::Value::Null) => {
            Err(field_mismatch(scalar_kind(scalar), path, go_type))
        }
        (Data::Sequence(_), _) => Err(field_mismatch("array", path, go_type)),
        (Data::Mapping(_), true) => Err(field_mismatch("object", path, go_type)),
        _ => Ok(()),
    };
    // Go has the keys in their order by then.
    if let Some(version) = root.get("apiVersion") {
        field(&version.value, true, "SimpleHead.apiVersion", "string")?;
    }
    if let Some(kind) = root.get("kind") {
        field(&kind.value, true, "SimpleHead.kind", "string")?;
    }
    let Some(metadata) = root.get("metadata").map(|entry| &entry.value) else { return Ok(()) };
    field(metadata, false, "SimpleHead.metadata", METADATA)?;
    if let Some(annotations) = metadata.get("annotations").map(|entry| &entry.value) {
        field(annotations, false, ".metadata.annotations", "map[string]string")?;
        if let Data::Mapping(entries) = &annotations.data {
            for entry in entries {
                field(&entry.value, true, ".metadata.annotations", "string")?;
            }
        }
    }
    match metadata.get("name") {
        Some(name) => field(&name.value, true, ".metadata.name", "string"),
        None => Ok(()),
    }
}

fn scalar_kind(scalar: &go_yaml::Scalar) -> &'static str {
    match scalar.value {
        go_yaml::Value::Bool(_) => "bool",
        go_yaml::Value::String => "string",
        _ => "number",
    }
}

fn field_mismatch(found: &str, path: &str, go_type: &str) -> String {
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go struct field \
         {path} of type {go_type}"
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_keys_the_last_counts_alone() {
        let annotations =
            |text: &str| Head::read(text).map(|head| head.annotations.into_keys().collect::<Vec<_>>());
        let twice = "metadata:\n  annotations:\n    a: x\nmetadata:\n  name: y\n";
        assert_eq!(annotations(twice), Ok(Vec::new()));
        let within = "metadata:\n  annotations:\n    a: x\n  annotations:\n    b: x\n";
        assert_eq!(annotations(within), Ok(vec!["b".to_owned()]));
    }
}
