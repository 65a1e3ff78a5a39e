//! Time zones.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Go's `Location`.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    Utc,
    /// That of the process: `TZ`, or `/etc/localtime`.
    Local,
    Named(TimeZone),
    /// Of a time that was parsed; the name may be empty.
    Fixed(String, i64),
}

impl Zone {
    /// A zone of the system's database: Go's `LoadLocation`.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"" | b"UTC" => Some(Zone::Utc),
            b"Local" => Some(Zone::Local),
            name => {
                let name = std::str::from_utf8(name).ok()?;
                let zone = TimeZone::get(name).ok()?;
                // Files are found by their exact names only.
                (zone.iana_name() == Some(name)).then_some(Zone::Named(zone))
            }
        }
    }

    /// The abbreviation and the seconds east of Greenwich at a time.
    pub(super) fn at(&self, unix: i64) -> (String, i64) {
        let zone = match self {
            Zone::Utc => return ("UTC".to_owned(), 0),
            Zone::Fixed(name, offset) => return (name.clone(), *offset),
            Zone::Local => local(),
            Zone::Named(zone) => zone,
        };
        // Times that jiff does not reach have the rules of the last one that it does.
        let last = if unix < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let info = zone.to_offset_info(Timestamp::from_second(unix).unwrap_or(last));
        (info.abbreviation().to_owned(), i64::from(info.offset().seconds()))
    }

    /// The offset that an abbreviation stands for in the local zone, best the one in force at a time.
    pub(super) fn local_offset(abbreviation: &str, unix: i64) -> Option<i64> {
        let known: Vec<i64> = abbreviations()
            .iter()
            .filter(|(name, _)| name == abbreviation)
            .map(|(_, offset)| *offset)
            .collect();
        let in_force = known.iter().find_map(|offset| {
            let (name, offset) = Zone::Local.at(unix - offset);
            (name == abbreviation).then_some(offset)
        });
        in_force.or(known.first().copied())
    }
}

fn local() -> &'static TimeZone {
    static LOCAL: OnceLock<TimeZone> = OnceLock::new();
    LOCAL.get_or_init(|| match TimeZone::try_system() {
        Ok(zone) if !zone.is_unknown() => zone,
        _ => TimeZone::UTC,
    })
}

/// All that the local zone has been called, with what it meant.
fn abbreviations() -> &'static [(String, i64)] {
    static ABBREVIATIONS: OnceLock<Vec<(String, i64)>> = OnceLock::new();
    ABBREVIATIONS.get_or_init(|| {
        /// The rules for the future go on without end; two years of them have all the names.
        const END: i64 = 2_208_988_800;
        let mut found = vec![Zone::Local.at(i64::MIN)];
        for transition in local().following(Timestamp::MIN) {
            let entry = (transition.abbreviation().to_owned(), i64::from(transition.offset().seconds()));
            if !found.contains(&entry) {
                found.push(entry);
            }
            if transition.timestamp().as_second() > END {
                break;
            }
        }
        found
    })
}
