//! Numbers of text: `strconv.ParseInt`, `ParseUint` and `ParseFloat`.

/// Why a text is not an integer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotInteger<T> {
    /// It is no number: Go's `ErrSyntax`.
    Malformed,
    /// It is beyond 64 bits, Go's `ErrRange`: the nearest number that is not.
    Range(T),
}

/// `ParseInt(text, base, 64)`. Base 0 takes prefixes and underscores, as Go's literals have them.
///
/// # Errors
///
/// When the text is no number of that base, or beyond 64 bits.
///
/// ```
/// assert_eq!(go_fmt::parse_int("-0x_1F", 0), Ok(-31));
/// assert_eq!(go_fmt::parse_int("1__0", 0), Err(go_fmt::NotInteger::Malformed));
/// ```
pub fn parse_int(text: &str, base: u32) -> Result<i64, NotInteger<i64>> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'+') => (false, &text[1..]),
        Some(b'-') => (true, &text[1..]),
        _ => (false, text),
    };
    let limit = if negative { i64::MIN } else { i64::MAX };
    let magnitude = magnitude(digits, base).ok_or(NotInteger::Malformed)?;
    let signed = i128::try_from(magnitude).map_err(|_| NotInteger::Range(limit))?;
    i64::try_from(if negative { -signed } else { signed }).map_err(|_| NotInteger::Range(limit))
}

/// `ParseUint(text, base, 64)`: as [`parse_int`], without a sign.
///
/// # Errors
///
/// When the text is no number of that base, or beyond 64 bits.
///
/// ```
/// assert_eq!(go_fmt::parse_uint("18446744073709551615", 0), Ok(u64::MAX));
/// ```
pub fn parse_uint(text: &str, base: u32) -> Result<u64, NotInteger<u64>> {
    let magnitude = magnitude(text, base).ok_or(NotInteger::Malformed)?;
    u64::try_from(magnitude).map_err(|_| NotInteger::Range(u64::MAX))
}

/// The number that digits stand for, the greatest there is if it is greater.
fn magnitude(text: &str, base: u32) -> Option<u128> {
    let (digit_base, digits) = if base == 0 { prefix(text) } else { (base, text) };
    // Nothing follows the prefix of a lone zero.
    if text.is_empty() || (digits.is_empty() && text != "0") {
        return None;
    }
    let mut magnitude = 0u128;
    for rune in digits.chars() {
        if rune == '_' && base == 0 {
            continue;
        }
        let digit = rune.to_digit(digit_base)?;
        magnitude = magnitude.saturating_mul(u128::from(digit_base)).saturating_add(u128::from(digit));
    }
    (base != 0 || underscores_fit(text)).then_some(magnitude)
}

/// The base that a text asks for, and what follows the prefix.
fn prefix(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', ..] => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// Whether underscores stand only between digits, or between a prefix and a digit.
fn underscores_fit(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let (mut last, rest, hex) = match text.as_bytes() {
        [b'0', mark @ (b'b' | b'o' | b'x'), rest @ ..] => (b'0', rest, *mark == b'x'),
        rest => (b'^', rest, false),
    };
    for &byte in rest {
        if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() {
            last = b'0';
        } else if byte == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}

/// `ParseFloat(text, 64)`: None for what it refuses, which are numbers beyond 64 bits as well. It takes `inf` and
/// `nan`, and underscores and hexadecimal digits as Go's literals have them.
///
/// ```
/// assert_eq!(go_fmt::parse_float("1_000.5"), Some(1000.5));
/// assert_eq!(go_fmt::parse_float("0x1.8p3"), Some(12.0));
/// assert_eq!(go_fmt::parse_float("1e400"), None);
/// ```
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let negative = text.starts_with('-');
    match unsigned.as_str() {
        "inf" | "infinity" => return Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY }),
        "nan" => return (unsigned.len() == text.len()).then_some(f64::NAN),
        _ => {}
    }
    if !underscores_fit(text) {
        return None;
    }
    let plain = unsigned.replace('_', "");
    let magnitude = match plain.strip_prefix("0x") {
        Some(hex) => parse_hex_float(hex)?,
        None => plain
            .bytes()
            .next()
            .filter(|byte| byte.is_ascii_digit() || *byte == b'.')
            .and(plain.parse().ok())?,
    };
    if magnitude.is_infinite() {
        return None;
    }
    Some(if negative { -magnitude } else { magnitude })
}

/// `1.8p3` behind `0x`.
fn parse_hex_float(text: &str) -> Option<f64> {
    /// No float is as large or as small as two to this power, whatever its digits.
    const FARTHEST: i64 = 1 << 40;
    let (digits, power) = text.split_once('p')?;
    let (power_sign, power_digits) = match power.as_bytes().first() {
        Some(b'-') => (-1, &power[1..]),
        Some(b'+') => (1, &power[1..]),
        _ => (1, power),
    };
    if power_digits.is_empty() || !power_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut exponent = power_sign * power_digits.parse::<i64>().map_or(FARTHEST, |power| power.min(FARTHEST));
    let (mut mantissa, mut is_fraction, mut count) = (0u64, false, 0);
    for byte in digits.bytes() {
        if byte == b'.' && !is_fraction {
            is_fraction = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16)?;
        count += 1;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exponent -= if is_fraction { 4 } else { 0 };
        } else {
            // Of further digits only matters whether they are more than nothing.
            mantissa |= u64::from(digit != 0);
            exponent += if is_fraction { 0 } else { 4 };
        }
    }
    (count > 0).then(|| scaled(mantissa, exponent))
}

