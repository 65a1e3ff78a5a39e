//! Values as `fmt.Print` and `%v` show them.

use crate::text::Text;
use crate::value::Value;

/// Collections within collections that are shown; a map that holds itself ends here.
const DEEPEST: usize = 200;

/// A value as `%v`, nil as `<nil>`.
#[must_use]
pub fn to_text(value: &Value) -> Text {
    match value {
        Value::String(text) => text.clone(),
        other => Text::from(self::value(other)),
    }
}

/// `fmt.Sprint`: spaces stand between neighbours of which neither is a string.
#[must_use]
pub fn sprint(values: &[Value]) -> Text {
    let mut text = Vec::new();
    let mut was_string = true;
    for value in values {
        let is_string = matches!(value, Value::String(_));
        if !text.is_empty() && !is_string && !was_string {
            text.push(b' ');
        }
        push(&mut text, value, 0);
        was_string = is_string;
    }
    Text::from(text)
}

/// `fmt.Sprintln`: spaces stand between all, and a line break at the end.
#[must_use]
pub fn sprintln(values: &[Value]) -> Text {
    let mut text = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(b' ');
        }
        push(&mut text, value, 0);
    }
    text.push(b'\n');
    Text::from(text)
}

/// The bytes of `%v`.
pub(crate) fn value(value: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    push(&mut text, value, 0);
    text
}

fn push(text: &mut Vec<u8>, value: &Value, depth: usize) {
    if depth > DEEPEST {
        text.extend_from_slice(b"...");
        return;
    }
    match value {
        Value::Nil => text.extend_from_slice(b"<nil>"),
        Value::Bool(value) => text.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(value) | Value::Int64(value) => text.extend_from_slice(value.to_string().as_bytes()),
        Value::Uint64(value) => text.extend_from_slice(value.to_string().as_bytes()),
        Value::Float64(value) => text.extend_from_slice(go_fmt::float(*value).as_bytes()),
        Value::String(value) => text.extend_from_slice(value.as_bytes()),
        Value::Bytes(bytes) => {
            let bytes: Vec<_> = bytes.iter().map(u8::to_string).collect();
            text.extend_from_slice(format!("[{}]", bytes.join(" ")).as_bytes());
        }
        Value::List(list) => {
            text.push(b'[');
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    text.push(b' ');
                }
                push(text, item, depth + 1);
            }
            text.push(b']');
        }
        Value::Map(map) => {
            text.extend_from_slice(b"map[");
            for (index, (key, item)) in map.entries().iter().enumerate() {
                if index > 0 {
                    text.push(b' ');
                }
                text.extend_from_slice(key.as_bytes());
                text.push(b':');
                push(text, item, depth + 1);
            }
            text.push(b']');
        }
        Value::Object(object) => text.extend_from_slice(object.print().as_bytes()),
    }
}
