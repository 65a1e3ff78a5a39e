//! What there is to migrate: configs of the original program and manifests that it rendered.

use std::collections::HashSet;

use go_yaml::{Data, Node, Span, Value};

use super::manifest::Manifest;
use super::view::{Origin, View};
use crate::config::diagnostic::Diagnostic;
use crate::config::{Config, Source};
use crate::config::{document, wording};
use crate::k8s::object::CHART_LIMITS;

/// The trees of the sources.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// Mappings that are no Kubernetes objects.
    configs: Vec<(usize, Node)>,
    /// Kubernetes objects.
    objects: Vec<(usize, Node)>,
}

/// Key of a manifest: a document is an object if it has both.
const OBJECT_KEYS: [&str; 2] = ["apiVersion", "kind"];

impl Documents {
    /// Reads every document of every source.
    ///
    /// # Errors
    ///
    /// Whatever is neither a config nor a manifest, and when there is nothing at all.
    pub(super) fn read(sources: &[Source]) -> Result<Self, Vec<Diagnostic>> {
        let mut documents = Self::default();
        let known = known_keys();
        let mut problems = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            match go_yaml::read(&source.bytes, &CHART_LIMITS) {
                Ok(nodes) => {
                    for node in nodes {
                        if problems.len() < MAX_PROBLEMS {
                            documents.sort_in(index, node, &known, &mut problems);
                        }
                    }
                }
                Err(found) => {
                    problems.extend(found.into_iter().map(|problem| document::from_problem(index, problem)));
                }
            }
        }
        if problems.is_empty() && documents.configs.is_empty() && documents.objects.is_empty() {
            let message = "there is nothing to migrate: no config and no Kubernetes object";
            problems.push(Diagnostic::of_source(0, None, message).with_help(HELP));
        }
        documents.refuse_twins(&mut problems);
        if problems.is_empty() { Ok(documents) } else { Err(problems) }
    }

    fn sort_in(&mut self, source: usize, node: Node, known: &[String], problems: &mut Vec<Diagnostic>) {
        match &node.data {
            Data::Scalar(scalar) if scalar.value == Value::Null => {}
            Data::Mapping(_) => {
                let has = |key| node.get(key).is_some();
                match OBJECT_KEYS.map(has) {
                    [true, true] => self.object(source, node, problems),
                    [false, false] => self.config(source, node, known, problems),
                    [first, _] => {
                        let missing = if first { OBJECT_KEYS[1] } else { OBJECT_KEYS[0] };
                        let message = format!("a Kubernetes object without `{missing}`");
                        problems.push(refused(source, node.span, message));
                    }
                }
            }
            _ => {
                let found = wording::describe(&node);
                let message = format!("expected a config or a Kubernetes object, found {found}");
                problems.push(refused(source, node.span, message));
            }
        }
    }

    /// A config is one document, alone in its file: a second one would be a value in a chart or a template.
    fn config(&mut self, source: usize, node: Node, known: &[String], problems: &mut Vec<Diagnostic>) {
        let known = known.iter().any(|key| node.get(key).is_some());
        if self.configs.iter().any(|(other, _)| *other == source) {
            let message = "here begins a second config in one file";
            problems.push(refused(source, node.span, message));
        } else if matches!(&node.data, Data::Mapping(entries) if entries.is_empty()) || known {
            self.configs.push((source, node));
        } else {
            let message = "this is neither a config of the original program nor a Kubernetes object";
            problems.push(refused(source, node.span, message));
        }
    }

    fn object(&mut self, source: usize, node: Node, problems: &mut Vec<Diagnostic>) {
        let is_list = node.get("items").is_some_and(|items| matches!(items.value.data, Data::Sequence(_)))
            && scalar(&node, "kind").is_some_and(|kind| kind.ends_with("List"));
        if is_list {
            let Data::Mapping(entries) = node.data else { return };
            let items = entries.into_iter().find(|entry| entry.key.name == "items");
            let Some(Data::Sequence(items)) = items.map(|items| items.value.data) else { return };
            for item in items {
                let is_object = OBJECT_KEYS.iter().all(|key| item.get(key).is_some());
                if is_object {
                    self.object(source, item, problems);
                } else {
                    problems.push(refused(source, item.span, "an item of the list is no Kubernetes object"));
                }
            }
            return;
        }
        let name = node.get("metadata").and_then(|metadata| scalar(&metadata.value, "name"));
        if scalar(&node, "kind").is_none() || scalar(&node, "apiVersion").is_none() || name.is_none() {
            let message = "a Kubernetes object needs texts as `apiVersion`, `kind` and `metadata.name`";
            problems.push(refused(source, node.span, message));
            return;
        }
        self.objects.push((source, node));
    }

    /// The same object twice would be two answers to one question.
    fn refuse_twins(&self, problems: &mut Vec<Diagnostic>) {
        let mut seen = HashSet::new();
        for manifest in self.manifests() {
            if !seen.insert(manifest.identity()) {
                let message = format!("{manifest} is there twice");
                let span = manifest.view.node.span;
                let help = "name each file once, and only those of one cluster";
                problems.push(
                    Diagnostic::of_source(manifest.view.origin.source, Some(span), message).with_help(help),
                );
            }
        }
    }

    /// The configs, each a mapping, in the order in which they were named.
    pub(super) fn configs(&self) -> impl Iterator<Item = View<'_>> {
        self.configs.iter().map(|(source, node)| view(*source, node))
    }

    /// The Kubernetes objects.
    pub(super) fn manifests(&self) -> Vec<Manifest<'_>> {
        self.objects.iter().map(|(source, node)| Manifest { view: view(*source, node) }).collect()
    }
}

/// Nobody reads about more.
const MAX_PROBLEMS: usize = 100;

const HELP: &str = "name the `config.yaml` of the original program, its `manifests/*.k8s.yaml`, or both";

/// The keys that a config can begin with; those of the original are among them.
fn known_keys() -> Vec<String> {
    let config = serde_json::to_value(Config::default()).unwrap_or_default();
    config.as_object().into_iter().flat_map(|config| config.keys().cloned()).collect()
}

fn view(source: usize, node: &Node) -> View<'_> {
    View { node, origin: Origin { source, lines: 0, columns: 0 } }
}

fn refused(source: usize, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::of_source(source, Some(span), message).with_help(HELP)
}

fn scalar<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match &node.get(key)?.value.data {
        Data::Scalar(scalar) if scalar.value == Value::String => Some(&scalar.text),
        _ => None,
    }
}
