//! Conversions to numbers by the rules of spf13/cast.

use go_fmt::{parse_float, parse_int};
use go_template::Value;

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
