//! What should be in the cluster.

use serde_json::Value;

use crate::config::{Config, Delivery};
use crate::k8s::{Identity, Object};
use crate::names::Names;
use crate::stack::StackObject;

/// What should be in the cluster, and how the user calls things.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The config.
    pub config: &'a Config,
    /// The names that follow from it.
    pub names: Names<'a>,
    /// The objects that it renders, as far as they could be rendered.
    pub objects: &'a [StackObject],
    /// kubectl with the flags that choose the cluster, for commands to run.
    pub kubectl: &'a str,
    /// How the command line names the config.
    pub arguments: &'a str,
}

/// Kinds that outlive a stack, or are there before it: they do not tell whether it was applied.
const PROTECTED: [&str; 6] = [
    "Namespace",
    "PriorityClass",
    "ProviderConfig",
    "Bucket",
    "BucketVersioning",
    "BucketLifecycleConfiguration",
];

impl<'a> Expected<'a> {
    /// The rendered objects.
    pub fn rendered(&self) -> impl Iterator<Item = &'a Object> {
        self.objects.iter().map(|object| &object.object)
    }

    /// The rendered objects of a kind.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = &'a Value> {
        self.rendered().filter(move |object| object.kind() == kind).map(|object| &object.value)
    }

    /// Whether the presence of an object tells that the stack was applied.
    #[must_use]
    pub fn tells_of_apply(object: &Object) -> bool {
        !PROTECTED.contains(&object.kind()) && object.kind() != crate::k8s::DEFINITION
    }

    /// Something in the stack's namespace.
    #[must_use]
    pub fn here(&self, group: &str, kind: &str, name: &str) -> Identity {
        identity(group, kind, self.names.namespace(), name)
    }

    /// A Secret.
    #[must_use]
    pub fn secret(namespace: &str, name: &str) -> Identity {
        identity("", "Secret", namespace, name)
    }

    /// What brings a chart's objects to the cluster; nothing where they are rendered.
    #[must_use]
    pub fn bringer(&self, release: &str) -> Option<Identity> {
        let config = self.config;
        match config.delivery {
            Delivery::HelmChart => {
                Some(identity("helm.cattle.io", "HelmChart", config.helm_chart.namespace.as_str(), release))
            }
            Delivery::Application => {
                let name = format!("{}-{release}", self.names.namespace());
                Some(identity("argoproj.io", "Application", config.application.namespace.as_str(), &name))
            }
            Delivery::Inline => None,
        }
    }

    /// The command that applies the stack.
    #[must_use]
    pub fn apply(&self) -> String {
        format!("monstack render {} | {} apply --server-side -f -", self.arguments, self.kubectl)
    }

    /// kubectl in the stack's namespace.
    #[must_use]
    pub fn kubectl_here(&self) -> String {
        format!("{} -n {}", self.kubectl, self.names.namespace())
    }
}

/// An object's identity.
#[must_use]
pub fn identity(group: &str, kind: &str, namespace: &str, name: &str) -> Identity {
    Identity {
        group: group.to_owned(),
        kind: kind.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}
