//! From rendered files to the documents of a release: splitting, heads, hooks and order.

mod head;
mod kind_order;
mod split;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use self::head::Head;
pub use self::split::document_ranges;

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
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file that it was rendered from: `chart/templates/x.yaml`.
    pub path: Rc<str>,
    /// What kind of object it says it is; empty if it does not say.
    pub kind: String,
    /// The events that it waits for, if it is a hook.
    pub events: Vec<String>,
    /// Everything that the file rendered to.
    file: Rc<String>,
    range: Range<usize>,
}

impl Manifest {
    /// The text, without blanks at its ends.
    #[must_use]
    pub fn content(&self) -> &str {
        self.file.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether it only runs in `helm test`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.events.iter().any(|event| event == "test" || event == "test-success")
    }
}

/// The documents of rendered files, in the order in which Helm installs them.
#[derive(Clone, Debug, Default)]
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
pub(crate) fn sort(files: BTreeMap<Rc<str>, String>) -> Result<Manifests, Error> {
    let mut manifests = Manifests::default();
    for (path, text) in files {
        let file = Rc::new(text);
        for range in document_ranges(&file) {
            let document = file.get(range.clone()).unwrap_or_default();
            let head = Head::read(document)
                .map_err(|message| Error::new(format!("YAML parse error on {path}: {message}")))?;
            let events = head.annotations.get(HOOK).map(|events| events_of(events));
            let known = events.iter().flatten().all(|event| EVENTS.contains(&event.as_str()));
            let group = match &events {
                None => &mut manifests.generic,
                Some(_) if known => &mut manifests.hooks,
                Some(_) => &mut manifests.dropped,
            };
            group.push(Manifest {
                path: Rc::clone(&path),
                kind: head.kind,
                events: events.unwrap_or_default(),
                file: Rc::clone(&file),
                range,
            });
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

    fn files(texts: &[(&str, &str)]) -> BTreeMap<Rc<str>, String> {
        texts.iter().map(|(path, text)| (Rc::from(*path), (*text).to_owned())).collect()
    }

    #[test]
    fn kinds_are_installed_in_helms_order() {
        let sorted = sort(files(&[
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
        let sorted = sort(files(&[
            ("c/templates/a.yaml", &hook("pre-install, Test")),
            ("c/templates/b.yaml", &hook("crd-install")),
        ]))
        .unwrap();
        assert_eq!((sorted.generic.len(), sorted.hooks.len(), sorted.dropped.len()), (0, 1, 1));
        assert!(sorted.hooks[0].is_test());
    }

    #[test]
    fn a_document_must_be_that_of_an_object() {
        let error = sort(files(&[("c/templates/a.yaml", "- 1")])).unwrap_err();
        assert!(error.to_string().starts_with("YAML parse error on c/templates/a.yaml: "), "{error}");
    }
}
