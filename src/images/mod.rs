//! The container images of a stack: those of pods, those that operators are told of in custom resources and arguments, and
//! those that the Prometheus Operator takes where a custom resource names none.

mod operator;
mod reference;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use self::operator::Operator;
use self::reference::{Reference, is_reference};

/// The images of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The images, sorted.
    pub images: Vec<Image>,
    /// Which images cannot be known.
    pub warnings: Vec<String>,
}

/// An image and who uses it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// The reference as it is written.
    pub image: String,
    /// The host that it comes from; `docker.io` where none is written, as container runtimes have it.
    pub registry: String,
    /// Its path there.
    pub repository: String,
    /// Its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Its digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Who uses it.
    pub used_by: Vec<Use>,
}

impl Image {
    /// The reference without its registry: where `images.registry` expects it in a mirror.
    #[must_use]
    pub fn path(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest.as_ref().map(|digest| format!("@{digest}")).unwrap_or_default();
        format!("{}{tag}{digest}", self.repository)
    }
}

/// A place where an image is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    /// The construct that the object is a part of.
    pub construct: String,
    /// Kind of the object.
    pub kind: String,
    /// Its namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The container, or the field that an operator reads.
    pub place: String,
    /// What names it.
    pub source: Source,
}

/// What names an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A container of a pod.
    Container,
    /// A field of a custom resource.
    Field,
    /// An argument or variable of a container, usually of an operator.
    Argument,
    /// A field of a custom resource that is not there: the operator's default.
    Default,
}

/// The images of objects, each with its construct.
#[must_use]
pub fn list<'a>(objects: impl IntoIterator<Item = (&'a str, &'a Value)> + Clone) -> Listing {
    let mut found = BTreeMap::new();
    let mut warnings = Vec::new();
    let operator = Operator::of(objects.clone().into_iter().map(|(_, object)| object));
    // What files are named and hold is nobody's field.
    let is_file = |object: &Value| ["ConfigMap", "Secret"].iter().any(|kind| object["kind"] == *kind);
    for (construct, object) in objects.into_iter().filter(|(_, object)| !is_file(object)) {
        let mut search = Search { construct, object, found: &mut found };
        search.walk(object, &mut Vec::new());
        for default in operator.defaults(object) {
            match default.image {
                Ok(image) => search.found(&image, default.field, Source::Default),
                Err(why) => warnings.push(why),
            }
        }
    }
    let images = found.into_iter().map(|(image, mut used_by): (String, Vec<Use>)| {
        used_by.sort();
        used_by.dedup();
        let Reference { registry, repository, tag, digest } = Reference::of(&image);
        Image { image, registry, repository, tag, digest, used_by }
    });
    Listing { images: images.collect(), warnings }
}

struct Search<'a, 'f> {
    construct: &'a str,
    object: &'a Value,
    found: &'f mut BTreeMap<String, Vec<Use>>,
}

