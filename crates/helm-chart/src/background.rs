//! A second thread, for what the render will need while it does something else.

use std::sync::mpsc::{self, SendError, Sender};
use std::thread;

/// Bytes that suffice for half of the templates of a large chart.
const MEMORY: usize = 8 << 20;

type Job = Box<dyn FnOnce() + Send>;

/// A thread that does jobs one after the other, until nobody can give it more.
#[derive(Clone, Debug)]
pub(crate) struct Background(Option<Sender<Job>>);

impl Background {
    /// Starts the thread. Where there can be none, jobs are done at once.
    pub(crate) fn start() -> Self {
        let (jobs, todo) = mpsc::channel::<Job>();
        let thread = thread::Builder::new().spawn(move || {
            huge_pages::reserve(MEMORY);
            todo.into_iter().for_each(|job| job());
        });
        Background(thread.ok().map(|_| jobs))
    }

    /// Does a job behind those that were given before.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        let job: Job = Box::new(job);
        match &self.0 {
            None => job(),
            Some(jobs) => {
                if let Err(SendError(job)) = jobs.send(job) {
                    job();
                }
            }
        }
    }
}
