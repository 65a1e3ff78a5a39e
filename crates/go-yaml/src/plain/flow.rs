//! Flow collections on one line.

use std::borrow::Cow;

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
            scanner.skip_spaces();
            if scanner.peek()? == end {
                scanner.at += 1;
                return Some(());
            }
            loop {
                if !is_sequence {
                    scanner.flow_key()?;
                }
                scanner.flow_value()?;
                scanner.skip_spaces();
                let next = scanner.peek()?;
                scanner.at += 1;
                match next {
                    b',' => scanner.skip_spaces(),
                    next if next == end => return Some(()),
                    _ => return None,
                }
            }
        })
    }

    fn flow_key(&mut self) -> Option<()> {
        let offset = self.at;
        let (text, is_plain) = match self.peek()? {
            quote @ (b'"' | b'\'') => (self.simple_quoted(quote)?, false),
            _ => (self.word()?, true),
        };
        if self.peek()? != b':' || self.bytes().get(self.at + 1) != Some(&b' ') {
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
                let text = self.simple_quoted(quote)?;
                // A colon behind quotes makes a key of them.
                if self.peek() == Some(b':') {
                    return None;
                }
                self.text_scalar(Cow::Borrowed(text))
            }
            _ => {
                let word = self.word()?;
                matches!(self.peek(), Some(b',' | b']' | b'}' | b' ')).then_some(())?;
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
