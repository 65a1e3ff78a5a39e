//! Times that other readers than sprig's make.

use go_template::Value;

use super::calendar::Date;
use super::time::{Civil, Time};
use super::{as_time, object, zone};

/// Where a time is.
#[derive(Clone, Copy, Debug)]
pub enum Zone {
    /// Greenwich.
    Utc,
    /// So many seconds east of it.
    Offset(i64),
    /// The zone of the process under another name: what BurntSushi/toml takes for a time without a zone.
    Local(&'static str),
}

/// A `time.Time` of year, month and day, hour, minute and second.
#[must_use]
pub fn value(date: (i64, i64, i64), clock: (i64, i64, i64), nanosecond: u32, zone: Zone) -> Value {
    let civil = Civil {
        date: Date { year: date.0, month: date.1, day: date.2 },
        hour: clock.0,
        minute: clock.1,
        second: clock.2,
        nanosecond,
    };
    let zone = match zone {
        Zone::Utc => zone::Zone::Utc,
        Zone::Offset(offset) => {
            let fixed = zone::Zone::Fixed(String::new(), offset);
            let seconds = Time::at(civil, fixed.clone()).seconds;
            if zone::Zone::Local.at(seconds).1 == offset { zone::Zone::Local } else { fixed }
        }
        Zone::Local(name) => zone::Zone::Fixed(name.to_owned(), zone::Zone::Local.at(Time::now().seconds).1),
    };
    object(Time::at(civil, zone))
}

/// A time as TOML writes it, and None for what is no time.
#[must_use]
pub fn to_toml(value: &Value) -> Option<String> {
    let time = as_time(value)?;
    let (layout, time) = match &time.zone {
        zone::Zone::Fixed(name, _) if name == "datetime-local" => {
            ("2006-01-02T15:04:05.999999999", time.within(zone::Zone::Utc))
        }
        zone::Zone::Fixed(name, _) if name == "date-local" => ("2006-01-02", time.within(zone::Zone::Utc)),
        zone::Zone::Fixed(name, _) if name == "time-local" => {
            ("15:04:05.999999999", time.within(zone::Zone::Utc))
        }
        _ => ("2006-01-02T15:04:05.999999999Z07:00", time.clone()),
    };
    Some(String::from_utf8_lossy(&time.format(layout.as_bytes())).into_owned())
}
