//! `delivery: inline`: the objects of the charts themselves.
//!
//! A chart is found ([`find`]), loaded and rendered ([`chart`]) for what its cluster can do ([`capabilities`]);
//! each document of it becomes an object ([`document`]). The first and largest chart is rendered on this thread, the
//! others on a second one, which helps with the first whenever it has nothing else to do.

mod capabilities;
mod chart;
mod definition;
mod document;
mod edit;
mod find;
mod outline;
mod problem;
mod scope;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, mpsc};

use helm_chart::Background;

use self::capabilities::Told;
use self::chart::{Loaded, Rendered};
use self::definition::Definition;
use self::problem::{Problem, Problems};
use super::Surroundings;
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::Object;

/// Bytes that suffice a thread for the largest of the charts.
const MEMORY: usize = 24 << 20;

/// Bytes of stack with which templates are executed without asking for more.
const STACK: usize = 16 << 20;

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
    let results = on_two_threads(
        &releases,
        |(construct, release), background| Loaded::new(surroundings, construct, release, background),
        |chart, definitions| chart.render(ctx, &told, definitions),
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

/// What happened to a chart.
type Outcome<T> = Result<T, Problem>;

/// Loads charts and renders them. What the definitions of all charts bring is known before one is rendered.
fn on_two_threads<'a>(
    releases: &'a [(&'static str, Release)],
    load: impl Fn(&'a (&'static str, Release), Background) -> Outcome<Loaded<'a>> + Sync,
    render: impl Fn(Loaded<'a>, &[Definition]) -> Outcome<Rendered> + Sync,
) -> Vec<Outcome<Rendered>> {
    let load_all = |releases: &'a [(&'static str, Release)], background: &Background| -> Vec<_> {
        huge_pages::reserve(MEMORY);
        releases.iter().map(|release| load(release, background.clone())).collect()
    };
    let render_all = |charts: Vec<Outcome<Loaded<'a>>>, definitions: &[Definition]| -> Vec<_> {
        charts.into_iter().map(|chart| render(chart?, definitions)).collect()
    };
    let (first, rest) = releases.split_at(releases.len().min(1));
    let (background, worker) = Background::new();
    let (give_brought, brought_by_rest) = mpsc::channel();
    let (brought, is_done) = (OnceLock::new(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let other = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let (worker, give_brought) = (worker, give_brought);
            let charts = load_all(rest, &Background::none());
            let _ = give_brought.send(definitions(&charts));
            worker.work_until(|| brought.get().is_some() || is_done.load(Ordering::Acquire));
            let results = render_all(charts, brought.get().map_or(&[], Vec::as_slice));
            worker.work_until(|| is_done.load(Ordering::Acquire));
            results
        });
        let mut results = {
            let _done = Done(&is_done);
            let charts = load_all(first, &background);
            let mut all = definitions(&charts);
            all.extend(brought_by_rest.recv().unwrap_or_default());
            render_all(charts, brought.get_or_init(|| all))
        };
        match other {
            Ok(other) => {
                results.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            }
            Err(error) => results.push(Err(Problem::new(format!("no thread can be started: {error}")))),
        }
        results
    })
}

fn definitions(charts: &[Outcome<Loaded>]) -> Vec<Definition> {
    charts.iter().flatten().flat_map(|chart| chart.definitions.iter().cloned()).collect()
}

/// Says that a thread is done, however it ends.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}
