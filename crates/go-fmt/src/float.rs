//! Floats: `strconv.FormatFloat(value, 'g', -1, bits)`, which `%v` prints.

/// A float of 64 bits: the shortest digits that read back, with an exponent below 1e-4 and from 1e+06 on.
///
/// ```
/// assert_eq!(go_fmt::float(999999.0), "999999");
/// assert_eq!(go_fmt::float(1048576.0), "1.048576e+06");
/// ```
#[must_use]
pub fn float(value: f64) -> String {
    if value.is_finite() { general(&format!("{value:e}"), &value) } else { special(value) }
}

/// A float of 32 bits.
#[must_use]
pub fn float32(value: f32) -> String {
    if value.is_finite() { general(&format!("{value:e}"), &value) } else { special(f64::from(value)) }
}

/// `scientific` is Rust's, `plain` prints without an exponent; both have the shortest digits.
fn general(scientific: &str, plain: &dyn std::fmt::Display) -> String {
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..EXPONENT_FROM).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => plain.to_string(),
    }
}

/// Exponents from which on there is an exponent: the precision that strconv takes for the shortest form.
const EXPONENT_FROM: i32 = 6;

fn special(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value > 0.0 {
        "+Inf".to_owned()
    } else {
        "-Inf".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn exponents() {
        // Printed by helm 3.22.
        for (value, text) in [
            (123_456_789.0, "1.23456789e+08"),
            (1e6, "1e+06"),
            (123_456.7, "123456.7"),
            (100_000.0, "100000"),
            (1e20, "1e+20"),
            (0.0001, "0.0001"),
            (0.000_012_34, "1.234e-05"),
            (-0.0, "-0"),
        ] {
            assert_eq!(float(value), text);
        }
    }
}
