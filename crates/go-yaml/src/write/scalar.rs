//! Strings: which style fits them, and writing them in it.

use super::timestamp::is_timestamp;
use super::{Version, Writer};
use crate::node::Value;
use crate::resolve::resolve;
use crate::source::is_break;

/// What a string holds that decides its style: `yaml_emitter_analyze_scalar`.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    /// A character that means something else at its place.
    indicators: bool,
    line_breaks: bool,
    /// A LF among them: go-yaml asks for a literal block then.
    line_feeds: bool,
    /// A character that has to be escaped.
    special: bool,
    tabs: bool,
    /// A space or a line break at an edge.
    loose_edge: bool,
    trailing_space: bool,
    /// A space behind a line break.
    break_space: bool,
    /// A space before a line break.
    space_break: bool,
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut analysis = Analysis {
            indicators: text.starts_with("---") || text.starts_with("..."),
            trailing_space: text.ends_with(' '),
            ..Analysis::default()
        };
        let at_edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
        if let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) {
            analysis.loose_edge = matches!(first, b' ' | b'\n')
                || matches!(last, b' ' | b'\n')
                || (first >= 0x80 && at_edge(text.chars().next()))
                || (last >= 0x80 && at_edge(text.chars().next_back()));
        }
        analysis.indicators |= match bytes {
            [
                b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
                | b'%' | b'@' | b'`',
                ..,
            ] => true,
            [b'-' | b'?' | b':', ..] => blank_from(text, 1),
            _ => false,
        };
        let mut before = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b' ' => analysis.break_space |= before == b'\n',
                b'\n' => {
                    analysis.line_breaks = true;
                    analysis.line_feeds = true;
                    analysis.space_break |= before == b' ';
                }
                b':' => analysis.indicators |= blank_from(text, at + 1),
                b'#' => analysis.indicators |= at > 0 && matches!(before, b' ' | b'\n'),
                b'!'..=b'~' => {}
                b'\t' => analysis.tabs = true,
                0x80.. => {
                    analysis.beyond_ascii(text);
                    break;
                }
                _ => analysis.special = true,
            }
            before = byte;
        }
        analysis
    }

    /// The same for text beyond ASCII, whose line breaks are more.
    fn beyond_ascii(&mut self, text: &str) {
        let mut before = '\0';
        for (at, c) in text.char_indices() {
            if is_break(c) {
                self.line_breaks = true;
                self.line_feeds |= c == '\n';
                self.space_break |= before == ' ';
            } else if c == ' ' {
                self.break_space |= is_break(before);
            }
            self.special |= c != '\t' && !is_printable(c);
            self.tabs |= c == '\t';
            self.indicators |= match c {
                ':' => blank_from(text, at + 1),
                '#' => at > 0 && (before == ' ' || is_break(before)),
                _ => false,
            };
            before = c;
        }
    }

    pub(super) fn is_multiline(&self) -> bool {
        self.line_breaks
    }

    fn allows_plain(&self) -> bool {
        !(self.indicators || self.line_breaks || self.special || self.tabs || self.loose_edge)
    }

    fn allows_single_quotes(&self) -> bool {
        !(self.break_space || self.space_break || self.special || self.tabs)
    }

    fn allows_block(&self, version: Version) -> bool {
        let tabs = self.tabs && version == Version::V2;
        !(self.trailing_space || self.space_break || self.special || tabs)
    }
}

/// Whether the text ends at `at` or goes on with a blank or a line break.
fn blank_from(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(|c| c == ' ' || c == '\t' || c == '\0' || is_break(c))
}

/// Whether Go's YAML writes the character as it is: all others are escaped, tabs and emojis among them.
#[must_use]
pub fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether go-yaml would read the text as something other than a string.
fn is_taken(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(b'0'..=b'9' | b'+' | b'-') => {
            !matches!(resolve(text), Value::String) || is_base_60(text) || is_timestamp(text)
        }
        Some(b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'.') => {
            !matches!(resolve(text), Value::String)
        }
        Some(_) => false,
    }
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = whole.split(':');
    let head = parts.next().unwrap_or_default();
    whole.contains(':')
        && head.starts_with(|c: char| c.is_ascii_digit())
        && is_digits(head)
        && is_digits(fraction)
        && parts.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
            _ => false,
        })
}

impl Writer {
    /// A string in the style that go-yaml asks for and libyaml allows.
    pub(super) fn write_string(&mut self, text: &str, analysis: &Analysis, is_simple_key: bool) {
        let may_fold = !is_simple_key;
        if analysis.line_feeds && !is_simple_key && analysis.allows_block(self.version) {
            self.write_literal(text);
        } else if analysis.line_feeds || is_taken(text) {
            self.write_double_quoted(text, may_fold);
        } else if analysis.allows_plain() {
            self.write_plain(text, may_fold);
        } else if analysis.allows_single_quotes() {
            self.write_single_quoted(text, may_fold);
        } else {
            self.write_double_quoted(text, may_fold);
        }
    }

