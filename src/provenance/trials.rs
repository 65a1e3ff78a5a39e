//! Other values for keys of the config.

use serde_json::Value;

use crate::config::path::Path;
use crate::config::schema::View;
use crate::config::{Config, quoted};

/// Texts of all the kinds that keys have, one of which each key accepts.
const TEXTS: [&str; 18] = [
    "other",
    "77",
    "77m",
    "77Mi",
    "77Gi",
    "77d",
    "77s",
    "7m0s",
    "v9.9.9",
    "9.9.9",
    "9.9.x",
    "2024-02-02",
    "other.example.org",
    "https://other.example.org",
    "other.example.org:587",
    "other@example.org",
    "./other",
    "nbg1",
];

/// A config whose keys are given other values.
#[derive(Debug)]
pub struct Trials {
    config: Config,
    values: Value,
    view: View,
}

impl Trials {
    /// Of a config.
    ///
    /// # Errors
    ///
    /// The embedded schema and the config are ours, so there are none; the error is serde's own.
    pub fn new(config: Config) -> serde_json::Result<Self> {
        Ok(Self { values: serde_json::to_value(&config)?, view: View::new()?, config })
    }

    /// All keys that have no keys below them.
    #[must_use]
    pub fn keys(&self) -> Vec<Path> {
        let is_leaf = |path: &Path| self.view.at(path).is_some_and(|found| found.keys().is_empty());
        self.view.paths().into_iter().filter(is_leaf).collect()
    }

    /// What the schema says a key is for, if there is such a key.
    #[must_use]
    pub fn description(&self, path: &Path) -> Option<&str> {
        let found = self.view.at(path).filter(|_| !path.is_root())?;
        Some(found.text("description").unwrap_or_default())
    }

    /// The value of a key.
    #[must_use]
    pub fn value(&self, path: &Path) -> Option<&Value> {
        value(&self.values, path)
    }

    /// The config with other values of a key: the first that `load` accepts as `key=value` and that make a difference; of
    /// a number two, since what one replica needs is not what several need.
    pub fn others(&self, path: &Path, load: impl Fn(&str) -> Option<Config>) -> Vec<Config> {
        let escaped: Vec<_> = path.keys().map(|key| key.replace('\\', "\\\\").replace('.', "\\.")).collect();
        let key = escaped.join(".");
        let candidates = self.candidates(path);
        let is_number = self.view.at(path).is_some_and(|found| found.accepts_type("integer"));
        let most = if is_number { 2 } else { 1 };
        let accepted = candidates.iter().filter_map(|candidate| load(&format!("{key}={candidate}")));
        accepted.filter(|other| *other != self.config).take(most).collect()
    }

    /// Values that a key may have, in YAML.
    fn candidates(&self, path: &Path) -> Vec<String> {
        let Some(found) = self.view.at(path) else { return Vec::new() };
        let current = self.value(path);
        let mut candidates: Vec<String> = Vec::new();
        if let Some(Value::Bool(value)) = current {
            candidates.push((!value).to_string());
        }
        if let Some(number) = current.and_then(Value::as_i64) {
            let others = [number + 1, 1, number - 1, number + 2, number * 2];
            candidates
                .extend(others.into_iter().filter(|other| *other != number).map(|other| other.to_string()));
        }
        candidates.extend(found.texts("enum").into_iter().map(quoted));
        if found.accepts_type("array") {
            candidates.extend(
                ["[{key: other, operator: Exists}]", "[other]", "[example.org/v1]"].map(str::to_owned),
            );
        }
        if found.accepts_type("object") {
            candidates.push("{other: other}".to_owned());
        }
        if found.accepts_type("boolean") {
            candidates.extend(["true", "false"].map(str::to_owned));
        }
        if found.accepts_type("integer") {
            candidates.extend(["3", "1", "2", "7", "4000"].map(str::to_owned));
        }
        if let Some(text) = current.and_then(Value::as_str) {
            // Most texts with digits are amounts or versions.
            candidates.extend(counted_up(text).map(|text| quoted(&text)));
            candidates.push(quoted(&format!("{text}x")));
        }
        candidates.extend(TEXTS.map(quoted));
        candidates
    }
}

/// A text whose first number is one larger.
fn counted_up(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = text.get(start..)?.split(|c: char| !c.is_ascii_digit()).next()?;
    let number: u64 = digits.parse().ok()?;
    let rest = text.get(start + digits.len()..)?;
    Some(format!("{}{}{rest}", text.get(..start)?, number.checked_add(1)?))
}

/// The value of a key in a config.
#[must_use]
pub fn value<'a>(config: &'a Value, path: &Path) -> Option<&'a Value> {
    path.keys().try_fold(config, |value, key| value.get(key)).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Source, load};

    fn config(sets: &[String]) -> Option<Config> {
        let source = Source { name: "x".to_owned(), bytes: b"{alerting: {email: {to: a@b.c, from: a@b.c, smarthost: 'b.c:25', username: u, passwordSecret: s}}, grafana: {ingress: {host: g.b.c}}}".to_vec() };
        load(vec![source], sets).ok().map(|loaded| loaded.config)
    }

    #[test]
    fn the_first_number_of_a_text_is_counted_up() {
        for (text, expected) in
            [("250m", Some("251m")), ("v2.55.1", Some("v3.55.1")), ("9", Some("10")), ("x", None)]
        {
            assert_eq!(counted_up(text).as_deref(), expected);
        }
    }

    #[test]
    fn every_key_can_be_given_another_value() {
        let trials = Trials::new(config(&[]).unwrap()).unwrap();
        let stuck: Vec<_> = trials
            .keys()
            .into_iter()
            .filter(|path| trials.others(path, |set| config(&[set.to_owned()])).is_empty())
            .map(|path| path.to_string())
            .collect();
        // Rules pin replicas to 1, Grafana's because of its volume; and alerts go one way only.
        assert_eq!(
            stuck,
            [
                "replicas.grafana",
                "replicas.prometheusOperator",
                "replicas.thanosCompactor",
                "alerting.configSecret"
            ]
        );
    }
}
