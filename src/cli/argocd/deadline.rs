//! A deadline that says what took so long. ArgoCD kills a plugin after 60 seconds without a word.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The stack of the thread that works: that of a main thread.
const STACK: usize = 8 << 20;

/// What is being done.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage(Arc<Mutex<String>>);

impl Stage {
    /// Says what is done next.
    pub(super) fn enter(&self, stage: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage.into();
    }

    fn name(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Works for at most so long.
///
/// # Errors
///
/// What was being done when the time was over. The thread that works goes on until the process ends.
pub(super) fn run<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce(&Stage) -> T + Send + 'static,
) -> anyhow::Result<Result<T, String>> {
    let stage = Stage::default();
    stage.enter("starting");
    let (sender, receiver) = channel();
    let entered = stage.clone();
    thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody listens once the time is over.
        let _ = sender.send(work(&entered));
    })?;
    match receiver.recv_timeout(limit) {
        Ok(result) => Ok(Ok(result)),
        Err(RecvTimeoutError::Timeout) => Ok(Err(stage.name())),
        Err(RecvTimeoutError::Disconnected) => anyhow::bail!("stopped while {}", stage.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_in_time_is_returned() {
        assert_eq!(run(Duration::from_secs(60), |_| 1).unwrap(), Ok(1));
    }

    #[test]
    fn what_takes_too_long_is_named() {
        let (_keep, never) = channel::<()>();
        let result = run(Duration::from_millis(50), move |stage| {
            stage.enter("waiting");
            never.recv().is_ok()
        });
        assert_eq!(result.unwrap(), Err("waiting".to_owned()));
    }
}
