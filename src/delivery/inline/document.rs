//! From a document that a chart rendered to the objects in it.

use go_yaml::Node;
use serde_json::{Map, Value};

use super::definition::{self, Definition, text};
use super::edit::Additions;
use super::problem::Problem;
use super::scope::is_namespaced;
use crate::k8s::object::CHART_LIMITS;
use crate::k8s::{Object, SyncOption, Wave};
use crate::stream;

const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// Bytes of an object above which `kubectl apply` cannot keep it in the annotation `last-applied-configuration`:
/// annotations have 262,144 bytes together (apimachinery `pkg/api/validation/objectmeta.go`).
const LARGE: usize = 240_000;

/// What the objects of a chart are completed with.
pub(super) struct Completion<'a> {
    pub(super) namespace: &'a str,
    pub(super) definitions: &'a [Definition],
}

/// Reads a document: none if it has no content, several if it is damaged.
pub(super) fn read(path: &str, document: &str) -> Result<Vec<Node>, Problem> {
    go_yaml::read_last_of_equal_keys(document.as_bytes(), &CHART_LIMITS).map_err(|problems| {
        let message = problems.first().map(ToString::to_string).unwrap_or_default();
        Problem::new(format!("{path}: what the template rendered is no YAML: {message}"))
    })
}

impl Completion<'_> {
    /// The objects of a document, completed.
    pub(super) fn objects(&self, path: &str, document: &str) -> Result<Vec<Object>, Problem> {
        let nodes = read(path, document)?;
        match nodes.as_slice() {
            [root] if items(root).is_none() && !is_empty(root) => {
                let (wave, additions) = self.additions(root, document.len());
                if let Some(edited) = additions.insert(document, root) {
                    return Ok(vec![Object::of_chart(wave, head(root, &additions), edited)]);
                }
            }
            _ => {}
        }
        let mut objects = Vec::new();
        for root in nodes.iter().filter(|root| !is_empty(root)) {
            for item in items(root).unwrap_or_else(|| vec![root]) {
                objects.push(self.anew(path, item)?);
            }
        }
        Ok(objects)
    }

    /// An object that has to be written anew.
    fn anew(&self, path: &str, root: &Node) -> Result<Object, Problem> {
        let mut value = root.to_json().map_err(|problem| Problem::new(format!("{path}: {problem}")))?;
        let (wave, additions) = self.additions(root, 0);
        if let Some(object) = value.as_object_mut() {
            let metadata = object.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
            if metadata.is_null() {
                *metadata = Value::Object(Map::new());
            }
            complete(metadata, &additions);
        }
        let text = stream::document(&value);
        Ok(Object::of_chart(wave, value, text))
    }

    fn additions(&self, root: &Node, bytes: usize) -> (Wave, Additions) {
        let kind = text(root, &["kind"]).unwrap_or_default();
        let is_definition = kind == definition::KIND;
        let wave = if is_definition { Wave::Definitions } else { Wave::Charts };
        let mut additions = Additions::default();
        let api_version = text(root, &["apiVersion"]).unwrap_or_default();
        let own = text(root, &["metadata", "namespace"]).unwrap_or_default();
        if own.is_empty() && is_namespaced(api_version, kind, self.definitions) {
            additions.namespace = Some(self.namespace.to_owned());
        }
        let annotation = |key: &str| text(root, &["metadata", "annotations", key]);
        if annotation(WAVE).is_none() {
            additions.annotations.push((WAVE, wave.number().to_string()));
        }
        if annotation(OPTIONS).is_none() {
            let options: &[SyncOption] = if is_definition {
                // Without its definition, every object of a kind is gone, wherever it came from.
                &[SyncOption::ServerSideApply, SyncOption::KeepWhenPruned]
            } else if bytes > LARGE {
                &[SyncOption::ServerSideApply]
            } else {
                &[]
            };
            if !options.is_empty() {
                let options: Vec<_> = options.iter().map(|option| option.as_str()).collect();
                additions.annotations.push((OPTIONS, options.join(",")));
            }
        }
        (wave, additions)
    }
}

/// A comment, or nothing.
fn is_empty(root: &Node) -> bool {
    root.kind_name() == "null"
}

/// The objects of a `List` or of a list of a kind, such as `ConfigMapList`.
fn items(root: &Node) -> Option<Vec<&Node>> {
    let is_list = text(root, &["kind"])?.ends_with("List");
    match &definition::node(root, &["items"])?.data {
        go_yaml::Data::Sequence(items) if is_list => Some(items.iter().collect()),
        _ => None,
    }
}

/// `apiVersion`, `kind` and `metadata`.
fn head(root: &Node, additions: &Additions) -> Value {
    let mut head = Map::new();
    for key in ["apiVersion", "kind", "metadata"] {
        if let Some(value) = root.get(key).and_then(|entry| entry.value.to_json().ok()) {
            head.insert(key.to_owned(), value);
        }
    }
    if let Some(metadata) = head.get_mut("metadata") {
        complete(metadata, additions);
    }
    Value::Object(head)
}

fn complete(metadata: &mut Value, additions: &Additions) {
    let Some(metadata) = metadata.as_object_mut() else { return };
    if let Some(namespace) = &additions.namespace {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    if additions.annotations.is_empty() {
        return;
    }
    let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
    if annotations.is_null() {
        *annotations = Value::Object(Map::new());
    }
    if let Some(annotations) = annotations.as_object_mut() {
        for (key, value) in &additions.annotations {
            annotations.insert((*key).to_owned(), value.as_str().into());
        }
    }
}
