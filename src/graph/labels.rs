//! Label selectors (apimachinery `pkg/apis/meta/v1/helpers.go`, `LabelSelectorAsSelector`).

use serde_json::Value;

/// Whether a selector of `matchLabels` and `matchExpressions` selects labels. An empty one selects everything.
pub(super) fn select(selector: &Value, labels: &Value) -> bool {
    let equal = contain(labels, &selector["matchLabels"]);
    let mut expressions = selector["matchExpressions"].as_array().into_iter().flatten();
    equal
        && expressions.all(|expression| {
            let label = expression["key"].as_str().map_or(&Value::Null, |key| &labels[key]);
            let listed = expression["values"].as_array().is_some_and(|values| values.contains(label));
            match expression["operator"].as_str() {
                Some("In") => listed,
                Some("NotIn") => !listed,
                Some("Exists") => !label.is_null(),
                Some("DoesNotExist") => label.is_null(),
                _ => false,
            }
        })
}

/// Whether labels have all of some others.
pub(super) fn contain(labels: &Value, wanted: &Value) -> bool {
    wanted.as_object().into_iter().flatten().all(|(key, value)| labels[key] == *value)
}
