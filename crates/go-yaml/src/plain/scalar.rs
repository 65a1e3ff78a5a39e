//! Scalars: plain, quoted, and blocks.

use std::borrow::Cow;

use super::block::begins_plain;
use super::line::is_marker;
use super::{Scanner, Visitor};

impl<'a, V: Visitor> Scanner<'a, V> {
    /// A scalar or a flow collection within a collection at a column, with the rest of its last line.
    pub(super) fn scalar_or_flow(&mut self, column: usize) -> Option<()> {
        match self.peek()? {
            b'|' | b'>' => self.block_scalar(column),
            quote @ (b'"' | b'\'') => {
                let text = self.quoted(quote)?;
                self.end_line()?;
                self.text_scalar(text)
            }
            b'[' | b'{' => {
                self.flow()?;
                self.end_line()
            }
            first if begins_plain(first, self.bytes().get(self.at + 1).copied()) => self.plain(column),
            _ => None,
        }
    }

    /// A plain scalar up to the end of its line, and on lines below that are further right than the column.
    fn plain(&mut self, column: usize) -> Option<()> {
        let (first, is_whole) = self.plain_line()?;
        let mut text = Cow::Borrowed(first);
        if !is_whole {
            return self.plain_scalar(text);
        }
        loop {
            // Lines between are folded, so blank ones count.
            let begin = self.at;
            let mut breaks = 1;
            loop {
                self.skip_spaces();
                match self.peek() {
                    Some(b'\n') => {
                        breaks += 1;
                        self.at += 1;
                    }
                    _ => break,
                }
            }
            let line =
                self.bytes().get(..self.at)?.iter().rposition(|&byte| byte == b'\n').map_or(0, |n| n + 1);
            let indentation = self.at - line;
            match self.peek() {
                Some(b'#') | None => {
                    self.at = begin;
                    return self.plain_scalar(text);
                }
                Some(_) if indentation <= column || is_marker(&self.bytes()[line..]) && indentation == 0 => {
                    self.at = begin;
                    return self.plain_scalar(text);
                }
                // It may begin an entry or hold a key to a reader, if not to YAML.
                Some(b'-' | b'?' | b':' | b'\t') => return None,
                Some(_) => {}
            }
            let (more, is_whole) = self.plain_line()?;
            let owned = text.to_mut();
            match breaks {
                1 => owned.push(' '),
                _ => owned.extend(std::iter::repeat_n('\n', breaks - 1)),
            }
            owned.push_str(more);
            if !is_whole {
                return self.plain_scalar(text);
            }
        }
    }

    /// The plain text up to the end of the line, which is gone behind, and whether no comment ended it.
    fn plain_line(&mut self) -> Option<(&'a str, bool)> {
        let begin = self.at;
        let end = self.line_end(begin);
        let line = self.bytes().get(begin..end)?;
        let mut stop = line.len();
        let mut is_whole = true;
        for index in memchr::memchr3_iter(b':', b'#', b'\t', line) {
            match line.get(index)? {
                b':' if matches!(line.get(index + 1), None | Some(b' ')) => return None,
                b'\t' => return None,
                b'#' if index > 0 && line.get(index - 1) == Some(&b' ') => {
                    stop = index;
                    is_whole = false;
                    break;
                }
                _ => {}
            }
        }
        self.at = (end + 1).min(self.text.len());
        Some((self.text.get(begin..begin + stop)?.trim_end_matches(' '), is_whole))
    }

