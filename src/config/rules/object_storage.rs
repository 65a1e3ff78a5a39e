//! Lifecycle rules never delete data that Thanos or Loki still owns.

use std::time::Duration;

use super::Findings;
use crate::config::{Config, Versioning, duration};

const DAY: Duration = Duration::from_secs(86_400);
/// Blocks and chunks are deleted some days after their retention: compaction, `--delete-delay`, outages.
const SLACK_DAYS: u64 = 7;
/// Hetzner's hosts are `<location>.your-objectstorage.com`, and the location is the region.
const HETZNER: &str = ".your-objectstorage.com";

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let storage = &config.object_storage;
    let retention = &config.retention;
    if config.features.long_term_metrics {
        let metrics = [&retention.metrics.raw, &retention.metrics.five_minutes, &retention.metrics.one_hour];
        let owner = "retention.metrics";
        expiry(
            storage.lifecycle.expire_metrics_days,
            "expireMetricsDays",
            &metrics.map(|d| d.as_str()),
            owner,
            findings,
        );
    }
    if config.features.logs {
        let logs = [retention.logs.as_str()];
        expiry(storage.lifecycle.expire_logs_days, "expireLogsDays", &logs, "retention.logs", findings);
    }
    if !config.features.long_term_metrics && !config.features.logs {
        return;
    }
    if storage.versioning == Versioning::Enabled && !storage.lifecycle.enabled {
        findings
            .warn(
                &["objectStorage", "versioning"],
                "without lifecycle rules every old version of every object is kept for ever",
            )
            .help("set objectStorage.lifecycle.enabled: true");
    }
    if storage.endpoint.insecure() {
        findings.warn(
            &["objectStorage", "endpoint"],
            "without TLS, credentials and data cross the network in clear",
        );
    }
    if let Some(location) = storage.endpoint.host().strip_suffix(HETZNER)
        && location != storage.region.as_str()
    {
        findings
            .warn(
                &["objectStorage", "region"],
                format!(
                    "the endpoint is in `{location}`, but requests are signed for region `{}`",
                    storage.region
                ),
            )
            .help(format!("set objectStorage.region: {location}"));
    }
}

/// Checks a bucket's expiry against the retentions of its data, the longest of which counts.
fn expiry(days: Option<u32>, key: &str, retentions: &[&str], owner: &str, findings: &mut Findings) {
    let Some(days) = days else { return };
    let path = ["objectStorage", "lifecycle", key];
    let lengths: Option<Vec<_>> = retentions.iter().map(|text| duration::prometheus(text)).collect();
    let Some(lengths) = lengths else { return };
    if lengths.iter().any(Duration::is_zero) {
        findings.error(&path, format!("`{owner}` keeps data for ever, which this rule would delete"));
        return;
    }
    let longest = lengths.into_iter().max().unwrap_or_default();
    let needed = longest.as_secs().div_ceil(DAY.as_secs());
    if u64::from(days) <= needed {
        findings
            .error(
                &path,
                format!("the rule would delete data after {days}d that `{owner}` keeps for {needed}d"),
            )
            .help(format!("set it to {} or more", needed + SLACK_DAYS));
    } else if u64::from(days) < needed + SLACK_DAYS {
        findings
            .warn(
                &path,
                format!("`{owner}` is {needed} days, and what is due for deletion may stay some days longer"),
            )
            .help(format!("set it to {} or more", needed + SLACK_DAYS));
    }
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors, warnings};
    use crate::config::{Config, Versioning};

    fn heard(config: &mut Config) {
        config.alerting.config_secret = Some("alertmanager".into());
    }

    #[test]
    fn metrics_never_expire_before_their_longest_retention() {
        let path = "objectStorage.lifecycle.expireMetricsDays";
        let expire = |days| errors(|config| config.object_storage.lifecycle.expire_metrics_days = Some(days));
        assert_one(&expire(730), path, "730");
        assert_one(&expire(30), path, "would delete data");
        assert!(expire(731).is_empty());
    }

    #[test]
    fn what_is_kept_for_ever_never_expires() {
        let lines = errors(|config| {
            config.retention.metrics.five_minutes = "0d".into();
            config.object_storage.lifecycle.expire_metrics_days = Some(36_500);
        });
        assert_one(&lines, "objectStorage.lifecycle.expireMetricsDays", "for ever");
    }

    #[test]
    fn logs_never_expire_before_their_retention() {
        let expire = |days| errors(|config| config.object_storage.lifecycle.expire_logs_days = Some(days));
        assert_one(&expire(31), "objectStorage.lifecycle.expireLogsDays", "31");
        assert!(expire(38).is_empty());
    }

    #[test]
    fn a_tight_expiry_is_unwise() {
        let lines = warnings(|config| {
            heard(config);
            config.object_storage.lifecycle.expire_logs_days = Some(32);
        });
        assert_one(&lines, "objectStorage.lifecycle.expireLogsDays", "some days longer");
    }

    #[test]
    fn unwise_choices_are_named() {
        let lines = warnings(|config| {
            heard(config);
            config.object_storage.versioning = Versioning::Enabled;
            config.object_storage.lifecycle.enabled = false;
        });
        assert_one(&lines, "objectStorage.versioning", "for ever");
        let lines = warnings(|config| {
            heard(config);
            config.object_storage.endpoint = "http://minio:9000".into();
        });
        assert_one(&lines, "objectStorage.endpoint", "TLS");
        let lines = warnings(|config| {
            heard(config);
            config.object_storage.region = "hel1".into();
        });
        assert_one(&lines, "objectStorage.region", "`fsn1`");
    }
}
