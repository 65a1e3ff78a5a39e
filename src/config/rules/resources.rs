//! Requests fit into limits, and both are plausible.

use super::Findings;
use crate::config::{Config, Resources, quantity};

/// Less memory than this starts no container; it is a forgotten unit.
const LEAST_MEMORY: u128 = 1 << 20;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    for (component, resources) in config.resources.components() {
        let path: Vec<&str> = ["resources"].iter().chain(component).copied().collect();
        check_component(&path, resources, findings);
    }
}

fn check_component(path: &[&str], resources: &Resources, findings: &mut Findings) {
    let quantities = [
        (
            "cpu",
            resources.requests.cpu.as_ref().map(|q| q.as_str()),
            resources.limits.cpu.as_ref().map(|q| q.as_str()),
        ),
        (
            "memory",
            resources.requests.memory.as_ref().map(|q| q.as_str()),
            resources.limits.memory.as_ref().map(|q| q.as_str()),
        ),
    ];
    for (resource, request, limit) in quantities {
        let mut values = [None, None];
        for (slot, (list, text)) in values.iter_mut().zip([("requests", request), ("limits", limit)]) {
            let Some(text) = text else { continue };
            let path: Vec<&str> = path.iter().copied().chain([list, resource]).collect();
            *slot = check_quantity(&path, resource, text, findings);
        }
        if let ([Some(requested), Some(limited)], Some(request), Some(limit)) = (values, request, limit)
            && requested > limited
        {
            let at: Vec<&str> = path.iter().copied().chain(["requests", resource]).collect();
            findings
                .error(
                    &at,
                    format!("the request {request} exceeds the limit {limit}, which the API server refuses"),
                )
                .help(format!("lower the request, or raise {}.limits.{resource}", path.join(".")));
        }
    }
}

/// The value of a quantity in billionths.
fn check_quantity(path: &[&str], resource: &str, text: &str, findings: &mut Findings) -> Option<u128> {
    let value = quantity::nano(text);
    if value.is_none() {
        findings.error(path, format!("{text} is larger than the API server can count"));
    }
    if resource == "memory" && quantity::bytes(text).is_some_and(|bytes| bytes < LEAST_MEMORY) {
        findings
            .error(
                path,
                format!(
                    "{text} is {} bytes, with which no container starts",
                    quantity::bytes(text).unwrap_or(0)
                ),
            )
            .help(format!("did you mean {text}Mi?"));
    }
    value
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn requests_fit_into_limits() {
        let lines = errors(|config| {
            config.resources.loki.write.requests.cpu = Some("2".into());
            config.resources.loki.write.limits.cpu = Some("1500m".into());
        });
        assert_one(&lines, "resources.loki.write.requests.cpu", "exceeds the limit 1500m");
    }

    #[test]
    fn quantities_are_compared_by_value_not_by_text() {
        let lines = errors(|config| {
            config.resources.prometheus.requests.memory = Some("1024Mi".into());
            config.resources.prometheus.limits.memory = Some("1Gi".into());
        });
        assert!(lines.is_empty(), "{lines:?}");
        let lines = errors(|config| {
            config.resources.prometheus.requests.memory = Some("1Gi".into());
            config.resources.prometheus.limits.memory = Some("1G".into());
        });
        assert_one(&lines, "resources.prometheus.requests.memory", "1Gi exceeds the limit 1G");
    }

    #[test]
    fn a_forgotten_unit_is_noticed() {
        let lines = errors(|config| config.resources.alloy.requests.memory = Some("128".into()));
        assert_one(&lines, "resources.alloy.requests.memory", "128 bytes");
    }

    #[test]
    fn quantities_stay_in_the_servers_range() {
        let lines = errors(|config| config.resources.alloy.limits.memory = Some("9Ei".into()));
        assert_one(&lines, "resources.alloy.limits.memory", "larger than");
    }
}
