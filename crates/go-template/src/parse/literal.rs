//! What literals mean: `strconv`'s reading of numbers, strings and characters.

use super::ast::Number;

/// `strconv.Unquote` of a string in double quotes or backquotes.
pub(super) fn unquote(quoted: &str) -> Option<Vec<u8>> {
    if let Some(raw) = quoted.strip_prefix('`') {
        let raw = raw.strip_suffix('`')?;
        return Some(raw.bytes().filter(|&byte| byte != b'\r').collect());
    }
    let mut rest = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        if c != '\\' {
            bytes.extend_from_slice(&rest.as_bytes()[..c.len_utf8()]);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (meaning, after) = escape(rest, '"')?;
        match meaning {
            Meaning::Byte(byte) => bytes.push(byte),
            Meaning::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = after;
    }
    Some(bytes)
}

enum Meaning {
    Byte(u8),
    Char(char),
}

/// An escape, and what follows it.
fn escape(text: &str, quote: char) -> Option<(Meaning, &str)> {
    let mut chars = text.strip_prefix('\\')?.chars();
    let c = chars.next()?;
    let rest = chars.as_str();
    let simple = |c: char| Some((Meaning::Char(c), rest));
    match c {
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        '\\' => simple('\\'),
        '\'' | '"' if c == quote => simple(c),
        'x' | 'u' | 'U' => {
            let length = match c {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let digits = rest.get(..length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let code = u32::from_str_radix(digits, 16).ok()?;
            let meaning = match c {
                'x' => Meaning::Byte(u8::try_from(code).ok()?),
                _ => Meaning::Char(char::from_u32(code)?),
            };
            Some((meaning, &rest[length..]))
        }
        '0'..='7' => {
            let digits =
                text.get(1..4).filter(|digits| digits.bytes().all(|b| (b'0'..=b'7').contains(&b)))?;
            let code = u32::from_str_radix(digits, 8).ok()?;
            Some((Meaning::Byte(u8::try_from(code).ok()?), &text[4..]))
        }
        _ => None,
    }
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
    Ok(Number {
        text: text.into(),
        int: Some(code.into()),
        uint: Some(code.into()),
        float: Some(code.into()),
    })
}

/// A number: an integer if it can be one, else a float.
pub(super) fn number(text: &str) -> Result<Number, String> {
    if let Some(imaginary) = text.strip_suffix('i') {
        // Only zero is more than an imaginary number; templates have no use for the others.
        return match float(imaginary) {
            Some(0.0) => Ok(Number { text: text.into(), int: Some(0), uint: Some(0), float: Some(0.0) }),
            _ => Err(format!("illegal number syntax: {}", go_fmt::quote(text))),
        };
    }
    let mut uint = unsigned(text);
    let mut int = signed(text);
    if int == Some(0) {
        uint = Some(0);
    }
    #[allow(clippy::cast_precision_loss)]
    let mut value = int.map(|int| int as f64).or(uint.map(|uint| uint as f64));
    if value.is_none()
        && let Some(float) = float(text)
    {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", go_fmt::quote(text)));
        }
        value = Some(float);
        int = whole(float);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        if (0.0..18_446_744_073_709_551_616.0).contains(&float) && (float as u64) as f64 == float {
            uint = Some(float as u64);
        }
    }
    match value {
        None => Err(format!("illegal number syntax: {}", go_fmt::quote(text))),
        float => Ok(Number { text: text.into(), int, uint, float }),
    }
}

fn whole(float: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float)
        && (float as i64) as f64 == float;
    #[allow(clippy::cast_possible_truncation)]
    fits.then_some(float as i64)
}

/// `ParseUint(text, 0, 64)`
fn unsigned(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if !underscores_are_good(&lower) {
        return None;
    }
    let digits = digits.replace('_', "");
    let clean = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    clean.then(|| u64::from_str_radix(&digits, base).ok())?
}

fn signed(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = i128::from(unsigned(digits)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// `_` stands between digits, or between a base's prefix and a digit.
fn underscores_are_good(text: &str) -> bool {
    let has_prefix = matches!(text.as_bytes(), [b'0', b'x' | b'o' | b'b', ..]);
    let body = if has_prefix { &text[1..] } else { text };
    let bytes = body.as_bytes();
    bytes.iter().enumerate().all(|(index, &byte)| {
        byte != b'_'
            || (index > 0
                && bytes[index - 1] != b'_'
                && bytes.get(index + 1).is_some_and(u8::is_ascii_alphanumeric))
    })
}

/// `ParseFloat(text, 64)`
fn float(text: &str) -> Option<f64> {
    let unsigned = text.trim_start_matches(['+', '-']);
    if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        return hex_float(text);
    }
    if unsigned.contains('_') {
        // Go takes them only in the literals that have a base's prefix.
        return None;
    }
    let decimal = unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    text.parse::<f64>().ok().filter(|value| decimal && value.is_finite())
}

/// `0x1.8p3`
fn hex_float(text: &str) -> Option<f64> {
    let negative = text.starts_with('-');
    let body = text.trim_start_matches(['+', '-']).get(2..)?.replace('_', "").to_ascii_lowercase();
    let (digits, exponent) = body.split_once('p')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || all.len() > 16 {
        return None;
    }
    let mantissa = u64::from_str_radix(&all, 16).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    #[allow(clippy::cast_precision_loss)]
    let value = mantissa as f64 * 2f64.powi(shift);
    value.is_finite().then_some(if negative { -value } else { value })
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

    #[test]
    fn strings() {
        assert_eq!(unquote(r#""a\tb\x41\u00e9\101""#), Some("a\tbA\u{e9}A".into()));
        assert_eq!(unquote("`a\\n`"), Some(b"a\\n".to_vec()));
        assert_eq!(unquote(r#""\'""#), None);
    }
}
