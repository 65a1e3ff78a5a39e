//! How downloads go on: bars on a terminal, nothing elsewhere.

use std::sync::Mutex;
use std::time::Duration;

use helm_repository::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::tell;

const KNOWN: &str = "{msg} {wide_bar} {bytes}/{total_bytes}";
const UNKNOWN: &str = "{msg} {bytes}";

/// Draws on standard error, if that is a terminal.
#[derive(Debug, Default)]
pub(super) struct Terminal {
    bar: Mutex<Option<ProgressBar>>,
}

impl Terminal {
    fn with_bar(&self, use_it: impl FnOnce(&mut Option<ProgressBar>)) {
        use_it(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Terminal {
    fn begin(&self, name: &str, bytes: Option<u64>) {
        self.with_bar(|bar| {
            let new = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(if bytes.is_some() { KNOWN } else { UNKNOWN });
            new.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            new.set_message(name.to_owned());
            *bar = Some(new);
        });
    }

    fn advance(&self, bytes: u64) {
        self.with_bar(|bar| bar.iter().for_each(|bar| bar.inc(bytes)));
    }

    fn end(&self) {
        self.with_bar(|bar| bar.take().iter().for_each(ProgressBar::finish_and_clear));
    }

    fn retry(&self, reason: &str, wait: Duration) {
        tell(&format!("monstack: {reason}; trying again in {:.1} s\n", wait.as_secs_f64()));
    }
}
