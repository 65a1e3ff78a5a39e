//! What a text of the wrong shape may have been meant to be.
//!
//! The candidates need not be valid: only those that the schema accepts are shown.

use std::time::Duration;

use super::super::duration;

/// Candidates for a text of a type of the schema.
pub(super) fn of(type_name: &str, text: &str) -> Vec<String> {
    let text = text.trim();
    // A text this long was no slip of the finger.
    if text.is_empty() || text.len() > 300 {
        return Vec::new();
    }
    let mut candidates = match type_name {
        "ByteQuantity" => bytes(text),
        "CpuQuantity" => cpu(text),
        "PrometheusDuration" => prometheus_duration(text),
        "KubernetesDuration" | "GoDuration" => clock_duration(text),
        "PrefixedVersion" => versions(text).into_iter().map(|version| format!("v{version}")).collect(),
        "PlainVersion" | "ChartVersion" => versions(text),
        "DnsLabel" | "ObjectName" | "Domain" | "BucketName" | "Region" => vec![name(text)],
        "LabelValue" | "SecretKey" => vec![text.replace([' ', '/', ':'], "-")],
        "RepositoryUrl" | "ServerUrl" => vec![format!("https://{text}"), text.to_lowercase()],
        "Endpoint" => vec![text.trim_end_matches('/').to_lowercase()],
        "Registry" => vec![registry(text)],
        "Date" => date(text).into_iter().collect(),
        "HostPort" => vec![format!("{text}:587"), text.rsplit('/').next().unwrap_or(text).to_owned()],
        _ => Vec::new(),
    };
    candidates.push(text.to_owned());
    candidates
}

/// A number and the unit behind it, in lower case and without a space between them.
fn number_and_unit(text: &str) -> (&str, String) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim().to_lowercase())
}

fn bytes(text: &str) -> Vec<String> {
    let (number, unit) = number_and_unit(text);
    let mut chars = unit.chars();
    let (Some(prefix), rest) = (chars.next(), chars.as_str()) else { return Vec::new() };
    let prefix = prefix.to_ascii_uppercase();
    let decimal = format!("{number}{}", if prefix == 'K' { 'k' } else { prefix });
    let binary = format!("{number}{prefix}i");
    match rest {
        "i" | "ib" => vec![binary],
        // Whoever writes "GB" rarely means to choose between the two.
        "" | "b" | "byte" | "bytes" => vec![binary, decimal],
        _ if unit == "bytes" || unit == "byte" => vec![number.to_owned()],
        _ => Vec::new(),
    }
}

fn cpu(text: &str) -> Vec<String> {
    let (number, unit) = number_and_unit(text);
    match unit.as_str() {
        "m" | "mcpu" | "mcore" | "mcores" | "millicore" | "millicores" | "millicpu" => {
            vec![format!("{number}m")]
        }
        "c" | "cpu" | "cpus" | "core" | "cores" | "vcpu" | "vcpus" => vec![number.to_owned()],
        "%" => vec![format!("{number}0m")],
        _ => Vec::new(),
    }
}

fn prometheus_duration(text: &str) -> Vec<String> {
    let compact = spelt_out(text);
    let hours = duration::go(&compact).and_then(clock);
    std::iter::once(compact).chain(hours).collect()
}

fn clock_duration(text: &str) -> Vec<String> {
    let compact = spelt_out(text);
    let length = duration::prometheus(&compact).or_else(|| duration::go(&compact));
    std::iter::once(compact).chain(length.and_then(clock)).collect()
}

/// `30 Days` as `30d`.
fn spelt_out(text: &str) -> String {
    let mut compact = text.to_lowercase().replace(' ', "");
    for (word, unit) in [
        ("years", "y"),
        ("year", "y"),
        ("weeks", "w"),
        ("week", "w"),
        ("days", "d"),
        ("day", "d"),
        ("hours", "h"),
        ("hour", "h"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("min", "m"),
        ("seconds", "s"),
        ("second", "s"),
        ("secs", "s"),
        ("sec", "s"),
    ] {
        compact = compact.replace(word, unit);
    }
    compact
}

/// A length in hours, minutes, seconds and milliseconds, if it is a whole number of them.
fn clock(length: Duration) -> Option<String> {
    if !length.subsec_nanos().is_multiple_of(1_000_000) {
        return None;
    }
    let seconds = length.as_secs();
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (u64::from(length.subsec_millis()), "ms"),
    ];
    let text: String = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    Some(if text.is_empty() { "0s".to_owned() } else { text })
}

/// The version without a leading `v`, also with a missing last number.
fn versions(text: &str) -> Vec<String> {
    let plain = text.trim_start_matches(['v', 'V']).to_owned();
    let padded = format!("{plain}.0");
    vec![plain, padded]
}

fn name(text: &str) -> String {
    text.to_lowercase().replace(['_', ' ', '/', ':'], "-").trim_matches(['-', '.']).to_owned()
}

fn registry(text: &str) -> String {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    host.trim_end_matches('/').to_lowercase()
}

fn date(text: &str) -> Option<String> {
    let day = text.split(['T', ' ']).next()?;
    let mut parts = day.split(['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_first(type_name: &str, text: &str, expected: &str) {
        assert_eq!(of(type_name, text).first().map(String::as_str), Some(expected), "{type_name} {text}");
    }

    #[test]
    fn units_of_bytes_have_many_spellings() {
        for (text, expected) in
            [("128mi", "128Mi"), ("100mb", "100Mi"), ("2 GB", "2Gi"), ("1.5GiB", "1.5Gi"), ("128m", "128Mi")]
        {
            assert_first("ByteQuantity", text, expected);
        }
        assert_eq!(of("ByteQuantity", "2 GB")[1], "2G");
    }

    #[test]
    fn cores_have_many_spellings() {
        for (text, expected) in [("2 cores", "2"), ("500M", "500m"), ("1CPU", "1"), ("50%", "500m")] {
            assert_first("CpuQuantity", text, expected);
        }
    }

    #[test]
    fn durations_are_converted() {
        assert!(of("KubernetesDuration", "1d").contains(&"24h".to_owned()));
        assert!(of("KubernetesDuration", "1.5h").contains(&"1h30m".to_owned()));
        assert!(of("GoDuration", "2d").contains(&"48h".to_owned()));
        assert!(of("PrometheusDuration", "1.5h").contains(&"1h30m".to_owned()));
        assert_first("PrometheusDuration", "30 Days", "30d");
        assert!(of("KubernetesDuration", "1.5s").contains(&"1s500ms".to_owned()));
        assert!(!of("KubernetesDuration", "100us").contains(&"0s".to_owned()));
    }

    #[test]
    fn versions_gain_and_lose_their_prefix() {
        assert_first("PrefixedVersion", "2.55.1", "v2.55.1");
        assert_first("PlainVersion", "v11.4.0", "11.4.0");
        assert_eq!(of("PlainVersion", "11.4")[1], "11.4.0");
    }

    #[test]
    fn names_are_lower_case() {
        assert_first("DnsLabel", "My_Namespace", "my-namespace");
        assert_first("Date", "2024-4-1", "2024-04-01");
        assert_first("Registry", "https://Registry.example.com/", "registry.example.com");
    }

    #[test]
    fn whatever_comes_in_candidates_come_out() {
        for type_name in
            ["ByteQuantity", "CpuQuantity", "PrometheusDuration", "GoDuration", "Date", "DnsLabel"]
        {
            for text in ["", " ", "ä", "µs", "..", "1e400d", "99999999999999999999h", "-", "v"] {
                of(type_name, text);
            }
        }
    }
}
