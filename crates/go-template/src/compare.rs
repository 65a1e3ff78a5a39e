//! `eq`, `ne`, `lt`, `le`, `gt` and `ge`.

use std::cmp::Ordering;

use crate::function::Error;
use crate::printf;
use crate::value::Value;

/// What kinds can be compared with each other: `basicKind`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basic {
    Bool,
    Int,
    Uint,
    Float,
    String,
}

fn basic(value: &Value) -> Option<Basic> {
    match value {
        Value::Bool(_) => Some(Basic::Bool),
        Value::Int(_) | Value::Int64(_) => Some(Basic::Int),
        Value::Uint64(_) => Some(Basic::Uint),
        Value::Float64(_) => Some(Basic::Float),
        Value::String(_) => Some(Basic::String),
        _ => None,
    }
}

fn incompatible(a: &Value, b: &Value) -> Error {
    Error::new(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

fn non_comparable(value: &Value) -> Error {
    match printf::sprintf("%s", std::slice::from_ref(value)) {
        Ok(shown) => Error::new(format!("non-comparable type {}: {}", shown.to_str(), value.type_name())),
        Err(error) => error,
    }
}

fn non_comparable_types(a: &Value, b: &Value) -> Error {
    let show = |value: &Value| {
        printf::sprintf("%s", std::slice::from_ref(value))
            .map_or_else(|error| error.to_string(), |text| text.to_str().into_owned())
    };
    let (shown_a, shown_b) = (show(a), show(b));
    let (type_a, type_b) = (a.type_name(), b.type_name());
    Error::new(format!("non-comparable types {shown_a}: {type_a}, {type_b}: {shown_b}"))
}

/// Whether the first equals any of the others.
pub(crate) fn eq(values: &[Value]) -> Result<Value, Error> {
    let Some((first, others)) = values.split_first() else { return Ok(Value::Bool(false)) };
    for other in others {
        if equal(first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn equal(a: &Value, b: &Value) -> Result<bool, Error> {
    match (a, b) {
        (Value::Nil, other) | (other, Value::Nil) => return Ok(matches!(other, Value::Nil) && is_nil(a)),
        (_, Value::List(_) | Value::Map(_) | Value::Bytes(_)) if basic(a).is_none() => {
            return Err(if a.kind() == b.kind() { non_comparable(b) } else { non_comparable_types(a, b) });
        }
        _ => {}
    }
    match (basic(a), basic(b)) {
        (Some(x), Some(y)) if x == y => Ok(order(a, b) == Some(Ordering::Equal)),
        (Some(Basic::Int), Some(Basic::Uint)) | (Some(Basic::Uint), Some(Basic::Int)) => {
            Ok(order(a, b) == Some(Ordering::Equal))
        }
        (Some(_), _) | (_, Some(_)) => Err(incompatible(a, b)),
        (None, None) => match (a, b) {
            (Value::Object(a), Value::Object(b)) => Ok(std::rc::Rc::ptr_eq(a, b)),
            _ => Err(non_comparable_types(a, b)),
        },
    }
}

fn is_nil(value: &Value) -> bool {
    matches!(value, Value::Nil)
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Float64(a), Value::Float64(b)) => a.partial_cmp(b),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Uint64(a), Value::Uint64(b)) => Some(a.cmp(b)),
        (a, b) => Some(wide(a)?.cmp(&wide(b)?)),
    }
}

fn wide(value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) | Value::Int64(value) => Some(i128::from(*value)),
        Value::Uint64(value) => Some(i128::from(*value)),
        _ => None,
    }
}

/// Not equal.
pub(crate) fn ne(values: &[Value]) -> Result<Value, Error> {
    match eq(values)? {
        Value::Bool(equal) => Ok(Value::Bool(!equal)),
        other => Ok(other),
    }
}

fn less(a: &Value, b: &Value) -> Result<Option<Ordering>, Error> {
    let invalid = || Error::new("invalid type for comparison");
    let (x, y) = (basic(a).ok_or_else(invalid)?, basic(b).ok_or_else(invalid)?);
    match (x, y) {
        (Basic::Bool, Basic::Bool) => Err(invalid()),
        (Basic::Int, Basic::Uint) | (Basic::Uint, Basic::Int) => Ok(order(a, b)),
        (x, y) if x == y => Ok(order(a, b)),
        _ => Err(incompatible(a, b)),
    }
}

fn pair(values: &[Value], holds: impl Fn(Ordering) -> bool) -> Result<Value, Error> {
    match values {
        [a, b] => Ok(Value::Bool(less(a, b)?.is_some_and(holds))),
        _ => Ok(Value::Bool(false)),
    }
}

/// Less.
pub(crate) fn lt(values: &[Value]) -> Result<Value, Error> {
    pair(values, Ordering::is_lt)
}

/// Less or equal.
pub(crate) fn le(values: &[Value]) -> Result<Value, Error> {
    pair(values, Ordering::is_le)
}

/// Greater.
pub(crate) fn gt(values: &[Value]) -> Result<Value, Error> {
    pair(values, Ordering::is_gt)
}

/// Greater or equal.
pub(crate) fn ge(values: &[Value]) -> Result<Value, Error> {
    pair(values, Ordering::is_ge)
}
