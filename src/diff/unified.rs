//! Differences as a unified diff of YAML documents.

use similar::TextDiff;

use super::Difference;
use crate::stream;

/// One file for each object, as `diff -u` prints it.
#[must_use]
pub fn write(differences: &[Difference]) -> String {
    let mut text = String::new();
    for difference in differences {
        let document =
            |value: &Option<serde_json::Value>| value.as_ref().map(stream::document).unwrap_or_default();
        let (old, new) = (document(&difference.old), document(&difference.new));
        let name = path(difference);
        let header = |prefix: &str, is_there: bool| {
            if is_there { format!("{prefix}/{name}") } else { "/dev/null".to_owned() }
        };
        let (before, after) = (header("a", difference.old.is_some()), header("b", difference.new.is_some()));
        text.push_str(&TextDiff::from_lines(&old, &new).unified_diff().header(&before, &after).to_string());
    }
    text
}

/// `apps/StatefulSet/monitoring/thanos-store.yaml`
fn path(difference: &Difference) -> String {
    let identity = &difference.identity;
    let parts = [&identity.group, &identity.kind, &identity.namespace, &identity.name];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    format!("{}.yaml", parts.join("/"))
}

/// The lines in which two texts differ, with three lines around them.
pub(super) fn lines(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.missing_newline_hint(false).to_string()
}
