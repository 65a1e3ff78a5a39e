//! The names of fields as the keys of maps.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::text::Text;
use crate::value::{Map, Value};

/// Names that are kept; further ones are made each time.
const MOST: usize = 20_000;

/// Names that templates have looked up, as texts: these are compared faster than bytes, and each is looked up again
/// and again.
#[derive(Default)]
pub(super) struct Keys(HashSet<Text, RandomState>);

impl Keys {
    /// The value of a name in a map.
    pub(super) fn of(&mut self, map: &Map, name: &[u8]) -> Option<Value> {
        if let Some(key) = self.0.get(name) {
            return map.get_text(key);
        }
        let key = Text::from(name);
        let value = map.get_text(&key);
        if self.0.len() < MOST {
            self.0.insert(key);
        }
        value
    }
}
