//! The stack: which constructs there are, in which order, and what they render to.

mod unique;

use crate::config::{Config, Delivery};
use crate::constructs::{
    Part, Parts, Release, alloy, crossplane_provider, loki, loki_s3_bucket, namespace, priority_class,
    prometheus_stack, thanos_compactor, thanos_query, thanos_s3_bucket, thanos_s3_credentials, thanos_store,
};
use crate::context::Context;
use crate::delivery::inline::{Inlined, Workshop};
use crate::delivery::{self, Surroundings};
use crate::k8s::{Object, order};

/// A construct of the stack.
#[derive(Clone, Copy, Debug)]
pub struct Construct {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// The keys that leave it out when all of them are `false`, if there are any.
    pub switches: &'static [&'static str],
    render: fn(&Context) -> Parts,
}

/// The whole stack, from what everything needs to what needs everything:
///
/// ```text
/// monitoring
/// ├── foundation      namespace, priority-class
/// ├── object storage  crossplane-provider, thanos-s3-bucket, loki-s3-bucket, thanos-s3-credentials
/// ├── charts          prometheus-stack, loki, alloy
/// └── thanos          thanos-query, thanos-store, thanos-compactor
/// ```
pub const CONSTRUCTS: [Construct; 12] = [
    Construct {
        name: "namespace",
        summary: "Namespace with Pod Security levels",
        switches: &[],
        render: namespace::render,
    },
    Construct {
        name: "priority-class",
        summary: "PriorityClass of the critical components",
        switches: &["priorityClass.create"],
        render: priority_class::render,
    },
    Construct {
        name: "crossplane-provider",
        summary: "ProviderConfig of the object store",
        switches: &["objectStorage.providerConfig.create"],
        render: crossplane_provider::render,
    },
    Construct {
        name: "thanos-s3-bucket",
        summary: "bucket of metric blocks",
        switches: &["features.longTermMetrics"],
        render: thanos_s3_bucket::render,
    },
    Construct {
        name: "loki-s3-bucket",
        summary: "bucket of log chunks",
        switches: &["features.logs"],
        render: loki_s3_bucket::render,
    },
    Construct {
        name: "thanos-s3-credentials",
        summary: "S3 credentials of Thanos and Loki",
        switches: &["features.longTermMetrics", "features.logs"],
        render: thanos_s3_credentials::render,
    },
    Construct {
        name: "prometheus-stack",
        summary: "Prometheus, Alertmanager, Grafana, exporters",
        switches: &[],
        render: prometheus_stack::render,
    },
    Construct { name: "loki", summary: "log store", switches: &["features.logs"], render: loki::render },
    Construct { name: "alloy", summary: "agent on every node", switches: &[], render: alloy::render },
    Construct {
        name: "thanos-query",
        summary: "one view over all replicas and blocks",
        switches: &[],
        render: thanos_query::render,
    },
    Construct {
        name: "thanos-store",
        summary: "reads blocks from the bucket",
        switches: &["features.longTermMetrics"],
        render: thanos_store::render,
    },
    Construct {
        name: "thanos-compactor",
        summary: "compaction, downsampling, retention",
        switches: &["features.longTermMetrics"],
        render: thanos_compactor::render,
    },
];

/// An object of the stack and the construct that it came from.
#[derive(Clone, Debug)]
pub struct StackObject {
    /// Name of the construct.
    pub construct: &'static str,
    /// The object.
    pub object: Object,
}

impl AsRef<Object> for StackObject {
    fn as_ref(&self) -> &Object {
        &self.object
    }
}

/// What a config renders to.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    /// The objects, in the order in which they are applied.
    pub objects: Vec<StackObject>,
    /// What the user should know of the charts.
    pub warnings: Vec<String>,
}

/// Releases, each with the name of its construct.
pub(crate) type Releases = Vec<(&'static str, Release)>;

/// The charts that a config needs.
///
/// # Errors
///
/// When an object cannot be serialised.
pub fn releases(config: &Config) -> anyhow::Result<Vec<Release>> {
    Ok(releases_of_constructs(config)?.into_iter().map(|(_, release)| release).collect())
}

/// The charts that a config needs, each with the name of its construct.
///
/// # Errors
///
/// When an object cannot be serialised.
pub(crate) fn releases_of_constructs(config: &Config) -> anyhow::Result<Releases> {
    Ok(parts(&Context::new(config), |_| true)?.1)
}

/// The objects and the releases of constructs.
fn parts(context: &Context, selected: impl Fn(&str) -> bool) -> anyhow::Result<(Vec<StackObject>, Releases)> {
    let mut objects = Vec::new();
    let mut releases = Vec::new();
    for construct in CONSTRUCTS.iter().filter(|construct| selected(construct.name)) {
        for part in (construct.render)(context)? {
            match part {
                Part::Object(object) => objects.push(StackObject { construct: construct.name, object }),
                Part::Release(release) => releases.push((construct.name, release)),
            }
        }
    }
    Ok((objects, releases))
}

/// Renders the constructs that `selected` accepts, in the order in which their objects are applied.
///
/// # Errors
///
/// When an object cannot be serialised, a chart cannot be rendered, or two different objects have one name.
pub fn render(
    config: &Config,
    surroundings: &Surroundings,
    selected: impl Fn(&str) -> bool,
) -> anyhow::Result<Stack> {
    let context = Context::new(config);
    let (objects, releases) = parts(&context, selected)?;
    assembled(objects, delivery::deliver(&context, surroundings, releases)?)
}

/// Renders constructs as [`render`] does, with what a workshop has rendered already.
///
/// # Errors
///
/// As those of [`render`].
pub(crate) fn render_again(
    config: &Config,
    workshop: &Workshop,
    selected: impl Fn(&str) -> bool,
) -> anyhow::Result<Stack> {
    let context = Context::new(config);
    if config.delivery != Delivery::Inline {
        return render(config, workshop.surroundings(), selected);
    }
    // What the others define counts, whether they are selected or not.
    let (mut objects, releases) = parts(&context, |_| true)?;
    objects.retain(|object| selected(object.construct));
    assembled(objects, workshop.render(&context, &releases, selected)?)
}

fn assembled(mut objects: Vec<StackObject>, delivered: Inlined) -> anyhow::Result<Stack> {
    objects
        .extend(delivered.objects.into_iter().map(|(construct, object)| StackObject { construct, object }));
    // Of equal waves and kinds, the constructs' order decides.
    objects.sort_by_key(|object| CONSTRUCTS.iter().position(|construct| construct.name == object.construct));
    unique::retain(&mut objects)?;
    order::sort(&mut objects);
    Ok(Stack { objects, warnings: delivered.warnings })
}
