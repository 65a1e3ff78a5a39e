//! Text of values as Go's `fmt` and `strconv` print them.

mod float;

pub use float::{float, float32};
