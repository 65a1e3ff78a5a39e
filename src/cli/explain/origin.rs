//! The values of keys, and who says them.

use serde_json::{Value, json};

use crate::config::path::Path;
use crate::config::{Config, Origin, Origins, Source};
use crate::provenance;

/// The keys of a config: what they are, where they are set, and what they are by default.
pub(super) struct Keys {
    values: Value,
    defaults: Value,
    origins: Origins,
}

impl Keys {
    pub(super) fn new(config: &Config, files: &[Source], sets: &[String]) -> serde_json::Result<Self> {
        Ok(Self {
            values: serde_json::to_value(config)?,
            defaults: serde_json::to_value(Config::default())?,
            origins: Origins::new(files, sets),
        })
    }

    /// The value of a key.
    pub(super) fn value(&self, path: &Path) -> Option<&Value> {
        provenance::value(&self.values, path)
    }

    /// Its default.
    pub(super) fn default(&self, path: &Path) -> Option<&Value> {
        provenance::value(&self.defaults, path)
    }

    /// Where it is set.
    pub(super) fn place(&self, path: &Path) -> Option<Origin> {
        self.origins.of(path)
    }

    /// Who says it, in words.
    pub(super) fn origin(&self, path: &Path) -> String {
        match self.origins.of(path) {
            Some(origin) => origin.to_string(),
            None if self.value(path) == self.default(path) => "the default".to_owned(),
            None => "follows from other keys".to_owned(),
        }
    }

    /// Who says it, for programs: a place, or a word.
    pub(super) fn origin_json(&self, path: &Path) -> Value {
        match self.origins.of(path) {
            Some(origin) => place(&origin),
            None if self.value(path) == self.default(path) => json!("default"),
            None => json!("other keys"),
        }
    }
}

/// A place, for programs.
pub(super) fn place(origin: &Origin) -> Value {
    if origin.file == "--set" {
        return json!("--set");
    }
    json!({"file": origin.file, "line": origin.line, "column": origin.column})
}
