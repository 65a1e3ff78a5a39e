//! Reads Chart.yaml, requirements.yaml and the lock files.

use std::collections::{BTreeMap, BTreeSet};

use go_fmt::quote;
use go_yaml::{Data, Node, Value as Scalar};

use crate::chart::{Dependency, Lock, Maintainer, Metadata};
use crate::error::Error;
use crate::values::{self, first_document};
use masterminds_semver::Version;

/// Metadata that may yet be read over and is not checked.
#[derive(Debug, Default)]
pub(super) struct Draft {
    metadata: Metadata,
    maintainers: Option<Vec<Option<Maintainer>>>,
    dependencies: Option<Vec<Option<Dependency>>>,
}

impl Draft {
    /// Reads a file over what is there: what it does not name stays.
    pub(super) fn read(&mut self, text: &[u8]) -> Result<(), Error> {
        let metadata = &mut self.metadata;
        each_field(first_document(text)?.as_ref(), "chart.Metadata", |name, node| match name {
            "name" => string(node, &mut metadata.name),
            "home" => string(node, &mut metadata.home),
            "sources" => strings(node, &mut metadata.sources),
            "version" => string(node, &mut metadata.version),
            "description" => string(node, &mut metadata.description),
            "keywords" => strings(node, &mut metadata.keywords),
            "maintainers" => list(node, &mut self.maintainers, pointer(read_maintainer)),
            "icon" => string(node, &mut metadata.icon),
            "apiversion" => string(node, &mut metadata.api_version),
            "condition" => string(node, &mut metadata.condition),
            "tags" => string(node, &mut metadata.tags),
            "appversion" => string(node, &mut metadata.app_version),
            "deprecated" => boolean(node, &mut metadata.deprecated),
            "annotations" => annotations(node, &mut metadata.annotations),
            "kubeversion" => string(node, &mut metadata.kube_version),
            "dependencies" => list(node, &mut self.dependencies, pointer(read_dependency)),
            "type" => string(node, &mut metadata.chart_type),
            _ => Ok(()),
        })
    }

    /// Reads a lock file.
    pub(super) fn read_lock(text: &[u8]) -> Result<Lock, Error> {
        let mut lock = Lock::default();
        let mut dependencies = None;
        each_field(first_document(text)?.as_ref(), "chart.Lock", |name, node| match name {
            "generated" => string(node, &mut lock.generated),
            "digest" => string(node, &mut lock.digest),
            "dependencies" => list(node, &mut dependencies, pointer(read_dependency)),
            _ => Ok(()),
        })?;
        lock.dependencies = dependencies.unwrap_or_default().into_iter().flatten().collect();
        Ok(lock)
    }

    /// Charts of helm 2 need not say that they are.
    pub(super) fn assume_version(&mut self) {
        if self.metadata.api_version.is_empty() {
            "v1".clone_into(&mut self.metadata.api_version);
        }
    }

    pub(super) fn is_v1(&self) -> bool {
        self.metadata.api_version == "v1"
    }

    /// The name, which is not yet checked.
    pub(super) fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Checks and cleans all.
    pub(super) fn finish(self) -> Result<Metadata, Error> {
        let mut metadata = self.metadata;
        for text in [
            &mut metadata.name,
            &mut metadata.description,
            &mut metadata.home,
            &mut metadata.icon,
            &mut metadata.condition,
            &mut metadata.tags,
            &mut metadata.app_version,
            &mut metadata.kube_version,
        ] {
            sanitize(text);
        }
        metadata.sources.iter_mut().chain(&mut metadata.keywords).for_each(sanitize);
        let name = &metadata.name;
        check(!metadata.api_version.is_empty(), || "chart.metadata.apiVersion is required".to_owned())?;
        check(!name.is_empty(), || "chart.metadata.name is required".to_owned())?;
        check(name != "." && name != "..", || format!("chart.metadata.name {} is not allowed", quote(name)))?;
        // Go's filepath.Base of a lone slash is the slash.
        check(name == "/" || !name.contains('/'), || {
            format!("chart.metadata.name {} is invalid", quote(name))
        })?;
        check(!metadata.version.is_empty(), || "chart.metadata.version is required".to_owned())?;
        check(Version::parse(&metadata.version).is_ok(), || {
            format!("chart.metadata.version {} is invalid", quote(&metadata.version))
        })?;
        check(matches!(metadata.chart_type.as_str(), "" | "application" | "library"), || {
            "chart.metadata.type must be application or library".to_owned()
        })?;
        for maintainer in self.maintainers.unwrap_or_default() {
            let Some(mut maintainer) = maintainer else {
                return Err(Error::new("validation: maintainers must not contain empty or null nodes"));
            };
            [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url].into_iter().for_each(sanitize);
            metadata.maintainers.push(maintainer);
        }
        metadata.dependencies = self.dependencies.map(check_dependencies).transpose()?;
        Ok(metadata)
    }
}

