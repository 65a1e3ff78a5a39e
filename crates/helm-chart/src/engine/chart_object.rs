//! `.Chart`: a chart's metadata as templates see it.

use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::{Map, MapKind, Object, Text, Value};

use super::key;
use crate::chart::Metadata;

/// A struct of Go: fields by their Go name, and by the name that they have in JSON.
#[derive(Debug)]
pub(super) struct ChartObject {
    type_name: &'static str,
    fields: Vec<Field>,
}

#[derive(Clone, Debug)]
struct Field {
    name: &'static str,
    json: &'static str,
    value: Value,
    /// JSON leaves it out when it is empty.
    omit_empty: bool,
}

fn field(name: &'static str, json: &'static str, value: Value) -> Field {
    Field { name, json, value, omit_empty: true }
}

fn always(name: &'static str, json: &'static str, value: Value) -> Field {
    Field { name, json, value, omit_empty: false }
}

fn text(text: &str) -> Value {
    Value::string(text)
}

fn texts(texts: &[String]) -> Value {
    if texts.is_empty() {
        return sprig::nil_strings();
    }
    let items = texts.iter().map(|item| text(item)).collect();
    Value::List(Rc::new(go_template::List { item: "string", items }))
}

fn objects(item: &'static str, objects: impl Iterator<Item = ChartObject>) -> Value {
    let items = objects.map(|object| Value::Object(Rc::new(object))).collect();
    Value::List(Rc::new(go_template::List { item, items }))
}

impl ChartObject {
    pub(super) fn new(metadata: &Metadata, is_root: bool) -> Self {
        let maintainers = metadata.maintainers.iter().map(|maintainer| ChartObject {
            type_name: "*chart.Maintainer",
            fields: vec![
                field("Name", "name", text(&maintainer.name)),
                field("Email", "email", text(&maintainer.email)),
                field("URL", "url", text(&maintainer.url)),
            ],
        });
        let dependencies = metadata.dependencies().iter().map(|dependency| ChartObject {
            type_name: "*chart.Dependency",
            fields: vec![
                always("Name", "name", text(&dependency.name)),
                field("Version", "version", text(&dependency.version)),
                always("Repository", "repository", text(&dependency.repository)),
                field("Condition", "condition", text(&dependency.condition)),
                field("Tags", "tags", texts(&dependency.tags)),
                field("Enabled", "enabled", Value::Bool(dependency.enabled)),
                field("ImportValues", "import-values", Value::list(dependency.import_values.clone())),
                field("Alias", "alias", text(&dependency.alias)),
            ],
        });
        let annotations: BTreeMap<_, _> =
            metadata.annotations.iter().map(|(name, value)| (key(name), text(value))).collect();
        ChartObject {
            type_name: "struct { chart.Metadata; IsRoot bool }",
            fields: vec![
                field("Name", "name", text(&metadata.name)),
                field("Home", "home", text(&metadata.home)),
                field("Sources", "sources", texts(&metadata.sources)),
                field("Version", "version", text(&metadata.version)),
                field("Description", "description", text(&metadata.description)),
                field("Keywords", "keywords", texts(&metadata.keywords)),
                field("Maintainers", "maintainers", objects("*chart.Maintainer", maintainers)),
                field("Icon", "icon", text(&metadata.icon)),
                field("APIVersion", "apiVersion", text(&metadata.api_version)),
                field("Condition", "condition", text(&metadata.condition)),
                field("Tags", "tags", text(&metadata.tags)),
                field("AppVersion", "appVersion", text(&metadata.app_version)),
                field("Deprecated", "deprecated", Value::Bool(metadata.deprecated)),
                field("Annotations", "annotations", Value::Map(Map::new(MapKind::Strings, annotations))),
                field("KubeVersion", "kubeVersion", text(&metadata.kube_version)),
                field("Dependencies", "dependencies", objects("*chart.Dependency", dependencies)),
                field("Type", "type", text(&metadata.chart_type)),
                always("IsRoot", "IsRoot", Value::Bool(is_root)),
            ],
        }
    }
}

impl Object for ChartObject {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> &str {
        if self.type_name.starts_with('*') { "ptr" } else { "struct" }
    }

    fn print(&self) -> String {
        let mut fields: Vec<_> = self
            .fields
            .iter()
            .map(|field| {
                go_template::to_text(&field.value).map(|text| text.to_str().into_owned()).unwrap_or_default()
            })
            .collect();
        // The metadata is a struct within the struct of the chart.
        if let [.., Field { name: "IsRoot", .. }] = self.fields.as_slice()
            && let Some(is_root) = fields.pop()
        {
            return format!("{{{{{}}} {is_root}}}", fields.join(" "));
        }
        format!("{{{}}}", fields.join(" "))
    }

    fn field(&self, name: &str) -> Option<Value> {
        if name == "Metadata"
            && let [fields @ .., Field { name: "IsRoot", .. }] = self.fields.as_slice()
        {
            let metadata = ChartObject { type_name: "chart.Metadata", fields: fields.to_vec() };
            return Some(Value::Object(Rc::new(metadata)));
        }
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.clone())
    }

    fn to_plain(&self) -> Value {
        let kept = self.fields.iter().filter(|field| !field.omit_empty || field.value.is_true());
        Value::map(kept.map(|field| (Text::from(field.json), field.value.clone())))
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let kept = self.fields.iter().filter(|field| !field.omit_empty || field.value.is_true());
        Some(kept.map(|field| (field.json, field.value.clone())).collect())
    }

    fn struct_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(self.fields.iter().map(|field| (field.name, field.value.clone())).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
