//! Nil slices: lists that are empty in every way but that JSON and YAML print as null.
//!
//! `concat` of empty lists, `rest` of one and `regexFindAll` without a match are such lists in Go. There is one value
//! for each type, known by its address.

use std::rc::Rc;

use go_template::{List, Value};

thread_local! {
    static ANY: Rc<List> = Rc::new(List { item: "interface {}", items: Vec::new() });
    static STRINGS: Rc<List> = Rc::new(List { item: "string", items: Vec::new() });
}

/// `[]interface{}(nil)`
#[must_use]
pub fn any() -> Value {
    Value::List(ANY.with(Rc::clone))
}

/// `[]string(nil)`
#[must_use]
pub fn strings() -> Value {
    Value::List(STRINGS.with(Rc::clone))
}

/// Whether a value is a nil slice, which `toJson` and `toYaml` print as `null` and not as `[]`.
#[must_use]
pub fn is_nil_list(value: &Value) -> bool {
    let Value::List(list) = value else { return false };
    list.items.is_empty()
        && (ANY.with(|nil| Rc::ptr_eq(nil, list)) || STRINGS.with(|nil| Rc::ptr_eq(nil, list)))
}
