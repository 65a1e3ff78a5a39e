//! Conversions to numbers by the rules of spf13/cast.

use go_template::Value;

/// Why a text is not an integer.
pub(crate) enum NotInteger {
    Malformed,
    /// It is beyond 64 bits: the nearest number that is not.
    Range(i64),
}

/// An `int64` of any value, zero if there is none in it.
#[must_use]
pub fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Bool(value) => i64::from(*value),
        Value::Int(value) | Value::Int64(value) => *value,
        Value::Uint64(value) => value.cast_signed(),
        Value::Float64(value) => truncate(*value),
        Value::String(text) => parse_int(trim_zero_decimal(&text.to_str()), 0).unwrap_or(0),
        _ => 0,
    }
}

/// A `float64` of any value, zero if there is none in it.
#[must_use]
pub fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Int(value) | Value::Int64(value) => *value as f64,
        Value::Uint64(value) => *value as f64,
        Value::Float64(value) => *value,
        Value::String(text) => parse_float(&text.to_str()).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// What amd64 makes of a float: beyond 64 bits, the least integer.
pub(crate) fn truncate(value: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    if fits { value as i64 } else { i64::MIN }
}

fn trim_zero_decimal(text: &str) -> &str {
    let mut found_zero = false;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b'.' if found_zero => return &text[..at],
            b'.' => {}
            b'0' => found_zero = true,
            _ => return text,
        }
    }
    text
}

/// `strconv.ParseInt` to 64 bits. Base 0 takes prefixes and underscores.
pub(crate) fn parse_int(text: &str, base: u32) -> Result<i64, NotInteger> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'+') => (false, &text[1..]),
        Some(b'-') => (true, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() {
        return Err(NotInteger::Malformed);
    }
    let (base, digits, prefixed) = if base == 0 { prefix(digits) } else { (base, digits, false) };
    if base != 8 && digits.is_empty() {
        return Err(NotInteger::Malformed);
    }
    let mut magnitude = 0u128;
    for rune in digits.chars() {
        if rune == '_' && prefixed {
            continue;
        }
        let digit = rune.to_digit(base).ok_or(NotInteger::Malformed)?;
        magnitude = magnitude.saturating_mul(u128::from(base)).saturating_add(u128::from(digit));
    }
    if prefixed && digits.contains('_') && !underscores_fit(text) {
        return Err(NotInteger::Malformed);
    }
    let limit = if negative { i64::MIN } else { i64::MAX };
    let signed = i128::try_from(magnitude).map_err(|_| NotInteger::Range(limit))?;
    i64::try_from(if negative { -signed } else { signed }).map_err(|_| NotInteger::Range(limit))
}

/// The base that a text asks for, what follows the prefix, and that underscores are allowed.
fn prefix(digits: &str) -> (u32, &str, bool) {
    let bytes = digits.as_bytes();
    match bytes {
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..], true),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..], true),
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..], true),
        [b'0', ..] => (8, &digits[1..], true),
        _ => (10, digits, true),
    }
}

/// Whether underscores stand only between digits, or between a prefix and a digit.
fn underscores_fit(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let (mut last, rest, hex) = match text.as_bytes() {
        [b'0', mark @ (b'b' | b'o' | b'x'), rest @ ..] => (b'0', rest, *mark == b'x'),
        rest => (b'^', rest, false),
    };
    for &byte in rest {
        if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() {
            last = b'0';
        } else if byte == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}

/// `strconv.ParseFloat`, None for what it refuses.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    match unsigned.as_str() {
        "inf" | "infinity" => {
            return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        "nan" => return (unsigned.len() == text.len()).then_some(f64::NAN),
        _ => {}
    }
    if text.contains('_') && !underscores_fit(text) {
        return None;
    }
    let plain = unsigned.replace('_', "");
    let magnitude = match plain.strip_prefix("0x") {
        Some(hex) => parse_hex_float(hex)?,
        None => plain
            .bytes()
            .next()
            .filter(|byte| byte.is_ascii_digit() || *byte == b'.')
            .and(plain.parse().ok())?,
    };
    if magnitude.is_infinite() {
        return None;
    }
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// `1.8p3` behind `0x`, as far as 53 bits of mantissa hold it.
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let bits = u64::from_str_radix(&digits, 16).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some(bits as f64 * 2f64.powi(exponent.saturating_sub(4 * i32::try_from(fraction.len()).ok()?)))
}
