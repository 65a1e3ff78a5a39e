//! A place in a format. It is only ever read forwards, so that a long format takes its length in time.

/// Go reads no further digits of a width or precision beyond this.
pub(super) const WIDEST: usize = 1_000_000;

pub(super) struct Cursor<'a> {
    rest: &'a str,
    /// Bytes from the next `]` on, when it was last searched; none if there was none.
    bracket: Option<usize>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(format: &'a str) -> Self {
        Cursor { rest: format, bracket: Some(usize::MAX) }
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// The text in front of the next verb, whose `%` is passed over.
    pub(super) fn before_verb(&mut self) -> Option<&'a str> {
        let (before, rest) = self.rest.split_once('%')?;
        self.rest = rest;
        Some(before)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Passes over a character if it comes next.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A width or precision, if there is one. One that is too large ends the format, as in Go.
    pub(super) fn number(&mut self) -> Option<usize> {
        let mut value: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            if value.is_some_and(|value| value > WIDEST) {
                self.rest = "";
                return None;
            }
            self.next();
            value = Some(value.unwrap_or(0) * 10 + digit as usize);
        }
        value
    }

    /// The number behind a `[`, if a `]` follows it at once. What is none is passed over up to its bracket, if
    /// there is one.
    pub(super) fn index(&mut self) -> Option<usize> {
        if self.bracket.is_some_and(|left| left > self.rest.len()) {
            self.bracket = self.rest.find(']').map(|at| self.rest.len() - at);
        }
        let (inner, rest) = self.rest.split_at(self.rest.len() - self.bracket?);
        self.rest = &rest[1..];
        let mut inner = Cursor::new(inner);
        inner.number().filter(|_| inner.rest.is_empty())
    }
}
