//! What an execution looked at, and where its output comes from.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Execution;
use crate::parse::File;
use crate::parse::ast::Position;
use crate::text::Text;
use crate::value::{Map, Value};

/// Keys that are kept; further ones add little.
const MOST: usize = 100_000;

/// What an execution has read and written, from [`Execution::trace`] on.
#[derive(Debug, Default)]
pub struct Trace {
    /// Maps with the keys that were looked up in them, in the order of the first time. A map is held, so that no other
    /// one takes its address.
    reads: Vec<(Rc<Map>, Text)>,
    known: HashSet<(usize, Text), RandomState>,
    /// In the order of the output.
    origins: Vec<Origin>,
    /// Executions within each other: the output of those within functions is a value.
    pub(super) nesting: usize,
}

/// Where a stretch of output begins, and what wrote it.
#[derive(Debug)]
struct Origin {
    output: usize,
    file: Arc<File>,
    at: Position,
    /// Whether the text itself is what was written.
    is_text: bool,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name under which it was parsed.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Trace {
    /// Maps, each with a key that was looked up in it, whether it has it or not.
    pub fn reads(&self) -> impl Iterator<Item = (&Map, &Text)> {
        self.reads.iter().map(|(map, key)| (&**map, key))
    }

    /// Where the byte of the output comes from that has so many before it: the text of a template, or the action in it.
    #[must_use]
    pub fn place(&self, output: usize) -> Option<Place> {
        let behind = self.origins.partition_point(|origin| origin.output <= output);
        let origin = self.origins.get(behind.checked_sub(1)?)?;
        let inside = if origin.is_text { output - origin.output } else { 0 };
        let text = origin.file.tree.text();
        let before = text.get(..(origin.at as usize).saturating_add(inside)).unwrap_or(text);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        Some(Place { file: origin.file.name.to_string(), line })
    }

    pub(super) fn read(&mut self, map: &Rc<Map>, key: &[u8]) {
        let key = Text::from(key);
        if self.reads.len() < MOST && self.known.insert((map.address(), key.clone())) {
            self.reads.push((Rc::clone(map), key));
        }
    }

    /// What a function may look up: the texts that it is given, one below the other, in the maps that it is given.
    pub(super) fn called(&mut self, arguments: &[Value]) {
        for argument in arguments {
            let mut map = match argument {
                Value::Map(map) => Rc::clone(map),
                _ => continue,
            };
            for argument in arguments {
                let Value::String(key) = argument else { continue };
                self.read(&map, key.as_bytes());
                match map.get_text(key) {
                    Some(Value::Map(inner)) => map = inner,
                    _ => break,
                }
            }
        }
    }

    pub(super) fn wrote(&mut self, output: usize, file: &Arc<File>, at: Position, is_text: bool) {
        if self.nesting == 1 {
            self.origins.push(Origin { output, file: Arc::clone(file), at, is_text });
        }
    }
}

impl Execution<'_> {
    /// Keeps what is looked at and where the output comes from, from now on.
    pub fn trace(&mut self) {
        self.trace = Some(Box::default());
    }

    /// What was kept, if anything was to be.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.trace.take().map(|trace| *trace)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Execution, FunctionTable, Functions, Limits, Templates, Value, value::Map};

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::map(entries.iter().map(|(key, value)| (crate::Text::from(*key), value.clone())))
    }

    #[test]
    fn what_is_looked_up_and_where_output_comes_from_is_kept() {
        let mut templates = Templates::new(FunctionTable::new(&Functions::new()));
        templates.parse("inner", "b: {{ .y }}\n").unwrap();
        templates
            .parse("main", "a: 1\n{{ template \"inner\" .x }}{{ if .none }}no{{ end }}c: {{ index . \"x\" \"z\" }}\nd: 2\n")
            .unwrap();
        let inner = map(&[("y", Value::Int(1)), ("z", Value::Int(2))]);
        let data = map(&[("x", inner.clone())]);
        let mut execution = Execution::new(&templates, &Limits::default(), &());
        execution.trace();
        let output = execution.execute("main", &data).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output, "a: 1\nb: 1\nc: 2\nd: 2\n");
        let trace = execution.take_trace().unwrap();
        let is = |value: &Value, map: &Map| matches!(value, Value::Map(known) if known.is(map));
        let name = |map: &Map| {
            if is(&data, map) {
                "data"
            } else if is(&inner, map) {
                "inner"
            } else {
                "?"
            }
        };
        let reads: Vec<_> =
            trace.reads().map(|(map, key)| format!("{}.{}", name(map), key.to_str())).collect();
        assert_eq!(reads, ["data.x", "inner.y", "data.none", "inner.z"]);
        let place = |text: &str| {
            let place = trace.place(output.find(text).unwrap()).unwrap();
            format!("{}:{}", place.file, place.line)
        };
        assert_eq!(
            ["a", "b", "1\nc", "c", "d"].map(place),
            ["main:1", "inner:1", "inner:1", "main:2", "main:3"]
        );
        assert_eq!(execution.execute("inner", &inner).unwrap(), b"b: 1\n");
        assert!(execution.take_trace().is_none());
    }
}
