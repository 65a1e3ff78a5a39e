//! What has to be known of a document: who it is, what it defines, and where something can be added.

use std::borrow::Cow;

use go_yaml::plain::{self, Visitor};
use go_yaml::{Data, Node};
use serde_json::{Map, Value};

use crate::charts::Problem;
use crate::k8s::object::CHART_LIMITS;

/// A document that is one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outline {
    /// `apiVersion`, `kind` and `metadata`; of a CustomResourceDefinition also what its `spec` says of names and
    /// versions.
    pub(super) head: Value,
    /// Whether it is a list of objects.
    pub(super) has_items: bool,
    /// The byte of the first key of `metadata`.
    pub(super) metadata: Option<usize>,
    /// The byte of `metadata.annotations`.
    pub(super) annotations_key: Option<usize>,
    /// The byte of the first key of `metadata.annotations`.
    pub(super) annotations: Option<usize>,
    /// The byte of the key that comes after the annotations.
    pub(super) behind_annotations: Option<usize>,
    /// The byte of `metadata.namespace`.
    pub(super) namespace: Option<usize>,
}

/// The outline of a document that is one object. None if it is another number of them, or none.
pub(super) fn of(path: &str, document: &str) -> Result<Option<Outline>, Problem> {
    let mut builder = Builder::default();
    if plain::visit(document.as_bytes(), &CHART_LIMITS, &mut builder) {
        return Ok(Some(builder.outline));
    }
    match nodes(path, document)?.as_slice() {
        [root] => Ok(of_node(root)),
        _ => Ok(None),
    }
}

/// The documents of a text, in full.
pub(super) fn nodes(path: &str, document: &str) -> Result<Vec<Node>, Problem> {
    go_yaml::read_last_of_equal_keys(document.as_bytes(), &CHART_LIMITS).map_err(|problems| {
        let message = problems.first().map(ToString::to_string).unwrap_or_default();
        Problem::new(format!("{path}: what the template rendered is no YAML: {message}"))
    })
}

/// The outline of an object that the general reader has read. None if it is no mapping.
pub(super) fn of_node(root: &Node) -> Option<Outline> {
    let Data::Mapping(entries) = &root.data else { return None };
    let mut head = Map::new();
    for entry in entries.iter().filter(|entry| is_wanted(&[&entry.key.name])) {
        if let Ok(value) = entry.value.to_json() {
            head.insert(entry.key.name.clone(), value);
        }
    }
    let metadata = root.get("metadata").map(|entry| &entry.value);
    let annotations = metadata.and_then(|metadata| metadata.get("annotations")).map(|entry| &entry.value);
    let first = |node: Option<&Node>| match &node?.data {
        Data::Mapping(entries) => entries.iter().map(|entry| entry.key.span.start.offset).min(),
        _ => None,
    };
    let annotations_key =
        metadata.and_then(|metadata| metadata.get("annotations")).map(|entry| &entry.key.span);
    let inner = match metadata.map(|metadata| &metadata.data) {
        Some(Data::Mapping(inner)) => inner.as_slice(),
        _ => &[],
    };
    let offsets = entries.iter().chain(inner).map(|entry| entry.key.span.start.offset);
    let annotations_key = annotations_key.map(|span| span.start.offset);
    Some(Outline {
        behind_annotations: offsets.filter(|offset| annotations_key.is_some_and(|key| *offset > key)).min(),
        annotations_key,
        has_items: root.get("items").is_some(),
        metadata: first(metadata),
        annotations: first(annotations),
        namespace: metadata
            .and_then(|metadata| metadata.get("namespace"))
            .map(|entry| entry.key.span.start.offset),
        head: Value::Object(head),
    })
}

impl Outline {
    /// A text of the head.
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.head.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Whether what is at a path belongs to an outline.
fn is_wanted(path: &[&str]) -> bool {
    matches!(
        path,
        ["apiVersion" | "kind" | "spec"]
            | ["metadata", ..]
            | ["spec", "group" | "scope" | "versions"]
            | ["spec", "names", ..]
            | ["spec", "versions", "name" | "served"]
    )
}

/// Builds the head of what is told.
#[derive(Default)]
struct Builder {
    outline: Outline,
    /// The keys above, those of sequences left out.
    path: Vec<String>,
    open: Vec<Open>,
}

/// A collection that has not ended.
struct Open {
    /// None for what is not wanted.
    value: Option<Value>,
    is_mapping: bool,
}

impl Builder {
    fn is_wanted(&self) -> bool {
        match self.path.as_slice() {
            [] => true,
            [one] => is_wanted(&[one]),
            [one, two] => is_wanted(&[one, two]),
            [one, two, three, ..] => is_wanted(&[one, two, three]),
        }
    }

