//! Durations.

use std::fmt;

use go_template::Error;

pub(super) const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Nanoseconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Duration(pub(super) i64);

impl Duration {
    /// Reads what `1h15m30.918s` looks like.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Error> {
        let fail = |what: &str| Err(Error(format!("time: {what} {}", quote(text))));
        let invalid = || fail("invalid duration");
        let (is_negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Duration(0));
        }
        if rest.is_empty() {
            return invalid();
        }
        const LIMIT: u64 = 1 << 63;
        let mut total = 0u64;
        while !rest.is_empty() {
            let (digits, after) = split_digits(rest);
            let (fraction, after) = match after {
                [b'.', after @ ..] => split_digits(after),
                after => (&[][..], after),
            };
            if digits.is_empty() && fraction.is_empty() {
                return invalid();
            }
            let Some(whole) = number(digits).filter(|whole| *whole <= LIMIT) else { return invalid() };
            let end = after.iter().position(|byte| *byte == b'.' || byte.is_ascii_digit());
            let (unit, after) = after.split_at(end.unwrap_or(after.len()));
            if unit.is_empty() {
                return fail("missing unit in duration");
            }
            let Some(size) = unit_size(unit) else {
                return fail(&format!("unknown unit {} in duration", quote(unit)));
            };
            let Some(mut part) = whole.checked_mul(size).filter(|part| *part <= LIMIT) else {
                return invalid();
            };
            let (numerator, scale) = fraction_of(fraction);
            if numerator > 0 {
                part += (numerator as f64 * (size as f64 / scale)) as u64;
            }
            match total.checked_add(part).filter(|total| *total <= LIMIT) {
                Some(sum) if part <= LIMIT => total = sum,
                _ => return invalid(),
            }
            rest = after;
        }
        match (is_negative, i64::try_from(total)) {
            (true, _) => Ok(Duration((total as i64).wrapping_neg())),
            (false, Ok(total)) => Ok(Duration(total)),
            (false, Err(_)) => invalid(),
        }
    }

    /// Halves are rounded away from zero.
    pub(super) fn rounded_to_seconds(self) -> Self {
        let rest = self.0 % SECOND;
        let down = self.0 - rest;
        if rest.abs() * 2 < SECOND {
            return Duration(down);
        }
        let limit = if rest < 0 { i64::MIN } else { i64::MAX };
        Duration(down.checked_add(rest.signum() * SECOND).unwrap_or(limit))
    }

    /// How often the largest unit that is smaller fits in; the sign is dropped.
    pub(super) fn largest_unit(self) -> String {
        let units =
            [("y", 365 * DAY), ("mo", 30 * DAY), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)];
        let length = self.0.unsigned_abs();
        let unit = units.into_iter().find(|(_, size)| length > size.unsigned_abs());
        unit.map_or_else(|| "0s".to_owned(), |(name, size)| format!("{}{name}", length / size.unsigned_abs()))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let (unit, name) = match length {
            0 => return f.write_str("0s"),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            1_000_000..1_000_000_000 => (1_000_000, "ms"),
            _ => (SECOND.unsigned_abs(), "s"),
        };
        let mut whole = length / unit;
        if name == "s" {
            let (hours, minutes) = (whole / 3600, whole / 60 % 60);
            if hours > 0 {
                write!(f, "{hours}h")?;
            }
            if whole >= 60 {
                write!(f, "{minutes}m")?;
            }
            whole %= 60;
        }
        write!(f, "{whole}")?;
        let fraction = format!("{:0width$}", length % unit, width = unit.ilog10() as usize);
        match fraction.trim_end_matches('0') {
            "" => {}
            digits => write!(f, ".{digits}")?,
        }
        f.write_str(name)
    }
}

/// Go's `ParseInt` in base 10, of which sprig drops the error: too much is the most there is, no number is 0.
pub(super) fn decimal(text: &[u8]) -> i64 {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let limit = if is_negative { i64::MIN } else { i64::MAX };
    let value = digits.iter().try_fold(0i64, |value, digit| {
        let digit = i64::from(digit - b'0');
        value.checked_mul(10)?.checked_add(if is_negative { -digit } else { digit })
    });
    value.unwrap_or(limit)
}

/// Text in messages of package `time`, which escape byte by byte.
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::from('"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..0x80 => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

pub(super) fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len()))
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// Numerator and denominator; digits that are too many for Go are passed over.
fn fraction_of(digits: &[u8]) -> (u64, f64) {
    let (mut numerator, mut scale) = (0u64, 1.0);
    for digit in digits {
        if numerator > (i64::MAX as u64) / 10 {
            break;
        }
        let next = numerator * 10 + u64::from(digit - b'0');
        if next > 1 << 63 {
            break;
        }
        numerator = next;
        scale *= 10.0;
    }
    (numerator, scale)
}

fn unit_size(unit: &[u8]) -> Option<u64> {
    Some(match unit {
        b"ns" => 1,
        // The micro sign, and the Greek letter.
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => SECOND as u64,
        b"m" => MINUTE as u64,
        b"h" => HOUR as u64,
        _ => return None,
    })
}
