//! What each template of a chart sees as `.`.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::{Map, MapKind, Value};

use super::chart_object::ChartObject;
use super::key;
use crate::Release;
use crate::ahead::is_partial;
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::content::Content;
use crate::files::Files;

/// A file that is executed.
pub(super) struct Renderable {
    /// `chart/charts/sub/templates/x.yaml`
    pub(super) path: String,
    pub(super) template: Content,
    /// Shared by the templates of a chart.
    pub(super) context: Value,
    /// `chart/charts/sub/templates`
    base_path: String,
}

impl Renderable {
    /// Sets `.Template`, which names the file being executed.
    pub(super) fn name_template(&self) {
        let Value::Map(context) = &self.context else { return };
        let template = BTreeMap::from([
            (key("Name"), Value::string(self.path.as_str())),
            (key("BasePath"), Value::string(self.base_path.as_str())),
        ]);
        context.entries_mut().insert(key("Template"), Value::Map(Map::new(MapKind::Values, template)));
    }
}

/// The templates of a chart and of all below it, each with its context. Of equal paths the last stays: charts
/// that twins share are rendered once.
pub(super) fn collect(
    chart: &Chart,
    values: &Value,
    release: &Release,
    capabilities: &Capabilities,
) -> Vec<Renderable> {
    let text = |text: &str| Value::string(text);
    let release = Value::map([
        (key("Name"), text(&release.name)),
        (key("Namespace"), text(&release.namespace)),
        (key("IsUpgrade"), Value::Bool(release.is_upgrade)),
        (key("IsInstall"), Value::Bool(!release.is_upgrade)),
        (key("Revision"), Value::Int(1)),
        (key("Service"), text("Helm")),
    ]);
    let shared = Shared { release, capabilities: capabilities.value() };
    let mut renderables = Vec::new();
    shared.add(chart, true, as_values(values), &mut renderables);
    let mut by_path: BTreeMap<String, Renderable> = BTreeMap::new();
    by_path.extend(renderables.into_iter().map(|renderable| (renderable.path.clone(), renderable)));
    by_path.into_values().collect()
}

/// What all charts of a render see.
struct Shared {
    release: Value,
    capabilities: Value,
}

impl Shared {
    /// Adds the templates of a chart, and returns its context.
    fn add(&self, chart: &Chart, is_root: bool, values: Value, into: &mut Vec<Renderable>) -> Rc<Map> {
        let subcharts = Map::new(MapKind::Any, BTreeMap::new());
        let files = Files::new(chart.files.iter().map(|file| (file.name.clone(), file.content.clone())));
        let context = Map::new(
            MapKind::Values,
            BTreeMap::from([
                (key("Chart"), Value::Object(Rc::new(ChartObject::new(&chart.metadata, is_root)))),
                (key("Files"), Value::Object(Rc::new(files))),
                (key("Release"), self.release.clone()),
                (key("Capabilities"), self.capabilities.clone()),
                (key("Values"), values.clone()),
                (key("Subcharts"), Value::Map(Rc::clone(&subcharts))),
            ]),
        );
        for dependency in &chart.dependencies {
            let sub = self.add(dependency, false, table(&values, dependency.name()), into);
            subcharts.entries_mut().insert(key(dependency.name()), Value::Map(sub.seen_as(MapKind::Any)));
        }
        for template in &chart.templates {
            if is_partial(&template.name) || !chart.is_library() {
                into.push(Renderable {
                    path: format!("{}/{}", chart.path, template.name),
                    template: template.content.clone(),
                    context: Value::Map(Rc::clone(&context)),
                    base_path: format!("{}/templates", chart.path),
                });
            }
        }
        context
    }
}

/// The map at a path with dots, as `Values.Table` finds it: what a chart below gets for its `.Values`.
fn table(values: &Value, path: &str) -> Value {
    let mut found = values.clone();
    for step in path.split('.') {
        let below = match &found {
            Value::Map(map) => map.get(step).unwrap_or_default(),
            _ => Value::Nil,
        };
        found = below;
    }
    as_values(&found)
}

/// A map as `chartutil.Values`; anything else is none.
fn as_values(value: &Value) -> Value {
    match value {
        Value::Map(map) => Value::Map(map.seen_as(MapKind::Values)),
        _ => Value::Map(Map::new(MapKind::Values, BTreeMap::new())),
    }
}
