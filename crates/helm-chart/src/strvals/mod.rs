//! The grammar of `--set` and its relatives.
//!
//! `a.b[0]=x,c={1,2}` sets values in maps and lists that are made where there are none. A backslash takes the
//! meaning from the character behind it. What a value is depends on the option: see [`Mode`].

mod list;
mod parse;
mod scan;

use std::rc::Rc;

use go_template::{Map, Value};

use crate::error::Error;
use parse::Parser;

/// How the text of a value is read.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'read> {
    /// `--set`: booleans, null and integers without leading zeros; all else is a string.
    Typed,
    /// `--set-string`: all are strings.
    Strings,
    /// `--set-json`: JSON; its end is found by reading it.
    Json,
    /// `--set-file`: the path of a file with the value, given to a function that reads it.
    Files(&'read dyn Fn(&str) -> Result<Value, Error>),
    /// `--set-literal`: all the rest, with no character special.
    Literal,
}

/// Sets values in a map as a text says.
pub(crate) fn parse_into(text: &str, map: &Rc<Map>, mode: Mode<'_>) -> Result<(), Error> {
    Parser::new(text, mode).parse(map)
}

/// A value as `--set` reads it.
fn typed(text: &str) -> Value {
    if text.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Value::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Value::Nil;
    }
    match text.parse::<i64>() {
        Ok(number) if text == "0" || !text.starts_with('0') => Value::Int64(number),
        _ => Value::string(text),
    }
}

#[cfg(test)]
mod tests;
