//! Reads Chart.yaml, requirements.yaml and the lock files.

use std::collections::{BTreeMap, BTreeSet};

use go_fmt::quote;
use go_yaml::Value as Scalar;
use masterminds_semver::Version;

use super::field::Field;
use crate::chart::{Dependency, Lock, Maintainer, Metadata};
use crate::error::Error;

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
        each_field(Field::read(text)?.as_ref(), "chart.Metadata", |name, field| match name {
            "name" => string(field, &mut metadata.name),
            "home" => string(field, &mut metadata.home),
            "sources" => strings(field, &mut metadata.sources),
            "version" => string(field, &mut metadata.version),
            "description" => string(field, &mut metadata.description),
            "keywords" => strings(field, &mut metadata.keywords),
            "maintainers" => list(field, &mut self.maintainers, pointer(read_maintainer)),
            "icon" => string(field, &mut metadata.icon),
            "apiversion" => string(field, &mut metadata.api_version),
            "condition" => string(field, &mut metadata.condition),
            "tags" => string(field, &mut metadata.tags),
            "appversion" => string(field, &mut metadata.app_version),
            "deprecated" => boolean(field, &mut metadata.deprecated),
            "annotations" => annotations(field, &mut metadata.annotations),
            "kubeversion" => string(field, &mut metadata.kube_version),
            "dependencies" => list(field, &mut self.dependencies, pointer(read_dependency)),
            "type" => string(field, &mut metadata.chart_type),
            _ => Ok(()),
        })
    }

    /// Reads a lock file.
    pub(super) fn read_lock(text: &[u8]) -> Result<Lock, Error> {
        let mut lock = Lock::default();
        let mut dependencies = None;
        each_field(Field::read(text)?.as_ref(), "chart.Lock", |name, field| match name {
            "generated" => string(field, &mut lock.generated),
            "digest" => string(field, &mut lock.digest),
            "dependencies" => list(field, &mut dependencies, pointer(read_dependency)),
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

fn mismatch(field: &Field, wanted: &str) -> Error {
    let got = match field {
        Field::List(_) => "array",
        Field::Map(_) => "object",
        Field::Scalar(Scalar::Bool(_), _) => "bool",
        Field::Scalar(Scalar::Null, _) => "null",
        Field::Scalar(Scalar::String, _) => "string",
        Field::Scalar(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_), _) => "number",
    };
    let message = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    Error::new(format!("{message} {got} into Go value of type {wanted}"))
}

/// Calls for each field in the order of its names, in lower case: Go does not mind case.
fn each_field(field: Option<&Field>, go_type: &str, mut read: impl FnMut(&str, &Field) -> Read) -> Read {
    match field {
        None => Ok(()),
        Some(Field::Map(entries)) => entries.iter().try_for_each(|(name, field)| {
            read(&name.to_ascii_lowercase(), field).map_err(|error| error.within(name))
        }),
        Some(field) if field.is_null() => Ok(()),
        Some(field) => Err(mismatch(field, go_type)),
    }
}

/// A string takes numbers and booleans; floats lose half of their bits, as in Go.
fn string(field: &Field, into: &mut String) -> Read {
    let Field::Scalar(scalar, text) = field else {
        return Err(mismatch(field, "string"));
    };
    *into = match *scalar {
        Scalar::Null => return Ok(()),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::UInt(value) => value.to_string(),
        #[expect(clippy::cast_possible_truncation, reason = "helm does it")]
        Scalar::Float(value) => go_fmt::float32(value as f32),
        Scalar::String => text.clone(),
    };
    Ok(())
}

fn boolean(field: &Field, into: &mut bool) -> Read {
    match field {
        Field::Scalar(Scalar::Null, _) => Ok(()),
        Field::Scalar(Scalar::Bool(value), _) => {
            *into = *value;
            Ok(())
        }
        _ => Err(mismatch(field, "bool")),
    }
}

/// Reads a list over another: Go reads each item over the one that was there.
fn list<T: Default>(field: &Field, into: &mut Option<Vec<T>>, read: impl Fn(&Field, &mut T) -> Read) -> Read {
    match field {
        Field::List(fields) => {
            let items = into.get_or_insert_default();
            items.resize_with(fields.len(), T::default);
            fields.iter().zip(items).try_for_each(|(field, item)| read(field, item))
        }
        _ if field.is_null() => {
            *into = None;
            Ok(())
        }
        _ => Err(mismatch(field, "slice")),
    }
}

fn strings(field: &Field, into: &mut Vec<String>) -> Read {
    let mut items = Some(std::mem::take(into));
    list(field, &mut items, string)?;
    *into = items.unwrap_or_default();
    Ok(())
}

fn pointer<T: Default>(read: fn(&Field, &mut T) -> Read) -> impl Fn(&Field, &mut Option<T>) -> Read {
    move |field, into| {
        if field.is_null() {
            *into = None;
            return Ok(());
        }
        read(field, into.get_or_insert_default())
    }
}

fn annotations(field: &Field, into: &mut BTreeMap<String, String>) -> Read {
    match field {
        Field::Map(entries) => {
            for (name, field) in entries {
                let mut text = String::new();
                string(field, &mut text)?;
                into.insert(name.clone(), text);
            }
            Ok(())
        }
        _ if field.is_null() => {
            into.clear();
            Ok(())
        }
        _ => Err(mismatch(field, "map[string]string")),
    }
}

fn read_maintainer(field: &Field, into: &mut Maintainer) -> Read {
    each_field(Some(field), "chart.Maintainer", |name, field| match name {
        "name" => string(field, &mut into.name),
        "email" => string(field, &mut into.email),
        "url" => string(field, &mut into.url),
        _ => Ok(()),
    })
}

fn read_dependency(field: &Field, into: &mut Dependency) -> Read {
    each_field(Some(field), "chart.Dependency", |name, field| match name {
        "name" => string(field, &mut into.name),
        "version" => string(field, &mut into.version),
        "repository" => string(field, &mut into.repository),
        "condition" => string(field, &mut into.condition),
        "tags" => strings(field, &mut into.tags),
        "enabled" => boolean(field, &mut into.enabled),
        "import-values" => {
            let mut items = Some(Vec::new());
            list(field, &mut items, |field, item| {
                *item = field.to_value()?;
                Ok(())
            })?;
            into.import_values = items.unwrap_or_default();
            Ok(())
        }
        "alias" => string(field, &mut into.alias),
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
