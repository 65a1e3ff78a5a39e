//! Prepares a text for the scanner and maps its marks back.
//!
//! The scanner panics where C libyaml reads the NUL behind the input: in a
//! block scalar that the end of the input cuts off, behind a `\` there, and
//! behind a tag that a comma follows. So the scanner is fed a copy that always
//! ends in a line break and in which such commas are replaced.

use libyaml_safer::Mark;

use crate::node::Position;
use crate::problem::{Problem, ProblemKind};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The scanner searches all `%TAG` directives of a document for every tag.
const MAX_TAG_DIRECTIVES: usize = 100;

/// Characters for private use, one of which can stand for a comma.
const STAND_INS: [std::ops::RangeInclusive<char>; 2] = ['\u{e000}'..='\u{f8ff}', '\u{f0000}'..='\u{ffffd}'];

/// The text as the scanner gets it.
pub(crate) struct Source<'text> {
    whole: &'text str,
    /// `whole` behind the byte order mark.
    text: &'text str,
    byte_order_mark: usize,
    pub(crate) fed: String,
    /// The character that stands for a comma, if one does.
    stand_in: Option<char>,
    /// The offsets in `text` of the commas replaced, ascending.
    replaced: Vec<usize>,
    end: Position,
}

/// The text of a byte string, byte order mark included.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    let start = Position { line: 1, column: 1, offset: 0 };
    let not_utf8 = |position, message: &str| Problem::at(position, ProblemKind::NotUtf8, message);
    let utf16 = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [a, b, c, d, ..] => (*a == 0) == (*c == 0) && (*b == 0) == (*d == 0) && (*a == 0) != (*b == 0),
        _ => false,
    };
    if utf16 {
        return Err(not_utf8(start, "the text is UTF-16; it must be UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        not_utf8(position_behind(valid), "the text is not UTF-8")
    })?;
    match text.char_indices().find(|&(_, char)| !allowed(char)) {
        None => Ok(text),
        Some((offset, char)) => {
            let message = format!("control characters are not allowed: found U+{:04X}", u32::from(char));
            let problem = Problem::at(position_behind(&text[..offset]), ProblemKind::Syntax, message);
            Err(problem.in_go("control characters are not allowed"))
        }
    }
}

fn allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

/// libyaml's line breaks.
pub(crate) fn is_break(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The place of the character that would follow `text`.
fn position_behind(text: &str) -> Position {
    let mut position = Position { line: 1, column: 1, offset: text.len() };
    let mut chars = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        if is_break(char) {
            position.line += 1;
            position.column = 1;
        } else {
            position.column += 1;
        }
    }
    position
}

impl<'text> Source<'text> {
    /// Prepares `text`; the commas at `kept`, offsets given by
    /// [`Self::suspect`], are left alone.
    pub(crate) fn new(whole: &'text str, kept: &[usize]) -> Result<Self, Problem> {
        let text = whole.strip_prefix(BYTE_ORDER_MARK).unwrap_or(whole);
        let byte_order_mark = whole.len() - text.len();
        let directives = text.lines().filter(|line| line.starts_with("%TAG")).count();
        if directives > MAX_TAG_DIRECTIVES {
            let message = format!("too many %TAG directives, at most {MAX_TAG_DIRECTIVES} are read");
            return Err(Problem::at(position_behind(""), ProblemKind::Syntax, message));
        }
        let mut replaced = commas_behind_tags(text);
        replaced.retain(|offset| !kept.contains(offset));
        let stand_in = if replaced.is_empty() { None } else { stand_in(text) };
        if stand_in.is_none() && !replaced.is_empty() {
            let message = "the text uses too many characters for private use";
            return Err(Problem::at(position_behind(""), ProblemKind::Syntax, message));
        }
        // A line of spaces cut off by the end of the input: with the line break
        // added below, it would end a block scalar by an empty line.
        let content = text.trim_end_matches(' ');
        let content = if content.is_empty() || content.ends_with(is_break) { content } else { text };
        let mut fed = String::with_capacity(content.len() + 1);
        let mut behind = 0;
        if let Some(stand_in) = stand_in {
            for &offset in &replaced {
                fed.push_str(&content[behind..offset]);
                fed.push(stand_in);
                behind = offset + 1;
            }
        }
        fed.push_str(&content[behind..]);
        if !content.ends_with(is_break) {
            fed.push('\n');
        }
        Ok(Self { whole, text, byte_order_mark, fed, stand_in, replaced, end: position_behind(whole) })
    }

    /// The offset in the text, without the byte order mark, of a mark in what
    /// was fed.
    pub(crate) fn offset(&self, mark: Mark) -> usize {
        let fed = usize::try_from(mark.index).unwrap_or(usize::MAX);
        let widened = self.stand_in.map_or(0, |char| char.len_utf8() - 1);
        // The n-th replacement lies at its own offset plus n times `widened`.
        let (mut low, mut high) = (0, self.replaced.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.replaced[middle] + middle * widened < fed { low = middle + 1 } else { high = middle }
        }
        fed - low * widened
    }

