//! Which keys of the config make which fields of objects, found out by trying: a key is given another value, the stack is
//! rendered again, and what differs is what the key drives. Nothing is written by hand, so nothing can be out of date.

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

/// All keys that have no keys below them.
///
/// # Errors
///
/// The embedded schema is ours, so there are none; the error is that of its parser.
pub fn keys() -> serde_json::Result<Vec<Path>> {
    let view = View::new()?;
    Ok(view
        .paths()
        .into_iter()
        .filter(|path| view.at(path).is_some_and(|found| found.keys().is_empty()))
        .collect())
}

/// What the schema says a key is for, if there is such a key.
///
/// # Errors
///
/// As those of [`keys`].
pub fn description(path: &Path) -> serde_json::Result<Option<String>> {
    let view = View::new()?;
    let found = view.at(path).filter(|_| !path.is_root());
    Ok(found.map(|found| found.text("description").unwrap_or_default().to_owned()))
}

/// The value of a key.
#[must_use]
pub fn value<'a>(config: &'a Value, path: &Path) -> Option<&'a Value> {
    path.keys().try_fold(config, |value, key| value.get(key)).filter(|value| !value.is_null())
}

/// The config with another value of a key: the first that `load` accepts as `key=value` and that makes a difference.
///
/// # Errors
///
/// As those of [`keys`].
pub fn with_another(
    config: &Config,
    path: &Path,
    load: impl Fn(&str) -> Option<Config>,
) -> serde_json::Result<Option<Config>> {
    let view = View::new()?;
    let Some(found) = view.at(path) else { return Ok(None) };
    let current = serde_json::to_value(config)?;
    let current = value(&current, path);
    let mut candidates: Vec<String> = Vec::new();
    if let Some(Value::Bool(value)) = current {
        candidates.push((!value).to_string());
    }
    if let Some(number) = current.and_then(Value::as_i64) {
        candidates.extend([number + 1, number - 1, number + 2, number * 2].map(|number| number.to_string()));
    }
    candidates.extend(found.texts("enum").into_iter().map(quoted));
    if found.accepts_type("array") {
        candidates
            .extend(["[{key: other, operator: Exists}]", "[other]", "[example.org/v1]"].map(str::to_owned));
    }
    if found.accepts_type("object") {
        candidates.push("{other: other}".to_owned());
    }
    if found.accepts_type("boolean") {
        candidates.extend(["true", "false"].map(str::to_owned));
    }
    if found.accepts_type("integer") {
        candidates.extend(["3", "7", "4000"].map(str::to_owned));
    }
    if let Some(text) = current.and_then(Value::as_str) {
        candidates.push(quoted(&format!("{text}x")));
    }
    candidates.extend(TEXTS.map(quoted));
    let escaped: Vec<_> = path.keys().map(|key| key.replace('\\', "\\\\").replace('.', "\\.")).collect();
    let key = escaped.join(".");
    let mut tried = candidates.iter().filter_map(|candidate| load(&format!("{key}={candidate}")));
    Ok(tried.find(|other| other != config))
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
    fn every_key_can_be_given_another_value() {
        let base = config(&[]).unwrap();
        let stuck: Vec<_> = keys()
            .unwrap()
            .into_iter()
            .filter(|path| with_another(&base, path, |set| config(&[set.to_owned()])).unwrap().is_none())
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
