//! Arguments of functions, as the interpreter has checked them.

use std::rc::Rc;

use go_template::{Error, Function, Map, MapKind, Param, Value};

/// A row of a table of functions.
pub(crate) type Entry = (&'static str, Function);

/// A function that computes with its arguments alone.
pub(crate) const fn pure(
    params: &'static [Param],
    variadic: Option<Param>,
    run: fn(&[Value]) -> Result<Value, Error>,
) -> Function {
    Function::pure(params, variadic, run)
}

pub(crate) fn value(args: &[Value], index: usize) -> &Value {
    args.get(index).unwrap_or(&Value::Nil)
}

pub(crate) fn text(args: &[Value], index: usize) -> Result<&[u8], Error> {
    match value(args, index) {
        Value::String(text) => Ok(text.as_bytes()),
        other => Err(wrong_type("string", other)),
    }
}

pub(crate) fn int(args: &[Value], index: usize) -> Result<i64, Error> {
    match value(args, index) {
        Value::Int(value) => Ok(*value),
        other => Err(wrong_type("int", other)),
    }
}

/// A `map[string]interface{}`: None is a nil map, which reads as an empty one and cannot be written.
pub(crate) fn map(args: &[Value], index: usize) -> Result<Option<Rc<Map>>, Error> {
    match value(args, index) {
        Value::Map(map) if map.kind == MapKind::Any => Ok(Some(Rc::clone(map))),
        // Go converts a value to the type of the parameter, so the result has that type as well.
        Value::Map(map) => Ok(Some(map.seen_as(MapKind::Any))),
        Value::Nil => Ok(None),
        other => Err(wrong_type("map[string]interface {}", other)),
    }
}

/// The rest of the arguments.
pub(crate) fn from(args: &[Value], index: usize) -> &[Value] {
    args.get(index..).unwrap_or_default()
}

fn wrong_type(expected: &str, value: &Value) -> Error {
    Error(format!("wrong type for value; expected {expected}; got {}", value.type_name()))
}

/// What Go's runtime says when a function looks into a nil interface.
pub(crate) fn nil_pointer() -> Error {
    Error::new("runtime error: invalid memory address or nil pointer dereference")
}
