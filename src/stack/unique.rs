//! No object twice.

use std::collections::HashMap;

use super::StackObject;

/// Drops objects that are there already; of two that differ, the API server would keep the one applied last.
///
/// # Errors
///
/// When two objects of one kind and name differ.
pub(super) fn retain(objects: &mut Vec<StackObject>) -> anyhow::Result<()> {
    let mut first_of: HashMap<[String; 4], usize> = HashMap::with_capacity(objects.len());
    let mut repeated = Vec::new();
    for (index, StackObject { construct, object }) in objects.iter().enumerate() {
        let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
        let key = [group, object.kind(), object.namespace(), object.name()].map(str::to_owned);
        let Some(&first) = first_of.get(&key) else {
            first_of.insert(key, index);
            continue;
        };
        let other = objects.get(first);
        if other.is_some_and(|other| other.object != *object) {
            let [_, kind, namespace, name] = key;
            let others = other.map_or("", |other| other.construct);
            let place = if namespace.is_empty() { name } else { format!("{namespace}/{name}") };
            anyhow::bail!("{others} and {construct} each render the {kind} {place}, and they differ");
        }
        repeated.push(index);
    }
    for index in repeated.into_iter().rev() {
        objects.remove(index);
    }
    Ok(())
}
