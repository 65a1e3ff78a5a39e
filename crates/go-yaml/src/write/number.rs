//! Numbers as they look after JSON.

/// Go writes a float to JSON, reads that as YAML and prints what it has read.
pub(super) fn float(value: f64) -> String {
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
