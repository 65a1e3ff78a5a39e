//! The versions and constraints of [Masterminds/semver] v3.5, which Helm compares versions with.
//!
//! # Model
//!
//! A [`Version`] is three numbers, a pre-release and metadata, and remembers how it was written. A
//! [`Constraint`] is a list of groups, of which one has to match; a group is a list of conditions, all of which
//! have to match; a condition is an operator and a version of which parts may be left open.
//!
//! ```
//! use masterminds_semver::{Constraint, Version};
//!
//! let constraint = Constraint::parse(">=1.25-0, <2 || ^3.1").unwrap();
//! assert!(constraint.check(&Version::parse("v1.27.3-gke.100").unwrap()));
//! assert!(!constraint.check(&Version::parse("2.0").unwrap()));
//! ```
//!
//! # Grammar
//!
//! ```text
//! version    = "v"? number ("." number ("." number)?)? ("-" words)? ("+" words)?
//! words      = word ("." word)*            word = [0-9A-Za-z-]+
//! constraint = group ("||" group)*
//! group      = condition ((space | ",") condition)*
//! condition  = operator? pattern           operator = = != > < >= => <= =< ~ ~> ^
//! pattern    = as version, but a number may also be x, X or *
//! range      = pattern " - " pattern       rewritten to ">= first, <= second" before anything else
//! ```
//!
//! A part that is left out is open, as one that is written `x`. No operator is `=`. An open part turns
//! `=` into `~`, and it counts for the other operators too: `>1.2` starts at 1.3.0, `<=1.2` ends before 1.3.0.
//!
//! # Oddities
//!
//! These are the original's, and charts rely on some of them:
//!
//! - A pre-release matches only a group in which some condition has a pre-release. `*` matches none, `>=0-0`
//!   matches all.
//! - Leading zeros are dropped from the numbers of a version, but refused in a pre-release.
//! - The text between `||` may be blank in no place: `""` and `>=1 ||` are errors.
//! - Everything from an open part on is open: `1.x.3` is `1.x`; `x.2.3` is `*`. Its pre-release stays.
//! - `~0`, `~0.0` and `0.0.x` are what they look like, but `~0.0.0` and `*` allow every version.
//! - The other operators take a version that is all open for 0.0.0: `^*` and `!=*` allow and refuse 0.0.0 only,
//!   `<=*` allows 0.0.x, `<*` nothing.
//! - A `|` is taken for a digit when it stands in a number, and is an error only later.
//! - A range looks for its ends with no regard for what is around them: `>1 - 2` becomes `>>= 1, <= 2`, which
//!   is an error, while `1.2.3.4 - 5` is read from the `2` on.
//! - A version may be 256 bytes long, a constraint 512 and 32 groups.
//!
//! [Masterminds/semver]: https://github.com/Masterminds/semver

mod condition;
mod constraint;
mod error;
mod pattern;
mod version;

pub use crate::constraint::Constraint;
pub use crate::error::Error;
pub use crate::version::Version;
