//! Text of values as Go's `fmt` and `strconv` print them, and numbers as `strconv` reads them.
//!
//! Templates print numbers and quote strings all the time, and charts hash what they print: so it has to be Go's text
//! to the last digit.
//!
//! ```
//! assert_eq!(go_fmt::float(1e6), "1e+06");
//! assert_eq!(go_fmt::float(123_456_789.0), "1.23456789e+08");
//! assert_eq!(go_fmt::float32(1.234_567_9), "1.2345679");
//! assert_eq!(go_fmt::quote("a\"\u{7f}\u{e9}"), r#""a\"\x7fé""#);
//! assert_eq!(go_fmt::parse_int("0x_1f", 0), Ok(31));
//! assert_eq!(go_fmt::parse_float("1_0.5e1"), Some(105.0));
//! ```
//!
//! - [`float`] and [`float32`] are the verb `%v`: the fewest digits that read back as the same number, with an exponent
//!   below 1e-4 and from 1e+06 on.
//! - [`quote`] is `strconv.Quote`: what Unicode calls printable stays, all else is escaped. [`quote_bytes`] takes what need
//!   not be UTF-8.
//! - [`parse_int`], [`parse_uint`] and [`parse_float`] take what `strconv` takes, prefixes and underscores included, and
//!   [`NotInteger`] tells syntax from range, with the nearest number.

mod float;
mod parse;
mod quote;

pub use float::{float, float32};
pub use parse::{NotInteger, parse_float, parse_int, parse_uint};
pub use quote::{quote, quote_bytes};