    /// Where a mark stands in the text. Marks behind the end stand at the end.
    pub(crate) fn position(&self, mark: Mark) -> Position {
        let offset = self.offset(mark) + self.byte_order_mark;
        if offset > self.end.offset {
            return self.end;
        }
        let number = |value| usize::try_from(value).unwrap_or(usize::MAX - 1) + 1;
        Position { line: number(mark.line), column: number(mark.column), offset }
    }

    /// The text between two places.
    pub(crate) fn slice(&self, start: Position, end: Position) -> &'text str {
        let from = start.offset.saturating_sub(self.byte_order_mark);
        self.text.get(from..end.offset.saturating_sub(self.byte_order_mark)).unwrap_or_default()
    }

    /// The place at an offset in the whole text.
    pub(crate) fn locate(&self, offset: usize) -> Position {
        position_behind(self.whole.get(..offset).unwrap_or(self.whole))
    }

    /// Whether a tab stands at `place`.
    pub(crate) fn is_tab(&self, place: Position) -> bool {
        self.whole.as_bytes().get(place.offset) == Some(&b'\t')
    }

    /// What is wrong with the tab at `place`.
    pub(crate) fn tab_message(&self, place: Position) -> &'static str {
        let before = self.whole.get(..place.offset).unwrap_or_default().trim_end_matches([' ', '\t']);
        if before.is_empty() || before.ends_with(is_break) {
            "found a tab where indentation must be spaces"
        } else {
            "found a tab where a space must be"
        }
    }

    /// Whether a mark lies behind the text, at the line break added to it.
    pub(crate) fn is_behind(&self, mark: Mark) -> bool {
        self.offset(mark) > self.text.len()
    }

    /// A scalar's text with the commas put back.
    pub(crate) fn restore(&self, value: String) -> String {
        match self.stand_in {
            Some(char) if value.contains(char) => value.replace(char, ","),
            _ => value,
        }
    }

    /// Whether a scalar's text holds a replaced comma.
    pub(crate) fn is_replaced_in(&self, value: &str) -> bool {
        self.stand_in.is_some_and(|char| value.contains(char))
    }

    /// The first replaced comma from `from` up to and including `to`.
    pub(crate) fn suspect(&self, from: usize, to: usize) -> Option<usize> {
        let index = self.replaced.partition_point(|&offset| offset < from);
        self.replaced.get(index).copied().filter(|&offset| offset <= to)
    }
}

fn stand_in(text: &str) -> Option<char> {
    let used: std::collections::HashSet<char> = text.chars().filter(|&char| char >= '\u{e000}').collect();
    STAND_INS.into_iter().flatten().find(|char| !used.contains(char))
}

/// The offsets of commas that follow what may be a tag.
fn commas_behind_tags(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut commas = Vec::new();
    let mut index = 0;
    while let Some(bang) = bytes[index..].iter().position(|&byte| byte == b'!').map(|at| index + at) {
        index = bang + 1;
        // A `!` within a plain scalar begins no tag. Non-ASCII characters may
        // be line breaks.
        let before = bang.checked_sub(1).map_or(b' ', |at| bytes[at]);
        if !matches!(before, b' ' | b'\t' | b'\r' | b'\n' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b'?')
            && !matches!(before, b'"' | b'\'' | 0x80..)
        {
            continue;
        }
        let mut end = index;
        let verbatim = bytes.get(end) == Some(&b'<');
        if verbatim {
            end += 1;
        }
        while bytes
            .get(end)
            .is_some_and(|&byte| in_tag(byte) || verbatim && matches!(byte, b',' | b'[' | b']'))
        {
            end += 1;
        }
        if verbatim {
            if bytes.get(end) != Some(&b'>') {
                continue;
            }
            end += 1;
        }
        if bytes.get(end) == Some(&b',') {
            commas.push(end);
        }
        index = end;
    }
    commas
}

fn in_tag(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-;/?:@&=+$.%!~*'()".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commas_behind_tags_are_replaced() {
        assert_eq!(commas_behind_tags("[!a,b] a!b, !<x,y>, !!str ,"), [3, 18]);
        let source = Source::new("\u{feff}[!a,b]", &[]).unwrap();
        assert_eq!(source.fed, "[!a\u{e000}b]\n");
        assert_eq!((source.suspect(0, 3), source.suspect(0, 2), source.suspect(4, 9)), (Some(3), None, None));
        assert_eq!(Source::new("[!a,b]", &[3]).unwrap().fed, "[!a,b]\n");
    }

    #[test]
    fn positions_count_characters_and_all_line_breaks() {
        let position = position_behind("\u{feff}é\r\n\r\u{85}\u{2028}ab");
        assert_eq!((position.line, position.column, position.offset), (5, 3, 15));
    }

    #[test]
    fn utf16_is_refused_by_name() {
        for bytes in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0:\0", b"\0a\0:"] {
            assert!(decode(bytes).unwrap_err().message.contains("UTF-16"));
        }
        assert_eq!(decode(b"a\n\xc3\xa9\xc3x").unwrap_err().span.start.to_string(), "2:2");
    }
}
