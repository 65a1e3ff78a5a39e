//! Kubernetes objects: typed resources, custom resources, ArgoCD sync annotations, apply order.

pub mod custom;
pub mod object;
pub mod order;
pub mod sync;
pub mod written;

pub use object::{CHART_LIMITS, Object};
pub use sync::{SyncOption, Wave};
pub use written::{Held, Written};
