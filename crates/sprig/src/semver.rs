//! Semantic versions, as Masterminds/semver has them.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use go_template::Param::String as Str;
use go_template::{Error, Object, Value};
use masterminds_semver::{Constraint, Version};

use crate::arguments::{Entry, nil_pointer, pure, text, value};
use crate::methods::{count, wrong_type};

pub(crate) fn functions() -> Vec<Entry> {
    vec![("semver", pure(&[Str], None, semver)), ("semverCompare", pure(&[Str, Str], None, semver_compare))]
}

fn semver(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Object(Rc::new(SemanticVersion { version: version(args, 0)?, is_pointer: true })))
}

fn semver_compare(args: &[Value]) -> Result<Value, Error> {
    let constraint = String::from_utf8_lossy(text(args, 0)?);
    let constraint = Constraint::parse(&constraint).map_err(shown)?;
    Ok(Value::Bool(constraint.check(&version(args, 1)?)))
}

fn version(args: &[Value], index: usize) -> Result<Version, Error> {
    Version::parse(&String::from_utf8_lossy(text(args, index)?)).map_err(shown)
}

fn shown(error: masterminds_semver::Error) -> Error {
    Error(error.to_string())
}

#[derive(Debug)]
struct SemanticVersion {
    version: Version,
    /// Whether it came from `semver`. What the methods return is no pointer, which Go lacks the methods of
    /// pointers for.
    is_pointer: bool,
}

impl SemanticVersion {
    fn value_method(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        let version = &self.version;
        let plain = |value: Value| Some(count(method, arguments, 0).map(|()| value));
        let next = |next: fn(&Version) -> Result<Version, masterminds_semver::Error>| {
            Some(count(method, arguments, 0).and_then(|()| next(version).map(returned).map_err(shown)))
        };
        let with = |with: fn(&Version, &str) -> Result<Version, masterminds_semver::Error>| {
            Some(count(method, arguments, 1).and_then(|()| {
                let argument = match value(arguments, 0) {
                    Value::String(text) => text.to_str(),
                    other => return Err(wrong_type("string", other)),
                };
                with(version, &argument).map(returned).map_err(shown)
            }))
        };
        match method {
            "Major" => plain(Value::Uint64(version.major)),
            "Minor" => plain(Value::Uint64(version.minor)),
            "Patch" => plain(Value::Uint64(version.patch)),
            "Prerelease" => plain(Value::string(version.prerelease.as_str())),
            "Metadata" => plain(Value::string(version.metadata.as_str())),
            "String" | "Value" => plain(Value::string(self.print())),
            "MarshalText" => plain(Value::Bytes(self.print().into_bytes().into())),
            "MarshalJSON" => plain(Value::Bytes(format!("\"{version}\"").into_bytes().into())),
            "IncPatch" => next(Version::next_patch),
            "IncMinor" => next(Version::next_minor),
            "IncMajor" => next(Version::next_major),
            "SetPrerelease" => with(Version::with_prerelease),
            "SetMetadata" => with(Version::with_metadata),
            _ => None,
        }
    }

    fn pointer_method(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        let test: fn(Ordering) -> bool = match method {
            "Original" => {
                let original = Value::string(self.version.original.as_str());
                return Some(count(method, arguments, 0).map(|()| original));
            }
            "Compare" => |_| false,
            "Equal" => Ordering::is_eq,
            "GreaterThan" => Ordering::is_gt,
            "GreaterThanEqual" => Ordering::is_ge,
            "LessThan" => Ordering::is_lt,
            "LessThanEqual" => Ordering::is_le,
            _ => return None,
        };
        let ordered = count(method, arguments, 1).and_then(|()| match value(arguments, 0) {
            Value::Nil if method == "Equal" => Ok(Value::Bool(false)),
            Value::Nil => Err(nil_pointer()),
            Value::Object(object) => match object.as_any().downcast_ref::<SemanticVersion>() {
                Some(other) if other.is_pointer => {
                    let order = self.version.compare(&other.version);
                    let is_compare = method == "Compare";
                    Ok(if is_compare { Value::Int(order as i64) } else { Value::Bool(test(order)) })
                }
                _ => Err(wrong_type("*semver.Version", value(arguments, 0))),
            },
            other => Err(wrong_type("*semver.Version", other)),
        });
        Some(ordered)
    }
}

fn returned(version: Version) -> Value {
    Value::Object(Rc::new(SemanticVersion { version, is_pointer: false }))
}

impl Object for SemanticVersion {
    fn type_name(&self) -> &str {
        if self.is_pointer { "*semver.Version" } else { "semver.Version" }
    }

    fn kind(&self) -> &str {
        if self.is_pointer { "ptr" } else { "struct" }
    }

    fn print(&self) -> String {
        self.version.to_string()
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn call(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        let result = self.value_method(method, arguments);
        if result.is_some() || !self.is_pointer { result } else { self.pointer_method(method, arguments) }
    }

    fn to_plain(&self) -> Value {
        Value::string(self.print())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
