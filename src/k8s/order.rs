//! The order in which objects are applied.

use super::Object;

/// Kinds that others of the same wave rely on, in the order in which they are applied. Any other kind
/// follows.
const KINDS: [&str; 7] =
    ["Namespace", "PriorityClass", "ServiceAccount", "Secret", "ConfigMap", "Service", "Bucket"];

/// Sorts by wave, then by kind; objects that are equal in both keep their order.
pub fn sort(objects: &mut [impl AsRef<Object>]) {
    objects.sort_by_key(|object| {
        let object = object.as_ref();
        let kind = KINDS.iter().position(|kind| *kind == object.kind()).unwrap_or(KINDS.len());
        (object.wave, kind)
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::k8s::Wave;

    struct Item(Object);

    impl AsRef<Object> for Item {
        fn as_ref(&self) -> &Object {
            &self.0
        }
    }

    fn item(wave: Wave, kind: &str, name: &str) -> Item {
        Item(Object::new(wave, &json!({"kind": kind, "metadata": {"name": name}})).unwrap())
    }

    #[test]
    fn waves_come_before_kinds_and_equals_keep_their_order() {
        let mut items = [
            item(Wave::Thanos, "Deployment", "b"),
            item(Wave::Thanos, "Deployment", "a"),
            item(Wave::Thanos, "Service", "c"),
            item(Wave::Buckets, "BucketVersioning", "d"),
            item(Wave::Buckets, "Bucket", "e"),
            item(Wave::Foundation, "PriorityClass", "f"),
            item(Wave::Foundation, "Namespace", "g"),
        ];
        sort(&mut items);
        let names: Vec<_> = items.iter().map(|item| item.0.name()).collect();
        assert_eq!(names, ["g", "f", "e", "d", "c", "b", "a"]);
    }
}
