//! Text as times.

use go_template::Error;

use super::calendar::{Date, MONTHS, WEEKDAYS, days_in, is_leap};
use super::duration::{quote, split_digits};
use super::layout::{self, Element as E, Offset};
use super::time::{Civil, Time};
use super::zone::Zone;

/// Reads a time by a layout: Go's `ParseInLocation` in the local zone.
pub(super) fn parse(layout: &[u8], text: &[u8]) -> Result<Time, Error> {
    let mut fields = Fields::default();
    let (mut rest_of_layout, mut rest) = (layout, text);
    loop {
        let piece = layout::next(rest_of_layout);
        rest = skip(rest, piece.literal).map_err(|at| unexpected(layout, text, piece.literal, at))?;
        let Some(element) = piece.element else { break };
        rest_of_layout = piece.rest;
        let before = rest;
        rest = match fields.read(element, rest, rest_of_layout) {
            Ok(rest) => rest,
            Err(Refusal::Unexpected) => return Err(unexpected(layout, text, piece.text, before)),
            Err(Refusal::OutOfRange(what)) => return Err(failed(text, &format!("{what} out of range"))),
        };
    }
    if !rest.is_empty() {
        return Err(failed(text, &format!("extra text: {}", quote(rest))));
    }
    fields.time().map_err(|reason| failed(text, reason))
}

fn unexpected(layout: &[u8], text: &[u8], element: &[u8], at: &[u8]) -> Error {
    let [text, layout, at, element] = [text, layout, at, element].map(quote);
    Error(format!("parsing time {text} as {layout}: cannot parse {at} as {element}"))
}

fn failed(text: &[u8], reason: &str) -> Error {
    Error(format!("parsing time {}: {reason}", quote(text)))
}

enum Refusal {
    Unexpected,
    OutOfRange(&'static str),
}

use Refusal::{OutOfRange, Unexpected};

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
    /// Both halves may have been named.
    is_morning: bool,
    is_afternoon: bool,
    is_utc: bool,
    offset: Option<i64>,
    zone_name: Vec<u8>,
}

