//! Where one document ends and the next begins.

use std::ops::Range;

/// Where the documents of a text stand, without the spaces around them.
///
/// `SplitManifests` of Helm 3 cuts at `(?:^|\s*\n)---\s*` of the trimmed text: any line that begins with `---`
/// separates, whatever follows on it.
#[must_use]
pub fn document_ranges(text: &str) -> Vec<Range<usize>> {
    // Go's `\s` is ASCII; its TrimSpace is not.
    const SPACE: [char; 5] = [' ', '\t', '\n', '\u{c}', '\r'];
    let begin = text.len() - text.trim_start().len();
    let text = text.trim_end();
    let mut documents = Vec::new();
    let mut keep = |range: Range<usize>| {
        let piece = &text[range.clone()];
        if !piece.is_empty() {
            let start = range.start + (piece.len() - piece.trim_start().len());
            documents.push(start..start + piece.trim().len());
        }
    };
    let mut start = begin.min(text.len());
    let first = start;
    while let Some((at, end)) = separator(text, first, start, SPACE) {
        keep(start..at);
        start = end;
    }
    keep(start..text.len());
    documents
}

/// The next separator from `from` on, with the spaces around it that belong to it. The text begins at `first`.
fn separator(text: &str, first: usize, from: usize, space: [char; 5]) -> Option<(usize, usize)> {
    let mut search = from;
    loop {
        let found = search + memchr::memmem::find(&text.as_bytes()[search..], b"---")?;
        let at_start = found == first;
        // The line break must not be part of the separator before.
        let behind_break = found > from && text.as_bytes()[found - 1] == b'\n';
        if at_start || behind_break {
            let begin = if at_start { first } else { from + text[from..found].trim_end_matches(space).len() };
            let rest = &text[found + 3..];
            let end = found + 3 + (rest.len() - rest.trim_start_matches(space).len());
            return Some((begin, end));
        }
        search = found + 1;
    }
}

#[cfg(test)]
mod tests {
    fn split(text: &str) -> Vec<&str> {
        super::document_ranges(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn separators() {
        // Answered by helm 3.22.
        assert_eq!(split("a: 1\n---\nb: 2\n"), ["a: 1", "b: 2"]);
        assert_eq!(split("---\na: 1"), ["a: 1"]);
        assert_eq!(split("a: 1\n\n \n---apiVersion: v1"), ["a: 1", "apiVersion: v1"]);
        assert_eq!(split("a: |\n  ---\n  b"), ["a: |\n  ---\n  b"]);
        assert_eq!(split("kind: A\n-----BEGIN: y"), ["kind: A", "--BEGIN: y"]);
        assert_eq!(split("kind: A\n---\n\n---\nkind: B"), ["kind: A", "---\nkind: B"]);
        assert_eq!(split("a: 1\n--- # c\nb: 1"), ["a: 1", "# c\nb: 1"]);
        assert_eq!(split(""), Vec::<&str>::new());
    }
}
