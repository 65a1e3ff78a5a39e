//! From text to items: `lex.go` of Go's `text/template/parse`.

use super::ast::position;
use super::item::{Item, Kind};
use super::number;

/// Reads items one after the other. After an error it gives nothing but the end.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    input: &'a str,
    at: usize,
    start: usize,
    in_action: bool,
    open_parens: usize,
    /// What is wrong, once there was an error.
    message: String,
    /// Finds the next action.
    left: memchr::memmem::Finder<'static>,
}

const LEFT: &str = "{{";
const RIGHT: &[u8] = b"}}";
/// Length of `- ` and ` -`.
const TRIM: usize = 2;

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

pub(super) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_numeric()
}

/// Whether a byte is one of a word's in ASCII; looked up, since most of a template is words.
const IS_ASCII_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let is_word = byte == b'_' || byte.is_ascii_alphanumeric();
        table[byte as usize] = is_word;
        byte += 1;
    }
    table
};

fn begins_trimmed(text: &[u8]) -> bool {
    matches!(text, [b'-', after, ..] if is_space(*after))
}

/// `U+002D '-'`
fn code_point(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if c.is_control() { code } else { format!("{code} '{c}'") }
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Lexer {
            input,
            at: 0,
            start: 0,
            in_action: false,
            open_parens: 0,
            message: String::new(),
            left: memchr::memmem::Finder::new(LEFT),
        }
    }

    /// The message of the error item.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The next item.
    pub(super) fn next(&mut self) -> Item {
        if self.in_action {
            return self.action();
        }
        loop {
            if let Some(item) = self.text() {
                return item;
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.input.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.input.as_bytes().get(self.at).copied()
    }

    fn peek(&self) -> Option<char> {
        match self.byte()? {
            ascii @ 0..0x80 => Some(char::from(ascii)),
            _ => self.input.get(self.at..)?.chars().next(),
        }
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn bump_word(&mut self) {
        loop {
            let rest = self.rest();
            let length =
                rest.iter().position(|&byte| !IS_ASCII_WORD[usize::from(byte)]).unwrap_or(rest.len());
            self.at += length;
            match rest.get(length) {
                Some(0x80..) => match self.peek() {
                    Some(c) if is_word(c) => self.at += c.len_utf8(),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Leaves out what has been read since the last item.
    fn ignore(&mut self) {
        self.start = self.at;
    }

    fn item(&mut self, kind: Kind) -> Item {
        let item = Item { kind, at: position(self.start), end: position(self.at) };
        self.start = self.at;
        item
    }

    /// An item of so many bytes.
    fn single(&mut self, kind: Kind, length: usize) -> Item {
        self.at += length;
        self.item(kind)
    }

    fn error(&mut self, message: impl Into<String>) -> Item {
        self.message = message.into();
        self.input = "";
        self.at = self.start;
        self.in_action = false;
        self.item(Kind::Error)
    }

    /// Text up to the next action. None if there is none before it, or a comment behind it.
    fn text(&mut self) -> Option<Item> {
        let rest = self.rest();
        let Some(found) = self.left.find(rest) else {
            self.at = self.input.len();
            return Some(self.item(if rest.is_empty() { Kind::Eof } else { Kind::Text }));
        };
        if found == 0 {
            return self.left_delim();
        }
        let mut kept = found;
        if begins_trimmed(&rest[found + LEFT.len()..]) {
            kept = rest[..found].iter().rposition(|&byte| !is_space(byte)).map_or(0, |last| last + 1);
        }
        self.at += kept;
        let item = self.item(Kind::Text);
        self.at += found - kept;
        self.ignore();
        (kept > 0).then_some(item)
    }

    fn left_delim(&mut self) -> Option<Item> {
        self.at += LEFT.len();
        let marker = if begins_trimmed(self.rest()) { TRIM } else { 0 };
        if self.rest().get(marker..).is_some_and(|rest| rest.starts_with(b"/*")) {
            self.at += marker;
            self.ignore();
            return self.comment();
        }
        let item = self.item(Kind::LeftDelim);
        self.in_action = true;
        self.at += marker;
        self.ignore();
        self.open_parens = 0;
        Some(item)
    }

    fn comment(&mut self) -> Option<Item> {
        const OPEN: usize = 2;
        let inner = self.rest().get(OPEN..).unwrap_or_default();
        let Some(found) = memchr::memmem::find(inner, b"*/") else {
            return Some(self.error("unclosed comment"));
        };
        self.at += OPEN + found + 2;
        let Some(trimmed) = self.right_delim_here() else {
            return Some(self.error("comment ends before closing delimiter"));
        };
        self.at += RIGHT.len() + if trimmed { TRIM } else { 0 };
        if trimmed {
            self.skip_space();
        }
        self.ignore();
        None
    }

    fn skip_space(&mut self) {
        while self.byte().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Whether a right delimiter is next, and whether it trims.
    fn right_delim_here(&self) -> Option<bool> {
        match self.rest() {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    fn right_delim(&mut self, trimmed: bool) -> Item {
        if self.open_parens > 0 {
            return self.error("unclosed left paren");
        }
        if trimmed {
            self.at += TRIM;
            self.ignore();
        }
        self.at += RIGHT.len();
        let item = self.item(Kind::RightDelim);
        if trimmed {
            self.skip_space();
            self.ignore();
        }
        self.in_action = false;
        item
    }

    fn action(&mut self) -> Item {
        let Some(byte) = self.byte() else { return self.error("unclosed action") };
        match byte {
            b'}' if self.rest().starts_with(RIGHT) => self.right_delim(false),
            b' ' | b'\t' | b'\r' | b'\n' => self.space(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.word(),
            b'.' if !self.rest().get(1).is_some_and(u8::is_ascii_digit) => {
                self.field_or_variable(Kind::Field)
            }
            b'$' => self.field_or_variable(Kind::Variable),
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(),
            b'"' => self.quote(b'"', Kind::String, "unterminated quoted string"),
            b'\'' => self.quote(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'`' => self.raw_quote(),
            b'|' => self.single(Kind::Pipe, 1),
            b'(' => {
                self.open_parens += 1;
                self.single(Kind::LeftParen, 1)
            }
            b')' if self.open_parens == 0 => self.error("unexpected right paren"),
            b')' => {
                self.open_parens -= 1;
                self.single(Kind::RightParen, 1)
            }
            b'=' => self.single(Kind::Assign, 1),
            b':' if self.rest().starts_with(b":=") => self.single(Kind::Declare, 2),
            b':' => self.error("expected :="),
            b' '..=b'~' => self.single(Kind::Char, 1),
            _ => match self.peek() {
                Some(c) if is_word(c) => self.word(),
                c => {
                    let c = code_point(c.unwrap_or_default());
                    self.error(format!("unrecognized character in action: {c}"))
                }
            },
        }
    }

    /// Spaces but for one that belongs to ` -}}`.
    fn space(&mut self) -> Item {
        if self.rest().get(1).is_some_and(|&byte| !is_space(byte) && byte != b'-') {
            return self.single(Kind::Space, 1);
        }
        self.skip_space();
        if self.rest().starts_with(b"-}}") {
            self.at -= 1;
            if self.at == self.start {
                return self.right_delim(true);
            }
        }
        self.item(Kind::Space)
    }

    fn word(&mut self) -> Item {
        self.bump_word();
        if let Some(error) = self.unterminated() {
            return error;
        }
        let word = &self.input.as_bytes()[self.start..self.at];
        self.item(Kind::of_word(word))
    }

    fn field_or_variable(&mut self, kind: Kind) -> Item {
        self.at += 1;
        if self.at_terminator() {
            return self.item(if kind == Kind::Variable { kind } else { Kind::Dot });
        }
        self.bump_word();
        match self.unterminated() {
            Some(error) => error,
            None => self.item(kind),
        }
    }

    fn at_terminator(&self) -> bool {
        match self.byte() {
            None | Some(b'.' | b',' | b'|' | b':' | b')' | b'(') => true,
            Some(b'}') => self.rest().starts_with(RIGHT),
            Some(byte) => is_space(byte),
        }
    }

    fn unterminated(&mut self) -> Option<Item> {
        if self.at_terminator() {
            return None;
        }
        let c = self.peek().unwrap_or_default();
        Some(self.error(format!("bad character {}", code_point(c))))
    }

    fn quote(&mut self, end: u8, kind: Kind, unterminated: &str) -> Item {
        self.at += 1;
        loop {
            match self.byte() {
                None | Some(b'\n') => return self.error(unterminated),
                Some(b'\\') => {
                    self.at += 1;
                    if matches!(self.byte(), None | Some(b'\n')) {
                        return self.error(unterminated);
                    }
                    self.bump();
                }
                Some(byte) => {
                    self.at += 1;
                    if byte == end {
                        return self.item(kind);
                    }
                }
            }
        }
    }

    fn raw_quote(&mut self) -> Item {
        self.at += 1;
        let Some(found) = memchr::memchr(b'`', self.rest()) else {
            return self.error("unterminated raw quoted string");
        };
        self.single(Kind::RawString, found + 1)
    }

    fn number(&mut self) -> Item {
        let mut kind = Kind::Number;
        let (length, mut is_good) = number::scan(&self.input[self.at..]);
        self.at += length;
        if is_good && matches!(self.byte(), Some(b'+' | b'-')) {
            kind = Kind::Complex;
            let (length, is_second_good) = number::scan(&self.input[self.at..]);
            self.at += length;
            is_good = is_second_good && self.input[..self.at].ends_with('i');
        }
        if is_good {
            return self.item(kind);
        }
        let text = go_fmt::quote(&self.input[self.start..self.at]);
        self.error(format!("bad number syntax: {text}"))
    }
}
