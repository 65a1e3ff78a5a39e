//! A fast way through the schemas that charts come with: types, properties and required keys, hundreds of
//! kilobytes of them.
//!
//! The text of the schema is walked over once, together with the values. What is accepted here is accepted by the
//! validator, which decides on everything else: on values that do not fit, whose problems it tells, and on
//! schemas that are invalid or hold any keyword that is not known here.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::instance::{Instance, get};

/// Drafts in which the keywords below mean the same.
const DRAFTS: [&str; 3] = [
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema",
    "https://json-schema.org/draft/2020-12/schema",
];

/// References within references.
const MAX_REFERENCES: usize = 16;

/// Bytes of schemas that are read once more, for further values.
const MAX_AGAIN: usize = 8 << 20;

/// Whether values meet a schema. If not, the validator has to decide.
pub(super) fn accepts(schema: &[u8], values: &Instance) -> bool {
    let Ok(text) = std::str::from_utf8(schema) else { return false };
    let again = Cell::new(MAX_AGAIN);
    let root = Root { text, again: &again };
    read(text, Schema { root, instance: Some(values), references: 0, is_root: true }).is_some()
}

fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Option<S::Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut json).ok()?;
    json.end().ok().map(|()| value)
}

/// The text of the whole schema, and how much of it may be read again.
#[derive(Clone, Copy)]
struct Root<'de, 'v> {
    text: &'de str,
    again: &'v Cell<usize>,
}

impl Root<'_, '_> {
    fn take(self, bytes: usize) -> Option<()> {
        self.again.set(self.again.get().checked_sub(bytes)?);
        Some(())
    }
}

/// A schema, and what it is for; nothing if the values do not have it.
#[derive(Clone, Copy)]
struct Schema<'de, 'v> {
    root: Root<'de, 'v>,
    instance: Option<&'v Instance>,
    references: usize,
    is_root: bool,
}

impl<'de, 'v> Schema<'de, 'v> {
    /// A schema within it.
    fn of(self, instance: Option<&'v Instance>) -> Self {
        Schema { instance, is_root: false, ..self }
    }

    fn read_again(self, text: &'de RawValue) -> Option<()> {
        self.root.take(text.get().len())?;
        read(text.get(), self)
    }