    /// What is in quotes on one line, without anything escaped; goes behind them.
    pub(super) fn simple_quoted(&mut self, quote: u8) -> Option<&'a str> {
        let begin = self.at + 1;
        let rest = self.bytes().get(begin..)?;
        let length = rest.iter().position(|&byte| byte == quote || matches!(byte, b'\n' | b'\\' | b'\t'))?;
        // A backslash is nothing special in single quotes, but rare.
        if rest.get(length) != Some(&quote) || quote == b'\'' && rest.get(length + 1) == Some(&b'\'') {
            return None;
        }
        self.at = begin + length + 1;
        self.text.get(begin..begin + length)
    }

    /// What is in quotes; goes behind them.
    pub(super) fn quoted(&mut self, quote: u8) -> Option<Cow<'a, str>> {
        let at = self.at;
        if let Some(simple) = self.simple_quoted(quote) {
            return Some(Cow::Borrowed(simple));
        }
        self.at = at + 1;
        let mut text = String::new();
        // Up to where the text must not be trimmed.
        let mut escaped = 0;
        loop {
            let begin = self.at;
            let rest = self.bytes().get(begin..)?;
            let length =
                rest.iter().position(|&byte| byte == quote || matches!(byte, b'\n' | b'\\' | b'\t'))?;
            text.push_str(self.text.get(begin..begin + length)?);
            self.at = begin + length + 1;
            match rest.get(length)? {
                b'\n' => {
                    // Spaces before a break are no part of the text, unless they are escaped.
                    text.truncate(text.trim_end_matches(' ').len().max(escaped));
                    self.fold(&mut text)?;
                }
                b'\\' if quote == b'\'' => text.push('\\'),
                b'\\' => {
                    match self.peek()? {
                        b'"' => text.push('"'),
                        b'\\' => text.push('\\'),
                        b'n' => text.push('\n'),
                        b't' => text.push('\t'),
                        b'r' => text.push('\r'),
                        b' ' => text.push(' '),
                        b'u' => {
                            let digits = self.text.get(self.at + 1..self.at + 5)?;
                            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                                return None;
                            }
                            text.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                            self.at += 4;
                        }
                        b'\n' => {
                            self.at += 1;
                            if is_marker(self.bytes().get(self.at..)?) {
                                return None;
                            }
                            self.skip_spaces();
                            if matches!(self.peek()?, b'\n' | b'\t') {
                                return None;
                            }
                            // The first character of the line is next.
                            self.at -= 1;
                        }
                        _ => return None,
                    }
                    self.at += 1;
                    escaped = text.len();
                }
                b'\t' => return None,
                _ if quote == b'\'' && self.peek() == Some(b'\'') => {
                    text.push('\'');
                    self.at += 1;
                }
                _ => return Some(Cow::Owned(text)),
            }
        }
    }

    /// The break behind a line of a quoted scalar, and blank lines after it.
    fn fold(&mut self, text: &mut String) -> Option<()> {
        let mut breaks = 1;
        loop {
            if is_marker(self.bytes().get(self.at..)?) {
                return None;
            }
            self.skip_spaces();
            match self.peek()? {
                b'\n' => {
                    breaks += 1;
                    self.at += 1;
                }
                b'\t' => return None,
                _ => break,
            }
        }
        match breaks {
            1 => text.push(' '),
            _ => text.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        Some(())
    }

    /// A literal or folded block within a collection at a column.
    fn block_scalar(&mut self, column: usize) -> Option<()> {
        let is_folded = self.peek()? == b'>';
        self.at += 1;
        let mut chomping = None;
        let mut explicit = None;
        while let Some(byte @ (b'+' | b'-' | b'1'..=b'9')) = self.peek() {
            match byte {
                b'+' | b'-' if chomping.is_none() => chomping = Some(byte),
                b'1'..=b'9' if explicit.is_none() => explicit = Some(usize::from(byte - b'0')),
                _ => return None,
            }
            self.at += 1;
        }
        self.end_line()?;
        let (indentation, begin) = (self.block_indentation(column, explicit)?, self.at);
        let mut end = begin;
        let mut has_break = true;
        // Up to the first line with content that is further left.
        loop {
            let line = self.at;
            let line_end = self.line_end(line);
            let bytes = self.bytes().get(line..line_end)?;
            let spaces = bytes.iter().take_while(|&&byte| byte == b' ').count();
            if spaces < bytes.len() && spaces < indentation {
                if bytes.get(spaces) == Some(&b'\t') {
                    return None;
                }
                break;
            }
            if spaces == bytes.len() && spaces > 0 && line_end == self.text.len() {
                return None;
            }
            // Spaces beyond the indentation belong to the text.
            if bytes.len() > spaces.min(indentation) {
                end = line_end;
                has_break = line_end < self.text.len();
            }
            if line_end == self.text.len() {
                self.at = line_end;
                break;
            }
            self.at = line_end + 1;
        }
        let text = self.text.get(begin..end)?;
        // Lines that are all blank up to here are breaks at the end of the text.
        let blank = self.text.get(end..self.at)?.bytes().filter(|&byte| byte == b'\n').count();
        if text.is_empty() {
            return None;
        }
        if !self.visitor.wants_scalar() {
            return self.unwanted_scalar();
        }
        let mut content = String::with_capacity(text.len());
        if is_folded {
            fold_lines(text, indentation, &mut content);
        } else {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    content.push('\n');
                }
                content.push_str(line.get(indentation..).unwrap_or_default());
            }
        }
        match chomping {
            Some(b'-') => {}
            Some(_) => content.extend(std::iter::repeat_n('\n', blank)),
            None if has_break => content.push('\n'),
            None => {}
        }
        self.text_scalar(Cow::Owned(content))
    }

    /// The indentation of a block's text.
    fn block_indentation(&mut self, column: usize, explicit: Option<usize>) -> Option<usize> {
        if let Some(explicit) = explicit {
            return Some(column + explicit);
        }
        let mut at = self.at;
        let mut widest = 0;
        loop {
            let end = self.line_end(at);
            let line = self.bytes().get(at..end)?;
            let spaces = line.iter().take_while(|&&byte| byte == b' ').count();
            if spaces < line.len() {
                // With nothing further right, the block is empty. A blank line that is wider than the text below
                // it is an error.
                let is_plain = spaces > column && spaces >= widest && line.get(spaces) != Some(&b'\t');
                return is_plain.then_some(spaces);
            }
            if end == self.text.len() {
                return None;
            }
            widest = widest.max(spaces);
            at = end + 1;
        }
    }
}

/// Joins the lines of a folded block. Lines that are further right keep their breaks, and so do blank ones.
fn fold_lines(text: &str, indentation: usize, content: &mut String) {
    let mut blank = 0;
    // Whether there was a line, and whether it was further right.
    let mut before = None;
    for line in text.split('\n') {
        let line = line.get(indentation..).unwrap_or_default();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        let is_right = line.starts_with([' ', '\t']);
        match before {
            Some(false) if !is_right => content.push_str(if blank == 0 { " " } else { "" }),
            Some(_) => content.push('\n'),
            None => {}
        }
        content.extend(std::iter::repeat_n('\n', blank));
        content.push_str(line);
        (before, blank) = (Some(is_right), 0);
    }
}
