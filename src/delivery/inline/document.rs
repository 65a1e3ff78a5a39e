//! From a document that a chart rendered to the objects in it.

use std::sync::Arc;

use go_yaml::{Data, Node};
use serde_json::{Map, Value};

use super::definition::Definition;
use super::edit::Additions;
use super::outline::{self, Outline};
use super::scope::is_namespaced;
use crate::charts::Problem;
use crate::k8s::{DEFINITION, Held, Object, SyncOption, Wave, Written};
use crate::stream;

const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// Bytes of an object above which `kubectl apply` cannot keep it in the annotation `last-applied-configuration`:
/// annotations have 262,144 bytes together (apimachinery `pkg/api/validation/objectmeta.go`).
const LARGE: usize = 240_000;

/// An object of a file, written anew.
#[derive(Debug)]
struct Anew {
    path: String,
    text: String,
}

impl Held for Anew {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn source(&self) -> &str {
        &self.path
    }
}

/// What the objects of a chart are completed with.
pub(super) struct Completion<'a> {
    pub(super) namespace: &'a str,
    pub(super) definitions: &'a [Definition],
}

impl Completion<'_> {
    /// The objects of a document, which somebody holds, completed.
    pub(super) fn objects(
        &self,
        path: &str,
        document: &str,
        held: &Arc<dyn Held>,
        outline: Option<Outline>,
    ) -> Result<Vec<Object>, Problem> {
        if is_comment(document) {
            return Ok(Vec::new());
        }
        if let Some(outline) = outline
            && !(outline.has_items && outline.text("/kind").ends_with("List"))
        {
            let (wave, additions) = self.additions(&outline, document.len());
            if let Some(edits) = additions.edits(document, &outline) {
                let mut head = outline.head;
                complete(&mut head, &additions);
                return Ok(vec![Object::of_chart(wave, head, Written::new(Arc::clone(held), edits))]);
            }
        }
        let mut objects = Vec::new();
        for root in outline::nodes(path, document)?.iter().filter(|root| !is_empty(root)) {
            for item in items(root).unwrap_or_else(|| vec![root]) {
                objects.push(self.anew(path, item)?);
            }
        }
        Ok(objects)
    }

    /// An object that has to be written anew.
    fn anew(&self, path: &str, root: &Node) -> Result<Object, Problem> {
        let not_an_object = || Problem::new(format!("{path}: what the template rendered is no object"));
        let mut value = root.to_json().map_err(|problem| Problem::new(format!("{path}: {problem}")))?;
        let outline = outline::of_node(root).ok_or_else(not_an_object)?;
        let (wave, additions) = self.additions(&outline, 0);
        complete(&mut value, &additions);
        let anew = Anew { path: path.to_owned(), text: stream::document(&value) };
        Ok(Object::of_chart(wave, value, Written::new(Arc::new(anew), Vec::new())))
    }

    fn additions(&self, outline: &Outline, bytes: usize) -> (Wave, Additions) {
        let kind = outline.text("/kind");
        let is_definition = kind == DEFINITION;
        let wave = if is_definition { Wave::Definitions } else { Wave::Charts };
        let mut additions = Additions::default();
        if outline.text("/metadata/namespace").is_empty()
            && is_namespaced(outline.text("/apiVersion"), kind, self.definitions)
        {
            additions.namespace = Some(self.namespace.to_owned());
        }
        let annotations = outline.head.pointer("/metadata/annotations");
        let has = |key: &str| annotations.is_some_and(|annotations| annotations.get(key).is_some());
        if !has(WAVE) {
            additions.annotations.push((WAVE, wave.number().to_string()));
        }
        if !has(OPTIONS) {
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

fn is_comment(document: &str) -> bool {
    document.lines().map(str::trim_start).all(|line| line.is_empty() || line.starts_with('#'))
}

/// A comment, or nothing.
fn is_empty(root: &Node) -> bool {
    root.kind_name() == "null"
}

/// The objects of a `List` or of a list of a kind, such as `ConfigMapList`.
pub(super) fn items(root: &Node) -> Option<Vec<&Node>> {
    let value = |key: &str| root.get(key).map(|entry| &entry.value.data);
    let is_list = matches!(value("kind")?, Data::Scalar(kind) if kind.text.ends_with("List"));
    match value("items")? {
        Data::Sequence(items) if is_list => Some(items.iter().collect()),
        _ => None,
    }
}

/// Puts what an object lacks into its metadata.
fn complete(object: &mut Value, additions: &Additions) {
    let Some(object) = object.as_object_mut() else { return };
    let Some(metadata) = map(object, "metadata") else { return };
    if let Some(namespace) = &additions.namespace {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    if additions.annotations.is_empty() {
        return;
    }
    if let Some(annotations) = map(metadata, "annotations") {
        for (key, value) in &additions.annotations {
            annotations.insert((*key).to_owned(), value.as_str().into());
        }
    }
}

/// The map at a key, which may be missing or null.
fn map<'a>(parent: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    let value = parent.entry(key).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut()
}
