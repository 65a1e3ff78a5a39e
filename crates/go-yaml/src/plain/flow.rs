//! Flow collections: on one line, or all of a document, as JSON is.

use std::borrow::Cow;

use super::block::LONGEST_KEY;
use super::line::is_marker;
use super::{Key, Scanner, Visitor};

impl<'a, V: Visitor> Scanner<'a, V> {
    /// A sequence or a mapping in brackets.
    pub(super) fn flow(&mut self) -> Option<()> {
        let is_sequence = self.peek()? == b'[';
        let end = if is_sequence { b']' } else { b'}' };
        self.at += 1;
        if is_sequence {
            self.visitor.begin_sequence()
        } else {
            self.visitor.begin_mapping()
        }
        self.deeper(|scanner| {
            scanner.skip_flow_space()?;
            if scanner.peek()? == end {
                scanner.at += 1;
                return Some(());
            }
            loop {
                if !is_sequence {
                    scanner.flow_key()?;
                }
                scanner.flow_value()?;
                scanner.skip_flow_space()?;
                let next = scanner.peek()?;
                scanner.at += 1;
                match next {
                    b',' => scanner.skip_flow_space()?,
                    next if next == end => return Some(()),
                    _ => return None,
                }
            }
        })
    }

    /// Skips what may stand between items.
    fn skip_flow_space(&mut self) -> Option<()> {
        self.skip_spaces();
        while self.is_flow && self.peek() == Some(b'\n') {
            self.at += 1;
            if is_marker(self.bytes().get(self.at..)?) {
                return None;
            }
            self.skip_spaces();
        }
        Some(())
    }

    fn flow_key(&mut self) -> Option<()> {
        let offset = self.at;
        let (text, is_plain) = match self.peek()? {
            quote @ (b'"' | b'\'') => (self.simple_quoted(quote)?, false),
            _ => (self.word()?, true),
        };
        // Behind quotes a colon needs no space.
        let is_key = self.peek()? == b':' && (!is_plain || self.bytes().get(self.at + 1) == Some(&b' '));
        if !is_key || self.at - offset > LONGEST_KEY {
            return None;
        }
        self.at += 1;
        self.skip_spaces();
        self.tell_key(&Key { text: Cow::Borrowed(text), is_plain, offset })
    }

    fn flow_value(&mut self) -> Option<()> {
        match self.peek()? {
            b'[' | b'{' => self.flow(),
            quote @ (b'"' | b'\'') => {
                let text = if self.is_flow { self.quoted(quote)? } else { self.simple_quoted(quote)?.into() };
                // A colon behind quotes makes a key of them.
                if self.peek() == Some(b':') {
                    return None;
                }
                self.text_scalar(text)
            }
            _ => {
                let word = self.word()?;
                let is_end = match self.peek()? {
                    b',' | b']' | b'}' | b' ' => true,
                    next => self.is_flow && next == b'\n',
                };
                is_end.then_some(())?;
                self.plain_scalar(Cow::Borrowed(word))
            }
        }
    }

    /// A plain scalar without anything that could mean something.
    fn word(&mut self) -> Option<&'a str> {
        let rest = self.bytes().get(self.at..)?;
        let is_word =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-' | b'$');
        let length = rest.iter().position(|&byte| !is_word(byte))?;
        let word = self.text.get(self.at..self.at + length)?;
        if word.is_empty() || word.starts_with('-') && !word.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        {
            return None;
        }
        self.at += length;
        Some(word)
    }
}
