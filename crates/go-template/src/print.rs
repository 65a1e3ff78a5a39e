//! Values as `fmt.Print` and `%v` show them.

use crate::bound::{MAX_NESTING, TextBuilder, stack_overflow};
use crate::function::Error;
use crate::text::Text;
use crate::value::Value;

/// `fmt.Sprint` of one value: nil is `<nil>`.
///
/// # Errors
///
/// If the value holds itself, or is too large in print.
pub fn to_text(value: &Value) -> Result<Text, Error> {
    match value {
        Value::String(text) => Ok(text.clone()),
        other => sprint(std::slice::from_ref(other)),
    }
}

/// `fmt.Sprint`: spaces stand between neighbours of which neither is a string.
///
/// # Errors
///
/// If a value holds itself, or they are too large in print.
pub fn sprint(values: &[Value]) -> Result<Text, Error> {
    let mut text = TextBuilder::new();
    let mut was_string = true;
    for value in values {
        let is_string = matches!(value, Value::String(_));
        if !text.is_empty() && !is_string && !was_string {
            text.push(b" ")?;
        }
        print(value, &mut text)?;
        was_string = is_string;
    }
    Ok(text.into())
}

/// `fmt.Sprintln`: spaces stand between all, and a line break at the end.
///
/// # Errors
///
/// If a value holds itself, or they are too large in print.
pub fn sprintln(values: &[Value]) -> Result<Text, Error> {
    let mut text = TextBuilder::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(b" ")?;
        }
        print(value, &mut text)?;
    }
    text.push(b"\n")?;
    Ok(text.into())
}

/// Appends `%v` of a value.
///
/// # Errors
///
/// If the value holds itself, or the text gets too large.
pub fn print(value: &Value, text: &mut TextBuilder) -> Result<(), Error> {
    nested(value, MAX_NESTING, text)
}

fn nested(value: &Value, depth: usize, text: &mut TextBuilder) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(stack_overflow)?;
    match value {
        Value::List(list) => {
            text.push(b"[")?;
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    text.push(b" ")?;
                }
                nested(item, depth, text)?;
            }
            text.push(b"]")
        }
        Value::Map(map) => {
            text.push(b"map[")?;
            for (index, (key, item)) in map.entries().iter().enumerate() {
                if index > 0 {
                    text.push(b" ")?;
                }
                text.push(key.as_bytes())?;
                text.push(b":")?;
                nested(item, depth, text)?;
            }
            text.push(b"]")
        }
        other => single(other, text),
    }
}

/// Not inlined into [`nested`], whose frames are to stay small.
#[inline(never)]
fn single(value: &Value, text: &mut TextBuilder) -> Result<(), Error> {
    match value {
        Value::Nil | Value::List(_) | Value::Map(_) => text.push(b"<nil>"),
        Value::Bool(value) => text.push(value.to_string()),
        Value::Int(value) | Value::Int64(value) => text.push(value.to_string()),
        Value::Uint64(value) => text.push(value.to_string()),
        Value::Float64(value) => text.push(go_fmt::float(*value)),
        Value::String(value) => text.push(value.as_bytes()),
        Value::Bytes(bytes) => {
            text.push(b"[")?;
            for (index, byte) in bytes.iter().enumerate() {
                if index > 0 {
                    text.push(b" ")?;
                }
                text.push(byte.to_string())?;
            }
            text.push(b"]")
        }
        Value::Object(object) => text.push(object.print()),
    }
}
