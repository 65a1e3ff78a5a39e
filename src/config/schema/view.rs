//! Looks up what the schema says about a key, to explain it.

use serde_json::Value;

use super::references::resolve;
use crate::config::path::{Path, Step};

/// The whole schema, explanations included.
#[derive(Debug)]
pub(crate) struct View {
    root: Value,
}

/// What the schema says about one value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// What the property itself says.
    property: &'a Value,
    /// What its type says.
    definition: &'a Value,
    /// The name of its type.
    pub(crate) type_name: Option<&'a str>,
}

impl View {
    /// Parses the embedded schema.
    pub(crate) fn new() -> serde_json::Result<Self> {
        Ok(Self { root: serde_json::from_str(super::TEXT)? })
    }

    /// The whole schema.
    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    /// What the schema says about the value at `path`.
    pub(crate) fn at(&self, path: &Path) -> Option<Found<'_>> {
        let mut found = self.found(&self.root);
        for step in path.steps() {
            let next = match step {
                Step::Key(key) => {
                    found.definition.get("properties").and_then(|properties| properties.get(key)).or_else(
                        || found.definition.get("additionalProperties").filter(|schema| schema.is_object()),
                    )
                }
                Step::Item(_) => found.definition.get("items"),
            };
            found = self.found(next?);
        }
        Some(found)
    }

    /// The paths of the mappings that have `key`, in the order of the schema.
    pub(crate) fn homes_of(&self, key: &str) -> Vec<Path> {
        let mut homes = Vec::new();
        self.search(&self.root, key, &Path::default(), &mut homes);
        homes
    }

    /// The paths of all keys, in the order of the schema.
    pub(crate) fn paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        self.list(&self.root, &Path::default(), &mut paths);
        paths
    }

    fn list(&self, schema: &Value, path: &Path, paths: &mut Vec<Path>) {
        let properties = resolve(&self.root, schema).get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let path = path.key(name.as_str());
            paths.push(path.clone());
            self.list(schema, &path, paths);
        }
    }

    fn search(&self, schema: &Value, key: &str, path: &Path, homes: &mut Vec<Path>) {
        let Some(properties) = resolve(&self.root, schema).get("properties").and_then(Value::as_object)
        else {
            return;
        };
        if properties.contains_key(key) {
            homes.push(path.clone());
        }
        for (name, schema) in properties {
            self.search(schema, key, &path.key(name.as_str()), homes);
        }
    }

    fn found<'a>(&'a self, property: &'a Value) -> Found<'a> {
        let type_name = property.get("$ref").and_then(Value::as_str);
        Found {
            property,
            definition: resolve(&self.root, property),
            type_name: type_name.and_then(|text| text.strip_prefix("#/$defs/")),
        }
    }
}

impl<'a> Found<'a> {
    /// A keyword of the property, or else of its type.
    pub(crate) fn keyword(&self, name: &str) -> Option<&'a Value> {
        self.property.get(name).or_else(|| self.definition.get(name))
    }

    /// A keyword that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.keyword(name).and_then(Value::as_str)
    }

    /// The strings of a keyword that is a list, or the one string that it is.
    pub(crate) fn texts(&self, name: &str) -> Vec<&'a str> {
        match self.keyword(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// Whether a value of this JSON type is accepted.
    pub(crate) fn accepts_type(&self, name: &str) -> bool {
        self.texts("type").contains(&name)
    }

    /// The keys of a mapping.
    pub(crate) fn keys(&self) -> Vec<&'a str> {
        let properties = self.definition.get("properties").and_then(Value::as_object);
        properties.map(|properties| properties.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// The constraints of a value that holds no others.
    pub(crate) fn constraints(&self) -> &'a Value {
        self.definition
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_followed_through_references_items_and_free_keys() {
        let view = View::new().unwrap();
        let root = Path::default();
        let cpu = root.key("resources").key("loki").key("write").key("requests").key("cpu");
        assert_eq!(view.at(&cpu).unwrap().type_name, Some("CpuQuantity"));
        assert!(view.at(&root.key("tolerations").item(3).key("effect")).unwrap().keyword("enum").is_some());
        let annotation = root.key("grafana").key("ingress").key("annotations").key("a/b");
        assert!(view.at(&annotation).unwrap().accepts_type("string"));
        assert!(view.at(&root.key("nothing")).is_none());
    }

    #[test]
    fn a_key_knows_its_homes() {
        let view = View::new().unwrap();
        let homes = |key| view.homes_of(key).iter().map(Path::to_string).collect::<Vec<_>>();
        assert_eq!(homes("retention"), [""]);
        assert_eq!(homes("expireLogsDays"), ["objectStorage.lifecycle"]);
        assert!(homes("nothing").is_empty());
    }
}
