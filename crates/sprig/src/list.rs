//! Lists. A `must` twin differs only in how Go reports an error, which a template cannot tell.

use std::collections::HashSet;
use std::rc::Rc;

use go_template::Param::{Any, Int};
use go_template::{Error, List, Text, Value, ensure_items_fit, spend};

use crate::arguments::{Entry, from, int, nil_pointer, pure, value};
use crate::cast::{to_int64, truncate};
use crate::nil_list;
use crate::reflect::deep_equal;

pub(crate) fn functions() -> Vec<Entry> {
    let push = pure(&[Any, Any], None, push);
    let list = pure(&[], Some(Any), |args| Ok(Value::list(args.to_vec())));
    let mut functions = vec![
        ("concat", pure(&[], Some(Any), concat)),
        ("list", list),
        ("mustAppend", push),
        ("mustPush", push),
        ("push", push),
        ("tuple", list),
    ];
    for (name, must, function) in [
        ("append", "mustAppend", push),
        ("chunk", "mustChunk", pure(&[Int, Any], None, chunk)),
        ("compact", "mustCompact", pure(&[Any], None, compact)),
        (
            "first",
            "mustFirst",
            pure(&[Any], None, |args| Ok(find(args, "first")?.first().cloned().unwrap_or_default())),
        ),
        ("has", "mustHas", pure(&[Any, Any], None, has)),
        ("initial", "mustInitial", pure(&[Any], None, initial)),
        ("last", "mustLast", pure(&[Any], None, |args| Ok(find(args, "last")?.pop().unwrap_or_default()))),
        ("prepend", "mustPrepend", pure(&[Any, Any], None, prepend)),
        ("rest", "mustRest", pure(&[Any], None, rest)),
        ("reverse", "mustReverse", pure(&[Any], None, reverse)),
        ("slice", "mustSlice", pure(&[Any], Some(Any), slice)),
        ("uniq", "mustUniq", pure(&[Any], None, uniq)),
        ("without", "mustWithout", pure(&[Any], Some(Any), without)),
    ] {
        functions.extend([(name, function), (must, function)]);
    }
    functions
}

/// The items of a value that Go sees as a slice.
pub(crate) fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(list) => Some(list.items.clone()),
        Value::Bytes(bytes) => Some(bytes.iter().map(|byte| Value::Uint64(u64::from(*byte))).collect()),
        Value::Object(object) if object.kind() == "slice" => {
            Some(object.entries()?.into_iter().map(|(_, item)| item).collect())
        }
        _ => None,
    }
}

/// The items of a value, or the error for one that has none: `before` and the kind of the value.
fn items_or(value: &Value, before: &str, after: &str) -> Result<Vec<Value>, Error> {
    if matches!(value, Value::Nil) {
        return Err(nil_pointer());
    }
    items(value).ok_or_else(|| Error(format!("{before} {}{after}", value.kind())))
}

fn find(args: &[Value], what: &str) -> Result<Vec<Value>, Error> {
    items_or(value(args, 0), &format!("Cannot find {what} on type"), "")
}

fn push(args: &[Value]) -> Result<Value, Error> {
    let mut items = items_or(value(args, 0), "Cannot push on type", "")?;
    items.push(value(args, 1).clone());
    Ok(Value::list(items))
}

fn prepend(args: &[Value]) -> Result<Value, Error> {
    let mut items = items_or(value(args, 0), "Cannot prepend on type", "")?;
    items.insert(0, value(args, 1).clone());
    Ok(Value::list(items))
}

fn concat(args: &[Value]) -> Result<Value, Error> {
    let mut all = Vec::new();
    for list in args {
        let more = if let Value::List(list) = list { list.items.len() } else { 0 };
        ensure_items_fit(all.len() + more)?;
        all.extend(items_or(list, "Cannot concat type", " as list")?);
    }
    Ok(if all.is_empty() { nil_list::any() } else { Value::list(all) })
}

fn rest(args: &[Value]) -> Result<Value, Error> {
    let mut items = find(args, "rest")?;
    if items.is_empty() {
        return Ok(nil_list::any());
    }
    items.remove(0);
    Ok(Value::list(items))
}

