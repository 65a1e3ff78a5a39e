//! Texts that a template executes, with what they define for as long as they are executed: Helm's `tpl`.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{ExecError, Execution};
use crate::parse::ParseError;
use crate::templates::{Parsed, Template};
use crate::value::Value;

/// What begins an action.
const LEFT_DELIMITER: &str = "{{";
/// Bytes of a text with actions. A chart's files have 5 MiB at most, and trees are many times as large.
const LARGEST: usize = 8 << 20;
/// Bytes of a tree for each byte of its text, roughly.
const TREE: u64 = 32;
/// Bytes of parsed texts that are kept.
const KEPT: usize = 1 << 20;

/// The definitions of a text that is being executed, in front of those around it.
#[derive(Debug)]
pub(super) struct Overlay {
    own: Rc<Parsed>,
    outer: Option<Rc<Overlay>>,
}

/// Texts that were parsed: charts execute the same ones again and again.
#[derive(Default)]
pub(super) struct Cache {
    texts: HashMap<Arc<[u8]>, Rc<Parsed>, RandomState>,
    bytes: usize,
}

impl Cache {
    fn insert(&mut self, parsed: &Rc<Parsed>) {
        let text = parsed.file.tree.text();
        if self.bytes + text.len() > KEPT {
            *self = Cache::default();
        }
        if text.len() <= KEPT {
            self.bytes += text.len();
            self.texts.insert(Arc::clone(text), Rc::clone(parsed));
        }
    }
}

impl Execution<'_> {
    /// Executes a text as if it were added to a copy of the set, which is gone afterwards.
    ///
    /// # Errors
    ///
    /// The outer error is that of the text, the inner one that of its execution.
    pub fn execute_text(
        &mut self,
        name: &str,
        text: &str,
        data: &Value,
    ) -> Result<Result<Vec<u8>, ExecError>, ParseError> {
        if !text.contains(LEFT_DELIMITER) {
            return Ok(self.count_output(name, text.len()).map(|()| text.as_bytes().to_vec()));
        }
        let parsed = match self.parsed(name, text)? {
            Ok(parsed) => parsed,
            Err(error) => return Ok(Err(error)),
        };
        // A blank text does not replace a template of its name, but is executed all the same.
        let template = Rc::clone(&parsed.main);
        let outer = self.overlay.take();
        self.overlay = Some(Rc::new(Overlay { own: parsed, outer: outer.clone() }));
        let result = self.run_anew(template, data);
        self.overlay = outer;
        Ok(result.map_err(|error| *error))
    }

    fn parsed(&mut self, name: &str, text: &str) -> Result<Result<Rc<Parsed>, ExecError>, ParseError> {
        if let Some(parsed) =
            self.cache.texts.get(text.as_bytes()).filter(|parsed| *parsed.file.name == *name)
        {
            return Ok(Ok(Rc::clone(parsed)));
        }
        if text.len() > LARGEST {
            let message = format!("more than {LARGEST} bytes of template");
            return Err(ParseError { name: name.to_owned(), line: 1, message });
        }
        let parsed = Rc::new(self.templates.parsed(name, text)?);
        self.cache.insert(&parsed);
        self.steps = self.steps.saturating_add(text.len() as u64);
        Ok(self.count_values(name, text.len() as u64 * TREE).map(|()| parsed))
    }

    /// The template of a name: that of the innermost text that defines it, or of the set. As everywhere, a blank
    /// one does not replace another.
    pub(super) fn find(&self, name: &str) -> Option<Rc<Template>> {
        let mut blank = None;
        let mut next = self.overlay.as_deref();
        while let Some(overlay) = next {
            match overlay.own.templates.get(name) {
                Some(template) if !template.is_blank => return Some(Rc::clone(template)),
                Some(template) => blank = Some(template),
                None => {}
            }
            next = overlay.outer.as_deref();
        }
        self.templates.get(name).or_else(|| blank.cloned())
    }
}
