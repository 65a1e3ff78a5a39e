//! From rendered files to the documents of a release: splitting, heads, hooks and order.

mod head;
mod kind_order;
mod split;

use std::collections::BTreeMap;

use self::head::Head;
pub(crate) use self::split::split;

use crate::Error;

/// The annotation that makes an object a hook.
const HOOK: &str = "helm.sh/hook";

/// The events that a hook can wait for.
const EVENTS: [&str; 10] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

/// A document of a release.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// The file that it was rendered from: `chart/templates/x.yaml`.
    pub path: String,
    /// The text, without blanks at its ends.
    pub content: String,
    /// What kind of object it says it is; empty if it does not say.
    pub kind: String,
    /// The events that it waits for, if it is a hook.
    pub events: Vec<String>,
}

impl Manifest {
    /// Whether it only runs in `helm test`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.events.iter().any(|event| event == "test" || event == "test-success")
    }

    /// The document as `helm template` prints it, with the file that it comes from.
    pub(crate) fn print(&self, text: &mut String) {
        print(text, &self.path, &self.content);
    }
}

/// A document in the frame of `helm template`.
pub(crate) fn print(text: &mut String, path: &str, content: &str) {
    text.push_str("---\n# Source: ");
    text.push_str(path);
    text.push('\n');
    text.push_str(content);
    text.push('\n');
}

/// The documents of rendered files, in the order in which Helm installs them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Manifests {
    /// What is installed.
    pub generic: Vec<Manifest>,
    /// What runs at some event.
    pub hooks: Vec<Manifest>,
    /// Documents that were dropped, since Helm knows none of their events.
    pub dropped: Vec<Manifest>,
}

/// Splits and sorts rendered files: `SortManifests`.
///
/// # Errors
///
/// When a document is no YAML, or not that of an object.
pub(crate) fn sort(files: &BTreeMap<String, String>) -> Result<Manifests, Error> {
    let mut manifests = Manifests::default();
    for (path, content) in files {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with('_') || content.trim().is_empty() {
            continue;
        }
        for document in split(content) {
            let head = Head::read(document)
                .map_err(|message| Error::new(format!("YAML parse error on {path}: {message}")))?;
            let events = head.annotations.get(HOOK).map(|events| events_of(events));
            let manifest = Manifest {
                path: path.clone(),
                content: document.to_owned(),
                kind: head.kind,
                events: events.clone().unwrap_or_default(),
            };
            match events {
                None => manifests.generic.push(manifest),
                Some(events) if events.iter().all(|event| EVENTS.contains(&event.as_str())) => {
                    manifests.hooks.push(manifest);
                }
                Some(_) => manifests.dropped.push(manifest),
            }
        }
    }
    kind_order::sort(&mut manifests.generic);
    kind_order::sort(&mut manifests.hooks);
    Ok(manifests)
}

fn events_of(annotation: &str) -> Vec<String> {
    annotation.split(',').map(|event| event.trim().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> BTreeMap<String, String> {
        texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn kinds_are_installed_in_helms_order() {
        let sorted = sort(&files(&[
            ("c/templates/a.yaml", "kind: Widget\n---\nkind: Service\n---\nkind: Anvil"),
            ("c/templates/b.yaml", "kind: Namespace\n---\nkind: Service\nmetadata: {name: b}"),
            ("c/templates/c.yaml", "# nothing"),
        ]))
        .unwrap();
        let kinds: Vec<_> = sorted.generic.iter().map(|manifest| manifest.kind.as_str()).collect();
        assert_eq!(kinds, ["Namespace", "Service", "Service", "", "Anvil", "Widget"]);
        assert!(sorted.generic[2].path.ends_with("b.yaml"));
    }

    #[test]
    fn hooks_are_apart_and_unknown_events_dropped() {
        let hook =
            |event: &str| format!("kind: Job\nmetadata: {{annotations: {{helm.sh/hook: \"{event}\"}}}}");
        let sorted = sort(&files(&[
            ("c/templates/a.yaml", &hook("pre-install, Test")),
            ("c/templates/b.yaml", &hook("crd-install")),
        ]))
        .unwrap();
        assert_eq!((sorted.generic.len(), sorted.hooks.len(), sorted.dropped.len()), (0, 1, 1));
        assert!(sorted.hooks[0].is_test());
    }

    #[test]
    fn a_document_must_be_that_of_an_object() {
        let error = sort(&files(&[("c/templates/a.yaml", "- 1")])).unwrap_err();
        assert!(error.to_string().starts_with("YAML parse error on c/templates/a.yaml: "), "{error}");
    }
}
