//! Go's own functions: `funcs.go` of `text/template`.

use crate::bound::TextBuilder;
use crate::function::{Error, Function, Param};
use crate::value::{List, Value};
use crate::{compare, print, printf};
use std::rc::Rc;

const ANY: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];

/// The names of Go's functions.
pub(crate) const NAMES: [&str; 19] = [
    "and", "or", "not", "len", "index", "slice", "print", "println", "printf", "html", "js", "urlquery",
    "call", "eq", "ne", "lt", "le", "gt", "ge",
];

/// A function of Go by its name. `and` and `or` are executed by the interpreter, which leaves operands alone
/// that do not count.
pub(crate) fn find(name: &str) -> Option<Function> {
    const MORE: Option<Param> = Some(Param::Any);
    Some(match name {
        "and" | "or" => Function::pure(ANY, MORE, |values| Ok(values.last().cloned().unwrap_or_default())),
        "not" => Function::pure(ANY, None, |values| Ok(Value::Bool(!values.iter().any(Value::is_true)))),
        "len" => Function::pure(ANY, None, len),
        "index" => Function::pure(ANY, MORE, index),
        "slice" => Function::pure(ANY, MORE, slice),
        "print" => Function::pure(&[], MORE, |values| print::sprint(values).map(Value::String)),
        "println" => Function::pure(&[], MORE, |values| print::sprintln(values).map(Value::String)),
        "printf" => Function::pure(&[Param::String], MORE, |values| match values.split_first() {
            Some((Value::String(format), arguments)) => {
                printf::sprintf(&format.to_str(), arguments).map(Value::String)
            }
            _ => Ok(Value::Nil),
        }),
        "html" => Function::pure(&[], MORE, |values| {
            escaped(&printable(values), false, |c| match c {
                '\0' => Some("\u{fffd}".to_owned()),
                '"' => Some("&#34;".to_owned()),
                '\'' => Some("&#39;".to_owned()),
                '&' => Some("&amp;".to_owned()),
                '<' => Some("&lt;".to_owned()),
                '>' => Some("&gt;".to_owned()),
                _ => None,
            })
        }),
        "js" => Function::pure(&[], MORE, |values| escaped(&printable(values), false, js)),
        "urlquery" => Function::pure(&[], MORE, |values| {
            escaped(&printable(values), true, |c| {
                if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~') {
                    return None;
                }
                if c == ' ' {
                    return Some("+".to_owned());
                }
                Some(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect())
            })
        }),
        "call" => Function::pure(ANY, MORE, |values| match values.first() {
            None | Some(Value::Nil) => Err(Error::new("call of nil")),
            Some(value) => Err(Error::new(format!("non-function of type {}", value.type_name()))),
        }),
        "eq" => Function::pure(ANY, MORE, |values| match values.len() {
            1 => Err(Error::new("missing argument for comparison")),
            _ => compare::eq(values),
        }),
        "ne" => Function::pure(TWO, None, compare::ne),
        "lt" => Function::pure(TWO, None, compare::lt),
        "le" => Function::pure(TWO, None, compare::le),
        "gt" => Function::pure(TWO, None, compare::gt),
        "ge" => Function::pure(TWO, None, compare::ge),
        _ => return None,
    })
}

/// `evalArgs`: nil is what the template would print.
fn printable(values: &[Value]) -> Vec<Value> {
    let shown = |value: &Value| match value {
        Value::Nil => Value::string("<no value>"),
        value => value.clone(),
    };
    values.iter().map(shown).collect()
}

/// Go's own check lets the length itself pass, and reflection does not.
fn at_the_end(error: Error, key: &Value, length: usize, what: &str) -> Error {
    match key {
        Value::Int(at) | Value::Int64(at) if usize::try_from(*at) == Ok(length) => {
            Error::new(format!("reflect: {what} index out of range"))
        }
        _ => error,
    }
}

fn js(c: char) -> Option<String> {
    Some(match c {
        '\\' => "\\\\".to_owned(),
        '\'' => "\\'".to_owned(),
        '"' => "\\\"".to_owned(),
        '<' => "\\u003C".to_owned(),
        '>' => "\\u003E".to_owned(),
        '&' => "\\u0026".to_owned(),
        '=' => "\\u003D".to_owned(),
        c if c != ' ' && go_fmt::quote(c.encode_utf8(&mut [0; 4])).starts_with("\"\\") => {
            format!("\\u{:04X}", u32::from(c))
        }
        _ => return None,
    })
}

/// `is_query` tells that what is no UTF-8 is escaped too.
fn escaped(
    values: &[Value],
    is_query: bool,
    escape: impl Fn(char) -> Option<String>,
) -> Result<Value, Error> {
    let text = print::sprint(values)?;
    let mut result = TextBuilder::with_capacity(text.len());
    for chunk in text.as_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match escape(c) {
                Some(escaped) => result.push(escaped)?,
                None => result.push(c.encode_utf8(&mut [0; 4]))?,
            }
        }
        if is_query {
            let bytes = chunk.invalid().iter();
            result.push(bytes.map(|byte| format!("%{byte:02X}")).collect::<String>())?;
        } else {
            result.push(chunk.invalid())?;
        }
    }
    Ok(Value::String(result.into()))
}

