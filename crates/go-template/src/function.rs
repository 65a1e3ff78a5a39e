//! Functions that templates call, registered by the caller.

use std::collections::HashMap;
use std::fmt;

use foldhash::fast::RandomState;

use crate::builtin;
use crate::execute::Execution;
use crate::value::Value;

/// Why a function failed, in Go's words: shown behind `error calling NAME: `.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(pub String);

impl Error {
    /// An error with a message.
    pub fn new(message: impl Into<String>) -> Self {
        Error(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The Go type of a parameter. The interpreter checks arguments against it, with Go's messages, before it
/// calls the function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Param {
    /// `interface{}`
    Any,
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `map[string]interface{}`, or a type of that underlying type
    Map,
    /// `[]interface{}`
    List,
    /// A type of another package, by the name that Go's messages give it.
    Named(&'static str),
}

impl Param {
    /// The Go type, as messages name it.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            Param::Any => "interface {}",
            Param::String => "string",
            Param::Bool => "bool",
            Param::Int => "int",
            Param::Int64 => "int64",
            Param::Float64 => "float64",
            Param::Map => "map[string]interface {}",
            Param::List => "[]interface {}",
            Param::Named(name) => name,
        }
    }
}

/// A function of Rust.
#[derive(Clone, Copy)]
pub struct Function {
    /// The types of the parameters before the variadic one.
    pub params: &'static [Param],
    /// The type of the variadic parameter, if there is one.
    pub variadic: Option<Param>,
    /// What it does.
    pub body: Body,
    /// Whether executions note where it is called: [`Execution::noted`].
    pub is_noted: bool,
}

/// What a function does. The arguments are as many as the parameters say, and of their types.
#[derive(Clone, Copy)]
pub enum Body {
    /// It computes its result from the arguments alone.
    Pure(fn(&[Value]) -> Result<Value, Error>),
    /// It needs the execution that it is called in, to execute other templates.
    Engine(fn(&mut Execution<'_>, &[Value]) -> Result<Value, Error>),
}

impl Function {
    /// A function of its arguments alone.
    #[must_use]
    pub const fn pure(
        params: &'static [Param],
        variadic: Option<Param>,
        run: fn(&[Value]) -> Result<Value, Error>,
    ) -> Self {
        Function { params, variadic, body: Body::Pure(run), is_noted: false }
    }

    /// A function that executes templates.
    #[must_use]
    pub const fn engine(
        params: &'static [Param],
        variadic: Option<Param>,
        run: fn(&mut Execution<'_>, &[Value]) -> Result<Value, Error>,
    ) -> Self {
        Function { params, variadic, body: Body::Engine(run), is_noted: false }
    }
}

/// Functions by name.
pub type Functions = HashMap<&'static str, Function>;

/// Functions at the places that trees know them under, Go's own among them. Threads can share it.
pub struct FunctionTable {
    places: HashMap<&'static str, u32, RandomState>,
    entries: Vec<Entry>,
}

/// A function that a text can name.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    /// Whether it is Go's own.
    pub(crate) is_builtin: bool,
}

impl FunctionTable {
    /// A table of functions. They come before Go's own of the same name.
    #[must_use]
    pub fn new(functions: &Functions) -> Self {
        let builtin = builtin::NAMES.iter().filter_map(|name| {
            builtin::find(name).map(|function| Entry { name, function, is_builtin: true })
        });
        let own =
            functions.iter().map(|(name, function)| Entry { name, function: *function, is_builtin: false });
        let entries: Vec<_> = builtin.chain(own).collect();
        // Of equal names the last stays.
        let places = entries.iter().map(|entry| entry.name).zip(0..).collect();
        FunctionTable { places, entries }
    }

    /// The place of a function.
    pub(crate) fn place(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    /// The function at a place.
    pub(crate) fn at(&self, place: u32) -> Option<&Entry> {
        self.entries.get(place as usize)
    }

    /// The function of a name.
    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.place(name).and_then(|place| self.at(place))
    }
}

impl fmt::Debug for FunctionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.places.keys()).finish()
    }
}
