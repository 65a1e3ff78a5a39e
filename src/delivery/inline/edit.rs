//! Puts a namespace and annotations into the text of a document, without touching anything else.

use super::outline::Outline;

/// What an object lacks.
#[derive(Debug, Default)]
pub(super) struct Additions {
    pub(super) namespace: Option<String>,
    /// Keys and texts that need no quotes but double ones.
    pub(super) annotations: Vec<(&'static str, String)>,
}

impl Additions {
    /// The text of a document with the additions. None if its metadata is not written in block style, so that
    /// there is no line to add one before.
    pub(super) fn insert(&self, text: &str, outline: &Outline) -> Option<String> {
        let place = line_start(text, outline.metadata?)?;
        let mut inserts: Vec<(usize, String)> = Vec::new();
        let mut first = String::new();
        let indent = " ".repeat(place.column);
        if let Some(namespace) = &self.namespace {
            // A key without a value would stay beside ours.
            if outline.namespace.is_some() {
                return None;
            }
            first.push_str(&format!("namespace: {namespace}\n{indent}"));
        }
        let has_annotations = outline.head.pointer("/metadata/annotations").is_some();
        if !self.annotations.is_empty() {
            if has_annotations {
                let place = line_start(text, outline.annotations?)?;
                let indent = " ".repeat(place.column);
                let lines =
                    self.annotations.iter().map(|(key, value)| format!("{key}: \"{value}\"\n{indent}"));
                inserts.push((place.offset, lines.collect()));
            } else {
                first.push_str("annotations:\n");
                for (key, value) in &self.annotations {
                    first.push_str(&format!("{indent}  {key}: \"{value}\"\n"));
                }
                first.push_str(&indent);
            }
        }
        inserts.push((place.offset, first));
        inserts.sort_by_key(|(offset, _)| *offset);
        let mut edited = String::with_capacity(text.len() + 256);
        let mut from = 0;
        for (offset, insert) in inserts {
            edited.push_str(text.get(from..offset)?);
            edited.push_str(&insert);
            from = offset;
        }
        edited.push_str(text.get(from..)?);
        Some(edited)
    }
}

/// Where a key stands.
struct Place {
    offset: usize,
    /// Spaces before it, all there is on its line.
    column: usize,
}

/// The place of a key, if it begins its line.
fn line_start(text: &str, offset: usize) -> Option<Place> {
    let before = text.get(..offset)?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    line.bytes().all(|byte| byte == b' ').then_some(Place { offset, column: line.len() })
}
