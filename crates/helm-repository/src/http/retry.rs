//! When to try again.

use std::time::Duration;

use super::Progress;
use crate::error::Error;

/// The wait before the second time; it doubles each time.
const FIRST: Duration = Duration::from_millis(500);

/// Who wants us to wait longer has to be asked again by hand.
const LONGEST: Duration = Duration::from_secs(60);

/// Does something until it is done, fails for good, or has failed too often.
pub(super) fn until_done<T>(
    retries: u32,
    progress: &dyn Progress,
    mut attempt: impl FnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    let mut wait = FIRST;
    for _ in 0..retries {
        let error = match attempt() {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some(least) = error.retry().filter(|least| *least <= LONGEST) else { return Err(error) };
        let pause = wait.max(least);
        progress.retry(error.message(), pause);
        std::thread::sleep(pause);
        wait *= 2;
    }
    attempt()
}

/// The wait that `Retry-After` asks for: seconds (RFC 9110, section 10.2.3). A date is not understood: clocks differ.
pub(super) fn after(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::super::Quiet;
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let count = |retries, make: fn() -> Error| {
            let mut count = 0;
            let result: Result<(), Error> = until_done(retries, &Quiet, || {
                count += 1;
                Err(make())
            });
            assert!(result.is_err());
            count
        };
        assert_eq!(count(1, || Error::passing("busy")), 2);
        assert_eq!(count(1, || Error::new("gone")), 1);
        assert_eq!(count(1, || Error::new("busy").after(Duration::from_secs(3600))), 1);
    }

    #[test]
    fn retry_after_is_in_seconds() {
        assert_eq!(after(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(after("Wed, 21 Oct 2015 07:28:00 GMT"), None);
    }
}
