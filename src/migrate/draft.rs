//! The config that is being put together, and where each of its values comes from.

use std::collections::HashMap;

use go_yaml::{Data, Entry};
use serde_json::{Map, Value};

use super::report::{Findings, Outcome, Place};
use super::view::View;
use crate::config::path::{Path, Step};

/// A config under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    tree: Map<String, Value>,
    places: HashMap<Path, Place>,
}

impl Draft {
    /// The config so far.
    pub(super) fn tree(&self) -> Value {
        Value::Object(self.tree.clone())
    }

    /// The value at `path`.
    pub(super) fn get(&self, path: &Path) -> Option<&Value> {
        let (first, rest) = path.steps().split_first()?;
        let Step::Key(first) = first else { return None };
        rest.iter().try_fold(self.tree.get(first)?, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Item(index) => value.get(index),
        })
    }

    /// Sets a value, whatever was there.
    pub(super) fn set(&mut self, path: &Path, value: Value, place: Option<Place>) {
        let Some((Step::Key(last), parents)) = path.steps().split_last() else { return };
        let mut map = &mut self.tree;
        for step in parents {
            let Step::Key(key) = step else { return };
            let slot = map.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            let Value::Object(inner) = slot else { return };
            map = inner;
        }
        map.insert(last.clone(), value);
        if let Some(place) = place {
            self.places.insert(path.clone(), place);
        }
    }

    /// Sets a value that nothing said before. What contradicts an earlier one is a finding: the original can
    /// say the same in several places, and a config says it once.
    pub(super) fn offer(&mut self, keys: &[&str], value: Value, place: Place, findings: &mut Findings) {
        let path = path(keys);
        match self.get(&path) {
            None => self.set(&path, value, Some(place)),
            Some(first) if *first == value => {}
            Some(first) => {
                let message = format!(
                    "here it is {}, but elsewhere {}: a config has one value for both",
                    shown(&value),
                    shown(first)
                );
                findings.add(Outcome::Differs, Some(place), path.to_string(), message);
            }
        }
    }

    /// Offers the text at the end of `keys` in `view`.
    pub(super) fn offer_text(&mut self, key: &[&str], view: View, keys: &[&str], findings: &mut Findings) {
        if let (Some(text), Some(at)) = (view.text(keys), view.at(keys)) {
            self.offer(key, text.into(), at.place(), findings);
        }
    }

    /// Offers the value at the end of `keys` in `view`, unless it is nothing.
    pub(super) fn offer_value(&mut self, key: &[&str], view: View, keys: &[&str], findings: &mut Findings) {
        if let Some(at) = view.at(keys) {
            let value = at.json();
            if !value.is_null() {
                self.offer(key, value, at.place(), findings);
            }
        }
    }

    /// Lays a config over this one: what it says counts.
    pub(super) fn overlay(&mut self, view: View, findings: &mut Findings) {
        self.overlay_below(&Path::default(), view, findings);
    }

    fn overlay_below(&mut self, path: &Path, view: View, findings: &mut Findings) {
        if let Data::Mapping(entries) = &view.node.data
            && !entries.is_empty()
        {
            for Entry { key, value } in entries {
                let path = path.key(key.name.as_str());
                if matches!(value.data, Data::Mapping(_)) {
                    self.places.insert(path.clone(), view.place_of(key.span));
                }
                self.overlay_below(&path, View { node: value, ..view }, findings);
            }
            return;
        }
        let value = view.json();
        // Nothing, and a mapping of nothing, say nothing.
        if value.is_null() || value.as_object().is_some_and(Map::is_empty) {
            return;
        }
        if let Some(former) = self.get(path).filter(|former| **former != value && !former.is_object()) {
            let message = format!(
                "the config says {}, the manifests {}: the config counts",
                shown(&value),
                shown(former)
            );
            findings.add(Outcome::Differs, Some(view.place()), path.to_string(), message);
        }
        self.set(path, value, Some(view.place()));
    }

    /// Takes out the value at `path`, or the innermost one around it, and says which.
    pub(super) fn remove(&mut self, path: &Path) -> Option<Path> {
        let there = path.and_above().find(|path| self.get(path).is_some())?;
        self.take(&there);
        Some(there)
    }

    fn take(&mut self, path: &Path) {
        let mut tree = Value::Object(std::mem::take(&mut self.tree));
        take(&mut tree, path.steps());
        if let Value::Object(map) = tree {
            self.tree = map;
        }
    }

    /// Where the value at `path` comes from, or else the innermost known one around it or inside it.
    pub(super) fn place(&self, path: &Path) -> Option<Place> {
        let around = path.and_above().find_map(|path| self.places.get(&path));
        let inside =
            || self.places.iter().filter(|(other, _)| other.starts_with(path)).map(|(_, place)| place).min();
        around.or_else(inside).copied()
    }
}

/// Takes out what is at the end of `steps`.
fn take(value: &mut Value, steps: &[Step]) {
    match (steps, value) {
        ([Step::Key(key)], Value::Object(map)) => {
            map.shift_remove(key);
        }
        ([Step::Item(index)], Value::Array(items)) if *index < items.len() => {
            items.remove(*index);
        }
        ([Step::Key(key), rest @ ..], Value::Object(map)) => {
            if let Some(inner) = map.get_mut(key) {
                take(inner, rest);
            }
        }
        ([Step::Item(index), rest @ ..], Value::Array(items)) => {
            if let Some(inner) = items.get_mut(*index) {
                take(inner, rest);
            }
        }
        _ => {}
    }
}

/// The path of some keys.
pub(super) fn path(keys: &[&str]) -> Path {
    keys.iter().map(|key| Step::Key((*key).to_owned())).collect()
}

/// A value for a message: short, on one line.
pub(super) fn shown(value: &Value) -> String {
    const LONGEST: usize = 100;
    let text = match value {
        Value::String(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) => text.clone(),
        Value::Null => "nothing".to_owned(),
        value => value.to_string(),
    };
    let mut short: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { '?' } else { c }).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(value: Value) -> Draft {
        let Value::Object(tree) = value else { panic!("{value}") };
        Draft { tree, places: HashMap::new() }
    }

    #[test]
    fn values_are_set_and_taken_by_path() {
        let mut draft = draft(json!({"a": {"b": [1, {"c": 2, "d": 3}]}}));
        let inner = path(&["a", "b"]).item(1).key("c");
        assert_eq!(draft.get(&inner), Some(&json!(2)));
        assert_eq!(draft.remove(&inner), Some(inner));
        draft.set(&path(&["x", "y"]), json!(1), None);
        assert_eq!(draft.tree(), json!({"a": {"b": [1, {"d": 3}]}, "x": {"y": 1}}));
    }

    #[test]
    fn what_is_not_there_is_taken_with_what_is_around_it() {
        let mut draft = draft(json!({"a": {"b": 1}, "c": 1}));
        assert_eq!(draft.remove(&path(&["a", "x", "y"])), Some(path(&["a"])));
        assert_eq!(draft.remove(&path(&["nope"])), None);
        assert_eq!(draft.tree(), json!({"c": 1}));
    }

    #[test]
    fn values_are_shown_on_one_short_line() {
        assert_eq!(shown(&json!("3Gi")), "3Gi");
        assert_eq!(shown(&json!("a\nb")), "\"a\\nb\"");
        assert!(shown(&json!("x".repeat(1000))).len() < 110);
    }
}