    pub(super) fn write_plain(&mut self, text: &str, may_fold: bool) {
        self.separate();
        self.write_folding(text, may_fold, 0, |writer, part| {
            writer.text.push_str(part);
            writer.column += width(part);
        });
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false);
        if text.is_ascii() {
            self.write_folding(text, may_fold, 1, Writer::put_single_quoted);
        } else {
            // LS and PS are written as they are, and what follows them on a new line's indentation.
            let mut rest = text;
            while let Some(at) = rest.find(['\u{2028}', '\u{2029}']) {
                self.write_folding(&rest[..at], may_fold, 1, Writer::put_single_quoted);
                let breaks = rest[at..].len() - rest[at..].trim_start_matches(['\u{2028}', '\u{2029}']).len();
                self.text.push_str(&rest[at..at + breaks]);
                self.column = 0;
                rest = &rest[at + breaks..];
                self.indention = true;
                if !rest.is_empty() {
                    self.write_indent();
                }
            }
            self.write_folding(rest, may_fold, 1, Writer::put_single_quoted);
        }
        self.indicator("'", false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn put_single_quoted(&mut self, part: &str) {
        self.indention &= part.is_empty();
        for (index, piece) in part.split('\'').enumerate() {
            if index > 0 {
                self.put("''");
            }
            self.text.push_str(piece);
            self.column += width(piece);
        }
    }

    /// Writes a text of one line, with a line break instead of a lone space wherever the line is too long.
    /// Spaces among the first and last `edge` characters stay.
    fn write_folding(&mut self, text: &str, may_fold: bool, edge: usize, put: impl Fn(&mut Self, &str)) {
        let bytes = text.as_bytes();
        let mut written = 0;
        if may_fold && self.column.saturating_add(bytes.len()) > self.width {
            let mut at = 0;
            while let Some(space) = bytes[at..].iter().position(|&byte| byte == b' ').map(|found| at + found)
            {
                at = space + 1;
                let lone = (space == 0 || bytes[space - 1] != b' ') && bytes.get(at) != Some(&b' ');
                if lone && space >= edge && at + edge <= bytes.len() {
                    put(self, &text[written..space]);
                    written = space;
                    if self.column > self.width {
                        self.write_indent();
                        written = at;
                    }
                }
            }
        }
        put(self, &text[written..]);
    }

    pub(super) fn write_double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false);
        let mut spaces = false;
        let mut at = 0;
        // Wherever Go looks for a byte order mark, it looks at the start of the text.
        let is_marked = text.starts_with('\u{feff}');
        for c in text.chars() {
            let next = at + c.len_utf8();
            if is_marked {
                self.put_escaped(c);
            } else if c == ' ' {
                if may_fold && !spaces && self.column > self.width && at > 0 && next < text.len() {
                    self.write_indent();
                    if text[next..].starts_with(' ') {
                        self.put("\\");
                    }
                } else {
                    self.put(" ");
                }
                spaces = true;
            } else {
                if c == '"' || c == '\\' || !is_printable(c) || is_break(c) {
                    self.put_escaped(c);
                } else {
                    self.text.push(c);
                    self.column += 1;
                }
                spaces = false;
            }
            at = next;
        }
        self.indicator("\"", false, false);
    }

    fn put_escaped(&mut self, c: char) {
        let code = u32::from(c);
        let short = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ if code <= 0xff => return self.put(&format!("\\x{code:02X}")),
            _ if code <= 0xffff => return self.put(&format!("\\u{code:04X}")),
            _ => return self.put(&format!("\\U{code:08X}")),
        };
        self.put(short);
    }

    /// `|`, what the reader has to know, and the lines.
    pub(super) fn write_literal(&mut self, text: &str) {
        self.indicator("|", true, false);
        if text.starts_with(|c: char| c == ' ' || is_break(c)) {
            self.put("2");
        }
        let mut ends = text.chars().rev();
        match (ends.next(), ends.next()) {
            (Some(last), _) if !is_break(last) => self.put("-"),
            (Some(_), None) => self.put("+"),
            (Some(_), Some(before)) if is_break(before) => self.put("+"),
            _ => {}
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        for line in text.split_inclusive(is_break) {
            let content = line.trim_end_matches(is_break);
            if !content.is_empty() {
                self.write_indent();
                self.text.push_str(content);
                self.column += width(content);
                self.indention = false;
            }
            if content.len() < line.len() {
                self.text.push_str(&line[content.len()..]);
                self.column = 0;
                self.indention = true;
            }
        }
    }
}

/// Characters of a text.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
