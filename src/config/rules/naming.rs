//! Names that Kubernetes or Helm would refuse, cut, or confuse.

use super::Findings;
use crate::config::{BucketName, Config};
use crate::names::Names;

/// kube-prometheus-stack cuts its full name here (`templates/_helpers.tpl`).
const PROMETHEUS_RELEASE_MAX: usize = 26;
/// Its longest Service is `<release>-query-scheduler-discovery`, and a Service name has at most 63
/// characters.
const LOKI_RELEASE_MAX: usize = 37;
/// Helm's limit for release names.
const RELEASE_MAX: usize = 53;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let namespace = config.namespace.as_str();
    if namespace.starts_with("kube-") {
        findings
            .error(
                &["namespace"],
                format!(
                    "`{namespace}` belongs to Kubernetes, and the stack labels and protects its namespace"
                ),
            )
            .help("use a namespace of its own, such as `monitoring`");
    } else if namespace == "default" {
        findings.warn(
            &["namespace"],
            "the stack labels, protects and restricts its namespace, which in `default` concerns others too",
        );
    }
    priority_class(config, findings);
    releases(config, findings);
    buckets(config, findings);
    unquoted(config, findings);
    if config.cluster_domain.as_str().ends_with(".svc") || config.cluster_domain.as_str() == "svc" {
        findings
            .error(&["clusterDomain"], "`svc` is added to the cluster domain, so it must not be part of it");
    }
}

/// Kubernetes' own classes (pkg/apis/scheduling/types.go) exist in every cluster: they can be referred to.
const SYSTEM_PRIORITY_CLASSES: [&str; 2] = ["system-cluster-critical", "system-node-critical"];

fn priority_class(config: &Config, findings: &mut Findings) {
    let class = &config.priority_class;
    let name = class.name.as_str();
    if !name.starts_with("system-") {
        return;
    }
    let exists = SYSTEM_PRIORITY_CLASSES.contains(&name);
    if class.create || !exists {
        let finding = findings
            .error(&["priorityClass", "name"], "names that begin with `system-` are reserved for Kubernetes");
        if exists {
            finding.help("to refer to the class that every cluster has, set `priorityClass.create: false`");
        }
    }
}

fn releases(config: &Config, findings: &mut Findings) {
    let charts = &config.charts;
    let releases = [
        ("kubePrometheusStack", charts.kube_prometheus_stack.release.as_str(), PROMETHEUS_RELEASE_MAX),
        ("loki", charts.loki.release.as_str(), LOKI_RELEASE_MAX),
        ("alloy", charts.alloy.release.as_str(), RELEASE_MAX),
    ];
    for (index, (chart, release, max)) in releases.iter().enumerate() {
        let path = ["charts", chart, "release"];
        if release.len() > *max {
            findings.error(
                &path,
                format!("names of the chart's objects are cut or refused when this is longer than {max} characters"),
            );
        }
        if [Names::THANOS_QUERY, Names::THANOS_STORE, Names::THANOS_COMPACTOR].contains(release) {
            findings.error(&path, format!("`{release}` is the name of a Thanos component"));
        }
        if releases[..index].iter().any(|(_, other, _)| other == release) {
            findings.error(&path, format!("two releases cannot both be named `{release}`"));
        }
    }
}

/// The charts write names without quotes, and YAML 1.1 takes `on` for a boolean and `123` for a number.
fn unquoted(config: &Config, findings: &mut Findings) {
    let charts = &config.charts;
    let mut check = |path: &[&str], name: &str| {
        if go_yaml::resolve(name) != go_yaml::Value::String {
            findings.error(
                path,
                format!(
                    "the charts write this name without quotes, and YAML takes `{name}` for something else"
                ),
            );
        }
    };
    check(&["namespace"], config.namespace.as_str());
    check(&["charts", "kubePrometheusStack", "release"], charts.kube_prometheus_stack.release.as_str());
    check(&["charts", "loki", "release"], charts.loki.release.as_str());
    check(&["charts", "alloy", "release"], charts.alloy.release.as_str());
    check(&["priorityClass", "name"], config.priority_class.name.as_str());
    check(&["grafana", "admin", "secret"], config.grafana.admin.secret.as_str());
    if let Some(class) = &config.storage.class {
        check(&["storage", "class"], class.as_str());
    }
    if let Some(secret) = &config.alerting.config_secret {
        check(&["alerting", "configSecret"], secret.as_str());
    }
    if let Some(ingress) = &config.grafana.ingress {
        check(&["grafana", "ingress", "host"], ingress.host.as_str());
        if let Some(class) = &ingress.class_name {
            check(&["grafana", "ingress", "className"], class.as_str());
        }
    }
    for (index, secret) in config.images.pull_secrets.iter().enumerate() {
        check(&["images", "pullSecrets", &index.to_string()], secret.as_str());
    }
}

