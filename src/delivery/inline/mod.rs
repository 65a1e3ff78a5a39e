//! `delivery: inline`: the objects of the charts themselves.
//!
//! A chart is found ([`charts::find`](crate::charts::find)), loaded and rendered ([`chart`]) for what its cluster can do ([`capabilities`]);
//! each document of it becomes an object ([`document`]). The first and largest chart is rendered on this thread, the
//! others on a second one, which helps with the first whenever it has nothing else to do. Whoever renders many times
//! uses a [`Workshop`].

mod capabilities;
mod chart;
mod definition;
mod document;
mod edit;
mod outline;
mod scope;
mod threads;
mod workshop;

pub(crate) use self::workshop::{Found, Only, Sample, Workshop};

use self::capabilities::Told;
use self::chart::Loaded;
use super::Surroundings;
use crate::charts::{Lock, Problems};
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::Object;

/// What charts render to.
#[derive(Debug, Default)]
pub(crate) struct Inlined {
    /// Objects, each with the construct that its chart belongs to.
    pub(crate) objects: Vec<(&'static str, Object)>,
    /// What the user should know.
    pub(crate) warnings: Vec<String>,
}

/// Renders the charts of some releases, each with its construct.
///
/// # Errors
///
/// All charts that are missing, not the ones that the config asks for, or that cannot be rendered.
pub(crate) fn render(
    ctx: &Context,
    surroundings: &Surroundings,
    releases: Vec<(&'static str, Release)>,
) -> anyhow::Result<Inlined> {
    let told = Told::new(ctx.config, surroundings)?;
    let lock = Lock::read(&surroundings.places.lock)?;
    let results = threads::render(
        &releases,
        |(construct, release), background| {
            let chart = chart::open(&surroundings.places, lock.as_ref(), release, background)?;
            Loaded::new(construct, release, chart)?.with_definitions()
        },
        |chart, definitions| {
            let (rendered, leftovers) = chart.render(ctx, &told, definitions)?;
            // The thread ends here, or the process.
            std::mem::forget(leftovers);
            Ok(rendered)
        },
    );
    let mut inlined = Inlined::default();
    let mut problems = Vec::new();
    for result in results {
        match result {
            Ok(rendered) => {
                inlined
                    .objects
                    .extend(rendered.objects.into_iter().map(|object| (rendered.construct, object)));
                inlined.warnings.extend(rendered.warnings);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(inlined) } else { Err(Problems(problems).into()) }
}
