//! `delivery: inline`: the objects of the charts themselves.
//!
//! A chart is found ([`find`]), loaded and rendered ([`chart`]) for what its cluster can do ([`capabilities`]);
//! each document of it becomes an object ([`document`]). The largest chart is rendered on this thread and the
//! others on a second one.

mod capabilities;
mod chart;
mod definition;
mod document;
mod edit;
mod find;
mod outline;
mod problem;
mod scope;

use std::sync::{Barrier, Mutex, PoisonError};

use self::capabilities::Told;
use self::chart::{Loaded, Rendered};
use self::problem::{Problem, Problems};
use super::Surroundings;
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::Object;

/// Bytes that suffice a thread for the largest of the charts.
const MEMORY: usize = 24 << 20;

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
    let (first, rest) = releases.split_at(releases.len().min(1));
    // What the definitions of all charts bring is known before any of them is rendered.
    let brought = Mutex::new(Vec::new());
    let loaded = Barrier::new(if rest.is_empty() { 1 } else { 2 });
    let work = |releases: &[(&'static str, Release)]| -> Vec<Result<Rendered, Problem>> {
        huge_pages::reserve(MEMORY);
        let charts: Vec<_> = releases
            .iter()
            .map(|(construct, release)| Loaded::new(surroundings, construct, release))
            .collect();
        {
            let mut brought = brought.lock().unwrap_or_else(PoisonError::into_inner);
            brought.extend(charts.iter().flatten().flat_map(|chart| chart.definitions.iter().cloned()));
        }
        loaded.wait();
        let definitions = brought.lock().unwrap_or_else(PoisonError::into_inner).clone();
        charts.into_iter().map(|chart| chart?.render(ctx, &told, &definitions)).collect()
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let other = (!rest.is_empty()).then(|| scope.spawn(|| work(rest)));
        let mut results = work(first);
        if let Some(other) = other {
            results.extend(other.join().unwrap_or_default());
        }
        results
    });
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
