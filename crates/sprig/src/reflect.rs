//! Types, and equality by type and content.

use go_template::Param::{Any, String as Str};
use go_template::{Error, Value};

use crate::arguments::{Entry, pure, text, value};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        (
            "deepEqual",
            pure(&[Any, Any], None, |args| Ok(Value::Bool(deep_equal(value(args, 0), value(args, 1))))),
        ),
        ("kindIs", pure(&[Str, Any], None, |args| is(args, value(args, 1).kind()))),
        ("kindOf", pure(&[Any], None, |args| Ok(Value::string(value(args, 0).kind())))),
        ("typeIs", pure(&[Str, Any], None, |args| is(args, &value(args, 1).type_name()))),
        ("typeIsLike", pure(&[Str, Any], None, type_is_like)),
        ("typeOf", pure(&[Any], None, |args| Ok(Value::string(value(args, 0).type_name())))),
    ]
}

fn is(args: &[Value], name: &str) -> Result<Value, Error> {
    Ok(Value::Bool(text(args, 0)? == name.as_bytes()))
}

fn type_is_like(args: &[Value]) -> Result<Value, Error> {
    let name = value(args, 1).type_name();
    let wanted = text(args, 0)?;
    Ok(Value::Bool(wanted == name.as_bytes() || Some(wanted) == name.strip_prefix('*').map(str::as_bytes)))
}

/// Nesting beyond which two maps are taken to hold themselves, which Go finds equal.
const DEPTH: usize = 2000;

/// `reflect.DeepEqual`: an `int` is not equal to a `float64`.
#[must_use]
pub fn deep_equal(left: &Value, right: &Value) -> bool {
    equal(left, right, DEPTH)
}

fn equal(left: &Value, right: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    match (left, right) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) | (Value::Int64(left), Value::Int64(right)) => left == right,
        (Value::Uint64(left), Value::Uint64(right)) => left == right,
        (Value::Float64(left), Value::Float64(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        (Value::List(a), Value::List(b)) => {
            a.item == b.item
                && crate::is_nil_list(left) == crate::is_nil_list(right)
                && a.items.len() == b.items.len()
                && a.items.iter().zip(&b.items).all(|(left, right)| equal(left, right, depth))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.kind == right.kind
                && (left.is(right) || {
                    let (left, right) = (left.entries(), right.entries());
                    left.len() == right.len()
                        && left.iter().zip(right.iter()).all(|((left_key, left), (right_key, right))| {
                            left_key == right_key && equal(left, right, depth)
                        })
                })
        }
        (Value::Object(left), Value::Object(right)) => {
            left.type_name() == right.type_name() && equal(&left.to_plain(), &right.to_plain(), depth)
        }
        _ => false,
    }
}
