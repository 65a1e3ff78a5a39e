//! Finds keys in mappings of any size.

use std::cell::RefCell;
use std::collections::HashMap;

use go_yaml::{Data, Entry, Node};

/// Smaller mappings are searched as fast without an index.
const SMALL: usize = 32;

/// The entries of a mapping by name.
type Index<'tree> = HashMap<&'tree str, &'tree Entry>;

/// Finds the entries of mappings, with an index of each large one that is asked for more than once: whoever
/// looks up every key of a mapping with tens of thousands of them would not see the end of it otherwise.
#[derive(Debug, Default)]
pub(super) struct Lookup<'tree>(RefCell<HashMap<*const Node, Index<'tree>>>);

impl<'tree> Lookup<'tree> {
    /// The entry of `name` in `node`, if that is a mapping and has one.
    pub(super) fn entry(&self, node: &'tree Node, name: &str) -> Option<&'tree Entry> {
        let Data::Mapping(entries) = &node.data else { return None };
        if entries.len() <= SMALL {
            return node.get(name);
        }
        let mut indexes = self.0.borrow_mut();
        let index = indexes
            .entry(std::ptr::from_ref(node))
            .or_insert_with(|| entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect());
        index.get(name).copied()
    }
}

/// Where in `entries` the names of `wanted` are.
pub(super) fn positions(entries: &[Entry], wanted: &[Entry]) -> Vec<Option<usize>> {
    if entries.len() <= SMALL {
        let position = |name: &str| entries.iter().position(|entry| entry.key.name == name);
        return wanted.iter().map(|entry| position(&entry.key.name)).collect();
    }
    let index: HashMap<&str, usize> =
        entries.iter().enumerate().map(|(position, entry)| (entry.key.name.as_str(), position)).collect();
    wanted.iter().map(|entry| index.get(entry.key.name.as_str()).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_mappings_are_searched_alike() {
        for count in [1, SMALL, SMALL + 1, 100] {
            let text: String = (0..count).map(|n| format!("k{n}: {n}\n")).collect();
            let node = go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()).unwrap().remove(0);
            let Data::Mapping(entries) = &node.data else { panic!("{node:?}") };
            let lookup = Lookup::default();
            for (position, entry) in entries.iter().enumerate() {
                assert_eq!(lookup.entry(&node, &entry.key.name), Some(entry));
                assert_eq!(positions(entries, std::slice::from_ref(entry)), [Some(position)]);
            }
            assert_eq!(lookup.entry(&node, "none"), None);
            assert_eq!(lookup.entry(&entries[0].value, "none"), None);
        }
    }
}
