//! Strings in double quotes: `strconv.Quote`.

use std::fmt::Write as _;

/// A string as Go source writes it: `%q`.
///
/// ```
/// assert_eq!(go_fmt::quote("a\t\u{e9}\u{200b}"), r#""a\té\u200b""#);
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// The same for bytes that need not be UTF-8.
#[must_use]
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push(&mut quoted, c);
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('"');
    quoted
}

fn push(quoted: &mut String, c: char) {
    let code = u32::from(c);
    match c {
        '"' => quoted.push_str("\\\""),
        '\\' => quoted.push_str("\\\\"),
        c if is_print(c) => quoted.push(c),
        '\u{7}' => quoted.push_str("\\a"),
        '\u{8}' => quoted.push_str("\\b"),
        '\u{c}' => quoted.push_str("\\f"),
        '\n' => quoted.push_str("\\n"),
        '\r' => quoted.push_str("\\r"),
        '\t' => quoted.push_str("\\t"),
        '\u{b}' => quoted.push_str("\\v"),
        _ => {
            let _ = match code {
                0..0x20 | 0x7f => write!(quoted, "\\x{code:02x}"),
                0x20..0x1_0000 => write!(quoted, "\\u{code:04x}"),
                _ => write!(quoted, "\\U{code:08x}"),
            };
        }
    }
}

/// `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    // Behind another character, Rust escapes what is not printable in the same sense, and nothing else.
    let text: String = ['a', c].into_iter().collect();
    text.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::{quote, quote_bytes};

    #[test]
    fn as_helm_prints_it() {
        assert_eq!(quote("b\"c\n"), r#""b\"c\n""#);
        assert_eq!(quote("é☃😀\u{200b}"), "\"é☃😀\\u200b\"");
        assert_eq!(quote("e\u{301}\u{a0}\u{85}\u{1}\u{7f}"), "\"e\u{301}\\u00a0\\u0085\\x01\\x7f\"");
        assert_eq!(quote_bytes(b"h\xc3"), r#""h\xc3""#);
    }
}
