//! Names, chains of fields and literals of a text, each kept once however often it is written.

use std::collections::HashMap;
use std::rc::Rc;

use super::ast::{Literal, Slice};
use super::literal;
use crate::text::Text;

/// Bytes of a string that is hardly written twice.
const LONG: usize = 256;

/// What has been met in a text.
pub(super) struct Names<'a> {
    names: HashMap<&'a str, Rc<str>>,
    fields: HashMap<&'a str, Rc<[Rc<str>]>>,
    strings: HashMap<&'a str, Text>,
    /// The fields of what has none.
    pub(super) no_fields: Rc<[Rc<str>]>,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Names {
            names: HashMap::new(),
            fields: HashMap::new(),
            strings: HashMap::new(),
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

    /// What a string says that stands in a stretch of the file. None if it is malformed.
    pub(super) fn literal(&mut self, quoted: &'a str, slice: &Slice) -> Option<Literal> {
        if quoted.len() > LONG && quoted.starts_with('`') && !quoted.contains('\r') {
            return Some(Literal::Slice(slice.without_quotes()));
        }
        if let Some(known) = self.strings.get(quoted) {
            return Some(Literal::Text(known.clone()));
        }
        let text = Text::from(literal::unquote(quoted)?);
        if quoted.len() <= LONG {
            self.strings.insert(quoted, text.clone());
        }
        Some(Literal::Text(text))
    }
}
