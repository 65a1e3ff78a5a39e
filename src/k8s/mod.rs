//! Kubernetes objects: typed resources, custom resources, ArgoCD sync annotations, apply order.

pub mod custom;
pub mod identity;
pub mod object;
pub mod order;
pub mod sync;
pub mod written;

pub use identity::Identity;
pub use object::{CHART_LIMITS, Object};
pub use sync::{SyncOption, Wave};
pub use written::{Held, Written};

/// The kind of custom resource definitions.
pub const DEFINITION: &str = "CustomResourceDefinition";
