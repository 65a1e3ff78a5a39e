//! Reads and writes YAML as `sigs.k8s.io/yaml` does; reading keeps where every node stands.
//!
//! Kubernetes, Helm and Argo CD all read YAML through one Go library, which
//! follows YAML 1.1 with its own rules: `yes` is a boolean, `010` is eight,
//! `1e3` is a number and `1:30` is a string. A program that writes files for
//! them, or whose own file is edited beside theirs, has to read YAML the same
//! way, or a value means one thing here and another in the cluster.
//!
//! # From bytes to nodes
//!
//! 1. The bytes must be UTF-8 without control characters. UTF-16, which the
//!    Go library accepts, is refused.
//! 2. `libyaml-safer` turns the text into events. It and the Go library are
//!    ports of the same C code, so both call the same texts malformed.
//! 3. [`read`] builds one [`Node`] for each document. Aliases and merge keys
//!    (`<<`) are expanded; an alias bomb is refused before it is expanded.
//! 4. Each scalar is resolved ([`resolve`]): plain ones by their text, quoted
//!    and block ones to strings, tagged ones by `!!str`, `!!int`, `!!float`,
//!    `!!bool`, `!!null` or `!!binary`. A scalar with any other tag is a
//!    string; a tag on a collection means nothing.
//!
//! A node can then be turned into JSON ([`Node::to_json`]) or read with serde:
//! `&Node` is a [`serde::Deserializer`].
//!
//! ```
//! let nodes = go_yaml::read(b"port: 0x50\nhost: on\n", &go_yaml::Limits::default()).unwrap();
//! assert_eq!(nodes[0].to_json().unwrap().to_string(), r#"{"port":80,"host":true}"#);
//! assert_eq!(nodes[0].get("host").unwrap().value.span.start.to_string(), "2:7");
//! ```
//!
//! # From nodes to text
//!
//! [`Writer`] prints a tree node by node, with Go's choice of plain, quoted and
//! literal strings, Go's folding and its layout. Without a width nothing is
//! folded; that is the one way in which callers differ.
//!
//! # Text is kept
//!
//! A [`Scalar`] holds both its value and its text. Reading `version: 1.10` as
//! a string gives `1.10`, where Go gives `1.1`.
//!
//! # Differences from the Go library
//!
//! - For [`read`] a key set twice is an error, as in `UnmarshalStrict`. Keys are compared
//!   by their JSON name, so `1` and `"1"` are the same key.
//! - Explicit keys win over merged ones wherever `<<` stands, as YAML says. In
//!   Go a merge replaces the keys written before it.
//! - For [`read`] all documents are read; Go stops after the first, as [`read_first`] does.
//!   Of two `<<` in a mapping, the first wins.
//! - In a flow collection, a plain scalar that ends in a colon (`[a:]`, `{a:}`)
//!   is an error. Go takes the colon into the scalar.
//! - A tag cannot hold a comma or a bracket, so `[!!str, x]` is an error. Go
//!   takes the comma into the tag, which is then unknown.
//! - A byte order mark at the start of a later line is skipped. Go reads it as
//!   a character.
//! - `!!timestamp` gives a string whatever the text.
//! - A last line made of spaces alone, without a line break, is dropped even
//!   where it would belong to a block scalar.
//! - Aliases are bounded by [`Limits`], not by Go's ratio.
//!
//! The unit of a column is the character; a tab is one character. Line breaks
//! are those of YAML 1.1: LF, CR, CR LF, NEL, LS and PS.

mod de;
mod expand;
mod go_words;
mod limits;
mod node;
pub mod plain;
mod problem;
mod read;
mod resolve;
mod source;
mod write;

pub use crate::de::Error;
pub use crate::limits::Limits;
pub use crate::node::{Data, Entry, Key, Node, Position, Scalar, Span, Value};
pub use crate::problem::{Problem, ProblemKind};
pub use crate::read::{read, read_first, read_last_of_equal_keys};
pub use crate::resolve::resolve;
pub use crate::write::{Writer, is_printable, natural_order, natural_order_v3};
