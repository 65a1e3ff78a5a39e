//! Merging of dicts by the rules of mergo 1.0.1.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::Param::Map as Dict;
use go_template::{Error, Map, MapKind, Value};

use crate::arguments::{Entry, map, pure};

pub(crate) fn functions() -> Vec<Entry> {
    let merge = pure(&[Dict], Some(Dict), |args| merge_all(args, false));
    let overwrite = pure(&[Dict], Some(Dict), |args| merge_all(args, true));
    vec![
        ("merge", merge),
        ("mergeOverwrite", overwrite),
        ("mustMerge", merge),
        ("mustMergeOverwrite", overwrite),
    ]
}

/// Nesting beyond which a map is taken to hold itself.
const DEPTH: usize = 2000;

fn merge_all(args: &[Value], overwrite: bool) -> Result<Value, Error> {
    let target = map(args, 0)?.unwrap_or_else(|| Map::new(MapKind::Any, BTreeMap::new()));
    for index in 1..args.len() {
        if let Some(source) = map(args, index)? {
            merge(&target, &source, overwrite, DEPTH)?;
        }
    }
    Ok(Value::Map(target))
}

fn merge(target: &Rc<Map>, source: &Rc<Map>, overwrite: bool, depth: usize) -> Result<(), Error> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Error::new("stack overflow")) };
    // A copy of the entries, for the source may be the target, or hold it.
    let entries = source.entries().clone();
    for (key, new) in entries {
        let old = target.entries().get(&key).cloned();
        if matches!(new, Value::Nil) {
            if overwrite {
                target.entries_mut().insert(key, new);
            }
            continue;
        }
        if let (Some(Value::Map(old)), Value::Map(new)) = (&old, &new) {
            merge(old, new, overwrite, depth)?;
            // Only a target that is still empty takes the other map itself.
            if !old.entries().is_empty() {
                continue;
            }
        }
        if overwrite || !old.is_some_and(|old| old.is_true()) {
            if target.kind == MapKind::Strings && !matches!(new, Value::String(_)) {
                return Err(Error::new(
                    "reflect.Set: value of type interface {} is not assignable to type string",
                ));
            }
            target.entries_mut().insert(key, new);
        }
    }
    Ok(())
}
