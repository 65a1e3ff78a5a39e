//! Errors, in the words of the original.

use std::fmt::{self, Write as _};

/// Why a version or a constraint was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Error(message.into())
    }

    pub(crate) fn invalid_version() -> Self {
        Error::new("invalid semantic version")
    }

    pub(crate) fn invalid_prerelease() -> Self {
        Error::new("invalid prerelease string")
    }

    pub(crate) fn invalid_metadata() -> Self {
        Error::new("invalid metadata string")
    }

    pub(crate) fn leading_zero() -> Self {
        Error::new("version segment starts with 0")
    }

    pub(crate) fn improper_constraint(text: &str) -> Self {
        Error(format!("improper constraint: {}", quote(text)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Go's `%q`, but for what Unicode has that cannot be printed, of which only control characters are escaped.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for rune in text.chars() {
        match rune {
            '"' | '\\' => out.extend(['\\', rune]),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            _ if rune.is_control() => {
                let code = u32::from(rune);
                // Writing to a string cannot fail.
                let _ = if code < 0x80 { write!(out, "\\x{code:02x}") } else { write!(out, "\\u{code:04x}") };
            }
            _ => out.push(rune),
        }
    }
    out.push('"');
    out
}
