//! Text that something else holds, with little put in between.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Whoever holds a text.
pub trait Held: fmt::Debug + Send + Sync {
    /// The text, which is UTF-8.
    fn bytes(&self) -> &[u8];

    /// The file of the chart that it comes from: `chart/charts/sub/templates/x.yaml`.
    fn source(&self) -> &str {
        ""
    }
}

impl Held for String {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// A text, not copied: definitions of custom resources have megabytes.
#[derive(Clone, Debug)]
pub struct Written {
    text: Arc<dyn Held>,
    /// What stands in the place of bytes of the text, in its order.
    edits: Vec<(Range<usize>, String)>,
}

impl Written {
    /// A text with edits: bytes of it, each range behind the one before, and what stands in their place.
    #[must_use]
    pub fn new(text: Arc<dyn Held>, edits: Vec<(Range<usize>, String)>) -> Self {
        Written { text, edits }
    }

    /// Its pieces, one after the other.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let bytes = self.text.bytes();
        let begins = std::iter::once(0).chain(self.edits.iter().map(|(range, _)| range.end));
        let ends = self.edits.iter().map(|(range, _)| range.start).chain([bytes.len()]);
        let inserts = self.edits.iter().map(|(_, insert)| insert.as_bytes()).chain([&[][..]]);
        begins
            .zip(ends)
            .zip(inserts)
            .flat_map(|((begin, end), insert)| [bytes.get(begin..end).unwrap_or_default(), insert])
    }

    /// The file of the chart that it comes from; empty if it is not known.
    #[must_use]
    pub fn source(&self) -> &str {
        self.text.source()
    }

    /// All of it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.pieces().collect::<Vec<_>>().concat()
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        // Most that is compared is one text that is held twice.
        (Arc::ptr_eq(&self.text, &other.text) && self.edits == other.edits)
            || self.to_bytes() == other.to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_stand_in_the_place_of_bytes() {
        for (edits, expected) in [
            (vec![], "abcdef"),
            (vec![(0..0, "x")], "xabcdef"),
            (vec![(1..1, "x"), (3..4, "y"), (6..6, "z")], "axbcyefz"),
            (vec![(0..6, "")], ""),
        ] {
            let edits = edits.into_iter().map(|(range, text)| (range, text.to_owned())).collect();
            let written = Written::new(Arc::new("abcdef".to_owned()), edits);
            assert_eq!(written.to_bytes(), expected.as_bytes());
            assert_eq!(written, Written::new(Arc::new(expected.to_owned()), Vec::new()));
        }
    }
}
