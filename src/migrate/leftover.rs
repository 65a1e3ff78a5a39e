//! Chart values that no key of the config says.
//!
//! The rule: a value of the original at which monstack sets nothing is carried over into
//! `charts.<chart>.values`; one that monstack sets otherwise is listed, and monstack's counts. Of manifests that
//! monstack itself has rendered the latter can only come from `charts.<chart>.values`, so they are carried over
//! too. [`refused`] names the exceptions.

use go_yaml::Data;
use serde_json::Value;

use super::draft::{Draft, shown};
use super::evidence::Evidence;
use super::release::{Chart, Release};
use super::report::{Findings, Outcome};
use super::view::View;
use crate::config::Config;
use crate::config::path::{Path, Step};
use crate::stack;

/// Adds the values that monstack does not set to the draft that `config` was loaded from.
///
/// # Errors
///
/// When an object cannot be serialised.
pub(super) fn carry(
    evidence: &Evidence,
    config: &Config,
    draft: &mut Draft,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let computed = stack::releases(config)?;
    for release in evidence.releases {
        let Some(computed) = computed.iter().find(|computed| computed.chart == release.chart.name()) else {
            let message = "the config leaves this chart out";
            findings.add(
                Outcome::LeftOut,
                Some(release.manifest.place()),
                release.manifest.to_string(),
                message,
            );
            continue;
        };
        let mut walk = Walk { release, own: evidence.own, draft, findings };
        for view in release.views() {
            walk.below(&mut Vec::new(), view, Some(&computed.values));
        }
    }
    Ok(())
}

struct Walk<'a> {
    release: &'a Release<'a>,
    own: bool,
    draft: &'a mut Draft,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    /// Compares a mapping with what monstack computes, or with nothing.
    fn below(&mut self, keys: &mut Vec<String>, original: View, computed: Option<&Value>) {
        for (key, value) in original.entries(&[]) {
            keys.push(key.to_owned());
            let is_mapping = matches!(value.node.data, Data::Mapping(_));
            match computed.and_then(|computed| computed.get(key)) {
                Some(computed) if computed.is_object() && is_mapping => {
                    self.below(keys, value, Some(computed))
                }
                Some(computed) if same(&json(value), computed) => {}
                Some(computed) if !self.own => self.different(keys, value, computed),
                _ => self.unset(keys, value),
            }
            keys.pop();
        }
    }

    /// A value that monstack does not set.
    fn unset(&mut self, keys: &mut Vec<String>, value: View) {
        if let Some(reason) = refused(self.release.chart, keys, value).filter(|_| !self.own) {
            self.leave_out(keys, value, reason);
            return;
        }
        if value.entries(&[]).next().is_some() {
            self.below(keys, value, None);
            return;
        }
        let json = json(value);
        if holds_secret(keys.last().map_or("", String::as_str), &json) {
            self.leave_out(keys, value, "a secret stands there in clear");
            self.findings.help("keep it in a Secret and refer to that; monstack's output has no secrets");
        } else {
            self.draft.set(&self.path(keys), json, Some(value.place()));
        }
    }

    fn leave_out(&mut self, keys: &[String], value: View, reason: &str) {
        self.findings.add(Outcome::LeftOut, Some(value.place()), self.path(keys).to_string(), reason);
    }

    fn different(&mut self, keys: &[String], value: View, computed: &Value) {
        // What is read of it was told where it was read.
        if keys == AGENT {
            return;
        }
        let json = json(value);
        let message = if holds_secret(keys.last().map_or("", String::as_str), &json) {
            "monstack sets it; the original's has a secret in it".to_owned()
        } else {
            format!("{} becomes {}", shown(&json), shown(computed))
        };
        self.findings.add(Outcome::Differs, Some(value.place()), self.path(keys).to_string(), message);
    }

    fn path(&self, keys: &[String]) -> Path {
        let chart = ["charts", self.release.chart.key(), "values"].map(str::to_owned);
        chart.iter().chain(keys).map(|key| Step::Key(key.clone())).collect()
    }
}

/// A value as Helm reads it. What has no JSON form was refused where it was read.
fn json(value: View) -> Value {
    value.node.to_json().unwrap_or_default()
}

