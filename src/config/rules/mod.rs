//! Rules that relate several keys, or that a schema cannot say. Each message gives its reason.

mod addresses;
mod alerting;
mod charts;
mod naming;
mod object_storage;
mod pod_security;
mod replicas;
mod resources;
mod retention;
mod scheduling;
mod storage;
mod versions;

pub(super) use self::resources::LEAST_MEMORY;
use super::Config;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The config cannot be rendered.
    Error,
    /// The config is legal but unwise.
    Warning,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How serious it is.
    pub severity: Severity,
    /// Keys from the root of the config to the place.
    pub path: Vec<String>,
    /// What is wrong, and why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Finding {
    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }
}

/// What the rules found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    /// Records that the config cannot be rendered.
    pub fn error(&mut self, path: &[&str], message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Error, path, message.into())
    }

    /// Records that the config is unwise.
    pub fn warn(&mut self, path: &[&str], message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Warning, path, message.into())
    }

    /// Everything found, in the order in which it was found.
    pub fn into_vec(self) -> Vec<Finding> {
        self.findings
    }

    fn add(&mut self, severity: Severity, path: &[&str], message: String) -> &mut Finding {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        let index = self.findings.len();
        self.findings.push(Finding { severity, path, message, help: None });
        &mut self.findings[index]
    }
}

/// Applies every rule to a config that the schema accepts.
pub fn check(config: &Config, findings: &mut Findings) {
    naming::check(config, findings);
    versions::check(config, findings);
    replicas::check(config, findings);
    resources::check(config, findings);
    storage::check(config, findings);
    retention::check(config, findings);
    object_storage::check(config, findings);
    addresses::check(config, findings);
    alerting::check(config, findings);
    charts::check(config, findings);
    scheduling::check(config, findings);
    pod_security::check(config, findings);
}

/// A small vocabulary for the tests of rules.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Finding, Findings, Severity, check};
    use crate::config::Config;

    fn found(severity: Severity, change: impl FnOnce(&mut Config)) -> Vec<Finding> {
        let mut config = Config::default();
        change(&mut config);
        let mut findings = Findings::default();
        check(&config, &mut findings);
        findings.into_vec().into_iter().filter(|finding| finding.severity == severity).collect()
    }

    /// `path: message` of each error in the default config after a change.
    pub(crate) fn errors(change: impl FnOnce(&mut Config)) -> Vec<String> {
        lines(found(Severity::Error, change))
    }

    /// `path: message` of each warning in the default config after a change.
    pub(crate) fn warnings(change: impl FnOnce(&mut Config)) -> Vec<String> {
        lines(found(Severity::Warning, change))
    }

    /// Asserts that there is one line, at `path`, with `reason` in it.
    pub(crate) fn assert_one(lines: &[String], path: &str, reason: &str) {
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with(&format!("{path}: ")), "{lines:?}");
        assert!(lines[0].contains(reason), "{lines:?}");
    }

    fn lines(findings: Vec<Finding>) -> Vec<String> {
        findings
            .into_iter()
            .map(|finding| format!("{}: {}", finding.path.join("."), finding.message))
            .collect()
    }

    #[test]
    fn the_default_config_breaks_no_rule() {
        assert_eq!(errors(|_| {}), Vec::<String>::new());
    }
}
