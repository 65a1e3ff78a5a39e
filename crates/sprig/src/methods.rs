//! What the methods of objects are called with.

use go_template::{Error, Value};

/// Fails unless a method was given as many arguments as it takes.
pub(crate) fn count(method: &str, arguments: &[Value], wanted: usize) -> Result<(), Error> {
    if arguments.len() == wanted {
        return Ok(());
    }
    Err(Error(format!("wrong number of args for {method}: want {wanted} got {}", arguments.len())))
}

/// An argument that is of another type than the method takes.
pub(crate) fn wrong_type(expected: &str, value: &Value) -> Error {
    match value {
        Value::Nil => Error(format!("invalid value; expected {expected}")),
        value => Error(format!("wrong type for value; expected {expected}; got {}", value.type_name())),
    }
}
