//! The functions of Masterminds/sprig v3.3.0, computed as helm 3.22 computes them.
//!
//! What helm replaces (`toJson`, `fromJson`, `fail`, `getHostByName`) or removes (`env`, `expandenv`) is for the
//! caller to add over these; [`json`] has what the JSON ones need.

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
