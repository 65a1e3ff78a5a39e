//! The parsed document before its aliases and merge keys are expanded.

use std::collections::HashSet;

use crate::node::{Data, Entry, Key, Node, Scalar, Span};

/// A node of the parsed document; children are indices into the document.
pub(crate) struct Raw {
    pub(crate) span: Span,
    pub(crate) body: Body,
    /// The number of nodes after expansion, this one included.
    pub(crate) nodes: usize,
    /// The bytes of text after expansion.
    pub(crate) bytes: usize,
    /// How many collections are nested here, this one included.
    pub(crate) height: usize,
}

pub(crate) enum Body {
    Scalar(Scalar),
    /// A plain `<<`: a merge key where a key stands, else a string.
    Merge(Scalar),
    Sequence(Vec<usize>),
    Mapping(Vec<Pair>),
    /// An alias of a finished node.
    Alias(usize),
    /// A collection that is still being read.
    Open,
}

/// A key and its value; no key means a merge.
pub(crate) struct Pair {
    pub(crate) key: Option<Key>,
    pub(crate) value: usize,
}

/// The node that `index` is or is an alias of.
pub(crate) fn target(raws: &[Raw], index: usize) -> &Raw {
    let raw = &raws[index];
    match raw.body {
        // An alias is never an alias of an alias.
        Body::Alias(target) => &raws[target],
        _ => raw,
    }
}

/// Whether `index` can be merged: a mapping or a sequence of mappings. As in
/// Go, an alias may stand for a mapping only.
pub(crate) fn can_merge(raws: &[Raw], index: usize) -> bool {
    let is_mapping = |index: usize| matches!(target(raws, index).body, Body::Mapping(_));
    match &raws[index].body {
        Body::Sequence(items) => items.iter().all(|&item| is_mapping(item)),
        _ => is_mapping(index),
    }
}

/// Expands a node whose size and depth are within the limits.
pub(crate) fn expand(raws: &[Raw], index: usize) -> Node {
    let raw = target(raws, index);
    let data = match &raw.body {
        Body::Scalar(scalar) | Body::Merge(scalar) => Data::Scalar(scalar.clone()),
        Body::Sequence(items) => Data::Sequence(items.iter().map(|&item| expand(raws, item)).collect()),
        Body::Mapping(pairs) => Data::Mapping(expand_mapping(raws, pairs)),
        Body::Alias(_) | Body::Open => Data::Sequence(Vec::new()),
    };
    Node { span: raw.span, data }
}

fn expand_mapping(raws: &[Raw], pairs: &[Pair]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(pairs.len());
    let mut taken: Option<HashSet<String>> = None;
    for Pair { key, value } in pairs {
        if let Some(key) = key {
            entries.push(Entry { key: key.clone(), value: expand(raws, *value) });
            continue;
        }
        let taken = taken.get_or_insert_with(|| {
            pairs.iter().filter_map(|pair| pair.key.as_ref()).map(|key| key.name.clone()).collect()
        });
        let sources = match &raws[*value].body {
            Body::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        for &source in sources {
            if let Data::Mapping(merged) = expand(raws, source).data {
                entries.extend(merged.into_iter().filter(|entry| taken.insert(entry.key.name.clone())));
            }
        }
    }
    entries
}
