//! `include`, `tpl`, `required` and `fail`: functions of the render itself.

use std::cell::RefCell;
use std::collections::HashMap;

use go_template::{Error, Execution, Function, Param, Value};

use super::text;

/// Calls of one name within each other: `recursionMaxNums` of Helm.
const DEEPEST: usize = 1000;

/// What a render keeps between calls.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Calls of `include` that have not ended, by name.
    including: RefCell<HashMap<String, usize>>,
}

/// What marks a message that is the chart's own, so that the trace in front of it can be left out.
pub(crate) const CHART_ERROR_BEGIN: &str = "HELM_ERR_START";
/// Its end.
pub(crate) const CHART_ERROR_END: &str = "HELM_ERR_END";

/// Text of an evaluated nil, which Helm takes out of whatever is finished.
const NO_VALUE: &[u8] = b"<no value>";

pub(super) fn functions() -> [(&'static str, Function); 4] {
    [
        ("include", Function::engine(&[Param::String, Param::Any], None, include)),
        ("tpl", Function::engine(&[Param::String, Param::Any], None, tpl)),
        (
            "required",
            Function::pure(&[Param::String, Param::Any], None, |arguments| match arguments.get(1) {
                None | Some(Value::Nil) => Err(chart_error(&text(arguments, 0))),
                Some(Value::String(value)) if value.is_empty() => Err(chart_error(&text(arguments, 0))),
                Some(value) => Ok(value.clone()),
            }),
        ),
        ("fail", Function::pure(&[Param::String], None, |arguments| Err(chart_error(&text(arguments, 0))))),
    ]
}

fn chart_error(message: &str) -> Error {
    Error::new(format!("{CHART_ERROR_BEGIN}{message}{CHART_ERROR_END}"))
}

fn include(execution: &mut Execution<'_>, arguments: &[Value]) -> Result<Value, Error> {
    let name = text(arguments, 0);
    if !enter(execution, &name) {
        return Err(Error::new(format!(
            "rendering template has a nested reference name: {name}: unable to execute template"
        )));
    }
    let result = if execution.is_defined(&name) {
        let data = arguments.get(1).cloned().unwrap_or_default();
        execution.execute(&name, &data).map(Value::string).map_err(|error| Error::new(error.to_string()))
    } else {
        Err(Error::new(format!("template: no template {name:?} associated with template \"gotpl\"")))
    };
    leave(execution, &name);
    result
}

fn state<'a>(execution: &'a Execution<'_>) -> Option<&'a State> {
    execution.host().downcast_ref()
}

/// Counts a call; false if there are too many.
fn enter(execution: &Execution<'_>, name: &str) -> bool {
    let Some(state) = state(execution) else { return true };
    let mut including = state.including.borrow_mut();
    match including.get_mut(name) {
        Some(calls) if *calls > DEEPEST => false,
        Some(calls) => {
            *calls += 1;
            true
        }
        None => {
            including.insert(name.to_owned(), 1);
            true
        }
    }
}

fn leave(execution: &Execution<'_>, name: &str) {
    if let Some(calls) = state(execution).and_then(|state| {
        std::cell::RefMut::filter_map(state.including.borrow_mut(), |calls| calls.get_mut(name)).ok()
    }) {
        let mut calls = calls;
        *calls = calls.saturating_sub(1);
    }
}

fn tpl(execution: &mut Execution<'_>, arguments: &[Value]) -> Result<Value, Error> {
    let source = text(arguments, 0);
    let data = arguments.get(1).cloned().unwrap_or_default();
    match execution.execute_text("gotpl", &source, &data) {
        Ok(Ok(output)) => Ok(Value::string(without_no_value(output))),
        Ok(Err(error)) => Err(Error::new(format!(
            "error during tpl function execution for {}: {error}",
            go_fmt::quote(&source)
        ))),
        Err(error) => Err(Error::new(format!("cannot parse template {}: {error}", go_fmt::quote(&source)))),
    }
}

/// A finished text, without `<no value>`.
pub(crate) fn without_no_value(text: Vec<u8>) -> Vec<u8> {
    let mut found = memchr::memmem::find_iter(&text, NO_VALUE).peekable();
    if found.peek().is_none() {
        return text;
    }
    let mut kept = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in found {
        kept.extend_from_slice(&text[from..at]);
        from = at + NO_VALUE.len();
    }
    kept.extend_from_slice(&text[from..]);
    kept
}
