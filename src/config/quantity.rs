//! Quantities of Kubernetes, compared but never rewritten
//! (apimachinery `pkg/api/resource/quantity.go`).

/// Billionths of a unit: the smallest step that the API server keeps.
const NANO: u128 = 1_000_000_000;

/// The largest value that the API server keeps exactly: 2^63 - 1.
const LARGEST: u128 = (1 << 63) - 1;

/// The value of a quantity in billionths, rounded up as the API server does, or `None` when it is not a
/// quantity or is larger than 2^63 - 1.
pub fn nano(text: &str) -> Option<u128> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(number_end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let (multiplier, exponent) = scale(suffix)?;
    let fraction = fraction.trim_end_matches('0');
    let mut decimals = i32::try_from(fraction.len()).ok()?;
    let digits = format!("{whole}{fraction}");
    let mut mantissa: u128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    // Decimals that leave no room for the multiplier are far below a billionth.
    while mantissa.checked_mul(multiplier).is_none() && decimals > 0 {
        mantissa = mantissa.div_ceil(10);
        decimals -= 1;
    }
    let value = shift(mantissa.checked_mul(multiplier)?, exponent - decimals + 9)?;
    (value <= LARGEST * NANO).then_some(value)
}

/// The value of a quantity of bytes in whole bytes, rounded up.
pub fn bytes(text: &str) -> Option<u128> {
    nano(text).map(|nano| nano.div_ceil(NANO))
}

/// A suffix as a multiplier and a power of ten.
fn scale(suffix: &str) -> Option<(u128, i32)> {
    Some(match suffix {
        "" => (1, 0),
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        _ => (1, suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    })
}

/// `value` times ten to the power of `exponent`, rounded up.
fn shift(value: u128, exponent: i32) -> Option<u128> {
    let power = 10_u128.checked_pow(exponent.unsigned_abs());
    match power {
        _ if value == 0 => Some(0),
        Some(power) if exponent >= 0 => value.checked_mul(power),
        Some(power) => Some(value.div_ceil(power)),
        None if exponent >= 0 => None,
        None => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_scale_the_number() {
        for (text, value) in [
            ("1", 1_000_000_000),
            ("250m", 250_000_000),
            ("0.25", 250_000_000),
            (".5", 500_000_000),
            ("1.", 1_000_000_000),
            ("1e3", 1_000_000_000_000),
            ("1E-3", 1_000_000),
            ("2k", 2_000_000_000_000),
            ("1Ki", 1_024_000_000_000),
            ("1.5Gi", 1_610_612_736_000_000_000),
            ("0", 0),
            ("0.", 0),
            (".0", 0),
            ("1.0000000000000000000000000000Ki", 1_024_000_000_000),
            ("1.0000000000000000000000000Ei", (1 << 60) * NANO),
            ("00000000000000000000000000000001", 1_000_000_000),
            (".0000000000000000000000000000001", 1),
        ] {
            assert_eq!(nano(text), Some(value), "{text}");
        }
    }

    #[test]
    fn a_cpu_of_one_is_a_thousand_millicores() {
        assert_eq!(nano("1"), nano("1000m"));
        assert!(nano("2000m") > nano("1.5"));
    }

    #[test]
    fn binary_and_decimal_suffixes_differ() {
        assert!(nano("1Gi") > nano("1G"));
        assert_eq!(bytes("1500Mi"), Some(1_572_864_000));
        assert_eq!(bytes("1Gi"), bytes("1024Mi"));
    }

    #[test]
    fn what_is_no_quantity_has_no_value() {
        for text in ["", ".", "Mi", "128mi", "128mb", "1.2.3", "-1", "1 Gi", "1e", "1Eii", "1e+"] {
            assert_eq!(nano(text), None, "{text}");
        }
    }

    #[test]
    fn values_beyond_the_servers_range_are_refused() {
        assert_eq!(nano("8Ei"), None);
        assert_eq!(nano("1e99"), None);
        assert!(nano("7Ei").is_some());
        let nearly_two = nano("1.99999999999999999999999999999Ei").unwrap();
        assert!(nearly_two > nano("1.999Ei").unwrap() && nearly_two <= nano("2Ei").unwrap());
        assert_eq!(nano("1e-99"), Some(1));
        assert_eq!(nano(&"9".repeat(40)), None);
    }
}
