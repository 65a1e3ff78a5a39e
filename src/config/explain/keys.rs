//! Explains keys that are unknown or missing.

use std::collections::HashMap;

use super::super::path::{Path, Step};
use super::super::schema::View;
use super::super::wording::{join, quoted};
use super::suggest::nearest;
use super::{Context, Explanation};

/// The longest list of known keys that is worth reading.
const MAX_LISTED: usize = 12;

/// The most places of a misplaced key that are worth listing.
const MAX_HOMES: usize = 5;

/// The most keys of one mapping that are compared with the known ones: nobody reads about more.
const MAX_HELPED: usize = 1000;

/// Explains keys that the mapping at `parent` does not have.
pub(super) fn unknown(context: &Context<'_>, parent: &Path, keys: &[String]) -> Vec<Explanation> {
    // A key that is there already was not meant a second time.
    let node = context.node_at(parent);
    let taken = |name: &str| node.is_some_and(|node| context.lookup.entry(node, name).is_some());
    let known = context.view.at(parent).map(|found| found.keys()).unwrap_or_default();
    let free: Vec<_> = known.iter().copied().filter(|name| !taken(name)).collect();
    let meant = |key: &str, names: &[&str]| {
        nearest(key, names.iter().copied()).map(|name| format!("did you mean {}?", quoted(name)))
    };
    let help = |key: &str| {
        reason(parent, key)
            .map(str::to_owned)
            .or_else(|| meant(key, &free))
            .or_else(|| homes(&context.view, parent, key))
            // An overlay or a parameter sets again what is there.
            .or_else(|| meant(key, &known))
            .or_else(|| {
                let names: Vec<_> = known.iter().map(|name| (*name).to_owned()).collect();
                (1..=MAX_LISTED)
                    .contains(&names.len())
                    .then(|| format!("the keys here are {}", join(&names, "and")))
            })
    };
    keys.iter()
        .enumerate()
        .map(|(index, key)| Explanation {
            path: parent.key(key),
            at_key: true,
            message: format!("unknown key {}", quoted(key)),
            help: if index < MAX_HELPED { help(key) } else { None },
        })
        .collect()
}

/// Explains the keys that `null` removed though there are none of their names.
pub(super) fn removed(context: &Context<'_>, paths: &[Path]) -> Vec<Explanation> {
    let mut unknown_of: HashMap<Path, Vec<String>> = HashMap::new();
    for path in paths {
        let Some((Step::Key(key), parent)) = path.steps().split_last() else { continue };
        let parent: Path = parent.iter().cloned().collect();
        let is_mapping = context.view.at(&parent).is_some_and(|found| found.accepts_type("object"));
        if is_mapping && context.view.at(path).is_none() {
            unknown_of.entry(parent).or_default().push(key.clone());
        }
    }
    unknown_of.iter().flat_map(|(parent, keys)| unknown(context, parent, keys)).collect()
}

/// Explains a key that the mapping at `parent` must have.
pub(super) fn missing(view: &View, parent: &Path, key: &str) -> Explanation {
    let path = parent.key(key);
    let description = view.at(&path).and_then(|found| found.text("description"));
    Explanation {
        path,
        // The mapping's own key is where a reader looks first.
        at_key: true,
        message: format!("the key {} is missing", quoted(key)),
        help: description.map(str::to_owned),
    }
}

/// Why some keys that one would expect do not exist.
fn reason(parent: &Path, key: &str) -> Option<&'static str> {
    match parent.steps() {
        [Step::Key(parent)] if parent == "replicas" => match key {
            "nodeExporter" | "alloy" => Some("it is a DaemonSet: one pod runs on each node"),
            "thanosSidecar" => Some("it runs in each Prometheus pod: set `replicas.prometheus`"),
            _ => None,
        },
        _ => None,
    }
}

/// Where the key belongs, if it is a key elsewhere: of several places, those nearest to this one.
fn homes(view: &View, parent: &Path, key: &str) -> Option<String> {
    let homes = view.homes_of(key);
    let nearest = homes.iter().map(|home| home.shared_steps(parent)).max()?;
    let names: Vec<_> = homes
        .iter()
        .filter(|home| home.shared_steps(parent) == nearest)
        .map(|home| if home.is_root() { "at the top level".to_owned() } else { format!("under `{home}`") })
        .collect();
    (names.len() <= MAX_HOMES).then(|| format!("`{key}` belongs {}", join(&names, "or")))
}
