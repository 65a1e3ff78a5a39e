//! The JSON Schema of the config: generated from its types, committed, embedded, and used to validate.

mod constraints;
mod generate;
mod references;
mod texts;
mod view;

use serde_json::Value;

pub use self::generate::generate;
pub(super) use self::references::inline;
pub(super) use self::texts::numbers_as_written;
pub(crate) use self::view::{Found, View};

/// The schema as it is committed.
pub const TEXT: &str = include_str!("../../../schema/monstack.schema.json");

/// The schema's `$id`.
pub const ID: &str = "urn:monstack:config:v1";

/// What the schema says about the keys of `document`, without explanations; about every key with `None`.
pub(super) fn constraints(document: Option<&Value>) -> serde_json::Result<Value> {
    constraints::parse(TEXT, document)
}
