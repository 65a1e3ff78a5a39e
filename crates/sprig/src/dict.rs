//! Dicts. Those that Go reads in random order are read in the order of their keys.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::Param::{Any, Map as Dict, String as Str};
use go_template::{Error, List, MAX_NESTING, Map, MapKind, Text, Value, Visits, stack_overflow};

use crate::arguments::{Entry, from, map, pure, text, value};
use crate::print::to_text;
use crate::string_list::strings;

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("deepCopy", pure(&[Any], None, copy)),
        ("dict", pure(&[], Some(Any), dict)),
        ("dig", pure(&[], Some(Any), dig)),
        ("get", pure(&[Dict, Str], None, get)),
        ("hasKey", pure(&[Dict, Str], None, has_key)),
        ("keys", pure(&[], Some(Dict), keys)),
        ("mustDeepCopy", pure(&[Any], None, copy)),
        ("omit", pure(&[Dict], Some(Str), omit)),
        ("pick", pure(&[Dict], Some(Str), pick)),
        ("pluck", pure(&[Str], Some(Dict), pluck)),
        ("set", pure(&[Dict, Str, Any], None, set)),
        ("unset", pure(&[Dict, Str], None, unset)),
        ("values", pure(&[Dict], None, values)),
    ]
}

fn new(entries: BTreeMap<Text, Value>) -> Value {
    Value::Map(Map::new(MapKind::Any, entries))
}

fn dict(args: &[Value]) -> Result<Value, Error> {
    let mut entries = BTreeMap::new();
    for pair in args.chunks(2) {
        entries.insert(to_text(value(pair, 0))?, pair.get(1).cloned().unwrap_or_else(|| Value::string("")));
    }
    Ok(new(entries))
}

fn lookup(args: &[Value]) -> Result<Option<Value>, Error> {
    let key = text(args, 1)?;
    Ok(map(args, 0)?.and_then(|map| map.entries().get(key).cloned()))
}

fn get(args: &[Value]) -> Result<Value, Error> {
    Ok(lookup(args)?.unwrap_or_else(|| Value::string("")))
}

fn has_key(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Bool(lookup(args)?.is_some()))
}

fn set(args: &[Value]) -> Result<Value, Error> {
    let Some(map) = map(args, 0)? else { return Err(Error::new("assignment to entry in nil map")) };
    map.entries_mut().insert(Text::from(text(args, 1)?), value(args, 2).clone());
    Ok(Value::Map(map))
}

fn unset(args: &[Value]) -> Result<Value, Error> {
    let Some(map) = map(args, 0)? else { return Ok(new(BTreeMap::new())) };
    map.entries_mut().remove(text(args, 1)?);
    Ok(Value::Map(map))
}

fn keys(args: &[Value]) -> Result<Value, Error> {
    let mut all = Vec::new();
    for index in 0..args.len() {
        if let Some(map) = map(args, index)? {
            all.extend(map.entries().keys().cloned());
        }
    }
    Ok(strings(all))
}

fn values(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::list(map(args, 0)?.map(|map| map.entries().values().cloned().collect()).unwrap_or_default()))
}

fn pluck(args: &[Value]) -> Result<Value, Error> {
    let key = text(args, 0)?;
    let mut found = Vec::new();
    for index in 1..args.len() {
        if let Some(map) = map(args, index)? {
            found.extend(map.entries().get(key).cloned());
        }
    }
    Ok(Value::list(found))
}

fn pick(args: &[Value]) -> Result<Value, Error> {
    let mut picked = BTreeMap::new();
    if let Some(map) = map(args, 0)? {
        for key in from(args, 1) {
            if let Value::String(key) = key
                && let Some(value) = map.entries().get(key)
            {
                picked.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(new(picked))
}

fn omit(args: &[Value]) -> Result<Value, Error> {
    let mut kept = map(args, 0)?.map(|map| map.entries().clone()).unwrap_or_default();
    for key in from(args, 1) {
        if let Value::String(key) = key {
            kept.remove(key);
        }
    }
    Ok(new(kept))
}

fn dig(args: &[Value]) -> Result<Value, Error> {
    let [keys @ .., default, dict] = args else {
        return Err(Error::new("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(Error::new("dig needs at least three arguments"));
    }
    let mut current = exact_map(dict)?;
    // Go converts all keys before it looks up the first.
    let mut names = Vec::with_capacity(keys.len());
    for key in keys {
        let Value::String(name) = key else { return Err(conversion(key, "string")) };
        names.push(name);
    }
    let Some((last, path)) = names.split_last() else { return Ok(Value::Nil) };
    for name in path {
        let Some(step) = current.entries().get(*name).cloned() else { return Ok(default.clone()) };
        current = exact_map(&step)?;
    }
    Ok(current.entries().get(*last).unwrap_or(default).clone())
}

fn exact_map(value: &Value) -> Result<Rc<Map>, Error> {
    match value {
        Value::Map(map) if map.kind == MapKind::Any => Ok(Rc::clone(map)),
        other => Err(conversion(other, "map[string]interface {}")),
    }
}

fn conversion(value: &Value, wanted: &str) -> Error {
    let name = match value {
        Value::Nil => "nil".to_owned(),
        other => other.type_name(),
    };
    Error(format!("interface conversion: interface {{}} is {name}, not {wanted}"))
}

fn copy(args: &[Value]) -> Result<Value, Error> {
    match value(args, 0) {
        Value::Nil => Err(Error::new("reflect: call of reflect.Value.Type on zero Value")),
        value => deep_copy(value, MAX_NESTING, &mut Visits::new()),
    }
}

fn deep_copy(value: &Value, depth: usize, visits: &mut Visits) -> Result<Value, Error> {
    let depth = depth.checked_sub(1).ok_or_else(stack_overflow)?;
    visits.visit()?;
    Ok(match value {
        Value::List(list) if crate::is_nil_list(value) => Value::List(Rc::clone(list)),
        // Loops take less of the stack than iterators do.
        Value::List(list) => {
            let mut items = Vec::with_capacity(list.items.len());
            for item in &list.items {
                items.push(deep_copy(item, depth, visits)?);
            }
            Value::List(Rc::new(List { item: list.item, items }))
        }
        Value::Map(map) => {
            let mut entries = BTreeMap::new();
            for (key, item) in map.entries().iter() {
                entries.insert(key.clone(), deep_copy(item, depth, visits)?);
            }
            Value::Map(Map::new(map.kind, entries))
        }
        other => other.clone(),
    })
}