fn buckets(config: &Config, findings: &mut Findings) {
    let names = Names::new(config);
    let given = &config.object_storage.buckets;
    let mut check = |used: bool, key: &str, given: Option<&BucketName>, name: &str| {
        if !used {
            return;
        }
        let path: &[&str] = if given.is_some() { &["objectStorage", "buckets", key] } else { &["cluster"] };
        if !(3..=63).contains(&name.len()) {
            findings
                .error(
                    path,
                    format!("the bucket name `{name}` has {} characters; S3 wants 3 to 63", name.len()),
                )
                .help(format!("set objectStorage.buckets.{key}"));
        }
        let numeric = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
        if name.split('.').count() == 4 && name.split('.').all(numeric) {
            findings
                .error(path, format!("the bucket name `{name}` looks like an IP address, which S3 refuses"));
        }
        if name.split('.').any(|label| label.ends_with('-')) || name.ends_with('.') {
            findings.error(path, format!("the bucket name `{name}` has a part that ends with `-`, which Kubernetes refuses in names"));
        }
    };
    let (metrics, logs) = (names.metrics_bucket(), names.logs_bucket());
    check(config.features.long_term_metrics, "metrics", given.metrics.as_ref(), &metrics);
    check(config.features.logs, "logs", given.logs.as_ref(), &logs);
    if metrics == logs && config.features.long_term_metrics && config.features.logs {
        findings.error(
            &["objectStorage", "buckets", "logs"],
            "Thanos takes every directory of its bucket for a block, so Loki needs another bucket",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn namespaces_of_kubernetes_are_refused() {
        assert_one(
            &errors(|config| config.namespace = "kube-system".into()),
            "namespace",
            "belongs to Kubernetes",
        );
    }

    #[test]
    fn priority_classes_of_kubernetes_are_refused() {
        let lines = errors(|config| config.priority_class.name = "system-cluster-critical".into());
        assert_one(&lines, "priorityClass.name", "reserved");
        let referred = |name: &str| {
            errors(|config| {
                config.priority_class.name = name.into();
                config.priority_class.create = false;
            })
        };
        assert!(referred("system-node-critical").is_empty());
        assert_one(&referred("system-mine"), "priorityClass.name", "reserved");
    }

    #[test]
    fn names_that_the_chart_would_cut_are_refused() {
        let long = "a".repeat(27);
        let lines = errors(|config| config.charts.kube_prometheus_stack.release = long.as_str().into());
        assert_one(&lines, "charts.kubePrometheusStack.release", "26 characters");
    }

    #[test]
    fn names_that_yaml_takes_for_something_else_are_refused() {
        assert_one(&errors(|config| config.namespace = "on".into()), "namespace", "without quotes");
        let lines = errors(|config| config.priority_class.name = "123".into());
        assert_one(&lines, "priorityClass.name", "`123`");
        let lines = errors(|config| config.images.pull_secrets.push("0x1f".into()));
        assert_one(&lines, "images.pullSecrets.0", "`0x1f`");
    }

    #[test]
    fn releases_have_names_of_their_own() {
        let lines = errors(|config| config.charts.alloy.release = "loki".into());
        assert_one(&lines, "charts.alloy.release", "`loki`");
        let lines = errors(|config| config.charts.alloy.release = "thanos-query".into());
        assert_one(&lines, "charts.alloy.release", "Thanos component");
    }

    #[test]
    fn thanos_and_loki_have_buckets_of_their_own() {
        let lines = errors(|config| {
            config.object_storage.buckets.metrics = Some("telemetry".into());
            config.object_storage.buckets.logs = Some("telemetry".into());
        });
        assert_one(&lines, "objectStorage.buckets.logs", "another bucket");
    }

    #[test]
    fn bucket_names_follow_s3() {
        let bucket = |name: &str| errors(|config| config.object_storage.buckets.logs = Some(name.into()));
        assert_one(&bucket("ab"), "objectStorage.buckets.logs", "3 to 63");
        assert_one(&bucket("192.168.0.1"), "objectStorage.buckets.logs", "IP address");
        assert_one(&bucket("logs-"), "objectStorage.buckets.logs", "ends with `-`");
        let lines = errors(|config| config.cluster = "c".repeat(60).as_str().into());
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("cluster: "));
    }
}