fn check(holds: bool, message: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::new(format!("validation: {}", message()))) }
}

fn check_dependencies(dependencies: Vec<Option<Dependency>>) -> Result<Vec<Dependency>, Error> {
    let mut names = BTreeSet::new();
    let mut checked = Vec::new();
    for dependency in dependencies {
        let Some(mut dependency) = dependency else {
            return Err(Error::new("validation: dependencies must not contain empty or null nodes"));
        };
        let Dependency { name, version, repository, condition, tags, alias, .. } = &mut dependency;
        [name, version, repository, condition].into_iter().chain(tags).for_each(sanitize);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        check(alias.bytes().all(is_plain), || {
            format!("dependency {} has disallowed characters in the alias", quote(&dependency.name))
        })?;
        let key = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        check(names.insert(key.clone()), || {
            format!("more than one dependency with name or alias {}", quote(key))
        })?;
        checked.push(dependency);
    }
    Ok(checked)
}

/// White space becomes spaces; what cannot be printed goes.
fn sanitize(text: &mut String) {
    let is_printable = |one: char| {
        matches!(one, ' '..='~')
            || (!one.is_ascii() && !quote(one.encode_utf8(&mut [0; 4])).starts_with("\"\\"))
    };
    *text = text
        .chars()
        .map(|one| if one.is_whitespace() { ' ' } else { one })
        .filter(|one| is_printable(*one))
        .collect();
}

type Read = Result<(), Error>;

fn mismatch(node: &Node, wanted: &str) -> Error {
    let got = match node.kind_name() {
        "sequence" => "array",
        "mapping" => "object",
        "boolean" => "bool",
        "integer" | "number" => "number",
        other => other,
    };
    let message = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    Error::new(format!("{message} {got} into Go value of type {wanted}"))
}

fn is_null(node: &Node) -> bool {
    matches!(&node.data, Data::Scalar(scalar) if scalar.value == Scalar::Null)
}

/// Calls for each field in the order of its names, in lower case: Go does not mind case.
fn each_field(node: Option<&Node>, go_type: &str, mut read: impl FnMut(&str, &Node) -> Read) -> Read {
    let Some(node) = node else {
        return Ok(());
    };
    match &node.data {
        Data::Mapping(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|left, right| left.key.name.cmp(&right.key.name));
            for entry in entries {
                let name = entry.key.name.to_ascii_lowercase();
                read(&name, &entry.value).map_err(|error| error.within(&entry.key.name))?;
            }
            Ok(())
        }
        _ if is_null(node) => Ok(()),
        _ => Err(mismatch(node, go_type)),
    }
}

/// A string takes numbers and booleans; floats lose half of their bits, as in Go.
fn string(node: &Node, into: &mut String) -> Read {
    let Data::Scalar(scalar) = &node.data else {
        return Err(mismatch(node, "string"));
    };
    *into = match scalar.value {
        Scalar::Null => return Ok(()),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::UInt(value) => value.to_string(),
        #[expect(clippy::cast_possible_truncation, reason = "helm does it")]
        Scalar::Float(value) => go_fmt::float32(value as f32),
        Scalar::String => scalar.text.clone(),
    };
    Ok(())
}

fn boolean(node: &Node, into: &mut bool) -> Read {
    match &node.data {
        Data::Scalar(scalar) => match scalar.value {
            Scalar::Null => {}
            Scalar::Bool(value) => *into = value,
            _ => return Err(mismatch(node, "bool")),
        },
        _ => return Err(mismatch(node, "bool")),
    }
    Ok(())
}

