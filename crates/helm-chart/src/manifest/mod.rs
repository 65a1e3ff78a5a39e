//! From rendered files to the documents of a release: splitting, heads, hooks and order.

mod head;
mod kind_order;
mod split;

use std::ops::Range;
use std::sync::Arc;

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
    pub path: Arc<str>,
    /// What kind of object it says it is; empty if it does not say.
    pub kind: String,
    /// The events that it waits for, if it is a hook.
    pub events: Vec<String>,
    is_hook: bool,
    /// Everything that the file rendered to.
    file: Arc<String>,
    range: Range<usize>,
}

impl Manifest {
    /// The text, without blanks at its ends.
    #[must_use]
    pub fn content(&self) -> &str {
        self.file.get(self.range.clone()).unwrap_or_default()
    }

    /// Where that stands in what the file rendered to.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
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

/// Splits a rendered file into its documents and reads their heads.
///
/// # Errors
///
/// When a document is no YAML, or not that of an object.
pub(crate) fn split(path: &Arc<str>, file: &Arc<String>) -> Result<Vec<Manifest>, Error> {
    let manifest = |range: Range<usize>| {
        let document = file.get(range.clone()).unwrap_or_default();
        let head = Head::read(document)
            .map_err(|message| Error::new(format!("YAML parse error on {path}: {message}")))?;
        let events = head.annotations.get(HOOK);
        Ok(Manifest {
            path: Arc::clone(path),
            kind: head.kind,
            is_hook: events.is_some(),
            events: events.map(|events| events_of(events)).unwrap_or_default(),
            file: Arc::clone(file),
            range,
        })
    };
    document_ranges(file).into_iter().map(manifest).collect()
}

/// Sorts the documents of files, which come in the order of their paths: `SortManifests`.
pub(crate) fn sort(documents: impl IntoIterator<Item = Manifest>) -> Manifests {
    let mut manifests = Manifests::default();
    for manifest in documents {
        let known = manifest.events.iter().all(|event| EVENTS.contains(&event.as_str()));
        let group = match manifest.is_hook {
            false => &mut manifests.generic,
            true if known => &mut manifests.hooks,
            true => &mut manifests.dropped,
        };
        group.push(manifest);
    }
    kind_order::sort(&mut manifests.generic);
    kind_order::sort(&mut manifests.hooks);
    manifests
}

fn events_of(annotation: &str) -> Vec<String> {
    annotation.split(',').map(|event| event.trim().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> Result<Manifests, Error> {
        let documents =
            texts.iter().map(|(path, text)| split(&Arc::from(*path), &Arc::new((*text).to_owned())));
        Ok(sort(documents.collect::<Result<Vec<_>, _>>()?.into_iter().flatten()))
    }

    #[test]
    fn kinds_are_installed_in_helms_order() {
        let sorted = files(&[
            ("c/templates/a.yaml", "kind: Widget\n---\nkind: Service\n---\nkind: Anvil"),
            ("c/templates/b.yaml", "kind: Namespace\n---\nkind: Service\nmetadata: {name: b}"),
            ("c/templates/c.yaml", "# nothing"),
        ])
        .unwrap();
        let kinds: Vec<_> = sorted.generic.iter().map(|manifest| manifest.kind.as_str()).collect();
        assert_eq!(kinds, ["Namespace", "Service", "Service", "", "Anvil", "Widget"]);
        assert!(sorted.generic[2].path.ends_with("b.yaml"));
    }

    #[test]
    fn hooks_are_apart_and_unknown_events_dropped() {
        let hook =
            |event: &str| format!("kind: Job\nmetadata: {{annotations: {{helm.sh/hook: \"{event}\"}}}}");
        let sorted = files(&[
            ("c/templates/a.yaml", &hook("pre-install, Test")),
            ("c/templates/b.yaml", &hook("crd-install")),
        ])
        .unwrap();
        assert_eq!((sorted.generic.len(), sorted.hooks.len(), sorted.dropped.len()), (0, 1, 1));
        assert!(sorted.hooks[0].is_test());
    }

    #[test]
    fn a_document_must_be_that_of_an_object() {
        let error = files(&[("c/templates/a.yaml", "- 1")]).unwrap_err();
        assert!(error.to_string().starts_with("YAML parse error on c/templates/a.yaml: "), "{error}");
    }
}