    /// The schema that a reference names.
    fn refer(self, reference: &str) -> Option<()> {
        let path = reference.strip_prefix("#/").filter(|path| !path.contains(['~', '%']))?;
        if self.references >= MAX_REFERENCES {
            return None;
        }
        let mut text = self.root.text;
        for name in path.split('/') {
            self.root.take(text.len())?;
            let found = Cell::new(None);
            read(text, Member { name, found: &found });
            text = found.get()?.get();
        }
        // Its own form is checked where it stands.
        match self.instance {
            Some(_) => read(text, Schema { references: self.references + 1, ..self.of(self.instance) }),
            None => Some(()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Schema<'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Schema<'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a schema")
    }

    fn visit_bool<E: serde::de::Error>(self, accepts: bool) -> Result<(), E> {
        ensure(accepts || self.instance.is_none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let object = self.instance.and_then(Instance::entries);
        // Properties that the values have too, and what is said of the others.
        let mut known: Vec<Cow<'de, str>> = Vec::new();
        let mut others: Option<&'de RawValue> = None;
        let mut reference: Option<Cow<'de, str>> = None;
        let mut asserts = false;
        while let Some(Str(keyword)) = map.next_key()? {
            asserts |= !matches!(&*keyword, "$ref" | "description" | "title" | "default" | "deprecated");
            match &*keyword {
                "title" | "description" | "$comment" => map.next_value::<Str<'_>>().map(|_| ())?,
                "default" => map.next_value::<IgnoredAny>().map(|_| ())?,
                "examples" => map.next_value::<Vec<IgnoredAny>>().map(|_| ())?,
                "deprecated" => map.next_value::<bool>().map(|_| ())?,
                "$schema" if self.is_root => ensure(DRAFTS.contains(&&*map.next_value::<Str<'_>>()?.0))?,
                "$id" if self.is_root => map.next_value::<Str<'_>>().map(|_| ())?,
                "$ref" => reference = Some(map.next_value::<Str<'_>>()?.0),
                "$defs" | "definitions" => map.next_value_seed(Properties(self, None))?,
                "properties" => map.next_value_seed(Properties(self, Some(&mut known)))?,
                "additionalProperties" => others = Some(map.next_value()?),
                "type" => map.next_value_seed(Types(self.instance))?,
                "required" => {
                    let names: Vec<Str<'_>> = map.next_value()?;
                    let is_once =
                        |(at, name): (usize, &Str<'_>)| !names[..at].iter().any(|other| other.0 == name.0);
                    ensure(names.iter().enumerate().all(is_once))?;
                    ensure(
                        object.is_none_or(|object| names.iter().all(|name| get(object, &name.0).is_some())),
                    )?;
                }
                "enum" => {
                    let values: Vec<Json> = map.next_value()?;
                    ensure(
                        !values.is_empty()
                            && self.instance.is_none_or(|value| values.contains(&value.to_json())),
                    )?;
                }
                "minimum" => {
                    let least: f64 = map.next_value()?;
                    ensure(self.instance.and_then(Instance::as_f64).is_none_or(|value| value >= least))?;
                }
                "maximum" => {
                    let most: f64 = map.next_value()?;
                    ensure(self.instance.and_then(Instance::as_f64).is_none_or(|value| value <= most))?;
                }
                "items" => match self.instance {
                    Some(Instance::Array(items)) if items.len() > 1 => {
                        let schema: &RawValue = map.next_value()?;
                        let fits = |item| self.of(Some(item)).read_again(schema).is_some();
                        ensure(items.iter().all(fits))?;
                    }
                    Some(Instance::Array(items)) => map.next_value_seed(self.of(items.first()))?,
                    _ => map.next_value_seed(self.of(None))?,
                },
                "allOf" => map.next_value_seed(All(self.of(self.instance)))?,
                _ => return Err(A::Error::custom("a keyword that is not known")),
            }
        }
        if let Some(schema) = others {
            self.of(None).read_again(schema).ok_or_else(|| A::Error::custom("no schema"))?;
            let additional = |(name, _): &&(Box<str>, Instance)| !known.iter().any(|known| **known == **name);
            let fits = |(_, value): &(_, _)| self.of(Some(value)).read_again(schema).is_some();
            ensure(object.unwrap_or_default().iter().filter(additional).all(fits))?;
        }
        if let Some(reference) = reference {
            // In some drafts nothing else counts beside it.
            ensure(!asserts && self.refer(&reference).is_some())?;
        }
        Ok(())
    }
}

fn ensure<E: serde::de::Error>(holds: bool) -> Result<(), E> {
    if holds { Ok(()) } else { Err(E::custom("the validator has to decide")) }
}

/// A string, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Str<'t>(#[serde(borrow)] Cow<'t, str>);

/// Schemas by name: those of the properties of an instance, or definitions, which are for nothing yet.
struct Properties<'de, 'v, 'k>(Schema<'de, 'v>, Option<&'k mut Vec<Cow<'de, str>>>);

impl<'de> DeserializeSeed<'de> for Properties<'de, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Properties<'de, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("schemas by name")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let object = self.0.instance.and_then(Instance::entries).filter(|_| self.1.is_some());
        while let Some(Str(name)) = map.next_key()? {
            let instance = object.and_then(|object| get(object, &name));
            if let (Some(_), Some(known)) = (instance, &mut self.1) {
                // Of a name that comes twice only the last would count.
                ensure(!known.contains(&name))?;
                known.push(name);
            }
            map.next_value_seed(self.0.of(instance))?;
        }
        Ok(())
    }
}

/// The name of a type, or several.
struct Types<'v>(Option<&'v Instance>);

impl Types<'_> {
    fn fits<E: serde::de::Error>(&self, name: &str) -> Result<bool, E> {
        use Instance::{Array, Bool, Float, Int, Null, Object, String, Uint};
        Ok(match (name, self.0) {
            ("object" | "array" | "string" | "boolean" | "null" | "number" | "integer", None) => true,
            ("object", Some(value)) => matches!(value, Object(_)),
            ("array", Some(value)) => matches!(value, Array(_)),
            ("string", Some(value)) => matches!(value, String(_)),
            ("boolean", Some(value)) => matches!(value, Bool(_)),
            ("null", Some(value)) => matches!(value, Null),
            ("number", Some(value)) => matches!(value, Int(_) | Uint(_) | Float(_)),
            ("integer", Some(value)) => matches!(value, Int(_) | Uint(_)),
            _ => return Err(E::custom("no type")),
        })
    }
}

impl<'de> DeserializeSeed<'de> for Types<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Types<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("types")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<(), E> {
        ensure(self.fits(name)?)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<(), A::Error> {
        let mut seen: Vec<Cow<'_, str>> = Vec::new();
        let mut fits = false;
        while let Some(Str(name)) = names.next_element()? {
            ensure(!seen.contains(&name))?;
            fits |= self.fits(&name)?;
            seen.push(name);
        }
        ensure(fits && !seen.is_empty())
    }
}

/// Schemas that all have to be met.
struct All<'de, 'v>(Schema<'de, 'v>);

impl<'de> DeserializeSeed<'de> for All<'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for All<'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("schemas")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut schemas: A) -> Result<(), A::Error> {
        let mut count = 0;
        while schemas.next_element_seed(self.0)?.is_some() {
            count += 1;
        }
        ensure(count > 0)
    }
}

/// What stands under a name in an object. Nothing is read behind it: a name that comes twice is found by the check of
/// the form.
struct Member<'n, 'de> {
    name: &'n str,
    found: &'n Cell<Option<&'de RawValue>>,
}

impl<'de> DeserializeSeed<'de> for Member<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Member<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Str(name)) = map.next_key()? {
            if *name == *self.name {
                self.found.set(Some(map.next_value()?));
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Whatever is accepted here is accepted by the validator; which of these is, is told.
    #[test]
    fn what_is_accepted_is_valid() {
        let schemas = [
            r##"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/x", "type": "object"}"##,
            r#"{"properties": {"a": {"type": "integer", "minimum": 2}, "b": {"items": {"type": ["string", "null"]}}}}"#,
            r#"{"additionalProperties": false, "properties": {"a": true, "b": {"enum": [1, "x"]}}, "required": ["a"]}"#,
            r#"{"additionalProperties": {"type": "array"}, "properties": {"a": {"description": "x", "deprecated": true}}}"#,
            r##"{"properties": {"a": {"$ref": "#/definitions/a"}}, "definitions": {"a": {"type": "number"}}}"##,
            r##"{"properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {"a": {"type": "number"}}}"##,
            r##"{"properties": {"a": {"$ref": "#"}}}"##,
            r##"{"properties": {"a": {"$ref": "#/properties/a"}}}"##,
            r#"{"allOf": [{"required": ["a"]}, {"properties": {"a": {"maximum": 3}}}]}"#,
            r#"{"type": "objects"}"#,
            r#"{"required": ["a", "a"]}"#,
            r#"{"enum": []}"#,
            r#"{"description": 1}"#,
            r#"{"items": [{}]}"#,
            r#"{"pattern": "("}"#,
            r#"{"properties": {"a": 1}}"#,
            "true",
            "false",
            "{",
        ];
        let values = [
            json!({}),
            json!({"a": 1}),
            json!({"a": 3, "b": ["x", null]}),
            json!({"a": 2, "b": ["x", 1]}),
            json!({"a": "x", "b": "x"}),
            json!({"a": null, "c": []}),
            json!({"a": 2.5, "b": 1, "c": 1}),
        ];
        let mut accepted = Vec::new();
        for schema in schemas {
            let is_valid =
                |values| super::super::validate(schema.as_bytes(), values, &mut Vec::new()).is_ok();
            let instance = |values: &Json| match crate::values::from_json(values) {
                go_template::Value::Map(map) => Instance::of_map(&map),
                _ => Instance::Null,
            };
            let fast: Vec<_> =
                values.iter().map(|values| accepts(schema.as_bytes(), &instance(values))).collect();
            for (values, fast) in values.iter().zip(&fast) {
                assert!(!fast || is_valid(values), "{schema} and {values}");
            }
            accepted.push(fast.iter().filter(|fast| **fast).count());
        }
        assert_eq!(accepted, [7, 2, 2, 5, 5, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0]);
    }
}
