//! No object twice.

use std::collections::HashMap;

use super::StackObject;
use crate::k8s::Identity;

/// Drops objects that are there already; of two that differ, the API server would keep the one applied last.
///
/// # Errors
///
/// When two objects of one kind and name differ.
pub(super) fn retain(objects: &mut Vec<StackObject>) -> anyhow::Result<()> {
    let mut first_of: HashMap<Identity, usize> = HashMap::with_capacity(objects.len());
    let mut repeated = Vec::new();
    for (index, StackObject { construct, object }) in objects.iter().enumerate() {
        let identity = Identity::of(&object.value);
        let Some(&first) = first_of.get(&identity) else {
            first_of.insert(identity, index);
            continue;
        };
        let other = objects.get(first);
        if other.is_some_and(|other| other.object != *object) {
            let others = other.map_or("", |other| other.construct);
            anyhow::bail!("{others} and {construct} each render the {identity}, and they differ");
        }
        repeated.push(index);
    }
    for index in repeated.into_iter().rev() {
        objects.remove(index);
    }
    Ok(())
}
