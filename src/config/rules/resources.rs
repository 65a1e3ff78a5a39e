//! Requests fit into limits, and both are plausible.

use super::Findings;
use crate::config::{Config, Resources, quantity};

/// Less memory than this starts no container; it is a forgotten unit.
pub(crate) const LEAST_MEMORY: u128 = 1 << 20;

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

/// The value of a quantity in billionths, if there is nothing wrong with it.
fn check_quantity(path: &[&str], resource: &str, text: &str, findings: &mut Findings) -> Option<u128> {
    let value = quantity::nano(text);
    let Some(value) = value else {
        findings.error(path, format!("{text} is larger than the API server can count"));
        return None;
    };
    if resource != "memory" {
        return Some(value);
    }
    match quantity::bytes(text) {
        Some(0) => {
            findings
                .error(path, "0 bytes neither reserve nor limit anything")
                .help("write `null` to leave it out");
            None
        }
        Some(bytes) if bytes < LEAST_MEMORY => {
            let unit = if bytes == 1 { "byte" } else { "bytes" };
            let finding = findings
                .error(path, format!("{text} is {bytes} {unit}, which is less than any program needs"));
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                finding.help(format!("did you mean {text}Mi?"));
            }
            None
        }
        _ => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, check};
    use crate::config::Config;
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
        let lines = errors(|config| config.resources.alloy.requests.memory = Some("0".into()));
        assert_one(&lines, "resources.alloy.requests.memory", "neither reserve nor limit");
    }

    #[test]
    fn only_a_bare_number_is_offered_a_unit() {
        for (text, help) in
            [("128", Some("did you mean 128Mi?")), ("1e3", None), ("1k", None), ("1Ki", None), ("1.5", None)]
        {
            let mut config = Config::default();
            config.resources.alloy.requests.memory = Some(text.into());
            let mut findings = Findings::default();
            check(&config, &mut findings);
            assert_eq!(findings.into_vec()[0].help.as_deref(), help, "{text}");
        }
    }

    #[test]
    fn quantities_stay_in_the_servers_range() {
        let lines = errors(|config| config.resources.alloy.limits.memory = Some("9Ei".into()));
        assert_one(&lines, "resources.alloy.limits.memory", "larger than");
    }
}
