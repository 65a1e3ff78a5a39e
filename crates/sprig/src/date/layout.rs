//! Layouts: how `Mon Jan 2 15:04:05 MST 2006` is written is how times are.

/// An element of a layout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    SpaceDay,
    ZeroDay,
    SpaceDayOfYear,
    ZeroDayOfYear,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperHalf,
    LowerHalf,
    ZoneName,
    /// With `Z` for UTC or without.
    Offset(Offset, bool),
    Fraction {
        separator: u8,
        digits: usize,
        /// Whether zeros at the end are left out: of nines.
        is_trimmed: bool,
    },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Offset {
    Hours,
    Minutes,
    ColonMinutes,
    Seconds,
    ColonSeconds,
}

use Element as E;

/// The longer of two that begin alike comes first.
const ELEMENTS: &[(&[u8], Element)] = &[
    (b"January", E::LongMonth),
    (b"Jan", E::Month),
    (b"Monday", E::LongWeekday),
    (b"Mon", E::Weekday),
    (b"MST", E::ZoneName),
    (b"01", E::ZeroMonth),
    (b"02", E::ZeroDay),
    (b"03", E::ZeroHour12),
    (b"04", E::ZeroMinute),
    (b"05", E::ZeroSecond),
    (b"06", E::Year),
    (b"002", E::ZeroDayOfYear),
    (b"15", E::Hour),
    (b"1", E::NumberMonth),
    (b"2006", E::LongYear),
    (b"2", E::Day),
    (b"_2", E::SpaceDay),
    (b"__2", E::SpaceDayOfYear),
    (b"3", E::Hour12),
    (b"4", E::Minute),
    (b"5", E::Second),
    (b"PM", E::UpperHalf),
    (b"pm", E::LowerHalf),
    (b"-070000", E::Offset(Offset::Seconds, false)),
    (b"-07:00:00", E::Offset(Offset::ColonSeconds, false)),
    (b"-0700", E::Offset(Offset::Minutes, false)),
    (b"-07:00", E::Offset(Offset::ColonMinutes, false)),
    (b"-07", E::Offset(Offset::Hours, false)),
    (b"Z070000", E::Offset(Offset::Seconds, true)),
    (b"Z07:00:00", E::Offset(Offset::ColonSeconds, true)),
    (b"Z0700", E::Offset(Offset::Minutes, true)),
    (b"Z07:00", E::Offset(Offset::ColonMinutes, true)),
    (b"Z07", E::Offset(Offset::Hours, true)),
];

/// A layout up to an element, which is none at the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) literal: &'a [u8],
    pub(super) element: Option<Element>,
    /// How the element is written.
    pub(super) text: &'a [u8],
    pub(super) rest: &'a [u8],
}

pub(super) fn next(layout: &[u8]) -> Piece<'_> {
    for at in 0..layout.len() {
        if let Some((element, length)) = element(&layout[at..]) {
            let (text, rest) = layout[at..].split_at(length);
            return Piece { literal: &layout[..at], element: Some(element), text, rest };
        }
    }
    Piece { literal: layout, element: None, text: &[], rest: &[] }
}

fn element(layout: &[u8]) -> Option<(Element, usize)> {
    if let [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] = layout {
        let digits = layout[1..].iter().take_while(|byte| *byte == digit).count();
        // All digits of a fraction are the same.
        if layout.get(digits + 1).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let fraction = E::Fraction { separator: *separator, digits, is_trimmed: *digit == b'9' };
        return Some((fraction, digits + 1));
    }
    let (text, element) = ELEMENTS.iter().find(|(text, _)| layout.starts_with(text))?;
    let is_cut = matches!(element, E::Month | E::Weekday)
        && layout.get(text.len()).is_some_and(u8::is_ascii_lowercase);
    // Of `_2006`, only the underscore is literal.
    let is_year = *element == E::SpaceDay && layout.starts_with(b"_2006");
    (!is_cut && !is_year).then_some((*element, text.len()))
}
