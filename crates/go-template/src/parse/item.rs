//! The pieces of a template.

use super::ast::{Position, Span};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
pub(super) enum Keyword {
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
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Byte at which it begins.
    pub(super) at: Position,
    /// Byte behind it; that at which it begins for an error, whose message the lexer keeps.
    pub(super) end: Position,
}

impl Item {
    pub(super) fn span(self) -> Span {
        Span { start: self.at, end: self.end }
    }
}

impl Kind {
    /// The kind of a word.
    pub(super) fn of_word(word: &[u8]) -> Self {
        match word {
            b"if" => Kind::Keyword(Keyword::If),
            b"end" => Kind::Keyword(Keyword::End),
            b"nil" => Kind::Nil,
            b"else" => Kind::Keyword(Keyword::Else),
            b"with" => Kind::Keyword(Keyword::With),
            b"true" | b"false" => Kind::Bool,
            b"block" => Kind::Keyword(Keyword::Block),
            b"break" => Kind::Keyword(Keyword::Break),
            b"range" => Kind::Keyword(Keyword::Range),
            b"define" => Kind::Keyword(Keyword::Define),
            b"continue" => Kind::Keyword(Keyword::Continue),
            b"template" => Kind::Keyword(Keyword::Template),
            _ => Kind::Identifier,
        }
    }
}
