//! Addresses that something can listen on.

use super::Findings;
use crate::config::Config;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let charts = &config.charts;
    check_port(&["application", "server"], config.application.server.as_str(), findings);
    for (chart, repository) in [
        ("kubePrometheusStack", &charts.kube_prometheus_stack.repository),
        ("loki", &charts.loki.repository),
        ("alloy", &charts.alloy.repository),
    ] {
        check_port(&["charts", chart, "repository"], repository.as_str(), findings);
    }
    if config.features.logs || config.features.long_term_metrics {
        let endpoint = config.object_storage.endpoint.as_str();
        check_host_and_port(&["objectStorage", "endpoint"], endpoint, findings);
    }
    if let Some(registry) = &config.images.registry {
        check_host_and_port(&["images", "registry"], registry.as_str(), findings);
    }
    if let Some(email) = &config.alerting.email {
        check_host_and_port(&["alerting", "email", "smarthost"], email.smarthost.as_str(), findings);
    }
}

fn check_host_and_port(path: &[&str], address: &str, findings: &mut Findings) {
    let host = host_and_port(address).0;
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.trim_matches('-') == label;
    if !host.split('.').all(is_label) {
        findings.error(
            path,
            format!("`{host}` is no host name: each part between dots has 1 to 63 characters and neither begins nor ends with `-`"),
        );
    }
    check_port(path, address, findings);
}

fn check_port(path: &[&str], address: &str, findings: &mut Findings) {
    let Some(port) = host_and_port(address).1 else { return };
    if port.parse::<u16>().is_ok_and(|port| port > 0) {
        return;
    }
    findings.error(path, format!("the port {port} does not exist: ports are 1 to 65535"));
}

/// Host and port of an address, without its scheme, user and path.
fn host_and_port(address: &str) -> (&str, Option<&str>) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn addresses_are_taken_apart() {
        for (address, host, port) in [
            ("a.b", "a.b", None),
            ("https://a.b:443", "a.b", Some("443")),
            ("a:5000/b:c/d", "a", Some("5000")),
            ("https://me:secret@a/x", "a", None),
            ("https://[::1]:6443", "[::1]", Some("6443")),
            ("https://[::1]", "[::1]", None),
        ] {
            assert_eq!(host_and_port(address), (host, port), "{address}");
        }
    }

    #[test]
    fn ports_exist() {
        let endpoint = |text: &str| errors(|config| config.object_storage.endpoint = text.into());
        assert_one(&endpoint("s3.example.com:65536"), "objectStorage.endpoint", "1 to 65535");
        assert_one(&endpoint("s3.example.com:0"), "objectStorage.endpoint", "1 to 65535");
        assert!(endpoint("s3.example.com:65535").is_empty());
        let lines = errors(|config| config.images.registry = Some("localhost:99999/mirror".into()));
        assert_one(&lines, "images.registry", "99999");
        let lines = errors(|config| config.application.server = "https://10.0.0.1:70000".into());
        assert_one(&lines, "application.server", "70000");
        let lines = errors(|config| config.charts.alloy.repository = "http://charts:123456/x".into());
        assert_one(&lines, "charts.alloy.repository", "123456");
    }

    #[test]
    fn hosts_have_names() {
        let endpoint = |text: &str| errors(|config| config.object_storage.endpoint = text.into());
        for text in ["a..b", "https://a.-b.c", "a-.b:1"] {
            assert_one(&endpoint(text), "objectStorage.endpoint", "no host name");
        }
        assert!(endpoint("http://10.0.0.1:9000").is_empty());
    }
}
