//! Values of Alloy.

use serde_json::Value;

use super::super::draft::Draft;
use super::super::release::Release;
use super::super::report::{Findings, Outcome};
use super::Evidence;
use super::table::{self, Row};

const TEXTS: &[Row] = &[(&["serviceMonitor", "interval"], &["scrapeInterval"])];

const RESOURCES: &[Row] = &[(&["alloy", "resources"], &["alloy"])];

/// Offers what the values say. Of the agent's own configuration only the interval and the log level have keys.
pub(super) fn collect(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    table::texts(TEXTS, release, draft, findings);
    table::resources(RESOURCES, evidence, release, draft, findings);
    if evidence.own && release.flag(&["alloy", "mounts", "varlog"]) == Some(false) {
        let place = release.manifest.place();
        draft.offer(&["features", "logs"], Value::Bool(false), place, findings);
    }
    let Some(content) = release.at(&["alloy", "configMap", "content"]) else { return };
    let text = content.text(&[]).unwrap_or_default();
    if let Some(interval) = argument(text, "prometheus.scrape", "scrape_interval") {
        draft.offer(&["alloy", "scrapeInterval"], interval.into(), content.place(), findings);
    }
    if let Some(level) = argument(text, "logging", "level") {
        draft.offer(&["alloy", "logLevel"], level.into(), content.place(), findings);
    }
    if !evidence.own {
        let message = "monstack writes the agent's configuration; of this one only intervals and the log level are read";
        findings
            .add(Outcome::Differs, Some(content.place()), release.manifest.to_string(), message)
            .help("put a configuration of your own into charts.alloy.values.alloy.configMap.content");
    }
}

/// The text that an argument has in the first block of a component.
fn argument<'a>(configuration: &'a str, block: &str, name: &str) -> Option<&'a str> {
    let mut inside = false;
    for line in configuration.lines() {
        let line = line.trim();
        if line.starts_with(block) && line.ends_with('{') {
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if inside && let Some(value) = line.strip_prefix(name) {
            return value.trim_start().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"');
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn arguments_are_found_in_their_block() {
        let text = "logging {\n\tlevel = \"warn\"\n}\n\nprometheus.scrape \"pods\" {\n\ttargets = []\n\tscrape_interval = \"1m\"\n}\n";
        assert_eq!(argument(text, "logging", "level"), Some("warn"));
        assert_eq!(argument(text, "prometheus.scrape", "scrape_interval"), Some("1m"));
        assert_eq!(argument(text, "logging", "scrape_interval"), None);
        assert_eq!(argument("", "logging", "level"), None);
    }
}
