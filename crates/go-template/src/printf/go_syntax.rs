//! `%#v`: values as Go would write them.

use crate::bound::{MAX_NESTING, TextBuilder, stack_overflow};
use crate::function::Error;
use crate::value::{Object, Value};

/// Appends a value as an expression of Go.
pub(super) fn write(out: &mut TextBuilder, value: &Value) -> Result<(), Error> {
    match value {
        Value::Nil => out.push("<nil>"),
        value => nested(out, value, MAX_NESTING),
    }
}

fn nested(out: &mut TextBuilder, value: &Value, depth: usize) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(stack_overflow)?;
    match value {
        Value::Nil => out.push("interface {}(nil)"),
        Value::Bool(value) => out.push(value.to_string()),
        Value::Int(value) | Value::Int64(value) => out.push(value.to_string()),
        Value::Uint64(value) => out.push(format!("{value:#x}")),
        Value::Float64(value) => out.push(go_fmt::float(*value)),
        Value::String(text) => out.push(go_fmt::quote_bytes(text.as_bytes())),
        Value::Bytes(bytes) => {
            let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:#x}")).collect();
            out.push(format!("[]byte{{{}}}", bytes.join(", ")))
        }
        Value::List(list) => {
            out.push(value.type_name())?;
            out.push("{")?;
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(", ")?;
                }
                nested(out, item, depth)?;
            }
            out.push("}")
        }
        Value::Map(map) => {
            out.push(value.type_name())?;
            out.push("{")?;
            for (index, (key, item)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(", ")?;
                }
                out.push(go_fmt::quote_bytes(key.as_bytes()))?;
                out.push(":")?;
                nested(out, item, depth)?;
            }
            out.push("}")
        }
        Value::Object(object) => structure(out, object.as_ref(), depth),
    }
}

fn structure(out: &mut TextBuilder, object: &dyn Object, depth: usize) -> Result<(), Error> {
    let Some(fields) = object.struct_fields() else { return out.push(object.print()) };
    out.push(object.type_name())?;
    out.push("{")?;
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(", ")?;
        }
        out.push(format!("{name}:"))?;
        nested(out, value, depth)?;
    }
    out.push("}")
}
