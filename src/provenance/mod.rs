//! What makes the fields of objects, found out by trying: a key of the config, or a value of a chart, is given another
//! value, the stack is rendered again, and what differs is what it makes. Nothing is written by hand, so nothing can be
//! out of date.
//!
//! - [`Trials`] has other values for keys, [`Stand`] renders with them: which fields a key drives.
//! - [`values`] does the same for the values of a chart: which of them makes a field, and which line of a template.

mod candidates;
mod defaults;
mod stand;
mod threads;
mod trials;
pub(crate) mod values;

pub use self::stand::{Asked, Driven, Stand};
pub use self::trials::{Trials, value};

/// Whether a field that differs is the one that is asked for, inside of it, or around it.
fn is_about(field: &str, asked: &str) -> bool {
    let below = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':', '(']))
    };
    below(field, asked) || below(asked, field) || field.starts_with('(')
}
