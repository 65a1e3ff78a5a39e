//! The charts of `delivery: inline`: pinned by a lock file, found, and verified each time.
//!
//! [`Lock`] is `monstack.lock`; [`Places`] says where charts may be; [`find`] returns the chart to render. An archive is
//! only used when the lock pins its digest. A folder that the user names is the user's own and used as it is.

pub(crate) mod cache;
pub(crate) mod find;
mod lock;
mod places;
mod problem;

pub(crate) use self::find::Source;
pub(crate) use self::lock::{Lock, Pin};
pub use self::places::Places;
pub(crate) use self::problem::{Problem, Problems};

/// The name of the lock file, beside the config.
pub(crate) const LOCK: &str = "monstack.lock";

/// The key of a chart in the config.
pub(crate) fn key(chart: &str) -> String {
    let mut key = String::new();
    for (index, word) in chart.split('-').enumerate() {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if index > 0 => key.push(first.to_ascii_uppercase()),
            Some(first) => key.push(first),
            None => {}
        }
        key.push_str(chars.as_str());
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_camel_case() {
        assert_eq!(key("kube-prometheus-stack"), "kubePrometheusStack");
        assert_eq!(key("loki"), "loki");
    }
}
