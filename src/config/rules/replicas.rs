//! Replica counts that work.

use super::Findings;
use crate::config::Config;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let replicas = &config.replicas;
    if replicas.thanos_compactor != 1 {
        findings.error(
            &["replicas", "thanosCompactor"],
            "there must be exactly one compactor: object stores have no locks, and two of them corrupt the bucket",
        );
    }
    if replicas.prometheus_operator != 1 {
        findings.error(
            &["replicas", "prometheusOperator"],
            "there must be exactly one operator: it elects no leader, and two would undo each other's work",
        );
    }
    if replicas.grafana > 1 && config.grafana.persistence {
        findings
            .error(&["replicas", "grafana"], "several Grafanas cannot share the SQLite database on one volume")
            .help("set grafana.persistence: false and an external database in charts.kubePrometheusStack.values.grafana");
    }
    if replicas.kube_state_metrics > 1 {
        findings.warn(
            &["replicas", "kubeStateMetrics"],
            "every replica reports every object, so each series of kube-state-metrics is stored several times",
        );
    }
    loki(config, findings);
}

fn loki(config: &Config, findings: &mut Findings) {
    let writers = config.replicas.loki.write;
    let Some(factor) = config.loki.replication_factor.filter(|_| config.features.logs) else { return };
    if factor > writers {
        findings
            .error(
                &["loki", "replicationFactor"],
                format!("each log line goes to {factor} writers, but there are only {writers} (replicas.loki.write)"),
            )
            .help(format!("lower it to {writers}, or raise replicas.loki.write to {factor}"));
    } else if factor == 2 {
        findings
            .warn(
                &["loki", "replicationFactor"],
                "a quorum of 2 is 2: a line is refused whenever one of its writers restarts",
            )
            .help("use 3 with three writers, or 1");
    }
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors, warnings};

    #[test]
    fn there_is_exactly_one_compactor() {
        assert_one(
            &errors(|config| config.replicas.thanos_compactor = 2),
            "replicas.thanosCompactor",
            "corrupt",
        );
    }

    #[test]
    fn there_is_exactly_one_operator() {
        assert_one(
            &errors(|config| config.replicas.prometheus_operator = 2),
            "replicas.prometheusOperator",
            "leader",
        );
    }

    #[test]
    fn several_grafanas_need_a_database() {
        assert_one(&errors(|config| config.replicas.grafana = 2), "replicas.grafana", "SQLite");
        let lines = errors(|config| {
            config.replicas.grafana = 2;
            config.grafana.persistence = false;
        });
        assert!(lines.is_empty());
    }

    #[test]
    fn log_lines_need_as_many_writers_as_copies() {
        let lines = errors(|config| {
            config.replicas.loki.write = 2;
            config.loki.replication_factor = Some(3);
        });
        assert_one(&lines, "loki.replicationFactor", "only 2");
    }

    #[test]
    fn a_replication_factor_of_two_is_unwise() {
        let lines = warnings(|config| {
            config.alerting.config_secret = Some("alertmanager".into());
            config.loki.replication_factor = Some(2);
        });
        assert_one(&lines, "loki.replicationFactor", "quorum");
    }
}
