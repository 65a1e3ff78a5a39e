//! Kubernetes objects of the original.

use std::fmt;

use super::report::Place;
use super::view::View;

/// A Kubernetes object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manifest<'a> {
    pub(super) view: View<'a>,
}

impl<'a> Manifest<'a> {
    /// `kind`
    pub(super) fn kind(self) -> &'a str {
        self.view.text(&["kind"]).unwrap_or_default()
    }

    /// The API group; empty for the core group.
    pub(super) fn group(self) -> &'a str {
        let version = self.view.text(&["apiVersion"]).unwrap_or_default();
        version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The version of the API group.
    pub(super) fn version(self) -> &'a str {
        let version = self.view.text(&["apiVersion"]).unwrap_or_default();
        version.rsplit('/').next().unwrap_or_default()
    }

    /// `metadata.name`
    pub(super) fn name(self) -> &'a str {
        self.view.text(&["metadata", "name"]).unwrap_or_default()
    }

    /// `metadata.namespace`; empty when it has none. Crossplane's managed resources are cluster-scoped: the API
    /// server drops a namespace.
    pub(super) fn namespace(self) -> &'a str {
        if self.group().ends_with(".upbound.io") || matches!(self.kind(), "Namespace" | "PriorityClass") {
            return "";
        }
        self.view.text(&["metadata", "namespace"]).unwrap_or_default()
    }

    /// Group, kind, namespace and name.
    pub(super) fn identity(self) -> [&'a str; 4] {
        [self.group(), self.kind(), self.namespace(), self.name()]
    }

    /// A label.
    pub(super) fn label(self, name: &str) -> Option<&'a str> {
        self.view.text(&["metadata", "labels", name])
    }

    /// Whether monstack has rendered it.
    pub(super) fn is_own(self) -> bool {
        self.label("app.kubernetes.io/managed-by") == Some("monstack")
    }

    /// Where it begins.
    pub(super) fn place(self) -> Place {
        self.view.place()
    }

    /// Whether its name ends with a hash of cdk8s.
    pub(super) fn has_hashed_name(self) -> bool {
        is_hashed(self.name())
    }
}

/// Whether a name ends with a hash as cdk8s makes it: `c8` and six hexadecimal digits (the beginning of a
/// construct's `addr`).
pub(super) fn is_hashed(name: &str) -> bool {
    let Some((rest, hash)) = name.rsplit_once('-') else { return false };
    let digits = hash.strip_prefix("c8").unwrap_or_default();
    !rest.is_empty()
        && digits.len() == 6
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A text of the input for a message: no control characters, and not without end.
fn shown(text: &str) -> String {
    text.chars().take(253).map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Writes `StatefulSet monitoring/thanos-store`.
impl fmt::Display for Manifest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace() {
            "" => write!(f, "{} {}", shown(self.kind()), shown(self.name())),
            namespace => write!(f, "{} {}/{}", shown(self.kind()), shown(namespace), shown(self.name())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn hashes_of_cdk8s_are_told_from_words() {
        assert!(is_hashed("monitoring-thanos-query-deployment-c8a1b2c3"));
        assert!(!is_hashed("thanos-query"));
        assert!(!is_hashed("monitoring-compactor"));
        assert!(!is_hashed("c8a1b2c3"));
    }
}
