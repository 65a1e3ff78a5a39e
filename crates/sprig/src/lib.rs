//! The functions of Masterminds/sprig v3.3.0, computed as helm 3.22 computes them.
//!
//! What helm replaces (`toJson`, `fromJson`, `fail`, `getHostByName`) or removes (`env`, `expandenv`) is for the
//! caller to add over these; [`json`] has what the JSON ones need.
//!
//! ```
//! use go_template::{FunctionTable, Limits, Templates, Value};
//!
//! let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
//! templates.parse("t", r#"{{ list "b" "a" | sortAlpha | join "," }} {{ "1.20.3" | semver | toString }}"#).unwrap();
//! let output = templates.execute("t", &Value::Nil, &Limits::default(), &()).unwrap();
//! assert_eq!(output, b"a,b 1.20.3");
//! ```
//!
//! # Arguments
//!
//! A function says which Go types its parameters have, and go-template checks them with Go's messages before it is
//! called. Behind an `interface {}` most functions convert what they get as spf13/cast does: [`to_int64`] and
//! [`to_float64`]. Dicts are maps that all who hold them share: `set`, `unset` and `merge` change them in place.
//!
//! # Values of Go that JSON does not have
//!
//! Some functions return nil slices, which print as `[]` but as `null` in JSON and YAML: [`is_nil_list`]. Times,
//! durations, locations, versions and URLs are objects with the methods that templates call on them; [`time`] makes one.
//!
//! # Random and slow
//!
//! Passwords, keys and certificates are real ones, from the operating system's randomness; [`is_random`] tells which
//! functions no two renders agree on. Those that take long or make much are bounded: what they make counts as values
//! ([`go_template::ensure_fits`]), their work as steps ([`go_template::spend`]), and a pattern is refused on a text that
//! is too long for it. Without the feature `crypto` there are no keys, certificates and ciphers.
//!
//! # Differences from sprig
//!
//! - Dicts that Go reads in random order (`keys`, `values`, `pick` of several) are read in the order of their keys.
//! - What is wrong with a regular expression is said in fewer words than Go has.
//! - RSA and DSA keys take longer to make.

mod arguments;
mod cast;
#[cfg(feature = "crypto")]
mod crypto;
mod date;
mod decimal;
mod default;
mod dict;
mod encoding;
mod hash;
pub mod json;
mod json_parser;
mod list;
mod merge;
mod methods;
mod nil_list;
mod numeric;
mod path;
mod print;
mod random;
mod reflect;
mod regex;
mod regex_syntax;
mod runes;
mod semver;
mod string_case;
mod string_list;
mod strings;
mod strings_wrap;
mod url;
mod url_escape;

use go_template::Functions;

pub use crate::date::given as time;

pub use crate::cast::{to_float64, to_int64};
pub use crate::nil_list::{any as nil_list, is_nil_list, strings as nil_strings};
pub use crate::random::is_random;
pub use crate::reflect::deep_equal;

/// All functions, by name.
#[must_use]
pub fn functions() -> Functions {
    let mut functions = Functions::new();
    #[cfg(feature = "crypto")]
    functions.extend(crypto::functions());
    functions.extend(date::functions());
    functions.extend(default::functions());
    functions.extend(dict::functions());
    functions.extend(encoding::functions());
    functions.extend(hash::functions());
    functions.extend(json::functions());
    functions.extend(list::functions());
    functions.extend(merge::functions());
    functions.extend(numeric::functions());
    functions.extend(path::functions());
    functions.extend(random::functions());
    functions.extend(reflect::functions());
    functions.extend(regex::functions());
    functions.extend(semver::functions());
    functions.extend(string_case::functions());
    functions.extend(string_list::functions());
    functions.extend(strings::functions());
    functions.extend(strings_wrap::functions());
    functions.extend(url::functions());
    functions
}