/// Reads a list over another: Go reads each item over the one that was there.
fn list<T: Default>(node: &Node, into: &mut Option<Vec<T>>, read: impl Fn(&Node, &mut T) -> Read) -> Read {
    match &node.data {
        Data::Sequence(nodes) => {
            let items = into.get_or_insert_default();
            items.resize_with(nodes.len(), T::default);
            nodes.iter().zip(items).try_for_each(|(node, item)| read(node, item))
        }
        _ if is_null(node) => {
            *into = None;
            Ok(())
        }
        _ => Err(mismatch(node, "slice")),
    }
}

fn strings(node: &Node, into: &mut Vec<String>) -> Read {
    let mut items = Some(std::mem::take(into));
    list(node, &mut items, string)?;
    *into = items.unwrap_or_default();
    Ok(())
}

fn pointer<T: Default>(read: fn(&Node, &mut T) -> Read) -> impl Fn(&Node, &mut Option<T>) -> Read {
    move |node, into| {
        if is_null(node) {
            *into = None;
            return Ok(());
        }
        read(node, into.get_or_insert_default())
    }
}

fn annotations(node: &Node, into: &mut BTreeMap<String, String>) -> Read {
    match &node.data {
        Data::Mapping(entries) => {
            for entry in entries {
                let mut text = String::new();
                string(&entry.value, &mut text)?;
                into.insert(entry.key.name.clone(), text);
            }
            Ok(())
        }
        _ if is_null(node) => {
            into.clear();
            Ok(())
        }
        _ => Err(mismatch(node, "map[string]string")),
    }
}

fn read_maintainer(node: &Node, into: &mut Maintainer) -> Read {
    each_field(Some(node), "chart.Maintainer", |name, node| match name {
        "name" => string(node, &mut into.name),
        "email" => string(node, &mut into.email),
        "url" => string(node, &mut into.url),
        _ => Ok(()),
    })
}

fn read_dependency(node: &Node, into: &mut Dependency) -> Read {
    each_field(Some(node), "chart.Dependency", |name, node| match name {
        "name" => string(node, &mut into.name),
        "version" => string(node, &mut into.version),
        "repository" => string(node, &mut into.repository),
        "condition" => string(node, &mut into.condition),
        "tags" => strings(node, &mut into.tags),
        "enabled" => boolean(node, &mut into.enabled),
        "import-values" => {
            let mut items = Some(Vec::new());
            list(node, &mut items, |node, item| {
                *item = values::from_node(node)?;
                Ok(())
            })?;
            into.import_values = items.unwrap_or_default();
            Ok(())
        }
        "alias" => string(node, &mut into.alias),
        _ => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Metadata {
        let mut draft = Draft::default();
        for text in texts {
            draft.read(text.as_bytes()).unwrap();
            draft.assume_version();
        }
        draft.finish().unwrap()
    }

    #[test]
    fn strings_take_numbers() {
        let metadata = read(&["Name: c\nversion: 1.2\nappVersion: 1.10\nkeywords: [1, on, x, ~]\n\
            description: \"a\\tb\\u200bc\"\nannotations: {a: yes, 1: 1.23456789}\nkubeVersion: 010\nicon: 1e20\n"]);
        assert_eq!(metadata.api_version, "v1");
        assert_eq!(metadata.version, "1.2");
        assert_eq!(metadata.app_version, "1.1");
        assert_eq!(metadata.keywords, ["1", "true", "x", ""]);
        assert_eq!(metadata.description, "a bc");
        assert_eq!(metadata.annotations["a"], "true");
        assert_eq!(metadata.annotations["1"], "1.2345679");
        assert_eq!(metadata.kube_version, "8");
        assert_eq!(metadata.icon, "1e+20");
    }

    #[test]
    fn a_second_file_is_read_over_the_first() {
        let metadata = read(&[
            "name: c\nversion: 1.0.0\nhome: h\ndependencies: [{name: a, alias: x}, {name: b}]\n",
            "dependencies: [{name: c}]\n",
        ]);
        let names: Vec<_> =
            metadata.dependencies().iter().map(|entry| (&*entry.name, &*entry.alias)).collect();
        assert_eq!(names, [("c", "x")]);
        assert_eq!(metadata.home, "h");
    }
}
