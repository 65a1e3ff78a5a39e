//! Loads Helm charts, computes their values and renders them, as `helm template` of helm 3.22 does, byte for byte.
//!
//! 1. [`Chart::load`] reads a directory or an archive with all charts below `charts/`.
//! 2. [`values::merge`] makes one map of values files and of what `--set` and its relatives say.
//! 3. [`values::compute`] decides which dependencies are enabled, imports values, and lays the user's values
//!    over the defaults of all charts.
//! 4. [`check_installable`], [`check_dependencies`], [`check_release_name`] and [`check_kube_version`] refuse
//!    what helm refuses.
//! 5. [`render`] executes the templates with Helm's functions: those of Go and sprig, and `include`, `tpl`, `required`,
//!    `lookup`, `toYaml` and the like. What they make is split into documents, whose heads say what kind they are and
//!    whether they are hooks, and put into the order in which Helm installs them. Its steps are [`Prepared`],
//!    [`Prepared::execute`] and [`Executed::order`].
//! 6. [`Rendered::print`] writes what `helm template` prints.
//!
//! # What a render may use up
//!
//! A chart and its values may be hostile. [`Limits`] bound the steps, the output, the values and the depth of an
//! execution; archives, values and schemas have bounds of their own, and so has what one function may make. A chart
//! sees no environment, no network and, but for links in a directory, no file outside itself. `.Files` and templates
//! are read when they are first asked for. A render that called a random function tells so: [`RandomCall`].
//!
//! # Two threads
//!
//! What can be done beside a render goes to a [`Background`]: reading and parsing templates, checking values against
//! schemas, reading the heads of documents. The render does each of it itself when it needs what comes of it and nobody
//! has begun. So the result depends on nothing but chart, values, [`Release`] and [`Capabilities`].
//!
//! # Differences from helm
//!
//! - Links and devices in an archive are refused, and so are two files of one path and paths that are not UTF-8 or hold a
//!   zero byte or a backslash. Helm takes a link for an empty file, the later of two files for most purposes, and a
//!   backslash for a slash.
//! - An archive may hold so many entries, charts may nest so deep and values may grow so large, over all
//!   archives within archives together; helm bounds the bytes of each archive alone.
//! - Nothing is fetched: values files at URLs and schemas that refer to URLs are errors.
//! - Errors of TOML, of Chart.yaml's types and of some schema keywords have other words.

mod ahead;
mod background;
mod capabilities;
mod chart;
mod checks;
mod content;
mod engine;
mod error;
mod files;
mod functions;
mod glob;
mod load;
mod manifest;
mod release;
mod schema;
mod strvals;
pub mod values;

pub use go_template::{Limits, Place, Value};

pub use crate::background::{Background, Worker};
pub use crate::capabilities::{Capabilities, KubeVersion};
pub use crate::chart::{Chart, Crd, Dependency, File, Lock, Maintainer, Metadata};
pub use crate::checks::{
    check_dependencies, check_installable, check_kube_version, check_release_name, is_compatible,
};
pub use crate::content::Content;
pub use crate::engine::{Executed, Prepared, RandomCall, Traced};
pub use crate::error::Error;
pub use crate::manifest::{Manifest, Manifests, document_ranges};
pub use crate::release::{Printed, Release, Rendered, render};
pub use crate::schema::Checks;
