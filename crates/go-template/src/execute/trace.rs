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
