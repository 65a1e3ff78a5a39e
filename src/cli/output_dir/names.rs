//! File names that stay the same from run to run.

use std::collections::{BTreeMap, BTreeSet};

use crate::k8s::Object;
use crate::stack::StackObject;

/// `construct/kind-name.extension` of each object. Objects that would share a name have their namespace in
/// it too, and a number if that is not enough.
pub(super) fn of(objects: &[StackObject], extension: &str) -> Vec<String> {
    let short = |object: &StackObject| stem(object.construct, &[object.object.kind(), object.object.name()]);
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for object in objects {
        *uses.entry(short(object)).or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(objects.len());
    for object in objects {
        let mut name = short(object);
        if uses.get(&name).is_some_and(|uses| *uses > 1) {
            name = with_namespace(object.construct, &object.object);
        }
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name}-{number}");
            number += 1;
        }
        names.push(format!("{unique}.{extension}"));
    }
    names
}

fn with_namespace(construct: &str, object: &Object) -> String {
    match object.namespace() {
        "" => stem(construct, &[object.kind(), object.name()]),
        namespace => stem(construct, &[object.kind(), namespace, object.name()]),
    }
}

/// Lower case, and only characters and lengths that every file system takes (`:` occurs in names of RBAC
/// objects).
fn stem(construct: &str, parts: &[&str]) -> String {
    const LONGEST: usize = 200;
    let file: String = parts
        .join("-")
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' })
        .take(LONGEST)
        .collect();
    format!("{construct}/{}", file.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::k8s::Wave;

    fn object(kind: &str, namespace: &str, name: &str) -> StackObject {
        let value = json!({"kind": kind, "metadata": {"namespace": namespace, "name": name}});
        let object = Object { value, wave: Wave::Charts, text: None };
        StackObject { construct: "loki", object }
    }

    #[test]
    fn names_are_kind_and_name() {
        let objects = [object("Service", "a", "x"), object("ClusterRole", "", "system:x")];
        assert_eq!(of(&objects, "yaml"), ["loki/service-x.yaml", "loki/clusterrole-system-x.yaml"]);
    }

    #[test]
    fn the_namespace_tells_objects_of_one_name_apart() {
        let objects = [object("Service", "a", "x"), object("Service", "b", "x"), object("Service", "b", "x")];
        assert_eq!(
            of(&objects, "json"),
            ["loki/service-a-x.json", "loki/service-b-x.json", "loki/service-b-x-2.json"]
        );
    }
}
