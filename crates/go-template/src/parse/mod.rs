//! From text to trees.

pub mod ast;
mod lex;
mod literal;
mod parser;

pub use parser::{ParseError, Tree, parse};
