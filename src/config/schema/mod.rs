//! The JSON Schema of the config: generated from its types, committed, embedded, and used to validate.

mod focus;
mod generate;
mod lean;
mod texts;
mod view;

use serde_json::Value;

pub(super) use self::focus::focus;
pub use self::generate::generate;
pub(super) use self::texts::numbers_as_written;
pub(super) use self::view::{Found, View};

/// The schema as it is committed.
pub const TEXT: &str = include_str!("../../../schema/monstack.schema.json");

/// The schema's `$id`.
pub const ID: &str = "urn:monstack:config:v1";

/// The keywords that constrain a config, without those that only explain it.
pub(super) fn constraints() -> serde_json::Result<Value> {
    lean::parse(TEXT)
}
