//! Text of values as Go's `fmt` and `strconv` print them.

mod float;
mod quote;

pub use float::{float, float32};
pub use quote::{quote, quote_bytes};
