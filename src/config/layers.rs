//! Configs overlaid left to right, and where each value came from.

use go_yaml::{Data, Entry, Node, Span, Value};

use super::lookup::{Lookup, positions};
use super::path::{Path, Step};

/// One config of several.
#[derive(Debug)]
pub(super) struct Layer {
    /// Index of its source.
    pub(super) source: usize,
    /// Its root, a mapping.
    pub(super) tree: Node,
}

/// Where a value is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) source: usize,
    /// The key, for a value in a mapping.
    pub(super) key: Option<Span>,
    pub(super) value: Span,
}

/// Configs in the order in which they are overlaid. There is at least one.
#[derive(Debug)]
pub(super) struct Layers(pub(super) Vec<Layer>);

impl Layers {
    /// All layers in one tree: mappings merge, anything else replaces. A `null` replaces too; what it
    /// removes is decided later.
    pub(super) fn merged(&self) -> Option<Node> {
        let (first, rest) = self.0.split_first()?;
        let mut merged = first.tree.clone();
        for layer in rest {
            overlay(&mut merged, &layer.tree);
        }
        Some(merged)
    }

    /// Where the value at `path` is written, or else the innermost mapping or list around it.
    pub(super) fn find<'tree>(&'tree self, path: &Path, lookup: &Lookup<'tree>) -> Option<Place> {
        let mut best: Option<(usize, Place)> = None;
        for layer in self.0.iter().rev() {
            let (depth, place, shadows) = descend(layer, path, lookup);
            if best.is_none_or(|(deepest, _)| depth > deepest) {
                best = Some((depth, place));
            }
            if shadows {
                break;
            }
        }
        best.map(|(_, place)| place)
    }
}

/// Follows `path` in one layer: how many steps it got, where it ended, and whether what is there hides
/// the layers below.
fn descend<'tree>(layer: &'tree Layer, path: &Path, lookup: &Lookup<'tree>) -> (usize, Place, bool) {
    let mut node = &layer.tree;
    let mut key = None;
    let mut in_list = false;
    for (depth, step) in path.steps().iter().enumerate() {
        let place = Place { source: layer.source, key, value: node.span };
        match (step, &node.data) {
            (Step::Key(name), Data::Mapping(_)) => match lookup.entry(node, name) {
                Some(entry) => {
                    key = Some(entry.key.span);
                    node = &entry.value;
                }
                None => return (depth, place, in_list),
            },
            (Step::Item(index), Data::Sequence(items)) => match items.get(*index) {
                Some(item) => {
                    in_list = true;
                    key = None;
                    node = item;
                }
                None => return (depth, place, true),
            },
            _ => return (depth, place, true),
        }
    }
    (path.steps().len(), Place { source: layer.source, key, value: node.span }, true)
}

/// Lays `over` over `base`.
pub(super) fn overlay(base: &mut Node, over: &Node) {
    match (&mut base.data, &over.data) {
        (Data::Mapping(entries), Data::Mapping(over)) => {
            let existing = positions(entries, over);
            for (entry, existing) in over.iter().zip(existing) {
                match existing {
                    Some(position) => overlay(&mut entries[position].value, &entry.value),
                    None => entries.push(entry.clone()),
                }
            }
        }
        _ => *base = over.clone(),
    }
}

/// Takes out the keys that are `null`, except where `keeps` says that a `null` means something, and
/// returns their paths.
pub(super) fn take_nulls(node: &mut Node, keeps: &dyn Fn(&Path) -> bool) -> Vec<Path> {
    let mut taken = Vec::new();
    take_nulls_below(node, &Path::default(), keeps, &mut taken);
    taken
}

fn take_nulls_below(node: &mut Node, path: &Path, keeps: &dyn Fn(&Path) -> bool, taken: &mut Vec<Path>) {
    if keeps(path) {
        return;
    }
    match &mut node.data {
        Data::Mapping(entries) => entries.retain_mut(|Entry { key, value }| {
            let path = path.key(key.name.as_str());
            let null = is_null(value);
            if null {
                taken.push(path);
            } else {
                take_nulls_below(value, &path, keeps, taken);
            }
            !null
        }),
        Data::Sequence(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take_nulls_below(item, &path.item(index), keeps, taken);
            }
        }
        Data::Scalar(_) => {}
    }
}