fn len(values: &[Value]) -> Result<Value, Error> {
    let length = match values.first() {
        None | Some(Value::Nil) => return Err(Error::new("len of nil pointer")),
        Some(Value::String(text)) => text.len(),
        Some(Value::Bytes(bytes)) => bytes.len(),
        Some(Value::List(list)) => list.items.len(),
        Some(Value::Map(map)) => map.entries().len(),
        Some(Value::Object(object)) if object.entries().is_some() => {
            object.entries().unwrap_or_default().len()
        }
        Some(other) => return Err(Error::new(format!("len of type {}", other.type_name()))),
    };
    #[allow(clippy::cast_possible_wrap)]
    Ok(Value::Int(length as i64))
}

fn index(values: &[Value]) -> Result<Value, Error> {
    let Some((first, keys)) = values.split_first() else { return Ok(Value::Nil) };
    if matches!(first, Value::Nil) {
        return Err(Error::new("index of untyped nil"));
    }
    let mut value = first.clone();
    for key in keys {
        value = match &value {
            Value::Nil => return Err(Error::new("index of nil pointer")),
            Value::List(list) => {
                let length = list.items.len();
                let at = position(key, length, false);
                let at = at.map_err(|error| at_the_end(error, key, length, "slice"))?;
                list.items.get(at).cloned().unwrap_or_default()
            }
            Value::String(text) => {
                let at = position(key, text.len(), false)
                    .map_err(|error| at_the_end(error, key, text.len(), "string"))?;
                text.as_bytes().get(at).map(|byte| Value::Int(i64::from(*byte))).unwrap_or_default()
            }
            Value::Bytes(bytes) => {
                let at = position(key, bytes.len(), false)?;
                bytes.get(at).map(|byte| Value::Int(i64::from(*byte))).unwrap_or_default()
            }
            Value::Map(map) => {
                let found = map.entries().get(map_key(key)?.as_bytes()).cloned();
                match (found, map.kind) {
                    (None, crate::value::MapKind::Strings) => Value::string(""),
                    (found, _) => found.unwrap_or_default(),
                }
            }
            Value::Object(object) if object.kind() == "map" => {
                object.field(&map_key(key)?.to_str()).unwrap_or_default()
            }
            Value::Object(object) if object.kind() == "slice" => {
                let items = object.entries().unwrap_or_default();
                let length = items.len();
                let at = position(key, length, false);
                let at = at.map_err(|error| at_the_end(error, key, length, "slice"))?;
                items.into_iter().nth(at).map(|(_, item)| item).unwrap_or_default()
            }
            other => return Err(Error::new(format!("can't index item of type {}", other.type_name()))),
        };
    }
    Ok(value)
}

fn map_key(key: &Value) -> Result<crate::text::Text, Error> {
    match key {
        Value::String(text) => Ok(text.clone()),
        Value::Nil => Err(Error::new("value is nil; should be of type string")),
        other => Err(Error::new(format!("value has type {}; should be string", other.type_name()))),
    }
}

/// An index that a list of some length has; `end` may be the length itself.
fn position(key: &Value, length: usize, end: bool) -> Result<usize, Error> {
    let at = match key {
        Value::Int(at) | Value::Int64(at) => i128::from(*at),
        Value::Uint64(at) => i128::from(*at),
        Value::Nil => return Err(Error::new("cannot index slice/array with nil")),
        other => {
            return Err(Error::new(format!("cannot index slice/array with type {}", other.type_name())));
        }
    };
    match usize::try_from(at) {
        Ok(at) if at < length || (end && at == length) => Ok(at),
        _ => Err(Error::new(format!("index out of range: {at}"))),
    }
}

fn slice(values: &[Value]) -> Result<Value, Error> {
    let Some((first, keys)) = values.split_first() else { return Ok(Value::Nil) };
    let length = match first {
        Value::Nil => return Err(Error::new("slice of untyped nil")),
        Value::String(_) if keys.len() > 2 => return Err(Error::new("cannot 3-index slice a string")),
        Value::String(text) => text.len(),
        Value::List(list) => list.items.len(),
        other => return Err(Error::new(format!("can't slice item of type {}", other.type_name()))),
    };
    if keys.len() > 3 {
        return Err(Error::new(format!("too many slice indexes: {}", keys.len())));
    }
    let mut ends = [0, length];
    for (end, key) in ends.iter_mut().zip(keys) {
        *end = position(key, length, true)?;
    }
    let [from, to] = ends;
    if from > to {
        return Err(Error::new(format!("invalid slice index: {from} > {to}")));
    }
    Ok(match first {
        Value::String(text) => Value::string(text.as_bytes().get(from..to).unwrap_or_default()),
        Value::List(list) => Value::List(Rc::new(List {
            item: list.item,
            items: list.items.get(from..to).unwrap_or_default().to_vec(),
        })),
        _ => Value::Nil,
    })
}
