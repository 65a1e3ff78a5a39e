//! Trials in threads.

use std::thread;

/// Trials at a time.
pub(super) const THREADS: usize = 2;

/// What each thread finds when it is told which one it is; the first is this one.
///
/// # Errors
///
/// The first that one of them has.
pub(super) fn in_threads<T: Send>(
    one_of: impl Fn(usize) -> anyhow::Result<Vec<T>> + Sync,
) -> anyhow::Result<Vec<Vec<T>>> {
    thread::scope(|scope| {
        let one_of = &one_of;
        let threads: Vec<_> = (1..THREADS).map(|which| scope.spawn(move || one_of(which))).collect();
        let own = one_of(0);
        let others = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(own).chain(others).collect()
    })
}
