//! Deep copies, bounded: with imports into each other, charts can make values that are much larger than their
//! files, or hold themselves. Helm then does not come to an end.

use std::rc::Rc;

use go_template::{List, Map, Value, to_text};

use crate::error::Error;

/// How deep maps and lists may be nested, also by imports into each other.
pub(super) const MAX_DEPTH: usize = 512;

/// How many values may be copied or laid over others while the values of a chart are computed.
const MAX_STEPS: usize = 20_000_000;

/// How many values a warning shows.
const MAX_SHOWN: usize = 1_000;

#[derive(Debug)]
pub(super) struct Copier {
    left: usize,
}

impl Default for Copier {
    fn default() -> Self {
        Copier { left: MAX_STEPS }
    }
}

pub(super) fn too_deep() -> Error {
    Error::new(format!("values are nested deeper than {MAX_DEPTH}"))
}

impl Copier {
    /// Takes one from what may be done.
    pub(super) fn step(&mut self) -> Result<(), Error> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Error::new(format!("values are too large: computing them takes more than {MAX_STEPS} steps"))
        })?;
        Ok(())
    }

    pub(super) fn map(&mut self, map: &Map) -> Result<Rc<Map>, Error> {
        self.map_at(map, 0)
    }

    /// Goes over everything that a copy would hold.
    pub(super) fn walk(&mut self, map: &Map) -> Result<(), Error> {
        self.walk_map(map, 0)
    }

    fn walk_map(&mut self, map: &Map, depth: usize) -> Result<(), Error> {
        map.entries().values().try_for_each(|value| self.walk_value(value, depth + 1))
    }

    fn walk_value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        self.step()?;
        match value {
            Value::Map(map) => self.walk_map(map, depth),
            Value::List(list) => list.items.iter().try_for_each(|item| self.walk_value(item, depth + 1)),
            _ => Ok(()),
        }
    }

    fn map_at(&mut self, map: &Map, depth: usize) -> Result<Rc<Map>, Error> {
        let mut entries = map.entries().clone();
        for value in entries.values_mut() {
            self.unshare(value, depth + 1)?;
        }
        Ok(Map::new(map.kind, entries))
    }

    /// Puts a copy in the place of a value.
    fn unshare(&mut self, value: &mut Value, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        self.step()?;
        match value {
            Value::Map(map) => *map = self.map_at(map, depth)?,
            Value::List(list) => {
                let mut items = list.items.clone();
                for item in &mut items {
                    self.unshare(item, depth + 1)?;
                }
                *list = Rc::new(List { item: list.item, items });
            }
            _ => {}
        }
        Ok(())
    }
}

/// Go's `%v`, of what is not too large for a warning.
pub(super) fn shown(value: &Value) -> String {
    if (Copier { left: MAX_SHOWN }).walk_value(value, 0).is_err() {
        return "...".to_owned();
    }
    to_text(value).map_or_else(|_| "...".to_owned(), |text| text.to_str().into_owned())
}
