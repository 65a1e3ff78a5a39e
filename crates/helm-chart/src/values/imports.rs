//! `import-values`: values of dependencies become defaults of the chart that lists them.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::{Map, MapKind, Text, Value};

use super::coalesce::Nulls;
use super::copy::{MAX_DEPTH, shown, too_deep};
use super::graph::{ChartId, EntryId, Graph};
use super::path::table;
use super::{as_table, empty_map};
use crate::error::Error;

/// One import of an entry.
struct Import {
    child: String,
    parent: String,
    /// How a missing table is spoken of.
    named: bool,
}

impl Graph {
    /// Imports values into the charts below, then into the chart.
    pub(super) fn import(&mut self, id: ChartId) -> Result<(), Error> {
        for child in self.chart(id).children.clone() {
            self.import(child)?;
        }
        let Some(entries) = self.chart(id).entries.clone() else {
            return Ok(());
        };
        let values = self.coalesce_over(id, None, Nulls::Keep)?;
        let imported = empty_map();
        for entry in entries {
            self.import_entry(entry, &values, &imported)?;
        }
        let values = if imported.entries().is_empty() {
            values
        } else {
            // What was imported may by now share tables with the values.
            let values = self.copier.map(&values)?;
            self.coalesce_tables(&values, &imported, "", Nulls::Keep)?;
            values
        };
        let before = std::mem::replace(&mut self.chart_mut(id).values, values);
        self.used.push(before);
        Ok(())
    }

    fn import_entry(&mut self, id: EntryId, values: &Rc<Map>, imported: &Rc<Map>) -> Result<(), Error> {
        let name = self.entry(id).name.clone();
        let imports: Vec<Import> = self.entry(id).import_values.iter().filter_map(Import::read).collect();
        for import in &imports {
            match table(values, &format!("{name}.{}", import.child)) {
                Ok(table) => {
                    let table = if table.entries().is_empty() { empty_map() } else { table };
                    let placed = place(&import.parent, table)?;
                    self.coalesce_tables(imported, &placed, "", Nulls::Keep)?;
                }
                Err(why) if import.named => {
                    self.warn(format!("Warning: ImportValues missing table: {why}"));
                }
                Err(why) => {
                    self.warn(format!("Warning: ImportValues missing table from chart {name}: {why}"));
                }
            }
        }
        self.entry_mut(id).import_values = imports.iter().map(Import::write).collect();
        Ok(())
    }
}

impl Import {
    fn read(value: &Value) -> Option<Self> {
        if let Value::String(name) = value {
            let child = format!("exports.{}", name.to_str());
            return Some(Import { child, parent: ".".to_owned(), named: true });
        }
        let map = as_table(value)?;
        let text = |key: &str| shown(&map.get(key).unwrap_or_default());
        Some(Import { child: text("child"), parent: text("parent"), named: false })
    }

    /// As helm leaves it behind, which it takes for nothing to import when it comes to a chart again.
    fn write(&self) -> Value {
        let entries = BTreeMap::from([
            (Text::from("child"), Value::string(self.child.as_str())),
            (Text::from("parent"), Value::string(self.parent.as_str())),
        ]);
        Value::Map(Map::new(MapKind::Strings, entries))
    }
}

/// A table within tables, as deep as the path is long.
fn place(path: &str, table: Rc<Map>) -> Result<Rc<Map>, Error> {
    if path == "." {
        return Ok(table);
    }
    if path.split('.').count() > MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(path.rsplit('.').fold(table, |inner, name| {
        Map::new(MapKind::Any, BTreeMap::from([(Text::from(name), Value::Map(inner))]))
    }))
}