/// Alloy's own configuration among the values of its chart.
const AGENT: [&str; 3] = ["alloy", "configMap", "content"];

/// Whether two values mean the same: charts take numbers and their texts alike.
fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            number.to_string() == *text
        }
        _ => one == two,
    }
}

/// Why a value that monstack does not set must not be carried over, if so.
fn refused(chart: Chart, keys: &[String], value: View) -> Option<&'static str> {
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    let mentions = |word: &str| json(value).to_string().contains(word);
    match (chart, keys.as_slice()) {
        (_, ["nameOverride" | "fullnameOverride" | "namespaceOverride"]) => {
            Some("monstack refers to the chart's objects by names that follow from the release")
        }
        (_, [.., "podAntiAffinity"]) => Some("monstack's own, preferred anti-affinity takes its place"),
        (Chart::PrometheusStack, ["alertmanager", "config"]) if holds_secret("", &json(value)) => Some(
            "a secret stands in it in clear: put all of it into a Secret as `alertmanager.yaml`, and set \
             alerting.configSecret",
        ),
        (Chart::PrometheusStack, ["prometheus", "prometheusSpec", "thanos", "objectStorageConfig", ..]) => {
            Some("the chart drops it; monstack sets `existingSecret`")
        }
        (Chart::Loki, ["loki", "storage", "s3", "accessKeyId" | "secretAccessKey" | "s3"]) => {
            Some("Loki reads its credentials from the environment, out of the Secret `loki-s3-credentials`")
        }
        (Chart::Loki, [_, "extraArgs"]) if mentions("expand-env") => {
            Some("credentials need no expansion of the environment, which would make each `$` special")
        }
        (Chart::Loki, [_, "extraEnv"]) if mentions("AWS_") => {
            Some("the credentials come from the Secret `loki-s3-credentials`")
        }
        (Chart::Loki, ["loki", "config"]) => Some("a whole configuration would replace monstack's"),
        _ => None,
    }
}

/// Ends of keys whose values are secrets, in small letters and without `_` and `-`.
const SECRET_KEYS: [&str; 10] = [
    "password",
    "secretkey",
    "secretaccesskey",
    "accesskeyid",
    "token",
    "apikey",
    "apiurl",
    "routingkey",
    "servicekey",
    "webhookurl",
];

/// Whether a value is a secret, or has one inside: by its key, or as an address with a password.
fn holds_secret(key: &str, value: &Value) -> bool {
    match value {
        Value::Object(entries) => entries.iter().any(|(key, value)| holds_secret(key, value)),
        Value::Array(items) => items.iter().any(|item| holds_secret(key, item)),
        Value::String(text) => {
            let key: String =
                key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect();
            let is_reference = text.is_empty() || text.starts_with('$');
            let is_named = SECRET_KEYS.iter().any(|end| key.ends_with(end));
            (is_named && !is_reference) || has_password(text)
        }
        _ => false,
    }
}

/// Whether a text has an address with user and password in it.
fn has_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', ' ', '"', '\n']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_known_by_key_or_form() {
        for (key, value) in [
            ("adminPassword", json!("prom-operator")),
            ("smtp_auth_password", json!("x")),
            ("receivers", json!([{"slack_configs": [{"api_url": "https://hooks.example.com/1"}]}])),
            ("url", json!("https://user:word@example.com/x")),
        ] {
            assert!(holds_secret(key, &value), "{key}");
        }
        for (key, value) in [
            ("passwordKey", json!("admin-password")),
            ("password", json!("$__file{/etc/secret}")),
            ("automountServiceAccountToken", json!(false)),
            ("url", json!("https://example.com/a@b:c")),
            ("existingSecret", json!("grafana-admin")),
        ] {
            assert!(!holds_secret(key, &value), "{key}");
        }
    }

    #[test]
    fn numbers_and_their_texts_are_the_same_value() {
        assert!(same(&json!(1), &json!("1")));
        assert!(!same(&json!(1), &json!("1.0")));
        assert!(!same(&json!(null), &json!("")));
    }
}
