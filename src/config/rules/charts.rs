//! Versions and repositories of charts.

use masterminds_semver::Constraint;

use super::Findings;
use crate::config::{Config, Delivery};

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let charts = &config.charts;
    for (key, chart) in [
        ("kubePrometheusStack", &charts.kube_prometheus_stack),
        ("loki", &charts.loki),
        ("alloy", &charts.alloy),
    ] {
        let version = &chart.version;
        let path = ["charts", key, "version"];
        let constraint = Constraint::parse(version.as_str());
        if let (false, Err(error)) = (version.is_exact(), &constraint) {
            findings.error(&path, format!("{version} is neither a version nor a constraint: {error}"));
        } else if !version.is_exact() && config.delivery != Delivery::Inline {
            let message =
                format!("{version} is a constraint, and only `delivery: inline` pins what it means");
            findings.error(&path, message).help("name an exact version");
        }
        let host = chart.repository.as_str().split('/').nth(2).unwrap_or_default();
        if host.contains('@') {
            let path = ["charts", key, "repository"];
            findings
                .error(&path, "this holds credentials, which would be part of every rendered object")
                .help("put them into MONSTACK_CREDENTIALS, or into the configuration of docker or helm");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Delivery;
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn constraints_need_a_lock() {
        let with = |version: &'static str, delivery| {
            errors(|config| {
                config.charts.loki.version = version.into();
                config.delivery = delivery;
            })
        };
        assert!(with("~6.24", Delivery::Inline).is_empty());
        assert_one(
            &with("~6.24", Delivery::HelmChart),
            "charts.loki.version",
            "only `delivery: inline` pins",
        );
        assert_one(
            &with("6..2", Delivery::Inline),
            "charts.loki.version",
            "neither a version nor a constraint",
        );
    }

    #[test]
    fn credentials_do_not_belong_here() {
        let lines = errors(|config| config.charts.alloy.repository = "https://a:b@c.example.com/x".into());
        assert_one(&lines, "charts.alloy.repository", "credentials");
    }
}
