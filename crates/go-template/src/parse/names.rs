//! Names, chains of fields and literals of a text, each kept once however often it is written.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::ast::{Literal, Number, Quoted, Slice};
use super::literal;
use crate::text::Text;

/// Bytes of a string that is hardly written twice.
const LONG: usize = 256;

type Known<'a, T> = HashMap<&'a str, T, RandomState>;

/// What has been met in a text.
pub(super) struct Names<'a> {
    names: Known<'a, Rc<str>>,
    fields: Known<'a, Rc<[Rc<str>]>>,
    strings: Known<'a, Rc<Quoted>>,
    numbers: Known<'a, Rc<Number>>,
    /// The fields of what has none.
    pub(super) no_fields: Rc<[Rc<str>]>,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Names {
            names: HashMap::default(),
            fields: HashMap::default(),
            strings: HashMap::default(),
            numbers: HashMap::default(),
            no_fields: Rc::from([]),
        }
    }
}

impl<'a> Names<'a> {
    pub(super) fn name(&mut self, text: &'a str) -> Rc<str> {
        Rc::clone(self.names.entry(text).or_insert_with(|| text.into()))
    }

    /// The fields of `.a.b`.
    pub(super) fn fields(&mut self, chain: &'a str) -> Rc<[Rc<str>]> {
        if let Some(known) = self.fields.get(chain) {
            return Rc::clone(known);
        }
        let fields: Rc<[Rc<str>]> = chain.split('.').skip(1).map(|field| self.name(field)).collect();
        self.fields.insert(chain, Rc::clone(&fields));
        fields
    }

    /// # Errors
    ///
    /// When it is none: the message.
    pub(super) fn number(&mut self, text: &'a str) -> Result<Rc<Number>, String> {
        if let Some(known) = self.numbers.get(text) {
            return Ok(Rc::clone(known));
        }
        let number = Rc::new(literal::number(text)?);
        self.numbers.insert(text, Rc::clone(&number));
        Ok(number)
    }

    /// A string. None if it is malformed.
    pub(super) fn quoted(&mut self, text: &'a str, slice: impl FnOnce() -> Slice) -> Option<Rc<Quoted>> {
        let is_long = text.len() > LONG;
        if is_long && text.starts_with('`') && !text.contains('\r') {
            let slice = slice();
            return Some(Rc::new(Quoted { literal: Literal::Slice(slice.without_quotes()), text: slice }));
        }
        if let Some(known) = self.strings.get(text) {
            return Some(Rc::clone(known));
        }
        let literal = Literal::Text(Text::from(literal::unquote(text)?));
        let quoted = Rc::new(Quoted { text: slice(), literal });
        if !is_long {
            self.strings.insert(text, Rc::clone(&quoted));
        }
        Some(quoted)
    }
}
