//! From text to items: `lex.go` of Go's `text/template/parse`.

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Eof,
    Text,
    LeftDelim,
    RightDelim,
    Space,
    Assign,
    Declare,
    Pipe,
    LeftParen,
    RightParen,
    /// Any other printable character, such as a comma.
    Char,
    CharConstant,
    Complex,
    Number,
    String,
    RawString,
    Bool,
    Identifier,
    /// With its dot.
    Field,
    /// With its dollar.
    Variable,
    Dot,
    Nil,
    Keyword(Keyword),
}

/// Words that begin an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) kind: Kind,
    /// Byte at which it begins.
    pub(crate) at: usize,
    /// Line on which it begins, from 1.
    pub(crate) line: usize,
    /// Nothing for an error, whose message the lexer keeps.
    pub(crate) text: &'a str,
}

impl Item<'_> {
    /// The item as messages show it.
    pub(crate) fn shown(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Keyword(_) | Kind::Nil | Kind::Dot => format!("<{}>", self.text),
            _ if self.text.len() > 10 => {
                let short: String = self.text.chars().take(10).collect();
                format!("{}...", go_fmt::quote(&short))
            }
            _ => go_fmt::quote(self.text),
        }
    }
}

/// Reads items one after the other. After an error it gives nothing but the end.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    input: &'a str,
    at: usize,
    start: usize,
    line: usize,
    start_line: usize,
    in_action: bool,
    open_parens: usize,
    /// What is wrong, once there was an error.
    message: String,
    /// Finds the next action.
    left: memchr::memmem::Finder<'static>,
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
/// Length of `- ` and ` -`.
const TRIM: usize = 2;

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn line_breaks(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_numeric()
}

