//! Block mappings and sequences.

use std::borrow::Cow;

use super::line::is_marker;
use super::{Key, Scanner, Visitor};
use crate::node::Value;

/// A key that is longer is not looked for: libyaml's bound is 1024 characters.
pub(super) const LONGEST_KEY: usize = 256;

impl<'a, V: Visitor> Scanner<'a, V> {
    /// A document whose root is a mapping or a sequence at the left margin, or a mapping in brackets.
    pub(super) fn document(&mut self) -> Option<()> {
        // One mark may begin it, behind comments.
        loop {
            let line = self.line_end(self.at);
            let text = self.bytes().get(self.at..line)?;
            let trimmed = text.trim_ascii_start();
            if !(trimmed.is_empty() || trimmed.starts_with(b"#")) {
                break;
            }
            if line == self.text.len() || text.contains(&b'\t') {
                return None;
            }
            self.at = line + 1;
        }
        if is_marker(&self.bytes()[self.at..]) {
            if self.peek() != Some(b'-') {
                return None;
            }
            self.at += 3;
            self.end_line()?;
        }
        if self.next_content()?? != 0 {
            return None;
        }
        match self.peek() {
            Some(b'{') => {
                self.is_flow = true;
                self.flow()?;
                self.end_line()?;
            }
            _ if self.begins_entry() => self.sequence(0)?,
            _ => {
                let key = self.find_key()?;
                self.mapping(0, key)?;
            }
        }
        match self.next_content()? {
            None => Some(()),
            Some(_) => None,
        }
    }

