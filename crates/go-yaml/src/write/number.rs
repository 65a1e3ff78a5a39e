//! Floats.

/// Go writes a float to JSON, reads that as YAML and prints what it has read.
pub(super) fn after_json(value: f64) -> String {
    // Like encoding/json, Display prints the shortest digits that read back, without an exponent.
    let text = value.to_string();
    if text == "-0" {
        return "0".to_owned();
    }
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return text;
    }
    go_fmt::float(value)
}

/// Go's `%g`, and YAML's names of what is no number.
pub(super) fn shortest(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf".to_owned() } else { "-.inf".to_owned() }
    } else {
        go_fmt::float(value)
    }
}