    fn begin(&mut self, empty: Value, is_mapping: bool) {
        let is_inside = self.open.last().is_none_or(|open| open.value.is_some());
        let value = (is_inside && self.is_wanted()).then_some(empty);
        self.open.push(Open { value, is_mapping });
        if is_mapping {
            self.path.push(String::new());
        }
    }

    fn place(&mut self, value: Value) {
        let key = self.path.last();
        match self.open.last_mut() {
            Some(Open { value: Some(Value::Object(map)), .. }) => {
                map.insert(key.cloned().unwrap_or_default(), value);
            }
            Some(Open { value: Some(Value::Array(items)), .. }) => items.push(value),
            Some(_) => {}
            None => self.outline.head = value,
        }
    }
}

impl Visitor for Builder {
    fn begin_mapping(&mut self) {
        self.begin(Value::Object(Map::new()), true);
    }

    fn begin_sequence(&mut self) {
        self.begin(Value::Array(Vec::new()), false);
    }

    fn key(&mut self, name: &str, offset: usize) {
        let Some(last) = self.path.last_mut() else { return };
        let is_wanted = self.open.last().is_some_and(|open| open.value.is_some());
        if !is_wanted {
            return;
        }
        name.clone_into(last);
        let outline = &mut self.outline;
        if outline.annotations_key.is_some() && self.path.len() <= 2 {
            outline.behind_annotations.get_or_insert(offset);
        }
        match self.path.as_slice() {
            // Of equal keys the last counts, with nothing of the others.
            [key] if key == "metadata" => {
                (outline.metadata, outline.annotations, outline.namespace) = (None, None, None);
                (outline.annotations_key, outline.behind_annotations) = (None, None);
            }
            [key] => outline.has_items |= key == "items",
            [parent, key] if parent == "metadata" => {
                outline.metadata.get_or_insert(offset);
                if key == "annotations" {
                    outline.annotations_key = Some(offset);
                    (outline.annotations, outline.behind_annotations) = (None, None);
                }
                if key == "namespace" {
                    outline.namespace = Some(offset);
                }
            }
            [parent, map, _] if parent == "metadata" && map == "annotations" => {
                outline.annotations.get_or_insert(offset);
            }
            _ => {}
        }
    }

    fn wants_value(&self) -> bool {
        self.wants_scalar()
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.is_mapping {
            self.path.pop();
        }
        if let Some(value) = open.value {
            self.place(value);
        }
    }

    fn wants_scalar(&self) -> bool {
        self.open.last().is_some_and(|open| open.value.is_some()) && self.is_wanted()
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: go_yaml::Value) {
        if !self.wants_scalar() {
            return;
        }
        self.place(match value {
            go_yaml::Value::Null => Value::Null,
            go_yaml::Value::Bool(value) => value.into(),
            go_yaml::Value::Int(value) => value.into(),
            go_yaml::Value::UInt(value) => value.into(),
            go_yaml::Value::Float(value) => value.into(),
            go_yaml::Value::String => text.into_owned().into(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_see_the_same() {
        for text in [
            "# c\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n    a: b\ndata:\n  metadata: {a: b}\n",
            "apiVersion: v1\nkind: List\nitems:\n- kind: A\n  metadata:\n    namespace: y\n",
            "kind: CustomResourceDefinition\nspec:\n  group: g\n  names:\n    kind: K\n    shortNames:\n    - k\n  \
             scope: Cluster\n  versions:\n  - name: v1\n    schema:\n      x:\n        name: no\n    served: true\n  \
             - name: v2\n    served: false\n",
            "metadata:\n  namespace:\n  labels: {a: b}\nspec:\n  replicas: 1\n",
            "metadata:\n  namespace: a\nmetadata:\n  name: b\n  annotations:\n    c: d\n  annotations:\n    e: f\n",
        ] {
            let fast = of("x", text).unwrap().unwrap();
            let root = &nodes("x", text).unwrap()[0];
            let mut general = of_node(root).unwrap();
            if let Some(spec) = general.head.get_mut("spec").and_then(Value::as_object_mut) {
                spec.retain(|key, _| is_wanted(&["spec", key]) || key == "names");
                for version in spec.get_mut("versions").and_then(Value::as_array_mut).into_iter().flatten() {
                    version.as_object_mut().unwrap().retain(|key, _| key != "schema");
                }
            }
            assert_eq!(fast, general, "{text}");
        }
    }
}
