//! Values of Secrets are not shown: differences go into pull requests and logs. `kubectl diff` hides them in the same words
//! (kubectl `pkg/cmd/diff/diff.go`, `Masker`).

use serde_json::Value;

use crate::k8s::Identity;

const HIDDEN: &str = "***";

/// Hides the values of a Secret that is there on one side, or on both; whether they differ stays to be seen.
pub(super) fn hide(identity: &Identity, old: Option<&mut Value>, new: Option<&mut Value>) {
    if identity.kind != "Secret" || !identity.group.is_empty() {
        return;
    }
    let (mut nothing, mut none) = (Value::Null, Value::Null);
    let (old, new) = (old.unwrap_or(&mut nothing), new.unwrap_or(&mut none));
    for part in ["data", "stringData"] {
        let before = old.get(part).cloned().unwrap_or_default();
        let after = new.get(part).cloned().unwrap_or_default();
        mask(old, part, &after, "*** (before)");
        mask(new, part, &before, "*** (after)");
    }
}

fn mask(side: &mut Value, part: &str, other: &Value, differs: &str) {
    for (key, value) in side.get_mut(part).and_then(Value::as_object_mut).into_iter().flatten() {
        let is_other = other.get(key).is_some_and(|other| other != value);
        *value = Value::from(if is_other { differs } else { HIDDEN });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_hidden_and_that_they_differ_is_not() {
        let secret = |a: &str| json!({"apiVersion": "v1", "kind": "Secret", "data": {"a": a, "b": "same"}});
        let (mut old, mut new) = (secret("one"), secret("two"));
        let identity = Identity::of(&old);
        hide(&identity, Some(&mut old), Some(&mut new));
        assert_eq!(old["data"], json!({"a": "*** (before)", "b": "***"}));
        assert_eq!(new["data"], json!({"a": "*** (after)", "b": "***"}));
        let mut created = secret("one");
        hide(&identity, None, Some(&mut created));
        assert_eq!(created["data"], json!({"a": "***", "b": "***"}));
    }

    #[test]
    fn other_objects_are_shown() {
        let mut map = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}});
        hide(&Identity::of(&map.clone()), Some(&mut map), None);
        assert_eq!(map["data"]["a"], "b");
    }
}