impl Fields {
    /// Reads an element and returns what follows it.
    fn read<'a>(&mut self, element: E, text: &'a [u8], layout: &[u8]) -> Result<&'a [u8], Refusal> {
        let in_range = |value: i64, range: std::ops::Range<i64>, name| {
            if range.contains(&value) { Ok(value) } else { Err(OutOfRange(name)) }
        };
        let rest;
        match element {
            E::Year => {
                let (digits, after) = text.split_at_checked(2).ok_or(Unexpected)?;
                let year = signed(digits)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
                rest = after;
            }
            E::LongYear => {
                let (digits, after) = text.split_at_checked(4).ok_or(Unexpected)?;
                if !digits[0].is_ascii_digit() {
                    return Err(Unexpected);
                }
                self.year = signed(digits)?;
                rest = after;
            }
            E::Month => {
                let month;
                (month, rest) = name(&MONTHS.map(|name| &name[..3]), text)?;
                self.month = Some(month + 1);
            }
            E::LongMonth => {
                let month;
                (month, rest) = name(&MONTHS, text)?;
                self.month = Some(month + 1);
            }
            E::NumberMonth | E::ZeroMonth => {
                let month;
                (month, rest) = number(text, element == E::ZeroMonth)?;
                self.month = Some(in_range(month, 1..13, "month")?);
            }
            E::Weekday => rest = name(&WEEKDAYS.map(|name| &name[..3]), text)?.1,
            E::LongWeekday => rest = name(&WEEKDAYS, text)?.1,
            E::Day | E::SpaceDay | E::ZeroDay => {
                let text =
                    if element == E::SpaceDay { text.strip_prefix(b" ").unwrap_or(text) } else { text };
                let day;
                (day, rest) = number(text, element == E::ZeroDay)?;
                self.day = Some(day);
            }
            E::SpaceDayOfYear | E::ZeroDayOfYear => {
                let mut text = text;
                if element == E::SpaceDayOfYear {
                    for _ in 0..2 {
                        text = text.strip_prefix(b" ").unwrap_or(text);
                    }
                }
                let day;
                (day, rest) = three_digits(text, element == E::ZeroDayOfYear)?;
                self.day_of_year = Some(day);
            }
            E::Hour => {
                (self.hour, rest) = number(text, false)?;
                in_range(self.hour, 0..24, "hour")?;
            }
            E::Hour12 | E::ZeroHour12 => {
                (self.hour, rest) = number(text, element == E::ZeroHour12)?;
                in_range(self.hour, 0..13, "hour")?;
            }
            E::Minute | E::ZeroMinute => {
                (self.minute, rest) = number(text, element == E::ZeroMinute)?;
                in_range(self.minute, 0..60, "minute")?;
            }
            E::Second | E::ZeroSecond => {
                let after;
                (self.second, after) = number(text, element == E::ZeroSecond)?;
                in_range(self.second, 0..60, "second")?;
                rest = self.unannounced_fraction(after, layout);
            }
            E::UpperHalf | E::LowerHalf => {
                let (half, after) = text.split_at_checked(2).ok_or(Unexpected)?;
                match (half, element) {
                    (b"PM", E::UpperHalf) | (b"pm", E::LowerHalf) => self.is_afternoon = true,
                    (b"AM", E::UpperHalf) | (b"am", E::LowerHalf) => self.is_morning = true,
                    _ => return Err(Unexpected),
                }
                rest = after;
            }
            E::Offset(_, true) if text.starts_with(b"Z") => {
                self.is_utc = true;
                rest = &text[1..];
            }
            E::Offset(style, _) => {
                let seconds;
                (seconds, rest) = offset(text, style)?;
                self.offset = Some(seconds);
            }
            E::ZoneName => match text.strip_prefix(b"UTC") {
                Some(after) => {
                    self.is_utc = true;
                    rest = after;
                }
                None => {
                    let name;
                    (name, rest) = text.split_at(abbreviation(text).ok_or(Unexpected)?);
                    self.zone_name = name.to_vec();
                }
            },
            E::Fraction { digits, is_trimmed: false, .. } => {
                let (fraction, after) = text.split_at_checked(digits + 1).ok_or(Unexpected)?;
                if !matches!(fraction[0], b'.' | b',')
                    || !fraction[1..].iter().take(9).all(u8::is_ascii_digit)
                {
                    return Err(Unexpected);
                }
                self.nanosecond = nanoseconds(&fraction[1..]);
                rest = after;
            }
            E::Fraction { .. } => rest = self.fraction(text),
        }
        Ok(rest)
    }

    /// Seconds may have a fraction though the layout has none.
    fn unannounced_fraction<'a>(&mut self, text: &'a [u8], layout: &[u8]) -> &'a [u8] {
        match layout::next(layout).element {
            Some(E::Fraction { .. }) => text,
            _ => self.fraction(text),
        }
    }

    /// A fraction, if there is one.
    fn fraction<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let [b'.' | b',', digits @ ..] = text else { return text };
        match split_digits(digits) {
            ([], _) => text,
            (digits, rest) => {
                self.nanosecond = nanoseconds(digits);
                rest
            }
        }
    }

    fn time(mut self) -> Result<Time, &'static str> {
        if self.is_afternoon && self.hour < 12 {
            self.hour += 12;
        } else if self.is_morning && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = self.month_and_day()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let date = Date { year: self.year, month, day };
        let civil = Civil {
            date,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
            nanosecond: self.nanosecond,
        };
        if self.is_utc {
            return Ok(Time::at(civil, Zone::Utc));
        }
        let name = String::from_utf8_lossy(&self.zone_name).into_owned();
        let mut time = Time::at(civil, Zone::Utc);
        if let Some(offset) = self.offset {
            time.seconds -= offset;
            let (local_name, local_offset) = Zone::Local.at(time.seconds);
            let is_local = local_offset == offset && (name.is_empty() || name == local_name);
            time.zone = if is_local { Zone::Local } else { Zone::Fixed(name, offset) };
            return Ok(time);
        }
        if name.is_empty() {
            return Ok(Time::at(civil, Zone::Local));
        }
        if let Some(offset) = Zone::local_offset(&name, time.seconds) {
            time.seconds -= offset;
            time.zone = Zone::Local;
            return Ok(time);
        }
        // What an unknown name means is not known, but for that of `GMT-3`.
        let hours = name.strip_prefix("GMT").and_then(|hours| hours.parse::<i64>().ok()).unwrap_or(0);
        time.zone = Zone::Fixed(name, hours * 3600);
        Ok(time)
    }

    fn month_and_day(&self) -> Result<(i64, i64), &'static str> {
        let Some(day_of_year) = self.day_of_year else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let length = if is_leap(self.year) { 366 } else { 365 };
        if !(1..=length).contains(&day_of_year) {
            return Err("day-of-year out of range");
        }
        let date = Date::of_day(Date { year: self.year, month: 1, day: day_of_year }.days());
        if self.month.is_some_and(|month| month != date.month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|day| day != date.day) {
            return Err("day-of-year does not match day");
        }
        Ok((date.month, date.day))
    }
}

