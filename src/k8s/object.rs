//! A Kubernetes object ready to be written.

use std::borrow::Cow;

use go_yaml::Limits;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{SyncOption, Wave, Written};

/// What a document of a chart may use up; a custom resource definition has some 20,000 lines.
pub const CHART_LIMITS: Limits = Limits { max_bytes: 64 << 20, max_depth: 256, max_nodes: 4_000_000 };

/// A Kubernetes object as JSON, with the wave in which it is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The object's fields, `apiVersion` first. Of an object that a chart rendered there are only `apiVersion`,
    /// `kind` and `metadata`: see [`Object::whole`].
    pub value: Value,
    /// When it is applied.
    pub wave: Wave,
    /// The object as the chart rendered it, to be written as it is: a YAML document without `---`.
    pub text: Option<Written>,
}

impl Object {
    /// Turns a typed resource into an object of `wave`.
    ///
    /// # Errors
    ///
    /// None of our resources has a field that JSON cannot express; the error is serde's own.
    pub fn new(wave: Wave, resource: &impl Serialize) -> Result<Self, serde_json::Error> {
        let mut object = Self { value: serde_json::to_value(resource)?, wave, text: None };
        if let Some(Value::Object(metadata)) = object.value.get_mut("metadata") {
            name_first(metadata);
        }
        object.annotate("argocd.argoproj.io/sync-wave", &wave.number().to_string());
        Ok(object)
    }

    /// An object as a chart rendered it, of which `head` has `apiVersion`, `kind` and `metadata`.
    pub fn of_chart(wave: Wave, head: Value, text: Written) -> Self {
        Self { value: head, wave, text: Some(text) }
    }

    /// All fields of the object.
    ///
    /// # Errors
    ///
    /// When what a chart rendered is no YAML, which [`Object::of_chart`] was told it is.
    pub fn whole(&self) -> anyhow::Result<Cow<'_, Value>> {
        let Some(text) = &self.text else { return Ok(Cow::Borrowed(&self.value)) };
        let nodes = go_yaml::read_last_of_equal_keys(&text.to_bytes(), &CHART_LIMITS)
            .map_err(|problems| anyhow::anyhow!("{}: {problems:?}", self.name()))?;
        let value = nodes.first().map(go_yaml::Node::to_json).transpose()?;
        Ok(Cow::Owned(value.unwrap_or_default()))
    }

    /// Adds sync options for ArgoCD.
    #[must_use]
    pub fn with_options(mut self, options: &[SyncOption]) -> Self {
        let text = options.iter().map(|option| option.as_str()).collect::<Vec<_>>().join(",");
        self.annotate("argocd.argoproj.io/sync-options", &text);
        self
    }

    /// Sets an annotation.
    pub fn annotate(&mut self, key: &str, text: &str) {
        let metadata = self.value.get_mut("metadata").and_then(Value::as_object_mut);
        let Some(metadata) = metadata else { return };
        let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert(key.to_owned(), text.into());
        }
    }

    /// `apiVersion`
    pub fn api_version(&self) -> &str {
        self.text(&["apiVersion"])
    }

    /// `kind`
    pub fn kind(&self) -> &str {
        self.text(&["kind"])
    }

    /// `metadata.name`
    pub fn name(&self) -> &str {
        self.text(&["metadata", "name"])
    }

    /// `metadata.namespace`; empty for cluster-scoped objects.
    pub fn namespace(&self) -> &str {
        self.text(&["metadata", "namespace"])
    }

    fn text(&self, path: &[&str]) -> &str {
        path.iter()
            .try_fold(&self.value, |value, key| value.get(key))
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// Puts the name before the labels, as people write it.
fn name_first(metadata: &mut Map<String, Value>) {
    let rest = std::mem::take(metadata);
    let (first, rest): (Map<_, _>, Map<_, _>) =
        rest.into_iter().partition(|(key, _)| key == "name" || key == "namespace");
    metadata.extend(first);
    metadata.extend(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wave_is_a_string_beside_other_annotations() {
        let resource = json!({"kind": "Bucket", "metadata": {"annotations": {"a": "b"}, "name": "x"}});
        let object = Object::new(Wave::Buckets, &resource).unwrap();
        let object = object.with_options(&[SyncOption::KeepWhenPruned, SyncOption::KeepWhenDeleted]);
        assert_eq!(
            object.value["metadata"]["annotations"],
            json!({
                "a": "b",
                "argocd.argoproj.io/sync-wave": "-8",
                "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
            })
        );
    }

    #[test]
    fn the_name_comes_first() {
        let resource = json!({"metadata": {"labels": {}, "name": "x", "namespace": "y"}});
        let object = Object::new(Wave::Charts, &resource).unwrap();
        let keys: Vec<_> = object.value["metadata"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["name", "namespace", "labels", "annotations"]);
    }
}
