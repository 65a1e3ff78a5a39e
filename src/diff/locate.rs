//! Fields of an object by their paths, which are those of [`fields`](super::fields).

use std::borrow::Cow;

use go_yaml::{Data, Node};
use serde_json::Value;

use super::fields::{names, push_key, yaml};

/// Most paths that are listed of an object.
const MOST: usize = 20_000;

/// A step to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
    /// Into the YAML that a text holds.
    Text,
}

/// A field that an object has.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// Its path, with the names of items.
    pub path: String,
    /// Its value.
    pub value: Value,
    steps: Vec<Step>,
}

/// The field at a path. Items of lists are found by their names, or by their places.
#[must_use]
pub fn locate(object: &Value, path: &str) -> Option<Located> {
    let mut walk = Walk { wanted: Some(path), found: Vec::new() };
    walk.value(&mut String::new(), path, object, &mut Vec::new());
    walk.found.pop()
}

/// The paths of all fields.
#[must_use]
pub fn paths(object: &Value) -> Vec<String> {
    let mut walk = Walk { wanted: None, found: Vec::new() };
    walk.value(&mut String::new(), "", object, &mut Vec::new());
    walk.found.into_iter().map(|found| found.path).filter(|path| !path.is_empty()).collect()
}

impl Located {
    /// The byte of a document at which the field is written: its key, or else its value. Inside of a text, where the text
    /// is written.
    #[must_use]
    pub fn offset(&self, document: &Node) -> Option<usize> {
        let mut node = document;
        let mut offset = document.span.start.offset;
        for step in &self.steps {
            match (step, &node.data) {
                (Step::Key(key), Data::Mapping(_)) => {
                    let entry = node.get(key)?;
                    (node, offset) = (&entry.value, entry.key.span.start.offset);
                }
                (Step::Item(index), Data::Sequence(items)) => {
                    node = items.get(*index)?;
                    offset = node.span.start.offset;
                }
                (Step::Text, _) => break,
                _ => return None,
            }
        }
        Some(offset)
    }
}

struct Walk<'p> {
    /// The path that is wanted; all if there is none.
    wanted: Option<&'p str>,
    found: Vec<Located>,
}

impl Walk<'_> {
    /// Walks over a value at a path, which is what was asked for but for `rest`.
    fn value(&mut self, path: &mut String, rest: &str, value: &Value, steps: &mut Vec<Step>) {
        let is_wanted = self.wanted.is_none() || rest.is_empty();
        if is_wanted {
            if self.found.len() >= MOST {
                return;
            }
            let value = if self.wanted.is_some() { value.clone() } else { Value::Null };
            self.found.push(Located { path: path.clone(), value, steps: steps.clone() });
            if self.wanted.is_some() {
                return;
            }
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let mut step = path.clone();
                    push_key(&mut step, key);
                    let written = step.get(path.len()..).unwrap_or_default().to_owned();
                    self.step(path, &[Cow::Owned(written)], rest, value, steps, Step::Key(key.clone()));
                }
            }
            Value::Array(items) => {
                let names = names(items, items).map(|(names, _)| names);
                for (index, item) in items.iter().enumerate() {
                    let place = format!("[{index}]");
                    let name = names.as_ref().and_then(|names| names.get(index));
                    let name = name.map(|name| format!("[{name}]"));
                    let forms: Vec<_> = name.into_iter().chain([place]).map(Cow::Owned).collect();
                    self.step(path, &forms, rest, item, steps, Step::Item(index));
                }
            }
            Value::String(text) if text.contains('\n') => {
                if let Some(inner) = yaml(text) {
                    self.step(path, &[Cow::Borrowed(":")], rest, &inner, steps, Step::Text);
                }
            }
            _ => {}
        }
    }

    /// Goes on to what is at a step, of which the first form is the one that paths have.
    fn step(
        &mut self,
        path: &mut String,
        forms: &[Cow<'_, str>],
        rest: &str,
        value: &Value,
        steps: &mut Vec<Step>,
        step: Step,
    ) {
        let Some(first) = forms.first() else { return };
        let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[', ':']) || first == ":";
        let behind = match self.wanted {
            None => Some(""),
            Some(_) => forms.iter().find_map(|form| rest.strip_prefix(&**form).filter(|rest| is_end(rest))),
        };
        let Some(behind) = behind else { return };
        if self.wanted.is_some() && !self.found.is_empty() {
            return;
        }
        let length = path.len();
        path.push_str(first);
        steps.push(step);
        self.value(path, behind, value, steps);
        steps.pop();
        path.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = "metadata:\n  labels:\n    a.b/c: d\nspec:\n  containers:\n  - name: x\n    args:\n    - --a=1\n    - --b\n  plain:\n  - [1]\ndata:\n  f: |\n    k: {l: 1}\n    m: 2\n";

    #[test]
    fn fields_are_found_by_the_paths_that_differences_have() {
        let node = go_yaml::read(DOCUMENT.as_bytes(), &go_yaml::Limits::default()).unwrap().remove(0);
        let object = node.to_json().unwrap();
        for (path, canonical, value, at) in [
            ("metadata.labels[\"a.b/c\"]", "", json!("d"), "a.b/c"),
            ("spec.containers[x].args[--a]", "", json!("--a=1"), "--a=1"),
            ("spec.containers[0].args[1]", "spec.containers[x].args[--b]", json!("--b"), "--b"),
            ("spec.plain[0]", "", json!([1]), "[1]"),
            ("data.f:k.l", "", json!(1), "f: |"),
            ("spec.containers[x].name", "", json!("x"), "name: x"),
        ] {
            let located = locate(&object, path).unwrap();
            assert_eq!(located.path, if canonical.is_empty() { path } else { canonical });
            assert_eq!(located.value, value, "{path}");
            let offset = located.offset(&node).unwrap();
            assert!(DOCUMENT[offset..].starts_with(at), "{path}: {}", &DOCUMENT[offset..]);
            assert!(paths(&object).contains(&located.path), "{path}");
        }
        for path in ["spec.container", "spec.containers[y]", "data.f.k", "x"] {
            assert_eq!(locate(&object, path), None, "{path}");
        }
    }
}
