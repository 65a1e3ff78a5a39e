//! What is wrong with a text, in Go's words.

use super::ParseError;
use super::ast::Position;
use super::item::{Item, Kind};
use super::parser::{Parsed, Parser};

impl Parser<'_> {
    fn line(&self, at: Position) -> usize {
        let before = self.input.as_bytes().get(..at as usize).unwrap_or_default();
        1 + memchr::memchr_iter(b'\n', before).count()
    }

    #[cold]
    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let line = self.line(self.latest);
        Err(Box::new(ParseError { name: self.name.to_owned(), line, message: message.into() }))
    }

    #[cold]
    pub(super) fn unexpected<T>(&self, item: Item, context: &str) -> Parsed<T> {
        if item.kind != Kind::Error {
            return self.fail(format!("unexpected {} in {context}", self.shown(item)));
        }
        let mut message = self.lexer.message().to_owned();
        if let Some(line) = self.action.map(|at| self.line(at)).filter(|line| *line != self.line(item.at)) {
            let word = if message.ends_with(" action") { "" } else { " in action" };
            message.push_str(&format!("{word} started at {}:{line}", self.name));
        }
        self.fail(message)
    }

    /// An item as messages show it.
    fn shown(&self, item: Item) -> String {
        let text = self.text(item.span());
        match item.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Keyword(_) | Kind::Nil | Kind::Dot => format!("<{text}>"),
            _ if text.len() > 10 => {
                let short: String = text.chars().take(10).collect();
                format!("{}...", go_fmt::quote(&short))
            }
            _ => go_fmt::quote(text),
        }
    }
}
