//! Times as text.

use super::calendar::{MONTHS, WEEKDAYS, weekday};
use super::layout::{self, Element as E, Offset};
use super::time::{Civil, Time};

/// How `print` shows a time.
const DEFAULT: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";

impl Time {
    pub(super) fn format(&self, layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let civil = self.civil();
        let mut rest = layout;
        loop {
            let piece = layout::next(rest);
            out.extend_from_slice(piece.literal);
            match piece.element {
                Some(element) => out.extend_from_slice(self.element(element, &civil).as_bytes()),
                None => return out,
            }
            rest = piece.rest;
        }
    }

    /// As Go's `String` has it, with the reading of the monotonic clock.
    pub(super) fn shown(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.format(DEFAULT)).into_owned();
        if let Some(reading) = self.monotonic {
            let (sign, reading) = (if reading < 0 { '-' } else { '+' }, reading.unsigned_abs());
            text.push_str(&format!(" m={sign}{}.{:09}", reading / 1_000_000_000, reading % 1_000_000_000));
        }
        text
    }

    fn element(&self, element: E, civil: &Civil) -> String {
        let Civil { date, hour, minute, second, nanosecond } = *civil;
        let month = MONTHS[(date.month - 1) as usize];
        let weekday = || WEEKDAYS[weekday(self.days())];
        let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
        match element {
            E::LongMonth => month.to_owned(),
            E::Month => month[..3].to_owned(),
            E::NumberMonth => date.month.to_string(),
            E::ZeroMonth => format!("{:02}", date.month),
            E::LongWeekday => weekday().to_owned(),
            E::Weekday => weekday()[..3].to_owned(),
            E::Day => date.day.to_string(),
            E::SpaceDay => format!("{:2}", date.day),
            E::ZeroDay => format!("{:02}", date.day),
            E::SpaceDayOfYear => format!("{:3}", date.day_of_year()),
            E::ZeroDayOfYear => format!("{:03}", date.day_of_year()),
            E::Hour => format!("{hour:02}"),
            E::Hour12 => hour12.to_string(),
            E::ZeroHour12 => format!("{hour12:02}"),
            E::Minute => minute.to_string(),
            E::ZeroMinute => format!("{minute:02}"),
            E::Second => second.to_string(),
            E::ZeroSecond => format!("{second:02}"),
            // The sign is not among the four digits.
            E::LongYear if date.year < 0 => format!("-{:04}", -date.year),
            E::LongYear => format!("{:04}", date.year),
            E::Year => format!("{:02}", date.year.abs() % 100),
            E::UpperHalf => if hour >= 12 { "PM" } else { "AM" }.to_owned(),
            E::LowerHalf => if hour >= 12 { "pm" } else { "am" }.to_owned(),
            E::ZoneName => match self.zone.at(self.seconds) {
                (name, seconds) if name.is_empty() => offset(seconds, Offset::Minutes),
                (name, _) => name,
            },
            E::Offset(style, has_z) => match self.zone.at(self.seconds).1 {
                0 if has_z => "Z".to_owned(),
                seconds => offset(seconds, style),
            },
            E::Fraction { separator, digits, is_trimmed } => {
                let separator = char::from(separator);
                let mut text = format!("{separator}{nanosecond:09}");
                text.truncate(digits + 1);
                if is_trimmed {
                    text.trim_end_matches('0').trim_end_matches(separator).to_owned()
                } else {
                    text
                }
            }
        }
    }
}

fn offset(seconds: i64, style: Offset) -> String {
    let sign = if seconds / 60 < 0 { '-' } else { '+' };
    let minutes = (seconds / 60).abs();
    let (hours, minutes, seconds) = (minutes / 60, minutes % 60, seconds.abs() % 60);
    match style {
        Offset::Hours => format!("{sign}{hours:02}"),
        Offset::Minutes => format!("{sign}{hours:02}{minutes:02}"),
        Offset::ColonMinutes => format!("{sign}{hours:02}:{minutes:02}"),
        Offset::Seconds => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
        Offset::ColonSeconds => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}
