//! Files that are parsed when they are called.

#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use go_template::{File, FunctionTable, Functions, Limits, Templates, Value, parse};

fn file(name: &str, text: &str) -> Arc<File> {
    Arc::new(parse(name, text.as_bytes().into(), &FunctionTable::new(&Functions::new())).unwrap())
}

fn output(templates: &Templates, name: &str) -> Result<String, String> {
    let output = templates.execute(name, &Value::Nil, &Limits::default(), &());
    output.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
}

#[test]
fn a_file_is_parsed_when_it_is_first_called() {
    let mut templates = Templates::new(FunctionTable::new(&Functions::new()));
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    templates.add_later("later", move || {
        counted.set(counted.get() + 1);
        Some(file("later", "text"))
    });
    templates.add(&file("caller", "{{ template \"later\" }} {{ template \"later\" }}"));
    assert!(templates.is_defined("later"));
    assert_eq!(count.get(), 0);
    assert_eq!(output(&templates, "caller").unwrap(), "text text");
    assert_eq!(output(&templates, "later").unwrap(), "text");
    assert_eq!(count.get(), 1);
}

#[test]
fn of_equal_names_the_later_one_stays_unless_it_is_blank() {
    let mut templates = Templates::new(FunctionTable::new(&Functions::new()));
    templates.add(&file("x", "first"));
    templates.add_later("x", || Some(file("x", " \n")));
    assert_eq!(output(&templates, "x").unwrap(), "first");
    templates.add_later("x", || Some(file("x", "second")));
    assert_eq!(output(&templates, "x").unwrap(), "second");
    templates.add_later("y", || Some(file("y", "third")));
    templates.add(&file("definer", "{{ define \"y\" }} {{ end }}"));
    assert_eq!(output(&templates, "y").unwrap(), "third");
    templates.add_later("y", || Some(file("y", "fourth")));
    templates.add(&file("definer", "{{ define \"y\" }}fifth{{ end }}"));
    assert_eq!(output(&templates, "y").unwrap(), "fifth");
}

#[test]
fn without_a_file_there_is_no_template() {
    let mut templates = Templates::new(FunctionTable::new(&Functions::new()));
    templates.add_later("x", || None);
    assert_eq!(output(&templates, "x").unwrap_err(), "template: no template \"x\" associated");
}
