//! What a scalar means: `resolve.go` of go-yaml v2.

use crate::node::{Scalar, Value};

/// How Go resolves a plain scalar.
///
/// Booleans and nulls are the words of YAML 1.1. Integers are those of Go
/// source (`010`, `0o10`, `0x1F`, `0b11`) up to 64 bits, floats are decimal;
/// `_` is ignored in numbers that begin with a digit or a sign. Base 60 and
/// dates are strings, and so is a float out of range such as `1e400`.
pub fn resolve(text: &str) -> Value {
    // Nearly every text ends here.
    if text.bytes().next().is_some_and(|first| !may_begin_other(first)) {
        return Value::String;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Value::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes().first() {
        // Go gives such text to ParseFloat as it is, which takes `_` between
        // digits only.
        Some(b'.') if underscores_between_digits(text) => float(&text.replace('_', "")),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            let plain = text.replace('_', "");
            integer(&plain).unwrap_or_else(|| float(&plain))
        }
        _ => Value::String,
    }
}

/// Whether anything but a string can begin with a byte.
fn may_begin_other(first: u8) -> bool {
    matches!(
        first,
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'.' | b'+' | b'-' | b'0'
            ..=b'9'
    )
}

fn underscores_between_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(index, &byte)| {
        byte != b'_'
            || index > 0
                && bytes[index - 1].is_ascii_digit()
                && bytes.get(index + 1).is_some_and(u8::is_ascii_digit)
    })
}

/// `strconv.ParseInt(text, 0, 64)`, then `ParseUint`, then go-yaml's own
/// reading of `0b`, which lets a second sign through.
fn integer(text: &str) -> Option<Value> {
    let (negative, signed, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (base, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if let Some(magnitude) = magnitude(digits, base) {
        return signed_value(negative, magnitude).or_else(|| (!signed).then_some(Value::UInt(magnitude)));
    }
    let digits = text.strip_prefix("0b")?;
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits.strip_prefix('+')?),
    };
    signed_value(negative, magnitude(digits, 2)?)
}

fn magnitude(digits: &str, base: u32) -> Option<u64> {
    // from_str_radix would take a sign here.
    let clean = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if clean { u64::from_str_radix(digits, base).ok() } else { None }
}

fn signed_value(negative: bool, magnitude: u64) -> Option<Value> {
    let wide = i128::from(magnitude);
    i64::try_from(if negative { -wide } else { wide }).ok().map(Value::Int)
}

fn float(text: &str) -> Value {
    // Rust also reads words such as `inf` and `+infinity`.
    let decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    match text.parse::<f64>() {
        Ok(value) if decimal && value.is_finite() => Value::Float(value),
        _ => Value::String,
    }
}

/// What a scalar event means: the text and its value, or why its tag is wrong.
///
/// `implicit` is libyaml's word for plain scalars without a tag.
pub(crate) fn scalar(tag: Option<&str>, implicit: bool, text: &str) -> Result<(String, Value), String> {
    let tag = match tag {
        None | Some("") => {
            let value = if implicit { resolve(text) } else { Value::String };
            return Ok((text.to_owned(), value));
        }
        Some(tag) => tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(""),
    };
    let value = match (tag, resolve(text)) {
        ("null", Value::Null) => Value::Null,
        ("bool", value @ Value::Bool(_)) => value,
        ("int", value @ (Value::Int(_) | Value::UInt(_))) => value,
        ("float", value @ Value::Float(_)) => value,
        #[allow(clippy::cast_precision_loss)]
        ("float", Value::Int(value)) => Value::Float(value as f64),
        ("null" | "bool" | "int" | "float", _) => {
            return Err(format!("{text:?} is not of the type its tag !!{tag} says"));
        }
        ("binary", _) => match base64(text) {
            Some(bytes) => return Ok((json_text(&bytes), Value::String)),
            None => return Err("!!binary value contains invalid base64 data".to_owned()),
        },
        _ => Value::String,
    };
    Ok((text.to_owned(), value))
}

/// The text of bytes as Go puts it into JSON: U+FFFD for each byte that is not
/// UTF-8.
fn json_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Standard padded base64; line breaks are skipped, as in Go.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let groups = digits.chunks(4).len();
    for (index, group) in digits.chunks(4).enumerate() {
        let used = group.iter().take_while(|&&byte| byte != b'=').count();
        let padded = group.len() == 4 && group[used..].iter().all(|&byte| byte == b'=');
        if used < 2 || !padded || used < 4 && index + 1 < groups {
            return None;
        }
        let mut bits = 0u32;
        for &digit in &group[..used] {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        bits <<= 6 * (4 - used);
        bytes.extend_from_slice(&bits.to_be_bytes()[1..used]);
    }
    Some(bytes)
}

/// The JSON name of a key, as `sigs.k8s.io/yaml` spells it.
pub(crate) fn key_name(scalar: &Scalar) -> String {
    match scalar.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) => float_name(value),
        Value::String => scalar.text.clone(),
    }
}

/// `strconv.FormatFloat(value, 'g', -1, 32)`, infinities as YAML writes them.
fn float_name(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    go_fmt::float32(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_needs_its_padding() {
        assert_eq!(base64("aGVs\nbG8="), Some(b"hello".to_vec()));
        assert_eq!(base64(""), Some(Vec::new()));
        for bad in ["a", "aGk", "aGk=aGk=", "a===", "====", "aG=k", "aG k", "aGk=\u{e9}"] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn float_keys_have_32_bits() {
        let name = |value| float_name(value);
        assert_eq!(name(0.1), "0.1");
        assert_eq!(name(1.234_567_89), "1.2345679");
        assert_eq!(name(100_000.0), "100000");
        assert_eq!(name(1e6), "1e+06");
        assert_eq!(name(1e-5), "1e-05");
        assert_eq!(name(1e300), ".inf");
    }

    #[test]
    fn a_tag_must_fit_its_text() {
        assert_eq!(scalar(Some("tag:yaml.org,2002:int"), false, "7"), Ok(("7".into(), Value::Int(7))));
        assert!(scalar(Some("tag:yaml.org,2002:int"), true, "x").is_err());
        assert_eq!(scalar(Some("!mine"), true, "7"), Ok(("7".into(), Value::String)));
    }
}
