//! Moments in a time zone.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::calendar::Date;
use super::duration::{Duration, SECOND};
use super::zone::Zone;

const DAY: i64 = 86_400;

/// Go's `time.Time`.
#[derive(Clone, Debug)]
pub(super) struct Time {
    /// Since 1970.
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
    pub(super) zone: Zone,
    /// Nanoseconds since the program started, for times that come from `now`: printing shows them.
    pub(super) monotonic: Option<i64>,
}

/// A time of day and a date somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Civil {
    pub(super) date: Date,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanosecond: u32,
}

impl Time {
    pub(super) fn now() -> Self {
        static START: OnceLock<Instant> = OnceLock::new();
        let running = START.get_or_init(Instant::now).elapsed();
        // The clock of a machine that stands before 1970 is of no interest.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time {
            seconds: now.as_secs() as i64,
            nanoseconds: now.subsec_nanos(),
            zone: Zone::Local,
            monotonic: Some(running.as_nanos() as i64),
        }
    }

    pub(super) fn unix(seconds: i64) -> Self {
        Time { seconds, nanoseconds: 0, zone: Zone::Local, monotonic: None }
    }

    /// The first of January of the year 1, which Go takes for no time at all.
    pub(super) fn zero() -> Self {
        Time { zone: Zone::Utc, ..Time::unix(-62_135_596_800) }
    }

    /// A time as clocks in a zone show it. Where they show it twice or never, Go's choice.
    pub(super) fn at(civil: Civil, zone: Zone) -> Self {
        let local = civil
            .date
            .days()
            .saturating_mul(DAY)
            .saturating_add(civil.hour * 3600 + civil.minute * 60 + civil.second);
        let guess = zone.at(local).1;
        let offset = match guess {
            0 => 0,
            guess => zone.at(local.saturating_sub(guess)).1,
        };
        let seconds = local.saturating_sub(offset);
        Time { seconds, nanoseconds: civil.nanosecond, zone, monotonic: None }
    }

    pub(super) fn within(&self, zone: Zone) -> Self {
        Time { zone, monotonic: None, ..self.clone() }
    }

    pub(super) fn plus(&self, duration: Duration) -> Self {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0.rem_euclid(SECOND);
        let seconds = duration.0.div_euclid(SECOND) + nanoseconds / SECOND;
        Time {
            seconds: self.seconds.saturating_add(seconds),
            nanoseconds: (nanoseconds % SECOND) as u32,
            zone: self.zone.clone(),
            monotonic: self.monotonic.and_then(|reading| reading.checked_add(duration.0)),
        }
    }

    /// What lies between two times, as far as a duration reaches.
    pub(super) fn since(&self, earlier: &Time) -> Duration {
        let difference = self.total_nanoseconds() - earlier.total_nanoseconds();
        let limit = if difference < 0 { i64::MIN } else { i64::MAX };
        Duration(i64::try_from(difference).unwrap_or(limit))
    }

    pub(super) fn total_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * i128::from(SECOND) + i128::from(self.nanoseconds)
    }

    /// Days since 1970 where the zone is.
    pub(super) fn days(&self) -> i64 {
        self.seconds.saturating_add(self.zone.at(self.seconds).1).div_euclid(DAY)
    }

    pub(super) fn civil(&self) -> Civil {
        let local = self.seconds.saturating_add(self.zone.at(self.seconds).1);
        let second = local.rem_euclid(DAY);
        Civil {
            date: Date::of_day(local.div_euclid(DAY)),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanosecond: self.nanoseconds,
        }
    }
}
