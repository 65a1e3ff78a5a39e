//! What an Application can set, for the tab "Parameters" of ArgoCD (argo-cd
//! docs/operator-manual/config-management-plugins.md, "Parameter announcements").

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{CONFIG, OVERLAYS};
use crate::config::path::Path;
use crate::config::schema::{Found, View};
use crate::config::{Config, quoted};

/// One parameter.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// The key of the config.
    pub name: String,
    /// The key in words.
    pub title: String,
    /// What it is for, and what it may be.
    pub tooltip: String,
    /// Whether it must be given: nothing must.
    pub required: bool,
    /// Type of a value: `string`, `number` or `boolean`.
    pub item_type: &'static str,
    /// Which of the next three has the value: `string`, `array` or `map`.
    pub collection_type: &'static str,
    /// The current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string: Option<String>,
    /// The current values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<Vec<String>>,
    /// The current values by their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<BTreeMap<String, String>>,
}

/// All keys of the config with their current values, behind the names of the files that it is read from: the config
/// file and its overlays.
///
/// # Errors
///
/// When the config cannot be serialised; the error is serde's own.
pub fn all(config: &Config, files: &[String]) -> serde_json::Result<Vec<Announcement>> {
    let view = View::new()?;
    let current = serde_json::to_value(config)?;
    let mut all = files_of(files);
    for path in view.paths() {
        let Some(found) = view.at(&path).filter(|found| found.keys().is_empty()) else { continue };
        let value = path.keys().try_fold(&current, |value, key| value.get(key));
        all.push(announcement(&path, found, value.filter(|value| !value.is_null())));
    }
    Ok(all)
}

fn files_of(files: &[String]) -> Vec<Announcement> {
    let (config, overlays) =
        files.split_first().map_or((None, &[][..]), |(config, rest)| (Some(config), rest));
    let text = |text: &str| text.to_owned();
    vec![
        Announcement {
            name: text(CONFIG),
            title: text("Config file"),
            tooltip: text("Config file in the Application's folder."),
            item_type: "string",
            collection_type: "string",
            string: config.cloned(),
            ..Announcement::default()
        },
        Announcement {
            name: text(OVERLAYS),
            title: text("Overlays"),
            tooltip: text("Config files laid over the config file, from left to right."),
            item_type: "string",
            collection_type: "array",
            array: Some(overlays.to_vec()),
            ..Announcement::default()
        },
    ]
}

fn announcement(path: &Path, found: Found, value: Option<&Value>) -> Announcement {
    let mut announcement = Announcement {
        name: path.to_string(),
        title: title(path),
        tooltip: tooltip(found),
        item_type: item_type(found),
        ..Announcement::default()
    };
    if found.accepts_type("array") {
        let items = value.and_then(Value::as_array);
        announcement.collection_type = "array";
        announcement.item_type = "string";
        announcement.array = Some(items.into_iter().flatten().map(text).collect());
    } else if found.keyword("additionalProperties").is_some_and(Value::is_object) {
        let entries = value.and_then(Value::as_object).into_iter().flatten();
        announcement.collection_type = "map";
        announcement.map = Some(entries.map(|(name, value)| (name.clone(), text(value))).collect());
    } else {
        announcement.collection_type = "string";
        announcement.string = value.map(text);
    }
    announcement
}

/// A value as a text, which is read again as YAML where it has to be.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn item_type(found: Found) -> &'static str {
    if found.accepts_type("boolean") {
        "boolean"
    } else if found.accepts_type("string") || found.accepts_type("object") {
        "string"
    } else {
        "number"
    }
}

/// `resources.thanosQuery.requests.cpu` as `Resources: Thanos Query: Requests: Cpu`.
fn title(path: &Path) -> String {
    let words = path.keys().map(|key| {
        let mut words = String::new();
        for (index, c) in key.chars().enumerate() {
            if index == 0 {
                words.extend(c.to_uppercase());
            } else {
                if c.is_uppercase() {
                    words.push(' ');
                }
                words.push(c);
            }
        }
        words
    });
    words.collect::<Vec<_>>().join(": ")
}

/// The description, and what the value may be.
fn tooltip(found: Found) -> String {
    let mut tooltip = found.text("description").unwrap_or_default().to_owned();
    let mut add = |text: String| {
        if !tooltip.is_empty() {
            tooltip.push(' ');
        }
        tooltip.push_str(&text);
    };
    let choices = found.texts("enum");
    if !choices.is_empty() {
        add(format!("One of {}.", choices.join(", ")));
    }
    let number = |name: &str| found.keyword(name).filter(|value| value.is_number());
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => add(format!("From {least} to {most}.")),
        (Some(least), None) => add(format!("At least {least}.")),
        _ => {}
    }
    if let Some(default) = found.keyword("default").filter(|value| !value.is_null()) {
        add(format!("Default: {}.", shown(default)));
    }
    tooltip
}

fn shown(default: &Value) -> String {
    match default {
        Value::String(text) if text.is_empty() => quoted(text),
        value => text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Announcement {
        let files = ["monstack.yaml", "production.yaml"].map(str::to_owned);
        let all = all(&Config::default(), &files).unwrap();
        all.into_iter().find(|announcement| announcement.name == name).unwrap()
    }

    #[test]
    fn types_titles_and_values_follow_the_schema() {
        let replicas = of("replicas.thanosQuery");
        assert_eq!(replicas.title, "Replicas: Thanos Query");
        assert_eq!((replicas.item_type, replicas.collection_type), ("number", "string"));
        assert_eq!(replicas.string.as_deref(), Some("2"));
        assert!(replicas.tooltip.contains("From 1 to 100."), "{}", replicas.tooltip);
        assert_eq!(of("features.logs").item_type, "boolean");
        assert_eq!(of("features.logs").string.as_deref(), Some("true"));
        assert_eq!(of("tolerations").collection_type, "array");
        assert_eq!(of("grafana.ingress.annotations").collection_type, "map");
        assert_eq!(of("charts.loki.values").collection_type, "string");
        assert!(of("delivery").tooltip.contains("One of helmchart, application, inline."));
        assert_eq!(of("alerting.email.to").string, None);
        assert_eq!(of("config").string.as_deref(), Some("monstack.yaml"));
        assert_eq!(of("overlays").array.unwrap(), ["production.yaml"]);
    }

    #[test]
    fn everything_has_a_tooltip_and_no_name_is_twice() {
        let all = all(&Config::default(), &[]).unwrap();
        let mut names: Vec<_> = all.iter().map(|announcement| announcement.name.as_str()).collect();
        assert!(names.len() > 150);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        for announcement in &all {
            assert!(!announcement.tooltip.is_empty(), "{}", announcement.name);
        }
    }

    #[test]
    fn fields_are_named_as_argocd_names_them() {
        let value = serde_json::to_value(of("tolerations")).unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["name", "title", "tooltip", "required", "itemType", "collectionType", "array"]);
    }
}
