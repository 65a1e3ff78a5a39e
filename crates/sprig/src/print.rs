//! Values as text: `%v` and what `toString` makes of them.

use go_template::{Error, Text, Value};

/// Nesting beyond which a map is taken to hold itself.
const DEPTH: usize = 2000;

/// `fmt.Sprint` of one value: nil is `<nil>`.
pub(crate) fn display(value: &Value) -> Result<Text, Error> {
    if let Value::String(text) = value {
        return Ok(text.clone());
    }
    let mut out = Vec::new();
    write(value, DEPTH, &mut out)?;
    Ok(Text::from(out))
}

/// `toString`: as [`display`], but bytes are text.
pub(crate) fn to_text(value: &Value) -> Result<Text, Error> {
    match value {
        Value::Bytes(bytes) => Ok(Text::from(&bytes[..])),
        other => display(other),
    }
}

fn write(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Error::new("stack overflow")) };
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(value) | Value::Int64(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Uint64(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Float64(value) => out.extend_from_slice(go_fmt::float(*value).as_bytes()),
        Value::String(text) => out.extend_from_slice(text.as_bytes()),
        Value::Bytes(bytes) => {
            let numbers: Vec<_> = bytes.iter().map(u8::to_string).collect();
            out.extend_from_slice(format!("[{}]", numbers.join(" ")).as_bytes());
        }
        Value::List(list) => {
            out.push(b'[');
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Map(map) => {
            out.extend_from_slice(b"map[");
            for (index, (key, item)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                out.extend_from_slice(key.as_bytes());
                out.push(b':');
                write(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Object(object) => out.extend_from_slice(object.print().as_bytes()),
    }
    Ok(())
}
