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
pub mod path;
pub mod quantity;
pub mod rules;
pub mod schema;
pub mod set;
mod types;
pub(crate) mod wording;

pub use diagnostic::{Diagnostic, Report, Severity, Source};
pub use document::MAX_BYTES;
pub use load::{Loaded, load};
pub use types::*;

/// What messages call standard input.
pub const STDIN: &str = "<stdin>";
