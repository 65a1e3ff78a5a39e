//! One template executed by itself, with what it looks at.

use std::collections::HashMap;
use std::sync::Arc;

use go_template::{Execution, Limits, Place, Trace, Value};

use super::{Prepared, error, without_no_value};
use crate::Error;
use crate::functions::State;
use crate::manifest::{self, Manifest};

/// What one template of a chart makes, and of what.
#[derive(Debug)]
pub struct Traced {
    /// Its documents, in their order.
    pub documents: Vec<Manifest>,
    trace: Trace,
    /// Whether the output is what was written.
    is_whole: bool,
}

impl Prepared {
    /// Executes the template at a path, as `chart/charts/sub/templates/x.yaml`, by itself: the others may have changed
    /// values that it sees. None if there is no such template.
    ///
    /// # Errors
    ///
    /// When it fails, or what it makes is no YAML.
    pub fn execute_one(&self, path: &str, limits: &Limits) -> Result<Option<Traced>, Error> {
        let Some(renderable) = self.renderables.iter().find(|renderable| renderable.path == path) else {
            return Ok(None);
        };
        let state = State::default();
        let mut execution = Execution::new(&self.templates, limits, &state);
        execution.trace();
        renderable.name_template();
        let output = execution
            .execute(path, &renderable.context)
            .map_err(|error| error::execution(&error.to_string()))?;
        let length = output.len();
        let output = without_no_value(output);
        let is_whole = output.len() == length;
        let text = String::from_utf8(output)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let documents = manifest::split(&Arc::from(path), &Arc::new(text))?;
        Ok(Some(Traced { documents, trace: execution.take_trace().unwrap_or_default(), is_whole }))
    }
}

impl Traced {
    /// The line of a template that wrote the byte of the output that has so many before it.
    #[must_use]
    pub fn place(&self, offset: usize) -> Option<Place> {
        self.trace.place(offset).filter(|_| self.is_whole)
    }

    /// The paths of the values that the template has looked at, below the values of the root chart, in the order of the
    /// first time. Of what is looked at in maps that are copies, only the maps that were copied are told.
    #[must_use]
    pub fn values(&self, values: &Value) -> Vec<Vec<String>> {
        let mut paths = HashMap::new();
        walk(values, &mut Vec::new(), &mut paths);
        let reads = self.trace.reads().flat_map(|(map, key)| {
            let above = paths.get(&map.address()).map_or(&[][..], Vec::as_slice);
            above.iter().map(|above| [above.as_slice(), &[key.to_str().into_owned()]].concat())
        });
        reads.collect()
    }
}

/// The paths at which each map stands, which may be several.
fn walk(value: &Value, path: &mut Vec<String>, paths: &mut HashMap<usize, Vec<Vec<String>>>) {
    // As deep as values get; computing them has counted them.
    const DEEPEST: usize = 64;
    let Value::Map(map) = value else { return };
    paths.entry(map.address()).or_default().push(path.clone());
    if path.len() < DEEPEST {
        for (key, value) in map.entries().iter() {
            path.push(key.to_str().into_owned());
            walk(value, path, paths);
            path.pop();
        }
    }
}
