//! Volumes that can hold something.

use super::Findings;
use crate::config::{Config, quantity};

/// Smaller volumes are a forgotten unit, or fill up before the first compaction.
const LEAST: u128 = 100 << 20;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let storage = &config.storage;
    let sizes: [(&[&str], &str); 7] = [
        (&["storage", "prometheus"], storage.prometheus.as_str()),
        (&["storage", "alertmanager"], storage.alertmanager.as_str()),
        (&["storage", "grafana"], storage.grafana.as_str()),
        (&["storage", "thanosStore"], storage.thanos_store.as_str()),
        (&["storage", "thanosCompactor"], storage.thanos_compactor.as_str()),
        (&["storage", "loki", "write"], storage.loki.write.as_str()),
        (&["storage", "loki", "backend"], storage.loki.backend.as_str()),
    ];
    for (path, text) in sizes {
        match quantity::bytes(text) {
            None => {
                findings.error(path, format!("{text} is larger than the API server can count"));
            }
            Some(bytes) if bytes < LEAST => {
                findings
                    .error(path, format!("a volume of {text} ({bytes} bytes) holds nothing of use"))
                    .help("100Mi is the least");
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn a_forgotten_unit_is_noticed() {
        assert_one(
            &errors(|config| config.storage.thanos_store = "10".into()),
            "storage.thanosStore",
            "10 bytes",
        );
        assert_one(
            &errors(|config| config.storage.loki.write = "0".into()),
            "storage.loki.write",
            "holds nothing",
        );
    }

    #[test]
    fn sizes_stay_in_the_servers_range() {
        assert_one(
            &errors(|config| config.storage.prometheus = "9Ei".into()),
            "storage.prometheus",
            "larger than",
        );
    }
}
