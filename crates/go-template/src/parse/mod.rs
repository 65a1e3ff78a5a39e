//! From text to trees.

pub(crate) mod ast;
mod item;
mod lex;
mod message;
mod number;
mod parser;
mod pipeline;
mod quoted;
pub(crate) mod show;

use std::fmt;
use std::sync::Arc;

use self::ast::{Run, Tree};
use crate::function::FunctionTable;

/// A parsed text: its own template, and those that it defines.
#[derive(Debug)]
pub struct File {
    pub(crate) name: Box<str>,
    pub(crate) tree: Tree,
    /// In the order in which they end, the text's own last.
    pub(crate) definitions: Vec<Definition>,
}

/// A template of a file.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: Box<str>,
    pub(crate) body: Run,
    /// Whether it is nothing but white space: such a one replaces no other.
    pub(crate) is_blank: bool,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The name under which the text was parsed.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The cause, in Go's words.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Parses a text under a name. What is not UTF-8 in it is replaced.
///
/// # Errors
///
/// The first thing that is wrong, as in Go.
pub fn parse(name: &str, text: Arc<[u8]>, functions: &FunctionTable) -> Result<File, ParseError> {
    let lossy = match std::str::from_utf8(&text) {
        Ok(input) => {
            let (tree, definitions) = parser::parse(name, input, functions).map_err(|error| *error)?;
            return Ok(File { name: name.into(), tree: Tree { text, ..tree }, definitions });
        }
        Err(_) => String::from_utf8_lossy(&text).into_owned(),
    };
    parse(name, lossy.into_bytes().into(), functions)
}
