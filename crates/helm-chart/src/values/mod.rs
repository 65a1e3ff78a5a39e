//! The values that templates see: the defaults of all charts, and what the user says.
//!
//! Maps are shared, as in Go: the map that a chart sees as its `.Values` is the one that its parent has under
//! the chart's name, and a change through one is seen through the other.

mod coalesce;
mod copy;
mod enabled;
mod graph;
mod imports;
mod json;
mod options;
mod path;
mod yaml;

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::{Map, MapKind, Value};

use crate::chart::Chart;
use crate::error::Error;
use crate::schema::Checks;
use graph::Graph;

pub use json::{from_json, to_json};
pub use options::{Options, merge};
pub use yaml::from_yaml;
pub(crate) use yaml::{LIMITS, first_document, from_node, from_plain, from_scalar, from_yaml_bytes};

/// What [`compute`] gives.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The `.Values` of the root chart: a map of [`MapKind::Any`]. Those of the charts in it are the maps at their
    /// names.
    pub values: Value,
    /// What helm warns of, in order; it may warn of the same more than once.
    pub warnings: Vec<String>,
    /// Checks that the caller has to run, with [`Validation::Deferred`].
    pub checks: Checks,
    /// What was used up on the way.
    pub leftovers: Leftovers,
}

/// What computing values has used up. To drop it takes as long as a copy of all values: a process that ends soon may
/// forget it.
#[derive(Clone, Debug)]
pub struct Leftovers(#[expect(dead_code, reason = "it is only held")] Rc<Graph>);

/// Whether values are checked against the values.schema.json of the charts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Validation {
    /// They are.
    #[default]
    Checked,
    /// The caller does it: [`Computed::checks`].
    Deferred,
    /// They are not, as with `--skip-schema-validation`.
    Skipped,
}

/// Computes the values of a chart and of all charts in it, from the user's values.
///
/// In that order, the chart's dependencies are enabled or dropped and get their aliases; values are imported
/// into [`Chart::values`]; the user's values are laid over the defaults; the result is checked.
///
/// # Errors
///
/// If the value at the name of a dependency is no map, if values do not meet a schema, or if they get too large.
/// The chart may then be half processed.
pub fn compute(chart: &mut Chart, user: &Value, validation: Validation) -> Result<Computed, Error> {
    let user = match user {
        Value::Map(map) => Rc::clone(map),
        _ => Map::new(MapKind::Any, BTreeMap::new()),
    };
    let mut graph = Graph::new(std::mem::take(chart))?;
    let result = process(&mut graph, &user);
    *chart = graph.finish()?;
    let values = result?;
    let mut warnings = std::mem::take(&mut chart.warnings);
    let mut checks = match validation {
        Validation::Skipped => Checks::default(),
        Validation::Checked | Validation::Deferred => Checks::new(chart, &values),
    };
    if validation == Validation::Checked {
        warnings.extend(std::mem::take(&mut checks).run()?);
    } else if let Some(ahead) = &chart.ahead {
        checks.begin(ahead.background());
    }
    Ok(Computed { values: Value::Map(values), warnings, checks, leftovers: Leftovers(Rc::new(graph)) })
}

fn process(graph: &mut Graph, user: &Rc<Map>) -> Result<Rc<Map>, Error> {
    let root = graph.root();
    graph.enable(root, user, "")?;
    graph.import(root)?;
    let values = graph.coalesce_over(root, Some(user), coalesce::Nulls::Delete)?;
    // Whoever walks over the values shall come to an end.
    graph.copier.walk(&values)?;
    Ok(values)
}

/// A map without entries.
pub(crate) fn empty() -> Value {
    Value::Map(empty_map())
}

fn empty_map() -> Rc<Map> {
    Map::new(MapKind::Any, BTreeMap::new())
}

/// The map that a value is, if it is one of Go's `map[string]interface {}`.
fn as_table(value: &Value) -> Option<&Rc<Map>> {
    match value {
        Value::Map(map) if map.kind == MapKind::Any => Some(map),
        _ => None,
    }
}

/// The entries as they are now, to walk over while the map changes.
fn snapshot(map: &Map) -> Vec<(go_template::Text, Value)> {
    map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}
