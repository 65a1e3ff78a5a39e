//! Values by dotted paths.

use std::rc::Rc;

use go_fmt::quote;
use go_template::{Map, Value};

use super::as_table;

/// The table at a path, or what is not one.
pub(super) fn table(values: &Rc<Map>, path: &str) -> Result<Rc<Map>, String> {
    path.split('.').try_fold(Rc::clone(values), |map, name| {
        map.get(name)
            .as_ref()
            .and_then(as_table)
            .cloned()
            .ok_or_else(|| format!("{} is not a table", quote(name)))
    })
}

/// The value at a path, if there is one and it is no table.
pub(super) fn leaf(values: &Rc<Map>, path: &str) -> Option<Value> {
    let (map, name) = match path.rsplit_once('.') {
        Some((above, name)) => (table(values, above).ok()?, name),
        None => (Rc::clone(values), path),
    };
    map.get(name).filter(|value| as_table(value).is_none())
}
