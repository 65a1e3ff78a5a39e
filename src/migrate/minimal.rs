//! The keys without which the result would differ.

use serde_json::{Map, Value};

use super::report::Place;
use super::{draft::Draft, draft::path};
use crate::config::path::Path;
use crate::config::{Config, Delivery};
use crate::delivery::Surroundings;
use crate::stack;

/// A key that the original says, and its value.
#[derive(Debug)]
pub(super) struct Carried {
    pub(super) path: Path,
    pub(super) value: Value,
    pub(super) place: Option<Place>,
    /// Whether it is what monstack does without the key.
    pub(super) is_default: bool,
}

/// The smallest config that renders as `config`, the loaded draft, does; and every key that the draft had.
///
/// # Errors
///
/// When a config cannot be serialised or rendered.
pub(super) fn minimal(draft: &Draft, config: &Config) -> anyhow::Result<(Value, Vec<Carried>)> {
    let mut walk = Walk { draft, carried: Vec::new() };
    let defaults = serde_json::to_value(Config::default())?;
    let complete = serde_json::to_value(config)?;
    let mut tree = walk.below(&Path::default(), &draft.tree(), &complete, &defaults);
    for (keys, forget) in DERIVED {
        let mut without = config.clone();
        forget(&mut without);
        if without != *config && objects(&without)? == objects(config)? {
            take(&mut tree, keys);
            let path = path(keys);
            walk.carried.iter_mut().filter(|key| key.path == path).for_each(|key| key.is_default = true);
        }
    }
    Ok((Value::Object(tree), walk.carried))
}

/// Sets a key to what monstack derives.
type Forget = fn(&mut Config);

/// Keys whose default follows from others.
const DERIVED: [(&[&str], Forget); 4] = [
    (&["podSecurity", "enforce"], |config| config.pod_security.enforce = None),
    (&["loki", "replicationFactor"], |config| config.loki.replication_factor = None),
    (&["objectStorage", "buckets", "metrics"], |config| config.object_storage.buckets.metrics = None),
    (&["objectStorage", "buckets", "logs"], |config| config.object_storage.buckets.logs = None),
];

/// What a config renders to, with the charts as objects of one each.
pub(super) fn objects(config: &Config) -> anyhow::Result<Vec<Value>> {
    let mut config = config.clone();
    if config.delivery == Delivery::Inline {
        config.delivery = Delivery::HelmChart;
    }
    let objects = stack::render(&config, &Surroundings::default(), |_| true)?.objects;
    Ok(objects.into_iter().map(|object| object.object.value).collect())
}

struct Walk<'a> {
    draft: &'a Draft,
    carried: Vec<Carried>,
}

impl Walk<'_> {
    fn below(
        &mut self,
        path: &Path,
        draft: &Value,
        complete: &Value,
        defaults: &Value,
    ) -> Map<String, Value> {
        let mut kept = Map::new();
        let keys = |value: &Value| -> Vec<String> {
            value.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
        };
        let known = keys(complete);
        // In the order of the documentation; `null` takes a key away that the complete config does not have.
        let others = keys(draft).into_iter().filter(|key| !known.contains(key)).collect::<Vec<_>>();
        for key in known.iter().chain(&others) {
            let Some(wanted) = draft.get(key) else { continue };
            let path = path.key(key.as_str());
            let (complete, default) = (complete.get(key), defaults.get(key));
            let is_group = default.is_some_and(Value::is_object) && key != "values";
            if let (true, true, Some(complete), Some(default)) =
                (is_group, wanted.is_object(), complete, default)
            {
                let inner = self.below(&path, wanted, complete, default);
                if !inner.is_empty() {
                    kept.insert(key.clone(), Value::Object(inner));
                }
                continue;
            }
            let value = match complete {
                None => Value::Null,
                // Free maps, and parts that are left out by default, stay as they were given.
                Some(_) if wanted.is_object() => wanted.clone(),
                Some(complete) => complete.clone(),
            };
            let is_default = complete == default;
            self.carried.push(Carried {
                place: self.draft.place(&path),
                path,
                value: value.clone(),
                is_default,
            });
            if !is_default {
                kept.insert(key.clone(), value);
            }
        }
        kept
    }
}

/// Takes out a key, and the mappings that are empty then.
fn take(tree: &mut Map<String, Value>, keys: &[&str]) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        tree.shift_remove(*first);
    } else if let Some(Value::Object(inner)) = tree.get_mut(*first) {
        take(inner, rest);
        if inner.is_empty() {
            tree.shift_remove(*first);
        }
    }
}
