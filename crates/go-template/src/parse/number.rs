//! What numbers and character constants mean, as `strconv` reads them.

use go_fmt::{parse_float, parse_int, parse_uint};

use super::ast::{Number, Span};
use super::lex::is_word;
use super::quoted::{Meaning, escape};

/// How many bytes at the beginning of a text are one number, and whether no word goes on behind it:
/// `scanNumber`. The bytes include the character that is wrong.
pub(super) fn scan(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let accept = |at: &mut usize, valid: &[u8]| {
        let fits = bytes.get(*at).is_some_and(|byte| valid.contains(byte));
        *at += usize::from(fits);
        fits
    };
    let (mut digits, mut exponent): (&[u8], &[u8]) = (b"0123456789_", b"eE");
    if accept(&mut at, b"0") {
        if accept(&mut at, b"xX") {
            (digits, exponent) = (b"0123456789abcdefABCDEF_", b"pP");
        } else if accept(&mut at, b"oO") {
            (digits, exponent) = (b"01234567_", b"");
        } else if accept(&mut at, b"bB") {
            (digits, exponent) = (b"01_", b"");
        }
    }
    while accept(&mut at, digits) {}
    if accept(&mut at, b".") {
        while accept(&mut at, digits) {}
    }
    if accept(&mut at, exponent) {
        accept(&mut at, b"+-");
        while accept(&mut at, b"0123456789_") {}
    }
    accept(&mut at, b"i");
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(c) if is_word(c) => (at + c.len_utf8(), false),
        _ => (at, true),
    }
}

/// A number: an integer if it can be one, else a float.
pub(super) fn number(text: &str) -> Result<Number, String> {
    if let Some(imaginary) = text.strip_suffix('i') {
        // Only zero is more than an imaginary number; templates have no use for the others.
        return match parse_float(imaginary) {
            Some(0.0) => Ok(Number { text: Span::default(), int: Some(0), float: Some(0.0) }),
            _ => Err(format!("illegal number syntax: {}", go_fmt::quote(text))),
        };
    }
    let mut int = parse_int(text, 0).ok();
    #[allow(clippy::cast_precision_loss)]
    let mut value = int.map(|int| int as f64).or_else(|| parse_uint(text, 0).ok().map(|uint| uint as f64));
    if value.is_none()
        && let Some(float) = parse_float(text)
    {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", go_fmt::quote(text)));
        }
        value = Some(float);
        int = whole(float);
    }
    match value {
        None => Err(format!("illegal number syntax: {}", go_fmt::quote(text))),
        float => Ok(Number { text: Span::default(), int, float }),
    }
}

fn whole(float: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float)
        && (float as i64) as f64 == float;
    #[allow(clippy::cast_possible_truncation)]
    fits.then_some(float as i64)
}

/// A character constant, which is an integer.
pub(super) fn character(text: &str) -> Result<Number, String> {
    let malformed = || format!("malformed character constant: {text}");
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).ok_or_else(malformed)?;
    let (code, rest) = match inner.chars().next().ok_or_else(malformed)? {
        '\\' => match escape(inner, '\'').ok_or_else(malformed)? {
            (Meaning::Byte(byte), rest) => (u32::from(byte), rest),
            (Meaning::Char(c), rest) => (u32::from(c), rest),
        },
        c => (u32::from(c), &inner[c.len_utf8()..]),
    };
    if !rest.is_empty() {
        return Err(malformed());
    }
    Ok(Number { text: Span::default(), int: Some(code.into()), float: Some(code.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let int = |text: &str| number(text).unwrap().int;
        for (text, value) in
            [("0x1F", 31), ("017", 15), ("1_000", 1000), ("1e3", 1000), ("0b11", 3), ("-3", -3), ("0o17", 15)]
        {
            assert_eq!(int(text), Some(value), "{text}");
        }
        assert_eq!(number("1.5").unwrap().int, None);
        assert_eq!(number("0x1.8p3").unwrap().float, Some(12.0));
        assert!(number("08").is_err());
        assert!(number("99999999999999999999").unwrap_err().starts_with("integer overflow"));
        assert_eq!(character("'a'").unwrap().int, Some(97));
        assert_eq!(character("'\\n'").unwrap().int, Some(10));
    }
}
