//! Text of values as Go's `fmt` and `strconv` print them, and numbers as `strconv` reads them.

mod float;
mod parse;
mod quote;

pub use float::{float, float32};
pub use parse::{NotInteger, parse_float, parse_int, parse_uint};
pub use quote::{quote, quote_bytes};