fn initial(args: &[Value]) -> Result<Value, Error> {
    let mut items = find(args, "initial")?;
    if items.pop().is_none() {
        return Ok(nil_list::any());
    }
    Ok(Value::list(items))
}

fn reverse(args: &[Value]) -> Result<Value, Error> {
    let mut items = find(args, "reverse")?;
    items.reverse();
    Ok(Value::list(items))
}

fn compact(args: &[Value]) -> Result<Value, Error> {
    let mut items = items_or(value(args, 0), "Cannot compact on type", "")?;
    items.retain(Value::is_true);
    Ok(Value::list(items))
}

fn holds(list: &[Value], wanted: &Value) -> bool {
    list.iter().any(|item| deep_equal(wanted, item))
}

fn uniq(args: &[Value]) -> Result<Value, Error> {
    /// Comparisons of lists and maps with each other: about a second.
    const LIMIT: usize = 1 << 23;
    let mut unique = Vec::new();
    let mut known = HashSet::new();
    let mut others: Vec<Value> = Vec::new();
    let mut compared = 0;
    for item in find(args, "uniq")? {
        let is_new = match Scalar::of(&item) {
            Some(scalar) => known.insert(scalar),
            None => {
                compared += others.len();
                if compared > LIMIT {
                    return Err(Error::new("list has too many items to compare each with the others"));
                }
                let is_new = !holds(&others, &item);
                if is_new {
                    others.push(item.clone());
                }
                is_new
            }
        };
        if is_new {
            unique.push(item);
        }
    }
    spend(compared as u64 / 4);
    Ok(Value::list(unique))
}

/// A value that is equal to another by its bits.
#[derive(Eq, Hash, PartialEq)]
enum Scalar {
    Nil,
    Bool(bool),
    Int(i64),
    Int64(i64),
    Uint64(u64),
    String(Text),
}

impl Scalar {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Nil => Some(Scalar::Nil),
            Value::Bool(value) => Some(Scalar::Bool(*value)),
            Value::Int(value) => Some(Scalar::Int(*value)),
            Value::Int64(value) => Some(Scalar::Int64(*value)),
            Value::Uint64(value) => Some(Scalar::Uint64(*value)),
            Value::String(text) => Some(Scalar::String(text.clone())),
            _ => None,
        }
    }
}

fn without(args: &[Value]) -> Result<Value, Error> {
    let mut items = find(args, "without")?;
    items.retain(|item| !holds(from(args, 1), item));
    Ok(Value::list(items))
}

fn has(args: &[Value]) -> Result<Value, Error> {
    let list = value(args, 1);
    if matches!(list, Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let items = items_or(list, "Cannot find has on type", "")?;
    Ok(Value::Bool(holds(&items, value(args, 0))))
}

fn slice(args: &[Value]) -> Result<Value, Error> {
    let list = value(args, 0);
    let items = items_or(list, "list should be type of slice or array but", "")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = from(args, 1).first().map_or(0, to_int64);
    let end = from(args, 2).first().map(to_int64);
    let bounds =
        usize::try_from(start).ok().zip(end.map_or(Some(items.len()), |end| usize::try_from(end).ok()));
    let part = bounds
        .and_then(|(start, end)| items.get(start..end))
        .ok_or_else(|| Error::new("reflect.Value.Slice: slice index out of bounds"))?;
    Ok(match list {
        Value::List(list) => Value::List(Rc::new(List { item: list.item, items: part.to_vec() })),
        _ => Value::list(part.to_vec()),
    })
}

fn chunk(args: &[Value]) -> Result<Value, Error> {
    let size = int(args, 0)?;
    let items = items_or(value(args, 1), "Cannot chunk type", "")?;
    let out_of_range = || Error::new("runtime error: makeslice: len out of range");
    // Go's own arithmetic: it decides what a size of zero or less does.
    let quotient = (items.len() as f64 - 1.0) / size as f64;
    let count = usize::try_from(truncate(quotient.floor() + 1.0)).map_err(|_| out_of_range())?;
    if count == 0 {
        return Ok(chunks(Vec::new()));
    }
    let size = usize::try_from(size).ok().filter(|size| *size > 0).ok_or_else(out_of_range)?;
    Ok(chunks(items.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
}

fn chunks(items: Vec<Value>) -> Value {
    Value::List(Rc::new(List { item: "[]interface {}", items }))
}
