//! What `toString` makes of values.

use go_template::{Error, Text, Value};

/// As [`go_template::to_text`], but bytes are text.
pub(crate) fn to_text(value: &Value) -> Result<Text, Error> {
    match value {
        Value::Bytes(bytes) => Ok(Text::from(&bytes[..])),
        other => go_template::to_text(other),
    }
}
