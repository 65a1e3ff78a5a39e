//! Executing the templates of a chart and of those below it.

mod chart_object;
mod context;
mod error;
mod random;
mod traced;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use go_template::{Execution, Limits, Templates, Text, Value};

use crate::ahead::{self, Template};
use crate::background::Background;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Crd};
use crate::functions::{self, State, without_no_value};
use crate::manifest::{self, Manifest};
use crate::{Error, Release, Rendered};

use self::context::Renderable;
pub(crate) use self::error::parse as parse_error;
pub use self::random::RandomCall;
pub use self::traced::Traced;

/// The templates of a chart, each with what it sees.
pub struct Prepared {
    /// Those that the files in `files` define, which are parsed when they are called if that is soon enough.
    templates: Templates,
    /// Parallel to `renderables`.
    files: Vec<Arc<Template>>,
    renderables: Vec<Renderable>,
    crds: Vec<Crd>,
    background: Background,
}

/// What the templates of a chart make.
#[derive(Debug)]
pub struct Executed {
    outputs: Vec<Arc<Output>>,
    random_calls: Vec<RandomCall>,
    crds: Vec<Crd>,
}

/// What a template rendered: its path, as `chart/charts/sub/templates/x.yaml`, and its text.
#[derive(Debug)]
struct Output {
    path: Arc<str>,
    text: Arc<String>,
    /// Its documents, once a thread has read them.
    documents: OnceLock<Result<Vec<Manifest>, Error>>,
}

impl Output {
    /// Reads its documents, unless a thread has, or waits for the one that does.
    fn read(&self) -> &Result<Vec<Manifest>, Error> {
        self.documents.get_or_init(|| manifest::split(&self.path, &self.text))
    }
}

impl Prepared {
    /// Prepares the templates of a chart and of those below it. `values` are the computed ones, the root's
    /// `.Values`.
    ///
    /// Parsing them may take longer than this does: another thread goes on with it.
    ///
    /// # Errors
    ///
    /// When one that has to be parsed now cannot be; the message is Helm's.
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
        let all = renderables.iter().map(|renderable| (renderable.path.as_str(), &renderable.template));
        let files = ahead::templates(all, chart.ahead.as_deref());
        let mut templates = Templates::new(Arc::clone(&functions::TABLE));
        for (Renderable { path, .. }, file) in renderables.iter().zip(&files) {
            if file.defines() {
                match file.parse() {
                    Ok(file) => templates.add(file),
                    // An earlier one may be wrong too.
                    Err(_) => parse_all(&files)?,
                }
            } else {
                let file = Arc::clone(file);
                templates.add_later(path, move || file.parse().ok().cloned());
            }
        }
        let background = chart.ahead.as_ref().map(|ahead| ahead.background().clone());
        let background = background.unwrap_or_else(Background::none);
        Ok(Prepared { templates, files, renderables, crds: chart.crds(), background })
    }

    /// Parses what is not parsed yet.
    ///
    /// # Errors
    ///
    /// When one cannot be parsed; the message is Helm's.
    pub fn parse(&self) -> Result<(), Error> {
        parse_all(&self.files)
    }

    /// Begins to read the resource definitions, which are going to be printed.
    pub fn read_crds(&self) {
        let contents: Vec<_> = self.crds.iter().map(|crd| crd.file.content.clone()).collect();
        self.background.run(move || {
            for content in contents {
                // Whoever needs it says that it cannot be read.
                let _ = content.read();
            }
        });
    }

    /// Executes them. The documents that they make are read by another thread.
    ///
    /// # Errors
    ///
    /// When one cannot be parsed, else when one fails; the message is Helm's.
    pub fn execute(&self, limits: &Limits) -> Result<Executed, Error> {
        let executed = self.execute_parsed(limits);
        self.parse().and(executed)
    }

    fn execute_parsed(&self, limits: &Limits) -> Result<Executed, Error> {
        let state = State::default();
        let mut execution = Execution::new(&self.templates, limits, &state);
        let mut outputs = Vec::new();
        for renderable in &self.renderables {
            let path = &renderable.path;
            if ahead::is_partial(path) {
                continue;
            }
            renderable.name_template();
            let output = execution
                .execute(path, &renderable.context)
                .map_err(|error| error::execution(&error.to_string()))?;
            let text = String::from_utf8(without_no_value(output))
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            if path.ends_with("NOTES.txt") {
                continue;
            }
            let (path, text) = (Arc::from(path.as_str()), Arc::new(text));
            let output = Arc::new(Output { path, text, documents: OnceLock::new() });
            outputs.push(Arc::clone(&output));
            self.background.run(move || {
                let _ = output.read();
            });
        }
        let random_calls = execution.noted().iter().map(RandomCall::new).collect();
        Ok(Executed { outputs, random_calls, crds: self.crds.clone() })
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.renderables.iter().map(|renderable| &renderable.path)).finish()
    }
}

impl Executed {
    /// Puts the documents into the order in which Helm installs them.
    ///
    /// # Errors
    ///
    /// When a document is no YAML or not that of an object.
    pub fn order(self) -> Result<Rendered, Error> {
        // The background reads the first ones first.
        for output in self.outputs.iter().rev() {
            let _ = output.read();
        }
        let by_path: BTreeMap<_, _> = self.outputs.iter().map(|output| (&output.path, output)).collect();
        let documents =
            by_path.into_values().map(|output| output.read().clone()).collect::<Result<Vec<_>, _>>()?;
        let manifests = manifest::sort(documents.into_iter().flatten());
        Ok(Rendered { crds: self.crds, manifests, random_calls: self.random_calls })
    }
}

/// Parses templates. The first that cannot be parsed is the one that Helm tells about.
fn parse_all(templates: &[Arc<Template>]) -> Result<(), Error> {
    templates.iter().try_for_each(|template| template.parse().map(drop).map_err(Error::clone))
}

fn depth(path: &str) -> usize {
    path.bytes().filter(|&byte| byte == b'/').count()
}

/// A key of a context.
fn key(name: &str) -> Text {
    Text::from(name)
}
