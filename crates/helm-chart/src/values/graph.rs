//! Charts that may share charts, as helm's do while it decides on dependencies.
//!
//! Helm copies a chart for each alias, but not the charts in it, nor the entries of its Chart.yaml: what is done
//! to those through one alias is seen through the others. Here charts and entries stand in two lists and refer
//! to each other by index.

use std::rc::Rc;

use go_template::{Map, Value};

use super::copy::Copier;
use super::empty_map;
use crate::chart::{Chart, Dependency};
use crate::error::Error;

/// Each alias brings all charts below it once more.
const MAX_CHARTS: usize = 5_000;

const MAX_WARNINGS: usize = 1_000;

/// The index of a chart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ChartId(usize);

/// The index of an entry of `dependencies`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct EntryId(usize);

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) values: Rc<Map>,
    pub(super) parent: Option<ChartId>,
    pub(super) children: Vec<ChartId>,
    pub(super) entries: Option<Vec<EntryId>>,
    /// The rest of the chart, without dependencies.
    rest: Rc<Chart>,
}

#[derive(Debug)]
pub(super) struct Graph {
    charts: Vec<Node>,
    entries: Vec<Dependency>,
    pub(super) warnings: Vec<String>,
    pub(super) copier: Copier,
    /// Values that are no longer needed.
    pub(super) used: Vec<Rc<Map>>,
}

impl Node {
    pub(super) fn version(&self) -> &str {
        &self.rest.metadata.version
    }
}

impl Graph {
    pub(super) fn new(mut root: Chart) -> Result<Self, Error> {
        let warnings = std::mem::take(&mut root.warnings);
        let mut graph = Graph {
            charts: Vec::new(),
            entries: Vec::new(),
            warnings,
            copier: Copier::default(),
            used: Vec::new(),
        };
        graph.insert(root, None)?;
        Ok(graph)
    }

    fn insert(&mut self, mut chart: Chart, parent: Option<ChartId>) -> Result<ChartId, Error> {
        let children = std::mem::take(&mut chart.dependencies);
        let listed = chart.metadata.dependencies.take();
        let entries = listed.map(|listed| {
            let first = self.entries.len();
            self.entries.extend(listed);
            (first..self.entries.len()).map(EntryId).collect()
        });
        let values = match std::mem::take(&mut chart.values) {
            Value::Map(map) => map,
            _ => empty_map(),
        };
        let name = chart.metadata.name.clone();
        let node = Node { name, values, parent, children: Vec::new(), entries, rest: Rc::new(chart) };
        let id = self.push(node)?;
        for child in children {
            let child = self.insert(child, Some(id))?;
            self.chart_mut(id).children.push(child);
        }
        Ok(id)
    }

    pub(super) fn push(&mut self, node: Node) -> Result<ChartId, Error> {
        if self.charts.len() >= MAX_CHARTS {
            return Err(Error::new(format!("chart has more than {MAX_CHARTS} dependencies")));
        }
        self.charts.push(node);
        Ok(ChartId(self.charts.len() - 1))
    }

    pub(super) fn root(&self) -> ChartId {
        ChartId(0)
    }

    #[expect(clippy::indexing_slicing, reason = "ids come from push and nothing is removed")]
    pub(super) fn chart(&self, id: ChartId) -> &Node {
        &self.charts[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids come from push and nothing is removed")]
    pub(super) fn chart_mut(&mut self, id: ChartId) -> &mut Node {
        &mut self.charts[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids come from insert and nothing is removed")]
    pub(super) fn entry(&self, id: EntryId) -> &Dependency {
        &self.entries[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids come from insert and nothing is removed")]
    pub(super) fn entry_mut(&mut self, id: EntryId) -> &mut Dependency {
        &mut self.entries[id.0]
    }

    pub(super) fn warn(&mut self, message: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(message);
        }
    }

    /// The tree that came of it.
    pub(super) fn finish(&mut self) -> Result<Chart, Error> {
        let mut left = MAX_CHARTS;
        let mut root = self.build(self.root(), &mut left)?;
        root.warnings = std::mem::take(&mut self.warnings);
        Ok(root)
    }

    fn build(&self, id: ChartId, left: &mut usize) -> Result<Chart, Error> {
        *left = left
            .checked_sub(1)
            .ok_or_else(|| Error::new(format!("chart has more than {MAX_CHARTS} dependencies")))?;
        let node = self.chart(id);
        let mut chart = Chart::clone(&node.rest);
        chart.metadata.name.clone_from(&node.name);
        chart.metadata.dependencies = node
            .entries
            .as_ref()
            .map(|entries| entries.iter().map(|entry| self.entry(*entry).clone()).collect());
        chart.values = Value::Map(Rc::clone(&node.values));
        chart.path = self.path(id);
        for child in &node.children {
            chart.dependencies.push(self.build(*child, left)?);
        }
        Ok(chart)
    }

    fn path(&self, id: ChartId) -> String {
        let node = self.chart(id);
        match node.parent {
            Some(parent) => format!("{}/charts/{}", self.path(parent), node.name),
            None => node.name.clone(),
        }
    }
}