    /// Whether `- ` is next.
    fn begins_entry(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.bytes().get(self.at + 1), None | Some(b' ' | b'\n'))
    }

    /// A mapping whose first key has been read; all its keys are at a column.
    fn mapping(&mut self, column: usize, first: Key<'a>) -> Option<()> {
        self.visitor.begin_mapping();
        self.deeper(|scanner| {
            let mut key = first;
            loop {
                scanner.tell_key(&key)?;
                if scanner.visitor.wants_value() || !scanner.skip_value(column) {
                    scanner.value(column)?;
                }
                match scanner.next_content_at(column)? {
                    false => return Some(()),
                    true if scanner.begins_entry() => return None,
                    true => key = scanner.find_key()?,
                }
            }
        })
    }

    /// A sequence whose entries are at a column; the first is next.
    fn sequence(&mut self, column: usize) -> Option<()> {
        self.visitor.begin_sequence();
        self.deeper(|scanner| {
            loop {
                scanner.at += 1;
                scanner.entry(column)?;
                if !scanner.next_content_at(column)? {
                    return Some(());
                }
                if !scanner.begins_entry() {
                    // A key at the same column belongs to the mapping around an unindented sequence.
                    scanner.at -= column;
                    return Some(());
                }
            }
        })
    }

    /// Goes to the next content. True if it is at a column, false if it is left of it, nothing if it is right
    /// of it. What is not at the column stays in front, at the beginning of its line.
    fn next_content_at(&mut self, column: usize) -> Option<bool> {
        match self.next_content()? {
            None => Some(false),
            Some(indentation) if indentation == column => Some(true),
            Some(indentation) if indentation < column => {
                self.at -= indentation;
                Some(false)
            }
            Some(_) => None,
        }
    }

    /// What follows a `-`.
    fn entry(&mut self, column: usize) -> Option<()> {
        let begin = self.at;
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n' | b'#') => {
                self.at = begin;
                return self.below(column, false);
            }
            Some(_) => {}
        }
        let inner = column + 1 + (self.at - begin);
        if self.begins_entry() {
            return self.sequence(inner);
        }
        let at = self.at;
        if let Some(key) = self.find_key() {
            return self.mapping(inner, key);
        }
        self.at = at;
        self.scalar_or_flow(column)
    }

    /// Goes behind what follows the colon of a key, unless it may end on a line that is not deeper than the key.
    fn skip_value(&mut self, column: usize) -> bool {
        let begin = self.at;
        self.skip_spaces();
        if matches!(self.peek(), Some(b'"' | b'\'' | b'[' | b'{' | b'&' | b'*' | b'!')) {
            self.at = begin;
            return false;
        }
        loop {
            let line = (self.line_end(self.at) + 1).min(self.text.len());
            self.at = line;
            self.skip_spaces();
            let indentation = self.at - line;
            let is_deeper = match self.peek() {
                None => return true,
                Some(b'\n' | b'#') => true,
                Some(_) if indentation == column => self.begins_entry(),
                Some(_) => indentation > column,
            };
            if !is_deeper {
                self.at = line;
                return true;
            }
        }
    }

    /// What follows the colon of a key.
    fn value(&mut self, column: usize) -> Option<()> {
        let begin = self.at;
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n' | b'#') => {
                self.at = begin;
                self.below(column, true)
            }
            Some(b'-') if self.begins_entry() => None,
            Some(_) => self.scalar_or_flow(column),
        }
    }

    /// The node on the lines below, or nothing. A sequence may be at the column of the key that it belongs to.
    fn below(&mut self, column: usize, is_key: bool) -> Option<()> {
        self.end_line()?;
        let Some(indentation) = self.next_content()? else { return self.absent() };
        if indentation < column || indentation == column && !(is_key && self.begins_entry()) {
            self.at -= indentation;
            return self.absent();
        }
        if self.begins_entry() {
            return self.sequence(indentation);
        }
        if indentation == column {
            return None;
        }
        let at = self.at;
        if let Some(key) = self.find_key() {
            return self.mapping(indentation, key);
        }
        self.at = at;
        if matches!(self.peek(), Some(b'|' | b'>')) {
            return None;
        }
        self.scalar_or_flow(column)
    }

    fn absent(&mut self) -> Option<()> {
        self.count()?;
        self.visitor.scalar(Cow::Borrowed(""), Value::Null);
        Some(())
    }

    /// A key and the colon behind it.
    fn find_key(&mut self) -> Option<Key<'a>> {
        let offset = self.at;
        let bytes = self.bytes();
        let (text, is_plain) = match self.peek()? {
            quote @ (b'"' | b'\'') => (Cow::Borrowed(self.simple_quoted(quote)?), false),
            first => {
                if !begins_plain(first, bytes.get(offset + 1).copied()) {
                    return None;
                }
                let line = bytes.get(offset..(offset + LONGEST_KEY + 2).min(bytes.len()))?;
                let mut found = None;
                for index in
                    line.iter().enumerate().filter(|(_, byte)| matches!(byte, b':' | b'#' | b'\n' | b'\t'))
                {
                    match index {
                        (at, b':') => {
                            if matches!(line.get(at + 1), Some(b' ' | b'\n'))
                                || offset + at + 1 == bytes.len()
                            {
                                found = Some(offset + at);
                                break;
                            }
                        }
                        (at, b'#') => {
                            if at > 0 && line.get(at - 1) == Some(&b' ') {
                                return None;
                            }
                        }
                        _ => return None,
                    }
                }
                let end = found?;
                let text = self.text.get(offset..end)?;
                if text.ends_with(' ') || text == "<<" || text.is_empty() {
                    return None;
                }
                self.at = end;
                (Cow::Borrowed(text), true)
            }
        };
        if self.peek() != Some(b':') || self.at - offset > LONGEST_KEY {
            return None;
        }
        self.at += 1;
        matches!(self.peek(), None | Some(b' ' | b'\n')).then_some(Key { text, is_plain, offset })
    }
}

/// Whether a plain scalar may begin with a byte.
pub(super) fn begins_plain(first: u8, second: Option<u8>) -> bool {
    match first {
        b'-' | b'?' | b':' => !matches!(second, None | Some(b' ' | b'\n' | b'\t')),
        b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' => false,
        b' ' | b'\n' | b'\t' => false,
        _ => true,
    }
}
