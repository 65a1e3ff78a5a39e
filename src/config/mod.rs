//! From config files to a checked [`Config`].
//!
//! [`load`] reads YAML with positions, overlays the files, validates against the JSON Schema, checks the
//! rules that a schema cannot say, and either returns a config or every problem with its place.

mod defaults;
pub mod diagnostic;
pub(crate) mod document;
pub mod duration;
mod explain;
mod layers;
mod load;
mod lookup;
pub mod origins;
pub mod path;
pub mod quantity;
pub mod rules;
pub mod schema;
pub mod set;
pub mod texts;
mod types;
pub(crate) mod wording;

pub use diagnostic::{Diagnostic, Report, Severity, Source};
pub use document::MAX_BYTES;
pub(crate) use document::span_at_start;
pub(crate) use explain::suggest::nearest;
pub use load::{Loaded, load, load_with};
pub use origins::{Origin, Origins};
pub use types::*;
pub(crate) use wording::quoted;

/// What messages call standard input.
pub const STDIN: &str = "<stdin>";
