//! Puts a namespace and annotations into the text of a document, without touching anything else.

use std::ops::Range;

use super::outline::Outline;

/// What an object lacks.
#[derive(Debug, Default)]
pub(super) struct Additions {
    pub(super) namespace: Option<String>,
    /// Keys and texts that need no quotes but double ones.
    pub(super) annotations: Vec<(&'static str, String)>,
}

impl Additions {
    /// What has to stand where in a document so that it has the additions. None if its metadata is not written in
    /// block style, so that there is no line to add one before.
    pub(super) fn edits(&self, text: &str, outline: &Outline) -> Option<Vec<(Range<usize>, String)>> {
        let place = line_start(text, outline.metadata?)?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut first = String::new();
        let indent = " ".repeat(place.column);
        if let Some(namespace) = &self.namespace {
            // A key without a value would stay beside ours.
            if outline.namespace.is_some() {
                return None;
            }
            first.push_str(&format!("namespace: {namespace}\n{indent}"));
        }
        if !self.annotations.is_empty() {
            if outline.head.pointer("/metadata/annotations").is_none() {
                first.push_str("annotations:");
                first.push_str(&self.lines(&format!("\n{indent}  ")));
                first.push_str(&format!("\n{indent}"));
            } else if let Some(offset) = outline.annotations {
                let place = line_start(text, offset)?;
                let indent = " ".repeat(place.column);
                let lines = self.lines(&format!("\n{indent}"));
                edits.push((offset..offset, format!("{}\n{indent}", lines.trim_start())));
            } else {
                let empty = empty_annotations(text, outline)?;
                edits.push((empty, self.lines(&format!("\n{indent}  "))));
            }
        }
        edits.push((place.offset..place.offset, first));
        edits.sort_by_key(|(range, _)| range.start);
        Some(edits)
    }

    /// The annotations, each behind a separator.
    fn lines(&self, separator: &str) -> String {
        self.annotations.iter().map(|(key, value)| format!("{separator}{key}: \"{value}\"")).collect()
    }
}

/// Where the value of `annotations:` stands that has none in it: `{}` or nothing, up to the end of its line.
fn empty_annotations(text: &str, outline: &Outline) -> Option<Range<usize>> {
    const KEY: &str = "annotations:";
    let key = outline.annotations_key?;
    let begin = key + KEY.len();
    let end = outline.behind_annotations.unwrap_or(text.len());
    let value = text.get(begin..end)?;
    let is_empty = text.get(key..)?.starts_with(KEY) && matches!(value.trim(), "" | "{}" | "null" | "~");
    // What is left is the break in front of the next key and its indentation.
    let rest = value.rfind('\n').filter(|_| outline.behind_annotations.is_some()).unwrap_or(value.len());
    is_empty.then_some(begin..begin + rest)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::outline;
    use super::*;
    use crate::k8s::Written;

    fn edited(text: &str) -> Option<String> {
        let additions = Additions {
            namespace: Some("ns".to_owned()),
            annotations: vec![("a", "0".to_owned()), ("b", "x".to_owned())],
        };
        let edits = additions.edits(text, &outline::of("x", text).unwrap().unwrap())?;
        let written = Written::new(Arc::new(text.to_owned()), edits);
        Some(String::from_utf8(written.to_bytes()).unwrap())
    }

    #[test]
    fn additions_are_put_between_what_is_there() {
        for (text, expected) in [
            (
                "metadata:\n  name: x\n",
                "metadata:\n  namespace: ns\n  annotations:\n    a: \"0\"\n    b: \"x\"\n  name: x\n",
            ),
            (
                "metadata:\n  name: x\n  annotations:\n      c: d # e\nspec: 1",
                "metadata:\n  namespace: ns\n  name: x\n  annotations:\n      a: \"0\"\n      b: \"x\"\n      c: d # e\nspec: 1",
            ),
            (
                "metadata:\n  annotations:\n    {}\n  name: x\n",
                "metadata:\n  namespace: ns\n  annotations:\n    a: \"0\"\n    b: \"x\"\n  name: x\n",
            ),
            (
                "metadata:\n  name: x\n  annotations:\nspec: {}\n",
                "metadata:\n  namespace: ns\n  name: x\n  annotations:\n    a: \"0\"\n    b: \"x\"\nspec: {}\n",
            ),
            (
                "metadata:\n  name: x\n  annotations: {}",
                "metadata:\n  namespace: ns\n  name: x\n  annotations:\n    a: \"0\"\n    b: \"x\"",
            ),
        ] {
            assert_eq!(edited(text).as_deref(), Some(expected));
        }
        for text in [
            "metadata: {name: x}\n",
            "metadata:\n  name: x\n  annotations: {c: d}\n",
            "metadata:\n  namespace: ''\n",
        ] {
            assert_eq!(edited(text), None, "{text}");
        }
    }
}
