//! Merging of dicts by the rules of mergo 1.0.1.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::Param::Map as Dict;
use go_template::{Error, MAX_NESTING, Map, MapKind, Value, Visits, stack_overflow};

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

fn merge_all(args: &[Value], overwrite: bool) -> Result<Value, Error> {
    let target = map(args, 0)?.unwrap_or_else(|| Map::new(MapKind::Any, BTreeMap::new()));
    let mut visits = Visits::new();
    for index in 1..args.len() {
        if let Some(source) = map(args, index)? {
            merge(&target, &source, overwrite, MAX_NESTING, &mut visits)?;
        }
    }
    Ok(Value::Map(target))
}

fn merge(
    target: &Rc<Map>,
    source: &Rc<Map>,
    overwrite: bool,
    depth: usize,
    visits: &mut Visits,
) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(stack_overflow)?;
    // A copy of the entries, for the source may be the target, or hold it.
    let entries = source.entries().clone();
    for (key, new) in entries {
        visits.visit()?;
        let old = target.entries().get(&key).cloned();
        if matches!(new, Value::Nil) {
            if overwrite {
                target.entries_mut().insert(key, new);
            }
            continue;
        }
        if let (Some(Value::Map(old)), Value::Map(new)) = (&old, &new) {
            merge(old, new, overwrite, depth, visits)?;
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
