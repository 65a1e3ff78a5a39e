//! The three kinds of durations that the stack's programs read.

use std::time::Duration;

/// Length of a Prometheus duration (prometheus/common `model.ParseDuration`): a day has 24 hours, a week 7
/// days, a year 365 days. `None` when the text is none or the length overflows.
pub fn prometheus(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    const UNITS: [(&str, u64); 7] = [
        ("y", 365 * 86_400_000),
        ("w", 7 * 86_400_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    let mut units = UNITS.iter();
    let mut rest = text;
    let mut milliseconds = 0_u64;
    while !rest.is_empty() {
        let (number, unit, after) = step(rest)?;
        let (_, length) = units.find(|(name, _)| *name == unit)?;
        milliseconds = milliseconds.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        rest = after;
    }
    // Go counts in nanoseconds with 63 bits: about 292 years.
    (!text.is_empty() && milliseconds <= i64::MAX as u64 / 1_000_000)
        .then(|| Duration::from_millis(milliseconds))
}

/// Length of a duration in a Kubernetes API object (GEP-2257), which Go's `time.ParseDuration` reads too.
pub fn kubernetes(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, unit, after) = step(rest)?;
        let number = number.parse::<u64>().ok()?;
        let part = match unit {
            "h" => Duration::from_secs(number.checked_mul(3600)?),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "s" => Duration::from_secs(number),
            "ms" => Duration::from_millis(number),
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

/// Length of a Go duration (`time.ParseDuration`) without a sign. Digits below a nanosecond are dropped.
pub fn go(text: &str) -> Option<Duration> {
    let mut nanoseconds = 0_u128;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, unit, after) = step(rest)?;
        let unit: u128 = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" => 1000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 24 {
            return None;
        }
        let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
        let power = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        nanoseconds = nanoseconds.checked_add(digits.checked_mul(unit)? / power)?;
        rest = after;
    }
    let nanoseconds = i64::try_from(nanoseconds).ok()?;
    (!text.is_empty()).then(|| Duration::from_nanos(nanoseconds.unsigned_abs()))
}

/// Splits `1h30m` into `1`, `h` and `30m`.
fn step(text: &str) -> Option<(&str, &str, &str)> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(number_end);
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    (!number.is_empty()).then_some((number, unit, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn prometheus_knows_days_weeks_and_years() {
        assert_eq!(prometheus("30d"), Some(HOUR * 24 * 30));
        assert_eq!(prometheus("1y2w3d"), Some(HOUR * 24 * (365 + 14 + 3)));
        assert_eq!(prometheus("1h30m"), Some(HOUR * 3 / 2));
        assert_eq!(prometheus("0"), Some(Duration::ZERO));
        assert_eq!(prometheus("0d"), Some(Duration::ZERO));
        assert_eq!(prometheus("5ms"), Some(Duration::from_millis(5)));
    }

    #[test]
    fn prometheus_wants_whole_numbers_in_falling_order_once_each() {
        for text in ["", "1.5h", "30m1h", "1h1h", "1", "d", "1x", "-1d", "1 d", "300y"] {
            assert_eq!(prometheus(text), None, "{text}");
        }
    }

    #[test]
    fn kubernetes_has_no_days() {
        assert_eq!(kubernetes("1h"), Some(HOUR));
        assert_eq!(kubernetes("10m0s"), Some(HOUR / 6));
        assert_eq!(kubernetes("0s"), Some(Duration::ZERO));
        for text in ["", "1d", "1.5h", "1", "1us"] {
            assert_eq!(kubernetes(text), None, "{text}");
        }
    }

    #[test]
    fn go_has_fractions_and_any_order() {
        assert_eq!(go("1.5h"), Some(HOUR * 3 / 2));
        assert_eq!(go("30m1h"), Some(HOUR * 3 / 2));
        assert_eq!(go(".5s"), Some(Duration::from_millis(500)));
        assert_eq!(go("100µs"), Some(Duration::from_micros(100)));
        for text in ["", "1d", "1", "h", ".h", "1.2.3h", "9999999h"] {
            assert_eq!(go(text), None, "{text}");
        }
    }
}