/// Passes over literal text, or says where it is not. Any number of spaces stands for any other.
fn skip<'a>(text: &'a [u8], literal: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    let (mut text, mut literal) = (text, literal);
    while let Some(&wanted) = literal.first() {
        if wanted == b' ' {
            if text.first().is_some_and(|byte| *byte != b' ') {
                return Err(text);
            }
            literal = without_spaces(literal);
            text = without_spaces(text);
        } else if text.first() == Some(&wanted) {
            (text, literal) = (&text[1..], &literal[1..]);
        } else {
            return Err(text);
        }
    }
    Ok(text)
}

fn without_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| **byte == b' ').count()..]
}

/// All of a text as a number, which may have a sign.
fn signed(text: &[u8]) -> Result<i64, Refusal> {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unexpected);
    }
    let value = decimal(digits);
    Ok(if text.starts_with(b"-") { -value } else { value })
}

/// Few digits as a number.
fn decimal(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}

/// One digit or two, or just two.
fn number(text: &[u8], is_fixed: bool) -> Result<(i64, &[u8]), Refusal> {
    let length = text.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || is_fixed && length < 2 {
        return Err(Unexpected);
    }
    let (digits, rest) = text.split_at(length);
    Ok((decimal(digits), rest))
}

fn three_digits(text: &[u8], is_fixed: bool) -> Result<(i64, &[u8]), Refusal> {
    let length = text.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || is_fixed && length < 3 {
        return Err(Unexpected);
    }
    let (digits, rest) = text.split_at(length);
    Ok((decimal(digits), rest))
}

/// The index of a name, whatever its case.
fn name<'a>(names: &[&str], text: &'a [u8]) -> Result<(i64, &'a [u8]), Refusal> {
    for (index, name) in (0..).zip(names) {
        if let Some((start, rest)) = text.split_at_checked(name.len())
            && start.eq_ignore_ascii_case(name.as_bytes())
        {
            return Ok((index, rest));
        }
    }
    Err(Unexpected)
}

fn nanoseconds(digits: &[u8]) -> u32 {
    let digits = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    digits.fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
}

/// Seconds of an offset like `-07:00`.
fn offset(text: &[u8], style: Offset) -> Result<(i64, &[u8]), Refusal> {
    let (length, colons, starts): (usize, &[usize], &[usize]) = match style {
        Offset::Hours => (3, &[], &[1]),
        Offset::Minutes => (5, &[], &[1, 3]),
        Offset::ColonMinutes => (6, &[3], &[1, 4]),
        Offset::Seconds => (7, &[], &[1, 3, 5]),
        Offset::ColonSeconds => (9, &[3, 6], &[1, 4, 7]),
    };
    let (text, rest) = text.split_at_checked(length).ok_or(Unexpected)?;
    if colons.iter().any(|at| text[*at] != b':') {
        return Err(Unexpected);
    }
    let mut seconds = 0;
    let mut refusal = None;
    let units = [
        (3600, 24, "time zone offset hour"),
        (60, 60, "time zone offset minute"),
        (1, 60, "time zone offset second"),
    ];
    for (start, (unit, limit, name)) in starts.iter().zip(units) {
        let (value, _) = number(&text[*start..start + 2], true)?;
        // Some people write offsets of 24 hours.
        if value > limit {
            refusal = Some(OutOfRange(name));
        }
        seconds += value * unit;
    }
    match (refusal, text[0]) {
        (Some(refusal), b'+' | b'-') => Err(refusal),
        (None, b'+') => Ok((seconds, rest)),
        (None, b'-') => Ok((-seconds, rest)),
        (Some(refusal), _) => Err(refusal),
        (None, _) => Err(Unexpected),
    }
}

/// The length of what looks like the name of a zone.
fn abbreviation(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_offset(rest));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_offset(text)).filter(|length| *length > 0);
    }
    match text.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count() {
        5 if text[4] == b'T' => Some(5),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// The length of `-3` or `+04`.
fn signed_offset(text: &[u8]) -> usize {
    let [b'+' | b'-', rest @ ..] = text else { return 0 };
    let (digits, _) = split_digits(rest);
    let significant = &digits[digits.iter().take_while(|digit| **digit == b'0').count()..];
    if digits.is_empty() || significant.len() > 2 || decimal(significant) > 23 { 0 } else { 1 + digits.len() }
}