fn begins_trimmed(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

fn ends_trimmed(text: &str) -> bool {
    matches!(text.as_bytes(), [b' ' | b'\t' | b'\r' | b'\n', b'-', ..])
}

/// `U+002D '-'`
fn code_point(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if c.is_control() { code } else { format!("{code} '{c}'") }
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(input: &'a str) -> Self {
        Lexer {
            input,
            at: 0,
            start: 0,
            line: 1,
            start_line: 1,
            in_action: false,
            open_parens: 0,
            message: String::new(),
            left: memchr::memmem::Finder::new(LEFT),
        }
    }

    /// A stretch of the text; empty if an error ended it.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a str {
        self.input.get(start..end).unwrap_or_default()
    }

    /// The message of the error item.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The next item.
    pub(crate) fn next(&mut self) -> Item<'a> {
        loop {
            let item = if self.in_action { Some(self.action()) } else { self.text() };
            if let Some(item) = item {
                return item;
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.input.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        match self.input.as_bytes().get(self.at)? {
            ascii @ 0..0x80 => Some(char::from(*ascii)),
            _ => self.rest().chars().next(),
        }
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn bump_word(&mut self) {
        let bytes = self.input.as_bytes();
        loop {
            while bytes.get(self.at).is_some_and(|&byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
                self.at += 1;
            }
            match self.peek() {
                Some(c) if is_word(c) => self.at += c.len_utf8(),
                _ => return,
            }
        }
    }

    /// Leaves out what has been read since the last item.
    fn ignore(&mut self) {
        self.line += line_breaks(&self.input[self.start..self.at]);
        self.start = self.at;
        self.start_line = self.line;
    }

    fn item(&mut self, kind: Kind) -> Item<'a> {
        let item =
            Item { kind, at: self.start, line: self.start_line, text: &self.input[self.start..self.at] };
        self.start = self.at;
        self.start_line = self.line;
        item
    }

    fn error(&mut self, message: impl Into<String>) -> Item<'a> {
        self.message = message.into();
        let item = Item { kind: Kind::Error, at: self.start, line: self.start_line, text: "" };
        self.input = "";
        self.at = 0;
        self.start = 0;
        self.in_action = false;
        item
    }

    /// Text up to the next action. None if there is none before it, or a comment behind it.
    fn text(&mut self) -> Option<Item<'a>> {
        let rest = self.rest();
        let Some(found) = self.left.find(rest.as_bytes()) else {
            if rest.is_empty() {
                return Some(self.item(Kind::Eof));
            }
            self.line += line_breaks(rest);
            self.at = self.input.len();
            return Some(self.item(Kind::Text));
        };
        if found == 0 {
            return self.left_delim();
        }
        let text = &rest[..found];
        let kept =
            if begins_trimmed(&rest[found + LEFT.len()..]) { text.trim_end_matches(is_space) } else { text };
        self.at += kept.len();
        self.line += line_breaks(kept);
        let item = self.item(Kind::Text);
        self.at += text.len() - kept.len();
        self.ignore();
        (!item.text.is_empty()).then_some(item)
    }

    fn left_delim(&mut self) -> Option<Item<'a>> {
        self.at += LEFT.len();
        let marker = if begins_trimmed(self.rest()) { TRIM } else { 0 };
        if self.rest().get(marker..).is_some_and(|rest| rest.starts_with("/*")) {
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

    fn comment(&mut self) -> Option<Item<'a>> {
        let Some(found) = self.rest().find("*/").filter(|&found| found >= 2) else {
            let closed = self.rest().get(2..).and_then(|rest| rest.find("*/"));
            return match closed {
                Some(found) => self.comment_end(found + 4),
                None => Some(self.error("unclosed comment")),
            };
        };
        self.comment_end(found + 2)
    }

    fn comment_end(&mut self, length: usize) -> Option<Item<'a>> {
        self.at += length;
        match self.right_delim_here() {
            None => Some(self.error("comment ends before closing delimiter")),
            Some(trimmed) => {
                self.at += RIGHT.len() + if trimmed { TRIM } else { 0 };
                if trimmed {
                    self.skip_space();
                }
                self.ignore();
                None
            }
        }
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_space).len();
    }

    /// Whether a right delimiter is next, and whether it trims.
    fn right_delim_here(&self) -> Option<bool> {
        let rest = self.rest();
        if ends_trimmed(rest) && rest[TRIM..].starts_with(RIGHT) {
            Some(true)
        } else {
            rest.starts_with(RIGHT).then_some(false)
        }
    }

    fn right_delim(&mut self, trimmed: bool) -> Item<'a> {
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

    fn action(&mut self) -> Item<'a> {
        if let Some(trimmed) = self.right_delim_here() {
            return if self.open_parens == 0 {
                self.right_delim(trimmed)
            } else {
                self.error("unclosed left paren")
            };
        }
        let Some(c) = self.bump() else { return self.error("unclosed action") };
        match c {
            c if is_space(c) => self.space(),
            '=' => self.item(Kind::Assign),
            ':' => match self.bump() {
                Some('=') => self.item(Kind::Declare),
                _ => self.error("expected :="),
            },
            '|' => self.item(Kind::Pipe),
            '"' => self.quote('"', Kind::String, "unterminated quoted string"),
            '\'' => self.quote('\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_quote(),
            '$' => self.field_or_variable(Kind::Variable),
            '.' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                self.field_or_variable(Kind::Field)
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.at = self.start;
                self.number()
            }
            c if is_word(c) => self.word(),
            '(' => {
                self.open_parens += 1;
                self.item(Kind::LeftParen)
            }
            ')' if self.open_parens == 0 => self.error("unexpected right paren"),
            ')' => {
                self.open_parens -= 1;
                self.item(Kind::RightParen)
            }
            ' '..='~' => self.item(Kind::Char),
            c => self.error(format!("unrecognized character in action: {}", code_point(c))),
        }
    }

    /// Spaces but for one that belongs to ` -}}`.
    fn space(&mut self) -> Item<'a> {
        let mut last = self.start;
        let mut last_line = self.start_line;
        while self.peek().is_some_and(is_space) {
            last = self.at;
            last_line = self.line;
            self.bump();
        }
        let from_last = &self.input[last..];
        if ends_trimmed(from_last) && from_last[TRIM..].starts_with(RIGHT) {
            self.at = last;
            self.line = last_line;
            if last == self.start {
                return self.right_delim(true);
            }
        }
        self.item(Kind::Space)
    }

    fn word(&mut self) -> Item<'a> {
        self.bump_word();
        if let Some(error) = self.unterminated() {
            return error;
        }
        let kind = match &self.input[self.start..self.at] {
            "block" => Kind::Keyword(Keyword::Block),
            "break" => Kind::Keyword(Keyword::Break),
            "continue" => Kind::Keyword(Keyword::Continue),
            "define" => Kind::Keyword(Keyword::Define),
            "else" => Kind::Keyword(Keyword::Else),
            "end" => Kind::Keyword(Keyword::End),
            "if" => Kind::Keyword(Keyword::If),
            "range" => Kind::Keyword(Keyword::Range),
            "template" => Kind::Keyword(Keyword::Template),
            "with" => Kind::Keyword(Keyword::With),
            "nil" => Kind::Nil,
            "true" | "false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.item(kind)
    }

    fn field_or_variable(&mut self, kind: Kind) -> Item<'a> {
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
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(RIGHT),
        }
    }

    fn unterminated(&mut self) -> Option<Item<'a>> {
        if self.at_terminator() {
            return None;
        }
        let c = self.peek().unwrap_or_default();
        Some(self.error(format!("bad character {}", code_point(c))))
    }

    fn quote(&mut self, end: char, kind: Kind, unterminated: &str) -> Item<'a> {
        loop {
            match self.bump() {
                Some('\\') if !matches!(self.peek(), None | Some('\n')) => {
                    self.bump();
                }
                None | Some('\n' | '\\') => return self.error(unterminated),
                Some(c) if c == end => return self.item(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_quote(&mut self) -> Item<'a> {
        let rest = self.rest();
        let Some(found) = memchr::memchr(b'`', rest.as_bytes()) else {
            return self.error("unterminated raw quoted string");
        };
        self.line += line_breaks(&rest[..found]);
        self.at += found + 1;
        self.item(Kind::RawString)
    }

    fn number(&mut self) -> Item<'a> {
        let mut kind = Kind::Number;
        let mut is_good = self.scan_number();
        if is_good && matches!(self.peek(), Some('+' | '-')) {
            kind = Kind::Complex;
            is_good = self.scan_number() && self.input[..self.at].ends_with('i');
        }
        if is_good {
            return self.item(kind);
        }
        let text = go_fmt::quote(&self.input[self.start..self.at]);
        self.error(format!("bad number syntax: {text}"))
    }

    fn scan_number(&mut self) -> bool {
        self.accept("+-");
        let mut digits = "0123456789_";
        let mut exponent = "eE";
        if self.accept("0") {
            if self.accept("xX") {
                (digits, exponent) = ("0123456789abcdefABCDEF_", "pP");
            } else if self.accept("oO") {
                (digits, exponent) = ("01234567_", "");
            } else if self.accept("bB") {
                (digits, exponent) = ("01_", "");
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run("0123456789_");
        }
        self.accept("i");
        if self.peek().is_some_and(is_word) {
            self.bump();
            return false;
        }
        true
    }

    fn accept(&mut self, valid: &str) -> bool {
        let fits = self.peek().is_some_and(|c| valid.contains(c));
        self.at += usize::from(fits);
        fits
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }
}
