//! Versions that the rendered flags and values are known to fit.

use super::Findings;
use crate::config::{Config, version_numbers};

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let thanos = &config.versions.thanos;
    if version_numbers(thanos.as_str()) < [0, 37, 0] {
        findings.warn(
            &["versions", "thanos"],
            format!("the flags are those of Thanos v0.37 and later; {thanos} may refuse some"),
        );
    }
    let loki = &config.versions.loki;
    if config.features.logs && version_numbers(loki.as_str()) >= [4, 0, 0] {
        findings.warn(
            &["versions", "loki"],
            format!("Loki 4 has no simple scalable mode, which this stack deploys; {loki} will not start"),
        );
    }
    date(config, findings);
}

/// The pattern admits the 30th of February; Loki would refuse to start.
fn date(config: &Config, findings: &mut Findings) {
    let text = config.loki.schema_from.as_str();
    let mut parts = text.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (year, month, day) =
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day > days {
        findings.error(&["loki", "schemaFrom"], format!("{text} is no day of the calendar"));
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::config::rules::testing::{assert_one, errors, warnings};

    fn heard(config: &mut Config) {
        config.alerting.config_secret = Some("alertmanager".into());
    }

    #[test]
    fn versions_out_of_range_are_unwise() {
        let lines = warnings(|config| {
            heard(config);
            config.versions.thanos = "v0.36.1".into();
        });
        assert_one(&lines, "versions.thanos", "v0.37");
        let lines = warnings(|config| {
            heard(config);
            config.versions.loki = "4.0.0".into();
        });
        assert_one(&lines, "versions.loki", "simple scalable");
    }

    #[test]
    fn the_schema_begins_on_a_day_of_the_calendar() {
        assert_one(
            &errors(|config| config.loki.schema_from = "2023-02-29".into()),
            "loki.schemaFrom",
            "calendar",
        );
        assert!(errors(|config| config.loki.schema_from = "2024-02-29".into()).is_empty());
    }
}
