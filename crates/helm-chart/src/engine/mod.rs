//! Executing the templates of a chart and of those below it.

mod chart_object;
mod context;
mod error;
mod random;

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::{Execution, Limits, Templates, Text, Value};

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::functions::{self, State, without_no_value};
use crate::{Error, Release};

use self::context::Renderable;
pub use self::random::RandomCall;

/// Executes every template of a chart: file by path, as `chart/charts/sub/templates/x.yaml`.
///
/// `values` are the computed ones, the root's `.Values`.
///
/// # Errors
///
/// When a template cannot be parsed or fails; the message is Helm's.
pub(crate) fn render(
    chart: &Chart,
    values: &Value,
    release: &Release,
    capabilities: &Capabilities,
    limits: &Limits,
) -> Result<Output, Error> {
    let mut renderables = context::collect(chart, values, release, capabilities);
    // Files are parsed deepest first and in reverse order of their names: of templates that are defined
    // twice, the shallowest file's wins, then the alphabetically first. They are executed in that order too.
    renderables.sort_by(|a, b| depth(&b.path).cmp(&depth(&a.path)).then_with(|| b.path.cmp(&a.path)));
    let mut templates = Templates::new(functions::functions());
    for renderable in &renderables {
        templates
            .parse(&renderable.path, Rc::clone(&renderable.template))
            .map_err(|error| error::parse(&renderable.path, &error.to_string()))?;
    }
    execute(&templates, &renderables, limits)
}

/// What the templates of a chart make.
pub(crate) struct Output {
    /// Texts by path.
    pub(crate) files: BTreeMap<Rc<str>, String>,
    pub(crate) random_calls: Vec<RandomCall>,
}

fn execute(templates: &Templates, renderables: &[Renderable], limits: &Limits) -> Result<Output, Error> {
    let state = State::default();
    let mut execution = Execution::new(templates, limits, &state);
    let mut files = BTreeMap::new();
    for renderable in renderables {
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
    Ok(Output { files, random_calls: execution.noted().iter().map(RandomCall::new).collect() })
}

fn depth(path: &str) -> usize {
    path.bytes().filter(|&byte| byte == b'/').count()
}

/// A key of a context.
fn key(name: &str) -> Text {
    Text::from(name)
}
