//! The namespace's Pod Security level lets every workload in. A DaemonSet that it shuts out is accepted all
//! the same and silently has no pods.

use super::Findings;
use crate::config::Config;
use crate::pod_security::requirements;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let Some(enforce) = config.pod_security.enforce else { return };
    for needed in requirements(config).into_iter().filter(|needed| needed.level < enforce) {
        findings
            .error(
                &["podSecurity", "enforce"],
                format!(
                    "`{}` would keep out {}, which needs `{}`: {}",
                    enforce.as_str(),
                    needed.workload,
                    needed.level.as_str(),
                    needed.reason
                ),
            )
            .help(needed.remedy);
    }
}

#[cfg(test)]
mod tests {
    use crate::config::PodSecurityLevel;
    use crate::config::rules::testing::{assert_one, errors};

    #[test]
    fn a_level_that_shuts_out_a_workload_names_it() {
        let lines = errors(|config| config.pod_security.enforce = Some(PodSecurityLevel::Baseline));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("node-exporter") && lines[0].contains("privileged"), "{lines:?}");
    }

    #[test]
    fn a_level_that_the_workloads_allow_is_accepted() {
        let lines = errors(|config| {
            config.features.node_metrics = false;
            config.features.logs = false;
            config.pod_security.enforce = Some(PodSecurityLevel::Baseline);
        });
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn only_the_workload_in_question_is_named() {
        let lines = errors(|config| {
            config.features.node_metrics = false;
            config.pod_security.enforce = Some(PodSecurityLevel::Baseline);
        });
        assert_one(&lines, "podSecurity.enforce", "Alloy");
    }
}