/// `mantissa` × 2^`exponent`, rounded once, halves to even.
#[allow(clippy::cast_precision_loss, reason = "53 bits are left")]
fn scaled(mantissa: u64, exponent: i64) -> f64 {
    const DIGITS: i64 = 53;
    const LEAST: i64 = -1074;
    if mantissa == 0 {
        return 0.0;
    }
    let bits = 64 - i64::from(mantissa.leading_zeros());
    let dropped = (bits - DIGITS).max(LEAST - exponent).max(0);
    let (kept, power) = if dropped > bits {
        (0, 0)
    } else {
        let wide = u128::from(mantissa);
        let (kept, rest) = (wide >> dropped, wide & ((1 << dropped) - 1));
        let half = (1u128 << dropped) >> 1;
        let rounds_up = dropped > 0 && (rest > half || (rest == half && kept & 1 == 1));
        (kept + u128::from(rounds_up), exponent + dropped)
    };
    // In two steps: 2 to the whole power may be beyond a float where the result is not.
    let power = i32::try_from(power.clamp(-4000, 4000)).unwrap_or_default();
    kept as f64 * 2f64.powi(power / 2) * 2f64.powi(power - power / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_those_of_go() {
        // Printed by Go's ParseFloat and FormatFloat(f, 'g', -1, 64).
        for (text, printed) in [
            ("1_000.5", "1000.5"),
            ("0x_1p4", "16"),
            ("1_0e2", "1000"),
            ("0x1_8p0", "24"),
            ("0x_1.8p0", "1.5"),
            ("inf", "+Inf"),
            ("-Inf", "-Inf"),
            ("nan", "NaN"),
            ("0x1p-1080", "0"),
            ("1.", "1"),
            (".5", "0.5"),
            ("0x.8p1", "1"),
            ("1e+5", "100000"),
            ("+1", "1"),
            ("0x1.fffffffffffff8p0", "2"),
            ("0x123456789abcdef01234p0", "8.596805828370696e+22"),
            ("0x1p-1074", "5e-324"),
            ("0x1.8p-1074", "1e-323"),
            ("0x1.p1", "2"),
            ("0_1.5", "1.5"),
            ("0x1p1_0", "1024"),
            ("1e1_0", "1e+10"),
            ("0x0.000000000000000000000000000001p0", "7.52316384526264e-37"),
            ("0x0p99999999999", "0"),
            ("1e-99999999999", "0"),
            ("0x1p-99999999999", "0"),
        ] {
            let float = parse_float(text).unwrap();
            let expected = match printed {
                "+Inf" => f64::INFINITY,
                "NaN" => f64::NAN,
                _ => printed.parse().unwrap(),
            };
            assert_eq!(float.to_bits(), expected.to_bits(), "{text}: {float}");
        }
        for text in [
            "1e400",
            "0x1p2000",
            "0x1p99999999999",
            ".",
            " .5",
            "0x1",
            "0x1.5",
            "1e",
            "0b1",
            "0x1p",
            "0x1p+",
            "+-1",
            "1__0.5",
            "infinit",
            "+nan",
            "0xp1",
            "0x.p1",
            "1_.5",
            "1._5",
            "_1.5",
            "",
        ] {
            assert_eq!(parse_float(text), None, "{text}");
        }
    }

    #[test]
    fn integers_are_those_of_go() {
        for (text, value) in [("0", 0), ("-0", 0), ("017", 15), ("0_17", 15), ("0b_11", 3), ("+0x1f", 31)] {
            assert_eq!(parse_int(text, 0), Ok(value), "{text}");
        }
        for text in ["", "-", "08", "0x", "0b", "1_", "_1", "0x__1", "1.0", "\u{661}", "+-1", "0b2"] {
            assert_eq!(parse_int(text, 0), Err(NotInteger::Malformed), "{text}");
        }
        assert_eq!(parse_int("1_0", 10), Err(NotInteger::Malformed));
        assert_eq!(parse_int("-9223372036854775808", 10), Ok(i64::MIN));
        assert_eq!(parse_int("-9223372036854775809", 10), Err(NotInteger::Range(i64::MIN)));
        let long = "9".repeat(100);
        assert_eq!(parse_int(&long, 10), Err(NotInteger::Range(i64::MAX)));
        assert_eq!(parse_uint(&long, 10), Err(NotInteger::Range(u64::MAX)));
        assert_eq!(parse_uint("+1", 0), Err(NotInteger::Malformed));
    }
}
