//! Retentions that Prometheus, Thanos and Loki accept.

use std::time::Duration;

use super::Findings;
use crate::config::{Config, PrometheusDuration, duration};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let retention = &config.retention;
    let prometheus = parse(&["retention", "prometheus"], &retention.prometheus, findings);
    if let Some(prometheus) = prometheus {
        if prometheus.is_zero() {
            findings.error(&["retention", "prometheus"], "Prometheus must keep its data for some time");
        } else if config.features.long_term_metrics && prometheus < 6 * HOUR {
            findings.error(
                &["retention", "prometheus"],
                "blocks are uploaded when they are two hours old; less than 6h loses them when the upload is late",
            );
        }
    }
    if config.features.long_term_metrics {
        metrics(config, findings);
    }
    if config.features.logs {
        let logs = parse(&["retention", "logs"], &retention.logs, findings);
        if logs.is_some_and(|logs| !logs.is_zero() && logs < DAY) {
            findings.error(
                &["retention", "logs"],
                "Loki's index has one table per day, so logs are kept at least 24h (or for ever: 0)",
            );
        }
    }
    intervals(config, findings);
}

fn metrics(config: &Config, findings: &mut Findings) {
    let metrics = &config.retention.metrics;
    let raw = parse(&["retention", "metrics", "raw"], &metrics.raw, findings);
    let five_minutes = parse(&["retention", "metrics", "5m"], &metrics.five_minutes, findings);
    let one_hour = parse(&["retention", "metrics", "1h"], &metrics.one_hour, findings);
    if raw.is_some_and(|raw| !raw.is_zero() && raw < 40 * HOUR) {
        findings.error(
            &["retention", "metrics", "raw"],
            "raw blocks are downsampled to 5m when they are 40h old; the compactor refuses to delete them before (0 keeps them for ever)",
        );
    }
    if five_minutes.is_some_and(|five_minutes| !five_minutes.is_zero() && five_minutes < 10 * DAY) {
        findings.error(
            &["retention", "metrics", "5m"],
            "5m blocks are downsampled to 1h when they are 10d old; the compactor refuses to delete them before (0 keeps them for ever)",
        );
    }
    let mut shorter = |key, finer: Option<Duration>, coarser: Option<Duration>| {
        if let (Some(finer), Some(coarser)) = (finer, coarser)
            && !coarser.is_zero()
            && (finer.is_zero() || finer > coarser)
        {
            findings.warn(
                &["retention", "metrics", key],
                "a coarser resolution is kept for a shorter time than a finer one, so long ranges are read from the finer one",
            );
        }
    };
    shorter("5m", raw, five_minutes);
    shorter("1h", five_minutes, one_hour);
}

fn intervals(config: &Config, findings: &mut Findings) {
    let scrape = parse(&["scrapeInterval"], &config.scrape_interval, findings);
    if scrape.is_some_and(|scrape| scrape.is_zero()) {
        findings.error(&["scrapeInterval"], "Prometheus refuses an interval of zero");
    }
    let alloy = config.alloy.scrape_interval.as_str();
    match duration::go(alloy) {
        None => overflow(&["alloy", "scrapeInterval"], alloy, findings),
        Some(interval) if interval < Duration::from_secs(1) => {
            findings.error(
                &["alloy", "scrapeInterval"],
                "less than a second between two scrapes leaves no time for one",
            );
        }
        Some(_) => {}
    }
    let refresh = &config.object_storage.credentials.refresh_interval;
    if duration::kubernetes(refresh.as_str()).is_none() {
        overflow(&["objectStorage", "credentials", "refreshInterval"], refresh.as_str(), findings);
    }
    if duration::kubernetes(config.helm_chart.timeout.as_str()).is_none_or(|timeout| timeout.is_zero()) {
        findings.error(&["helmChart", "timeout"], "an install needs some time");
    }
}

fn parse(path: &[&str], text: &PrometheusDuration, findings: &mut Findings) -> Option<Duration> {
    let parsed = duration::prometheus(text.as_str());
    if parsed.is_none() {
        overflow(path, text.as_str(), findings);
    }
    parsed
}

fn overflow(path: &[&str], text: &str, findings: &mut Findings) {
    findings.error(path, format!("{text} is longer than the 292 years that Go can count"));
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors, warnings};

    #[test]
    fn raw_blocks_are_kept_until_they_are_downsampled() {
        let raw = |text: &str| errors(|config| config.retention.metrics.raw = text.into());
        assert_one(&raw("39h"), "retention.metrics.raw", "40h");
        assert!(raw("40h").is_empty());
        assert!(raw("0d").is_empty());
        assert!(raw("0").is_empty());
    }

    #[test]
    fn five_minute_blocks_are_kept_until_they_are_downsampled() {
        let five_minutes = |text: &str| errors(|config| config.retention.metrics.five_minutes = text.into());
        assert_one(&five_minutes("9d"), "retention.metrics.5m", "10d");
        assert!(five_minutes("10d").is_empty());
        assert!(five_minutes("0d").is_empty());
    }

    #[test]
    fn prometheus_keeps_blocks_until_they_are_uploaded() {
        let prometheus = |text: &str| errors(|config| config.retention.prometheus = text.into());
        assert_one(&prometheus("2h"), "retention.prometheus", "uploaded");
        assert_one(&prometheus("0"), "retention.prometheus", "some time");
        assert!(prometheus("6h").is_empty());
    }

    #[test]
    fn logs_are_kept_for_a_day_or_for_ever() {
        let logs = |text: &str| errors(|config| config.retention.logs = text.into());
        assert_one(&logs("23h"), "retention.logs", "24h");
        assert!(logs("1d").is_empty());
        assert!(logs("0").is_empty());
    }

    #[test]
    fn what_is_left_out_is_not_checked() {
        let lines = errors(|config| {
            config.features.long_term_metrics = false;
            config.retention.metrics.raw = "1h".into();
            config.retention.prometheus = "1h".into();
        });
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn a_short_coarse_retention_is_unwise() {
        let lines = warnings(|config| {
            config.alerting.config_secret = Some("alertmanager".into());
            config.retention.metrics.one_hour = "90d".into();
        });
        assert_one(&lines, "retention.metrics.1h", "coarser");
    }

    #[test]
    fn intervals_are_positive() {
        assert_one(&errors(|config| config.scrape_interval = "0s".into()), "scrapeInterval", "zero");
        assert_one(
            &errors(|config| config.alloy.scrape_interval = "10ms".into()),
            "alloy.scrapeInterval",
            "second",
        );
        assert_one(&errors(|config| config.helm_chart.timeout = "0s".into()), "helmChart.timeout", "time");
    }

    #[test]
    fn durations_stay_in_gos_range() {
        let lines = errors(|config| config.retention.metrics.one_hour = "300y".into());
        assert_one(&lines, "retention.metrics.1h", "292 years");
    }
}
