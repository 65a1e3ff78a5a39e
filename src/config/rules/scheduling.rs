//! Tolerations that the API server accepts (Kubernetes `pkg/apis/core/validation/validation.go`).

use super::Findings;
use crate::config::{Config, TaintEffect, TolerationOperator};

pub(super) fn check(config: &Config, findings: &mut Findings) {
    for (index, toleration) in config.tolerations.iter().enumerate() {
        let index = index.to_string();
        let exists = toleration.operator == Some(TolerationOperator::Exists);
        if toleration.key.as_deref().unwrap_or_default().is_empty() && !exists {
            findings.error(
                &["tolerations", &index],
                "without a key every taint is meant, and then the operator must be `Exists`",
            );
        }
        if exists && toleration.value.as_ref().is_some_and(|value| !value.is_empty()) {
            findings.error(&["tolerations", &index, "value"], "with the operator `Exists` there is no value");
        }
        if toleration.toleration_seconds.is_some() && toleration.effect != Some(TaintEffect::NoExecute) {
            findings.error(
                &["tolerations", &index, "tolerationSeconds"],
                "only a `NoExecute` taint is tolerated for a time",
            );
        }
        if let Some(key) = toleration.key.as_deref().filter(|key| !key.is_empty() && !is_label_key(key)) {
            findings.error(&["tolerations", &index, "key"], format!("`{key}` is not a label key"));
        }
        if let Some(value) = toleration.value.as_deref().filter(|value| !value.is_empty() && !is_name(value))
        {
            findings.error(&["tolerations", &index, "value"], format!("`{value}` is not a label value"));
        }
    }
}

/// `[prefix/]name`, the prefix a DNS subdomain.
fn is_label_key(key: &str) -> bool {
    let Some((prefix, name)) = key.split_once('/') else { return is_name(key) };
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        !label.is_empty()
            && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    prefix.len() <= 253 && prefix.split('.').all(is_label) && is_name(name)
}

/// At most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or a digit.
fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    name.len() <= 63
        && alphanumeric(bytes.first())
        && alphanumeric(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors};
    use crate::config::{TaintEffect, Toleration, TolerationOperator};

    fn with(toleration: Toleration) -> Vec<String> {
        errors(|config| config.tolerations.push(toleration))
    }

    #[test]
    fn every_taint_needs_exists() {
        assert_one(&with(Toleration::default()), "tolerations.0", "`Exists`");
        let everything = Toleration { operator: Some(TolerationOperator::Exists), ..Toleration::default() };
        assert!(with(everything).is_empty());
    }

    #[test]
    fn exists_has_no_value() {
        let toleration = Toleration {
            key: Some("dedicated".into()),
            operator: Some(TolerationOperator::Exists),
            value: Some("monitoring".into()),
            ..Toleration::default()
        };
        assert_one(&with(toleration), "tolerations.0.value", "no value");
    }

    #[test]
    fn seconds_are_for_no_execute() {
        let toleration = Toleration {
            key: Some("dedicated".into()),
            effect: Some(TaintEffect::NoSchedule),
            toleration_seconds: Some(60),
            ..Toleration::default()
        };
        assert_one(&with(toleration), "tolerations.0.tolerationSeconds", "NoExecute");
    }

    #[test]
    fn keys_and_values_are_those_of_labels() {
        let key = |key: &str| Toleration { key: Some(key.into()), ..Toleration::default() };
        assert!(with(key("node-role.kubernetes.io/control-plane")).is_empty());
        assert_one(&with(key("no spaces")), "tolerations.0.key", "label key");
        assert_one(&with(key("Upper.case/name")), "tolerations.0.key", "label key");
        let value = Toleration { value: Some("a b".into()), ..key("dedicated") };
        assert_one(&with(value), "tolerations.0.value", "label value");
    }
}
