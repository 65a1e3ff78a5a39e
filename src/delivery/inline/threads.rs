//! Charts on two threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, mpsc};

use helm_chart::Background;

use super::chart::{Loaded, Rendered};
use super::definition::Definition;
use crate::charts::Problem;
use crate::constructs::Release;

/// Bytes that suffice a thread for the largest of the charts.
const MEMORY: usize = 24 << 20;

/// Bytes of stack with which templates are executed without asking for more.
const STACK: usize = 16 << 20;

/// What happened to a chart.
type Outcome<T> = Result<T, Problem>;

/// Loads charts and renders them. What the definitions of all charts bring is known before one is rendered.
pub(super) fn render<'a>(
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
