//! Executing the templates of a chart and of those below it.

mod chart_object;
mod context;
mod error;
mod random;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use go_template::{Execution, Limits, Templates, Text, Value};

use crate::ahead::{self, Template};
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Crd};
use crate::functions::{self, State, without_no_value};
use crate::manifest;
use crate::{Error, Release, Rendered};

use self::context::Renderable;
pub(crate) use self::error::parse as parse_error;
pub use self::random::RandomCall;

/// The templates of a chart, parsed, each with what it sees.
pub struct Parsed {
    templates: Templates,
    renderables: Vec<Renderable>,
    crds: Vec<Crd>,
}

/// What the templates of a chart make.
#[derive(Debug)]
pub struct Executed {
    /// Texts by path, as `chart/charts/sub/templates/x.yaml`.
    files: BTreeMap<Rc<str>, String>,
    random_calls: Vec<RandomCall>,
    crds: Vec<Crd>,
}

impl Parsed {
    /// Parses the templates of a chart and of those below it. `values` are the computed ones, the root's
    /// `.Values`.
    ///
    /// # Errors
    ///
    /// When one cannot be parsed; the message is Helm's.
    pub fn new(
        chart: &Chart,
        values: &Value,
        release: &Release,
        capabilities: &Capabilities,
    ) -> Result<Self, Error> {
        let mut renderables = context::collect(chart, values, release, capabilities);
        // Files are parsed deepest first and in reverse order of their names: of templates that are defined
        // twice, the shallowest file's wins, then the alphabetically first. They are executed in that order
        // too.
        renderables.sort_by_cached_key(|renderable| {
            (Reverse(depth(&renderable.path)), Reverse(renderable.path.clone()))
        });
        let mut templates = Templates::new(Arc::clone(&functions::TABLE));
        let texts = renderables.iter().map(|Renderable { path, template, .. }| Template {
            path: path.clone(),
            content: template.clone(),
        });
        for file in ahead::parse(texts.collect(), chart.ahead.as_deref())? {
            templates.add(file);
        }
        Ok(Parsed { templates, renderables, crds: chart.crds() })
    }

    /// Executes them.
    ///
    /// # Errors
    ///
    /// When one fails; the message is Helm's.
    pub fn execute(&self, limits: &Limits) -> Result<Executed, Error> {
        let state = State::default();
        let mut execution = Execution::new(&self.templates, limits, &state);
        let mut files = BTreeMap::new();
        for renderable in &self.renderables {
            let path = &renderable.path;
            if path.rsplit('/').next().is_some_and(|name| name.starts_with('_')) {
                continue;
            }
            renderable.name_template();
            let output = execution
                .execute(path, &renderable.context)
                .map_err(|error| error::execution(&error.to_string()))?;
            let text = String::from_utf8(without_no_value(output))
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            files.insert(Rc::from(path.as_str()), text);
        }
        let random_calls = execution.noted().iter().map(RandomCall::new).collect();
        Ok(Executed { files, random_calls, crds: self.crds.clone() })
    }
}

impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.renderables.iter().map(|renderable| &renderable.path)).finish()
    }
}

impl Executed {
    /// Splits the texts into documents and puts these into the order in which Helm installs them.
    ///
    /// # Errors
    ///
    /// When a document is no YAML or not that of an object.
    pub fn order(mut self) -> Result<Rendered, Error> {
        self.files.retain(|path, _| !path.ends_with("NOTES.txt"));
        let manifests = manifest::sort(self.files)?;
        Ok(Rendered { crds: self.crds, manifests, random_calls: self.random_calls })
    }
}

fn depth(path: &str) -> usize {
    path.bytes().filter(|&byte| byte == b'/').count()
}

/// A key of a context.
fn key(name: &str) -> Text {
    Text::from(name)
}
