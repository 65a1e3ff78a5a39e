//! The twelve constructs: pure functions from the config to Kubernetes objects and chart releases.

pub mod alloy;
pub mod crossplane_provider;
pub mod loki;
pub mod loki_s3_bucket;
pub mod namespace;
pub mod priority_class;
pub mod prometheus_stack;
pub mod thanos_compactor;
pub mod thanos_query;
pub mod thanos_s3_bucket;
pub mod thanos_s3_credentials;
pub mod thanos_store;

mod s3_bucket;
#[cfg(test)]
pub(crate) mod testing;
mod thanos;
mod values;

use serde::Serialize;
use serde_json::Value;

use crate::config::Chart;
use crate::k8s::{Object, SyncOption, Wave};

/// What a construct contributes to the stack.
#[derive(Clone, Debug)]
pub enum Part {
    /// An object that monstack builds itself.
    Object(Object),
    /// A Helm chart with its values, which the delivery brings to the cluster.
    Release(Release),
}

/// A Helm chart with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Name of the chart in its repository.
    pub chart: &'static str,
    /// Repository, version and release name.
    pub source: Chart,
    /// The computed values with the config's own merged over them.
    pub values: Value,
}

/// The parts of a construct, or the serialisation error of one of them.
pub type Parts = Result<Vec<Part>, serde_json::Error>;

/// Shorthand for an object of `wave`.
fn object(wave: Wave, resource: &impl Serialize) -> Result<Part, serde_json::Error> {
    Object::new(wave, resource).map(Part::Object)
}

/// Shorthand for a custom resource of `wave`, whose CRD may not be installed yet.
fn custom(wave: Wave, options: &[SyncOption], resource: &impl Serialize) -> Result<Part, serde_json::Error> {
    let mut all = vec![SyncOption::SkipDryRunOnMissingResource];
    all.extend_from_slice(options);
    Ok(Part::Object(Object::new(wave, resource)?.with_options(&all)))
}

/// Merges `over` into `base` as Helm merges values: maps merge, anything else replaces. A `null` stays, so
/// that Helm removes the chart's own default.
pub fn merge_values(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                match base.get_mut(&key) {
                    Some(slot) => merge_values(slot, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, over) => *base = over,
    }
}
