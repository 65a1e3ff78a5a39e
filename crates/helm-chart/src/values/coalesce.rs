//! Lays values over each other.

use std::collections::BTreeSet;
use std::rc::Rc;

use go_fmt::quote;
use go_template::{Map, Text, Value};

use super::copy::{MAX_DEPTH, shown, too_deep};
use super::graph::{ChartId, Graph};
use super::{as_table, empty_map, snapshot};
use crate::error::Error;

const GLOBAL: &str = "global";

/// What a null does to a default.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Nulls {
    /// It deletes it, and goes itself.
    Delete,
    /// It hides it, to delete it later.
    Keep,
}

fn below(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

impl Graph {
    /// A copy of values with the defaults of a chart, and of all charts in it, laid under.
    pub(super) fn coalesce_over(
        &mut self,
        id: ChartId,
        values: Option<&Rc<Map>>,
        nulls: Nulls,
    ) -> Result<Rc<Map>, Error> {
        let values = match values {
            Some(values) => self.copier.map(values)?,
            None => empty_map(),
        };
        self.coalesce(id, &values, "", nulls)?;
        Ok(values)
    }

    fn coalesce(&mut self, id: ChartId, values: &Rc<Map>, prefix: &str, nulls: Nulls) -> Result<(), Error> {
        self.coalesce_values(id, values, prefix, nulls)?;
        let prefix = below(prefix, &self.chart(id).name);
        for child in self.chart(id).children.clone() {
            let name = self.chart(child).name.clone();
            let inner = match values.get(&name) {
                None => {
                    let inner = empty_map();
                    values.entries_mut().insert(Text::from(name.as_str()), Value::Map(Rc::clone(&inner)));
                    inner
                }
                Some(value) => match as_table(&value) {
                    Some(inner) => Rc::clone(inner),
                    None => return Err(Error::new(format!("type mismatch on {name}: {}", as_bool(&value)))),
                },
            };
            self.coalesce_globals(&inner, values, &prefix)?;
            self.coalesce(child, &inner, &prefix, nulls)?;
        }
        Ok(())
    }

    /// Lays the globals of a chart over those of a chart in it. Tables in them become shared.
    fn coalesce_globals(&mut self, inner: &Rc<Map>, outer: &Rc<Map>, prefix: &str) -> Result<(), Error> {
        let globals = |graph: &mut Graph, map: &Rc<Map>, which: &str| match map.get(GLOBAL) {
            None => Some(empty_map()),
            Some(value) => {
                let table = as_table(&value).cloned();
                if table.is_none() {
                    graph.warn(format!("warning: skipping globals because {which} {GLOBAL} is not a table."));
                }
                table
            }
        };
        let Some(own) = globals(self, inner, "destination") else {
            return Ok(());
        };
        let Some(given) = globals(self, outer, "source") else {
            return Ok(());
        };
        for (key, value) in snapshot(&given) {
            let name = key.to_str();
            let before = own.get_text(&key);
            match (as_table(&value), before) {
                (Some(table), before) => {
                    let merged = Map::new(table.kind, table.entries().clone());
                    match before.as_ref().map(as_table) {
                        None => {}
                        Some(Some(old)) => {
                            self.coalesce_tables(&merged, old, &below(prefix, &name), Nulls::Keep)?;
                        }
                        Some(None) => {
                            self.warn(format!(
                                "Conflict: cannot merge map onto non-map for {}. Skipping.",
                                quote(&name)
                            ));
                            continue;
                        }
                    }
                    own.entries_mut().insert(key, Value::Map(merged));
                }
                (None, Some(old)) if as_table(&old).is_some() => {
                    self.warn(format!("key {name} is table. Skipping"));
                }
                (None, _) => {
                    own.entries_mut().insert(key, value);
                }
            }
        }
        inner.entries_mut().insert(Text::from(GLOBAL), Value::Map(own));
        Ok(())
    }

    /// Lays values over a copy of the defaults of a chart.
    fn coalesce_values(
        &mut self,
        id: ChartId,
        values: &Rc<Map>,
        prefix: &str,
        nulls: Nulls,
    ) -> Result<(), Error> {
        let defaults = Rc::clone(&self.chart(id).values);
        let defaults = self.copier.map(&defaults)?;
        let prefix = below(prefix, &self.chart(id).name);
        for (key, default) in snapshot(&defaults) {
            let name = key.to_str();
            match values.get_text(&key) {
                None => {
                    values.entries_mut().insert(key, default);
                }
                Some(Value::Nil) => {
                    if nulls == Nulls::Delete {
                        values.entries_mut().remove(&key);
                    }
                }
                Some(value) => {
                    let Some(table) = as_table(&value) else {
                        continue;
                    };
                    match as_table(&default) {
                        Some(default) => {
                            // The null may be meant for a default of the chart below, which comes later.
                            let is_child =
                                self.chart(id).children.iter().any(|child| self.chart(*child).name == name);
                            let nulls = if is_child { Nulls::Keep } else { nulls };
                            self.coalesce_tables(table, default, &below(&prefix, &name), nulls)?;
                        }
                        None if matches!(default, Value::Nil) => {}
                        None => {
                            self.warn(format!("warning: skipped value for {prefix}.{name}: Not a table."))
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Lays one table over another, both of which change: the upper gets what the lower has more.
    pub(super) fn coalesce_tables(
        &mut self,
        upper: &Rc<Map>,
        lower: &Rc<Map>,
        prefix: &str,
        nulls: Nulls,
    ) -> Result<(), Error> {
        self.coalesce_at(upper, lower, prefix, nulls, 0)
    }

    fn coalesce_at(
        &mut self,
        upper: &Rc<Map>,
        lower: &Rc<Map>,
        prefix: &str,
        nulls: Nulls,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let is_nil = |value: &Value| matches!(value, Value::Nil);
        let nils: Vec<Text> =
            upper.entries().iter().filter(|(_, value)| is_nil(value)).map(|(key, _)| key.clone()).collect();
        let mut had_value = BTreeSet::new();
        for key in nils {
            let before = lower.entries_mut().insert(key.clone(), Value::Nil);
            if before.is_some_and(|before| !is_nil(&before)) {
                had_value.insert(key);
            }
        }
        for (key, under) in snapshot(lower) {
            self.copier.step()?;
            let Some(over) = upper.get_text(&key) else {
                upper.entries_mut().insert(key, under);
                continue;
            };
            let full = || below(prefix, &key.to_str());
            if is_nil(&over) && nulls == Nulls::Delete && had_value.contains(&key) {
                upper.entries_mut().remove(&key);
                continue;
            }
            match (as_table(&over), as_table(&under)) {
                (Some(over), Some(under)) => self.coalesce_at(over, under, &full(), nulls, depth + 1)?,
                (None, Some(_)) => self.warn(format!(
                    "warning: cannot overwrite table with non table for {} ({})",
                    full(),
                    shown(&under)
                )),
                (Some(_), None) if !is_nil(&under) => self.warn(format!(
                    "warning: destination for {} is a table. Ignoring non-table value ({})",
                    full(),
                    shown(&under)
                )),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Go's `%t` of what need not be a boolean.
fn as_bool(value: &Value) -> String {
    if matches!(value, Value::Nil) { "%!t(<nil>)".to_owned() } else { as_bool_within(value) }
}

fn as_bool_within(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Nil => "<nil>".to_owned(),
        Value::List(list) => {
            let items: Vec<String> = list.items.iter().map(as_bool_within).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(map) => {
            let entries = map.entries();
            let pair = |(key, value): (&Text, &Value)| {
                format!("%!t(string={}):{}", key.to_str(), as_bool_within(value))
            };
            format!("map[{}]", entries.iter().map(pair).collect::<Vec<_>>().join(" "))
        }
        other => format!("%!t({}={})", other.type_name(), shown(other)),
    }
}
