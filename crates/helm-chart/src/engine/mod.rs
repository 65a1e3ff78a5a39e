//! Executing the templates of a chart and of those below it.

mod chart_object;
mod context;
mod error;

use std::any::Any;
use std::collections::BTreeMap;

use go_template::{Limits, Templates, Text, Value};

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::functions::{self, State, without_no_value};
use crate::{Error, Release};

use self::context::Renderable;

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
) -> Result<BTreeMap<String, String>, Error> {
    let mut renderables = context::collect(chart, values, release, capabilities);
    // Files are parsed deepest first and in reverse order of their names: of templates that are defined
    // twice, the shallowest file's wins, then the alphabetically first. They are executed in that order too.
    renderables.sort_by(|a, b| depth(&b.path).cmp(&depth(&a.path)).then_with(|| b.path.cmp(&a.path)));
    let mut templates = Templates::new(functions::functions());
    for renderable in &renderables {
        templates
            .parse(&renderable.path, &String::from_utf8_lossy(&renderable.template))
            .map_err(|error| error::parse(&renderable.path, &error.to_string()))?;
    }
    execute(&templates, &renderables, limits)
}

fn execute(
    templates: &Templates,
    renderables: &[Renderable],
    limits: &Limits,
) -> Result<BTreeMap<String, String>, Error> {
    let state = State::default();
    let host: &dyn Any = &state;
    let mut files = BTreeMap::new();
    for renderable in renderables {
        let path = &renderable.path;
        if path.rsplit('/').next().is_some_and(|name| name.starts_with('_')) {
            continue;
        }
        renderable.name_template();
        let output = templates
            .execute(path, &renderable.context, limits, host)
            .map_err(|error| error::execution(&error.to_string()))?;
        let text = String::from_utf8_lossy(&without_no_value(output)).into_owned();
        files.insert(path.clone(), text);
    }
    Ok(files)
}

fn depth(path: &str) -> usize {
    path.bytes().filter(|&byte| byte == b'/').count()
}

/// A key of a context.
fn key(name: &str) -> Text {
    Text::from(name)
}
