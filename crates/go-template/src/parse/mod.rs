//! From text to trees.

pub mod ast;
mod lex;
mod literal;
mod names;
mod parser;

pub use parser::{ParseError, Tree, parse};
