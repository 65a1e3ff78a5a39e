//! What Helm reads of a document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use go_yaml::plain::{self, Visitor};
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
        let mut reader = Reader::default();
        if plain::visit(document.as_bytes(), &LIMITS, &mut reader) && !reader.is_odd {
            return Ok(reader.head);
        }
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
