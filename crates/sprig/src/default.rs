//! Defaults and choices.

use go_template::Param::{Any, Bool, String as Str};
use go_template::{Error, Value};

use crate::arguments::{Entry, from, pure, text, value};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("all", pure(&[], Some(Any), |args| Ok(Value::Bool(args.iter().all(Value::is_true))))),
        ("any", pure(&[], Some(Any), |args| Ok(Value::Bool(args.iter().any(Value::is_true))))),
        ("coalesce", pure(&[], Some(Any), coalesce)),
        ("default", pure(&[Any], Some(Any), default)),
        ("empty", pure(&[Any], None, |args| Ok(Value::Bool(!value(args, 0).is_true())))),
        ("fail", pure(&[Str], None, fail)),
        ("hello", pure(&[], None, |_| Ok(Value::string("Hello!")))),
        ("ternary", pure(&[Any, Any, Bool], None, ternary)),
    ]
}

fn default(args: &[Value]) -> Result<Value, Error> {
    let given = from(args, 1).first().filter(|given| given.is_true());
    Ok(given.unwrap_or(value(args, 0)).clone())
}

fn coalesce(args: &[Value]) -> Result<Value, Error> {
    Ok(args.iter().find(|value| value.is_true()).cloned().unwrap_or_default())
}

fn ternary(args: &[Value]) -> Result<Value, Error> {
    let chosen = if value(args, 2).is_true() { 0 } else { 1 };
    Ok(value(args, chosen).clone())
}

fn fail(args: &[Value]) -> Result<Value, Error> {
    Err(Error::new(String::from_utf8_lossy(text(args, 0)?)))
}
