//! A second thread, for what the render will need while it does something else.

use std::sync::mpsc::{self, Receiver, SendError, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that suffice for half of the templates of a large chart.
const MEMORY: usize = 8 << 20;

/// How long a thread without a job stays awake.
const AWAKE: Duration = Duration::from_millis(2);

type Job = Box<dyn FnOnce() + Send>;

/// A thread that does jobs one after the other, until nobody can give it more.
#[derive(Clone, Debug)]
pub(crate) struct Background(Option<Sender<Job>>);

impl Background {
    /// Starts the thread. Where there can be none, jobs are done at once.
    pub(crate) fn start() -> Self {
        let (jobs, todo) = mpsc::channel::<Job>();
        let (started, has_started) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().spawn(move || {
            let _ = started.send(());
            huge_pages::reserve(MEMORY);
            while let Some(job) = next(&todo) {
                job();
            }
        });
        // Linux often lets a new thread wait behind this one, for milliseconds, though a processor is idle. It
        // does not if this one waits.
        let jobs = thread.is_ok().then_some(jobs);
        let _ = has_started.recv();
        Background(jobs)
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

/// The next job, which is waited for awake at first: a thread that sleeps may be woken milliseconds late, behind the
/// one that gave it the job.
fn next(todo: &Receiver<Job>) -> Option<Job> {
    let begin = Instant::now();
    while begin.elapsed() < AWAKE {
        match todo.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Empty) => thread::yield_now(),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    todo.recv().ok()
}
