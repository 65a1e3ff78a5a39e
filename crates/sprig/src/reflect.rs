//! Types, and equality by type and content.

use std::collections::BTreeSet;
use std::rc::Rc;

use go_template::Param::{Any, String as Str};
use go_template::{Error, MAX_NESTING, Map, Value, spend};

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

/// `reflect.DeepEqual`: an `int` is not equal to a `float64`.
#[must_use]
pub fn deep_equal(left: &Value, right: &Value) -> bool {
    Comparison::default().equal(left, right, MAX_NESTING)
}

/// Pairs of lists and maps that are being compared, or were: as Go does, they are taken to be equal when they are
/// met again, so that values which hold themselves come to an end.
#[derive(Default)]
struct Comparison {
    pairs: BTreeSet<(*const (), *const ())>,
    compared: u64,
}

impl Comparison {
    fn equal(&mut self, left: &Value, right: &Value, depth: usize) -> bool {
        self.compared += 1;
        let Some(depth) = depth.checked_sub(1) else { return true };
        match (left, right) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) | (Value::Int64(left), Value::Int64(right)) => {
                left == right
            }
            (Value::Uint64(left), Value::Uint64(right)) => left == right,
            (Value::Float64(left), Value::Float64(right)) => left == right,
            (Value::String(left), Value::String(right)) => left == right,
            (Value::Bytes(left), Value::Bytes(right)) => left == right,
            (Value::List(a), Value::List(b)) => {
                a.item == b.item
                    && crate::is_nil_list(left) == crate::is_nil_list(right)
                    && a.items.len() == b.items.len()
                    && (Rc::ptr_eq(a, b)
                        || self.is_known(Rc::as_ptr(a).cast(), Rc::as_ptr(b).cast())
                        || a.items.iter().zip(&b.items).all(|(left, right)| self.equal(left, right, depth)))
            }
            (Value::Map(a), Value::Map(b)) => a.kind == b.kind && (a.is(b) || self.equal_maps(a, b, depth)),
            (Value::Object(left), Value::Object(right)) => {
                // Of their own, for other values may get the places of these in memory.
                let mut plain = Comparison::default();
                left.type_name() == right.type_name()
                    && plain.equal(&left.to_plain(), &right.to_plain(), depth)
            }
            _ => false,
        }
    }

    fn equal_maps(&mut self, a: &Map, b: &Map, depth: usize) -> bool {
        let (left, right) = (a.entries(), b.entries());
        left.len() == right.len()
            && (self.is_known((&raw const *left).cast(), (&raw const *right).cast())
                || left.iter().zip(right.iter()).all(|((left_key, left), (right_key, right))| {
                    left_key == right_key && self.equal(left, right, depth)
                }))
    }

    fn is_known(&mut self, left: *const (), right: *const ()) -> bool {
        !self.pairs.insert((left, right))
    }
}

impl Drop for Comparison {
    fn drop(&mut self) {
        spend(self.compared / 4);
    }
}
