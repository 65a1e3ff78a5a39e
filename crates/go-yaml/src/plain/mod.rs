//! A fast way through the plain block style in which nearly all manifests and values are written.
//!
//! The scanner walks over lines and tells a [`Visitor`] what it finds, without building anything. It knows
//! block mappings and sequences, scalars on one line, folded ones without surprises, block scalars, and flow
//! collections on one line or all over a document. At anything else (anchors, tags, tabs, several documents, an
//! error) it gives up, and whoever called it takes the general way, which alone decides what is well-formed and
//! what is wrong. So it need not know all of YAML, but what it accepts has to mean the same there: a test compares
//! both.

mod block;
mod characters;
mod flow;
mod line;
mod scalar;

use std::borrow::Cow;

use crate::limits::Limits;
use crate::node::{Scalar, Value};
use crate::resolve;

/// What is told of a document, in its order.
pub trait Visitor {
    /// A mapping begins.
    fn begin_mapping(&mut self);
    /// The next key of a mapping, by its name in JSON, and the byte at which it begins.
    fn key(&mut self, name: &str, offset: usize);
    /// Whether the value of that key matters. If it does not, nothing is told of it, and what is written below the key
    /// is not looked at. It may be no YAML, and quoted text in it that goes on left of the key may be taken for keys.
    fn wants_value(&self) -> bool {
        true
    }
    /// A sequence begins.
    fn begin_sequence(&mut self);
    /// The mapping or sequence that began last ends.
    fn end(&mut self);
    /// A scalar: its text and what it means.
    fn scalar(&mut self, text: Cow<'_, str>, value: Value);
    /// Whether the next scalar matters. If it does not, it is told as an empty string, whatever it is.
    fn wants_scalar(&self) -> bool {
        true
    }
}

/// Walks over the only document of a text. False if it has to be read the general way; what the visitor was
/// told until then means nothing.
///
/// The limits are those of [`read`](crate::read); a text that exceeds them is not accepted.
pub fn visit(text: &[u8], limits: &Limits, visitor: &mut impl Visitor) -> bool {
    if text.len() > limits.max_bytes || !characters::are_plain(text) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let mut scanner =
        Scanner { text, at: 0, nodes: limits.max_nodes, depth: limits.max_depth, is_flow: false, visitor };
    scanner.document().is_some()
}

/// Walks over a text. Every method gives None when it gives up.
struct Scanner<'a, V> {
    text: &'a str,
    /// The byte that is next.
    at: usize,
    /// Nodes that may yet come.
    nodes: usize,
    /// Collections that may yet begin within each other.
    depth: usize,
    /// Whether all of the document is in brackets, which may go over lines.
    is_flow: bool,
    visitor: &'a mut V,
}

impl<V: Visitor> Scanner<'_, V> {
    fn count(&mut self) -> Option<()> {
        self.nodes = self.nodes.checked_sub(1)?;
        Some(())
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        self.count()?;
        inner(self)?;
        self.depth += 1;
        self.visitor.end();
        Some(())
    }

    fn plain_scalar(&mut self, text: Cow<'_, str>) -> Option<()> {
        if text == "<<" {
            return None;
        }
        if !self.visitor.wants_scalar() {
            return self.unwanted_scalar();
        }
        self.count()?;
        let value = resolve::resolve(&text);
        self.visitor.scalar(text, value);
        Some(())
    }

    fn text_scalar(&mut self, text: Cow<'_, str>) -> Option<()> {
        self.count()?;
        self.visitor.scalar(text, Value::String);
        Some(())
    }

    fn unwanted_scalar(&mut self) -> Option<()> {
        self.count()?;
        self.visitor.scalar(Cow::Borrowed(""), Value::String);
        Some(())
    }

    /// A key, which counts as a node.
    fn tell_key(&mut self, key: &Key<'_>) -> Option<()> {
        self.count()?;
        let text = key.text.as_ref();
        let value = if key.is_plain { resolve::resolve(text) } else { Value::String };
        match value {
            Value::String => self.visitor.key(text, key.offset),
            // Go refuses these, or prints them in ways of its own.
            Value::Null | Value::UInt(_) | Value::Float(_) => return None,
            value => {
                let scalar = Scalar { text: text.to_owned(), plain: true, value };
                self.visitor.key(&resolve::key_name(&scalar), key.offset);
            }
        }
        Some(())
    }
}

/// A key as it is written.
struct Key<'a> {
    text: Cow<'a, str>,
    is_plain: bool,
    offset: usize,
}
