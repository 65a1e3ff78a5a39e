//! Go's `text/template`: parses and executes templates with Go's types, rules and messages.
//!
//! # From text to output
//!
//! 1. [`parse`] turns the text of a file into trees: one for the file, one for each `define` and `block`.
//!    Messages and their lines are Go's. Nesting is bounded.
//! 2. [`Templates`] is a set of trees that can call each other by name. Later files replace what earlier ones
//!    define, as Helm relies on.
//! 3. [`Templates::execute`] walks a tree with a [`Value`] as dot. Each execution counts steps, bytes and depth
//!    against [`Limits`].
//!
//! Functions are registered by the caller as [`Functions`]; their parameters have Go types, which are checked
//! with Go's messages before they are called. Go's own functions are always there. A function that executes
//! templates itself is given the [`Execution`].
//!
//! ```
//! use go_template::{FunctionTable, Functions, Limits, Templates, Text, Value};
//!
//! let mut templates = Templates::new(FunctionTable::new(&Functions::new()));
//! templates.parse("hello", "{{ range .names }}Hello {{ . | printf \"%q\" }}! {{ end }}").unwrap();
//! let names = Value::list(vec![Value::string("Ada"), Value::Float64(1e6)]);
//! let data = Value::map([(Text::from("names"), names)]);
//! let output = templates.execute("hello", &data, &Limits::default(), &()).unwrap();
//! assert_eq!(output, b"Hello \"Ada\"! Hello %!q(float64=1e+06)! ");
//! ```
//!
//! # Two nils
//!
//! In Go the element of a map is an interface, and a field of a nil interface is an error; a nil that went
//! through a pipeline is no value at all, whose fields are silently nil. So `.a.b` fails where `(.a).b` does
//! not. The interpreter keeps with each value whether it is an element.
//!
//! # Differences from Go
//!
//! - There are no complex numbers: `1i` is refused.
//! - A nil map and an empty one are the same, and so are lists.
//! - Expressions nest 200 deep, calls as deep as [`Limits`] says.

mod bound;
mod builtin;
mod compare;
mod execute;
mod function;
mod parse;
mod print;
mod printf;
mod templates;
mod text;
mod value;

pub use crate::bound::{
    MAX_NESTING, MAX_VALUE_BYTES, TextBuilder, Visits, ensure_fits, ensure_items_fit, spend, stack_overflow,
    too_large,
};
pub use crate::execute::{ExecError, Execution, Limits, Noted, Place, Trace};
pub use crate::function::{Body, Error, Function, FunctionTable, Functions, Param};
pub use crate::parse::{File, ParseError, parse};
pub use crate::print::{print, sprint, sprintln, to_text};
pub use crate::templates::Templates;
pub use crate::text::Text;
pub use crate::value::{List, Map, MapKind, Object, Value};