/// Removes the key at `path`, if it is there.
pub(super) fn remove(node: &mut Node, path: &Path) {
    let Some((Step::Key(last), parents)) = path.steps().split_last() else { return };
    let mut node = node;
    for step in parents {
        let (Step::Key(name), Data::Mapping(entries)) = (step, &mut node.data) else { return };
        let Some(entry) = entries.iter_mut().find(|entry| entry.key.name == *name) else { return };
        node = &mut entry.value;
    }
    if let Data::Mapping(entries) = &mut node.data {
        entries.retain(|entry| entry.key.name != *last);
    }
}

/// Whether a node is a `null`.
pub(super) fn is_null(node: &Node) -> bool {
    matches!(&node.data, Data::Scalar(scalar) if scalar.value == Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(texts: &[&str]) -> Layers {
        let parse =
            |text: &str| go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()).unwrap().remove(0);
        Layers(texts.iter().enumerate().map(|(source, text)| Layer { source, tree: parse(text) }).collect())
    }

    fn merged(texts: &[&str]) -> String {
        layers(texts).merged().unwrap().to_json().unwrap().to_string()
    }

    fn place(texts: &[&str], path: &Path) -> String {
        let texts = layers(texts);
        let place = texts.find(path, &Lookup::default()).unwrap();
        format!("{}@{}", place.source, place.value.start)
    }

    #[test]
    fn mappings_merge_and_anything_else_replaces() {
        assert_eq!(merged(&["{a: {b: 1, c: 2}}", "{a: {c: 3, d: 4}}"]), r#"{"a":{"b":1,"c":3,"d":4}}"#);
        assert_eq!(merged(&["{a: [1, 2]}", "{a: [3]}"]), r#"{"a":[3]}"#);
        assert_eq!(merged(&["{a: {b: 1}}", "{a: x}", "{a: {c: 1}}"]), r#"{"a":{"c":1}}"#);
        assert_eq!(merged(&["{a: 1, b: 2}", "{a: null}"]), r#"{"a":null,"b":2}"#);
    }

    #[test]
    fn a_value_is_found_in_the_last_layer_that_sets_it() {
        let (a, root) = (Path::default().key("a"), Path::default());
        let texts = ["a: {b: 1}\nz: 1", "{c: 1,\n a: {d: 2}}"];
        assert_eq!(place(&texts, &a.key("b")), "0@1:8");
        assert_eq!(place(&texts, &a.key("d")), "1@2:9");
        assert_eq!(place(&texts, &a), "1@2:5");
        assert_eq!(place(&texts, &root.key("z")), "0@2:4");
    }

    #[test]
    fn what_is_missing_is_placed_at_the_innermost_value_around_it() {
        let a = Path::default().key("a");
        assert_eq!(place(&["a: {b: 1}", "c: 1"], &a.key("x")), "0@1:4");
        assert_eq!(place(&["a: {b: 1}"], &Path::default().key("x")), "0@1:1");
    }

    #[test]
    fn a_list_hides_the_lists_below_it() {
        let item = Path::default().key("a").item(0);
        assert_eq!(place(&["a: [{b: 1}]", "{c: 1, a: [{d: 1}]}"], &item.key("b")), "1@1:12");
        assert_eq!(place(&["a: [1, 2]", "{c: 1, a: [1]}"], &Path::default().key("a").item(1)), "1@1:11");
    }

    #[test]
    fn nulls_are_taken_out_where_they_mean_nothing() {
        let mut node =
            layers(&["{a: null, b: {c: ~, d: 1}, e: [{f: null}], keep: {g: null}}"]).merged().unwrap();
        let keep = Path::default().key("keep");
        let taken = take_nulls(&mut node, &|path| *path == keep);
        assert_eq!(node.to_json().unwrap().to_string(), r#"{"b":{"d":1},"e":[{}],"keep":{"g":null}}"#);
        assert_eq!(taken.iter().map(Path::to_string).collect::<Vec<_>>(), ["a", "b.c", "e[0].f"]);
    }

    #[test]
    fn removing_reaches_into_mappings_only() {
        let mut node = layers(&["{a: {b: 1, c: 2}, d: 1}"]).merged().unwrap();
        remove(&mut node, &Path::default().key("a").key("b"));
        remove(&mut node, &Path::default().key("d").key("x"));
        remove(&mut node, &Path::default());
        assert_eq!(node.to_json().unwrap().to_string(), r#"{"a":{"c":2},"d":1}"#);
    }
}