impl<'a> Search<'a, '_> {
    fn walk(&mut self, value: &'a Value, path: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    path.push(key.clone());
                    match value {
                        Value::String(image) if key == "image" && !image.is_empty() => {
                            self.named(image, path);
                        }
                        Value::Array(items) if key == "args" || key == "command" => {
                            self.arguments(items, path);
                        }
                        Value::Array(items) if key == "env" => {
                            items.iter().for_each(|item| self.variable(item, path))
                        }
                        value => self.walk(value, path),
                    }
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let name = item.get("name").and_then(Value::as_str);
                    path.push(format!("[{}]", name.map_or_else(|| index.to_string(), str::to_owned)));
                    self.walk(item, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// A key `image`.
    fn named(&mut self, image: &str, path: &[String]) {
        match container(path) {
            Some(name) => self.found(image, name, Source::Container),
            None => self.found(image, &written(path), Source::Field),
        }
    }

    /// Flags with their values, in one word or in two.
    fn arguments(&mut self, items: &[Value], path: &[String]) {
        let mut words = items.iter().filter_map(Value::as_str).peekable();
        while let Some(word) = words.next() {
            match word.split_once('=') {
                Some((flag, value)) => self.argument(flag, value, path),
                None => self.argument(word, words.peek().copied().unwrap_or_default(), path),
            }
        }
    }

    /// A flag that says that its value is an image: `--prometheus-config-reloader=...` has no other name.
    fn argument(&mut self, flag: &str, value: &str, path: &[String]) {
        if flag.starts_with('-')
            && (flag.contains("image") || flag.ends_with("config-reloader"))
            && is_reference(value)
        {
            let container = container(path).map_or_else(String::new, |name| format!("{name} "));
            self.found(value, &format!("{container}{flag}"), Source::Argument);
        }
    }

    /// A variable whose name says that it is an image.
    fn variable(&mut self, variable: &Value, path: &[String]) {
        let text = |key: &str| variable.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, value) = (text("name"), text("value"));
        if name.to_ascii_uppercase().contains("IMAGE") && is_reference(value) {
            let container = container(path).map_or_else(String::new, |name| format!("{name} "));
            self.found(value, &format!("{container}{name}"), Source::Argument);
        }
    }

    fn found(&mut self, image: &str, place: &str, source: Source) {
        let text = |pointer: &str| {
            self.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        self.found.entry(image.to_owned()).or_default().push(Use {
            construct: self.construct.to_owned(),
            kind: text("/kind"),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            place: place.to_owned(),
            source,
        });
    }
}

/// The container that a path is in: a field of an item of `containers` or its like.
fn container(path: &[String]) -> Option<&str> {
    let [.., list, item, _] = path else { return None };
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let name = lists.contains(&list.as_str()).then(|| item.trim_matches(['[', ']']))?;
    Some(name)
}

fn written(path: &[String]) -> String {
    path.join(".").replace(".[", "[")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn uses(object: &Value) -> Vec<String> {
        list([("x", object)])
            .images
            .iter()
            .flat_map(|image| {
                image
                    .used_by
                    .iter()
                    .map(move |used| format!("{} {} {:?}", image.image, used.place, used.source))
            })
            .collect()
    }

    #[test]
    fn images_are_found_in_pods_custom_resources_arguments_and_variables() {
        let pod = json!({"spec": {"template": {"spec": {
            "initContainers": [{"name": "i", "image": "a:1"}],
            "containers": [{
                "name": "c",
                "image": "r.io/b:2",
                "args": ["--prometheus-config-reloader=q.io/r:v1", "--x=localhost:80/y", "--image-pull=always", "--image", "r.io/w:1", "--image-name", "--web=host:8080/path"],
                "env": [{"name": "RELATED_IMAGE_X", "value": "q.io/z@sha256:00"}, {"name": "URL", "value": "a/b:1"}]
            }]
        }}}});
        assert_eq!(
            uses(&pod),
            [
                "a:1 i Container",
                "q.io/r:v1 c --prometheus-config-reloader Argument",
                "q.io/z@sha256:00 c RELATED_IMAGE_X Argument",
                "r.io/b:2 c Container",
                "r.io/w:1 c --image Argument",
            ]
        );
        let file = json!({"kind": "ConfigMap", "data": {"image": "not an image"}});
        assert!(uses(&file).is_empty());
        let custom = json!({"spec": {"image": "p:1", "thanos": {"image": "t:1"}, "containers": [{"name": "x", "image": "y:1"}]}});
        assert_eq!(uses(&custom), ["p:1 spec.image Field", "t:1 spec.thanos.image Field", "y:1 x Container"]);
    }

    #[test]
    fn an_image_is_listed_once_with_all_who_use_it() {
        let object = |name: &str| json!({"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "a:1"}]}});
        let objects = [object("one"), object("two")];
        let images = list(objects.iter().map(|object| ("x", object))).images;
        assert_eq!(images.len(), 1);
        assert_eq!(images[0].used_by.len(), 2);
    }
}
