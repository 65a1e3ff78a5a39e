//! Which dependencies take part, and under which names.

use std::collections::BTreeSet;
use std::rc::Rc;

use go_template::{Map, Value};

use super::coalesce::Nulls;
use super::graph::{ChartId, EntryId, Graph};
use super::path::{leaf, table};
use crate::checks::is_compatible;
use crate::error::Error;

impl Graph {
    /// Drops the disabled dependencies of a chart and of those in it, and gives the others their aliases.
    ///
    /// `values` are the user's with what was coalesced on the way here, `path` is the chart's place in them.
    pub(super) fn enable(&mut self, id: ChartId, values: &Rc<Map>, path: &str) -> Result<(), Error> {
        let Some(entries) = self.chart(id).entries.clone() else {
            return Ok(());
        };
        let children = self.alias_children(id, &entries)?;
        self.set_children(id, children);
        for entry in &entries {
            self.entry_mut(*entry).enabled = true;
        }
        let values = self.coalesce_over(id, Some(values), Nulls::Delete)?;
        self.apply_tags(&entries, &values);
        self.apply_conditions(&entries, &values, path);

        let disabled: BTreeSet<String> = entries
            .iter()
            .map(|entry| self.entry(*entry))
            .filter(|entry| !entry.enabled)
            .map(|entry| entry.name.clone())
            .collect();
        let mut children = self.chart(id).children.clone();
        children.retain(|child| !disabled.contains(&self.chart(*child).name));
        let mut entries = entries;
        entries.retain(|entry| !disabled.contains(&self.entry(*entry).name));
        for child in &children {
            let path = format!("{path}{}.", self.chart(*child).name);
            self.enable(*child, &values, &path)?;
        }
        self.chart_mut(id).entries = (!entries.is_empty()).then_some(entries);
        self.set_children(id, children);
        self.used.push(values);
        Ok(())
    }

    /// First the children that no entry speaks of, then a copy for each entry that has one.
    fn alias_children(&mut self, id: ChartId, entries: &[EntryId]) -> Result<Vec<ChartId>, Error> {
        let existing = self.chart(id).children.clone();
        let meant = |graph: &Graph, child: ChartId, entry: EntryId| {
            let (child, entry) = (graph.chart(child), graph.entry(entry));
            child.name == entry.name && is_compatible(&entry.version, child.version())
        };
        let mut children: Vec<ChartId> = existing
            .iter()
            .copied()
            .filter(|child| !entries.iter().any(|entry| meant(self, *child, *entry)))
            .collect();
        for entry in entries {
            let alias = self.entry(*entry).alias.clone();
            if let Some(child) = existing.iter().find(|child| meant(self, **child, *entry)) {
                let mut copy = self.chart(*child).clone();
                if !alias.is_empty() {
                    copy.name.clone_from(&alias);
                }
                children.push(self.push(copy)?);
            }
            if !alias.is_empty() {
                self.entry_mut(*entry).name = alias;
            }
        }
        Ok(children)
    }

    fn set_children(&mut self, id: ChartId, children: Vec<ChartId>) {
        for child in &children {
            self.chart_mut(*child).parent = Some(id);
        }
        self.chart_mut(id).children = children;
    }

    fn apply_tags(&mut self, entries: &[EntryId], values: &Rc<Map>) {
        let Ok(tags) = table(values, "tags") else {
            return;
        };
        for id in entries {
            let entry = self.entry(*id);
            let mut warnings = Vec::new();
            let (mut some_true, mut some_false) = (false, false);
            for tag in &entry.tags {
                match tags.get(tag) {
                    None => {}
                    Some(Value::Bool(true)) => some_true = true,
                    Some(Value::Bool(false)) => some_false = true,
                    Some(_) => warnings.push(format!(
                        "Warning: Tag '{tag}' for chart {} returned non-bool value",
                        entry.name
                    )),
                }
            }
            self.entry_mut(*id).enabled = some_true || !some_false;
            warnings.into_iter().for_each(|warning| self.warn(warning));
        }
    }

    fn apply_conditions(&mut self, entries: &[EntryId], values: &Rc<Map>, path: &str) {
        for id in entries {
            let condition = self.entry(*id).condition.clone();
            for place in condition.trim().split(',').filter(|place| !place.is_empty()) {
                match leaf(values, &format!("{path}{place}")) {
                    Some(Value::Bool(enabled)) => {
                        self.entry_mut(*id).enabled = enabled;
                        break;
                    }
                    Some(_) => {
                        let name = &self.entry(*id).name;
                        let message = format!(
                            "Warning: Condition path '{place}' for chart {name} returned non-bool value"
                        );
                        self.warn(message);
                    }
                    None => {}
                }
            }
        }
    }
}
