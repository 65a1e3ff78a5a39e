//! Explains keys that are unknown or missing.

use go_yaml::Node;

use super::super::path::{Path, Step};
use super::super::schema::View;
use super::super::wording::{join, quoted};
use super::suggest::nearest;
use super::{Explanation, node_at};

/// The longest list of known keys that is worth reading.
const MAX_LISTED: usize = 12;

/// The most places of a misplaced key that are worth listing.
const MAX_HOMES: usize = 5;

/// Explains a key that the mapping at `parent` does not have.
pub(super) fn unknown(view: &View, user: &Node, parent: &Path, key: &str) -> Explanation {
    Explanation {
        path: parent.key(key),
        at_key: true,
        message: format!("unknown key {}", quoted(key)),
        help: reason(parent, key).map(str::to_owned).or_else(|| known_key(view, user, parent, key)),
    }
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

/// What the key was probably meant to be.
fn known_key(view: &View, user: &Node, parent: &Path, key: &str) -> Option<String> {
    let keys = view.at(parent)?.keys();
    // A key that is there already was not meant a second time.
    let taken = |name: &str| node_at(user, parent).is_some_and(|node| node.get(name).is_some());
    if let Some(name) = nearest(key, keys.iter().copied().filter(|name| !taken(name))) {
        return Some(format!("did you mean {}?", quoted(name)));
    }
    homes(view, parent, key).or_else(|| {
        let names: Vec<_> = keys.iter().map(|name| (*name).to_owned()).collect();
        (1..=MAX_LISTED).contains(&names.len()).then(|| format!("the keys here are {}", join(&names, "and")))
    })
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
