//! Lines, their indentation, and what may follow on them.

use super::{Scanner, Visitor};

impl<'a, V: Visitor> Scanner<'a, V> {
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// The byte behind the last of the line that `at` is on.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.bytes()
            .get(at..)
            .and_then(|rest| memchr::memchr(b'\n', rest))
            .map_or(self.text.len(), |n| at + n)
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes behind the end of the line, if nothing but spaces and a comment are before it.
    pub(super) fn end_line(&mut self) -> Option<()> {
        let begin = self.at;
        self.skip_spaces();
        match self.peek() {
            None => Some(()),
            Some(b'\n') => {
                self.at += 1;
                Some(())
            }
            Some(b'#') if self.at > begin => {
                let end = self.line_end(self.at);
                self.at = (end + 1).min(self.text.len());
                Some(())
            }
            Some(_) => None,
        }
    }

    /// Skips blank lines and comments from the beginning of a line on, and returns the indentation of the line
    /// with content behind them; None in the second place at the end of the text.
    pub(super) fn next_content(&mut self) -> Option<Option<usize>> {
        loop {
            let line = self.at;
            self.skip_spaces();
            match self.peek() {
                None => return Some(None),
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.at = (self.line_end(self.at) + 1).min(self.text.len()),
                Some(b'\t') => return None,
                Some(_) => {
                    let indentation = self.at - line;
                    if indentation == 0 && is_marker(&self.bytes()[line..]) {
                        return None;
                    }
                    return Some(Some(indentation));
                }
            }
        }
    }
}

/// Whether a line begins with the mark of a document.
pub(super) fn is_marker(line: &[u8]) -> bool {
    matches!(
        line,
        [b'-', b'-', b'-']
            | [b'.', b'.', b'.']
            | [b'-', b'-', b'-', b' ' | b'\n' | b'\t', ..]
            | [b'.', b'.', b'.', b' ' | b'\n' | b'\t', ..]
    )
}
