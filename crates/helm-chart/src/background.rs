//! Jobs for a second thread.

use std::fmt;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that suffice for half of the templates of a large chart.
const MEMORY: usize = 8 << 20;

/// How long a thread without a job stays awake.
const AWAKE: Duration = Duration::from_millis(2);

type Job = Box<dyn FnOnce() + Send>;

/// Takes jobs that a render would do itself in time, each when it needs what comes of it. So it does not matter
/// whether and when they are done.
#[derive(Clone, Debug)]
pub struct Background(Option<Sender<Job>>);

/// Does the jobs of a [`Background`], one after the other.
pub struct Worker(Receiver<Job>);

impl Background {
    /// Does no job.
    #[must_use]
    pub fn none() -> Self {
        Background(None)
    }

    /// Has jobs done by a thread of its own, which ends when nobody can give it more. Where there can be no thread,
    /// no job is done.
    #[must_use]
    pub fn start() -> Self {
        let (background, worker) = Background::new();
        let thread = thread::Builder::new().spawn(move || {
            huge_pages::reserve(MEMORY);
            while let Some(job) = worker.next() {
                job();
            }
        });
        if thread.is_ok() { background } else { Background::none() }
    }

    /// Has jobs done by whoever uses the [`Worker`].
    #[must_use]
    pub fn new() -> (Self, Worker) {
        let (jobs, todo) = mpsc::channel();
        (Background(Some(jobs)), Worker(todo))
    }

    /// Gives it a job.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        if let Some(jobs) = &self.0 {
            // Nobody does it if the worker is gone.
            let _ = jobs.send(Box::new(job));
        }
    }
}

impl Worker {
    /// Does jobs until something has happened.
    pub fn work_until(&self, has_happened: impl Fn() -> bool) {
        while !has_happened() {
            match self.0.try_recv() {
                Ok(job) => job(),
                Err(_) => thread::yield_now(),
            }
        }
    }

    /// The next job, which is waited for awake at first: a thread that sleeps may be woken milliseconds late, behind
    /// the one that gave it the job.
    fn next(&self) -> Option<Job> {
        let begin = Instant::now();
        while begin.elapsed() < AWAKE {
            match self.0.try_recv() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Empty) => thread::yield_now(),
                Err(TryRecvError::Disconnected) => return None,
            }
        }
        self.0.recv().ok()
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}
