//! Prometheus Operator.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Spec, resource_structs};

resource_structs! {
    /// `spec` of a ServiceMonitor. The namespace is its own.
    ServiceMonitorSpec {
        /// Which Services.
        selector: Selector,
        /// Which ports of them.
        endpoints: Vec<Endpoint>,
    }

    /// Selects Services by label.
    Selector {
        /// Labels that must be equal.
        match_labels: BTreeMap<String, String>,
    }

    /// A port that is scraped.
    Endpoint {
        /// Its name.
        port: &'static str,
        /// Path of the metrics.
        path: &'static str,
        /// Scrape interval, as a Prometheus duration.
        interval: String,
    }

    /// `spec` of a PrometheusRule.
    PrometheusRuleSpec {
        /// The rule groups.
        groups: Vec<RuleGroup>,
    }

    /// Rules that are evaluated together.
    RuleGroup {
        /// Unique name.
        name: String,
        /// The alerts.
        rules: Vec<AlertingRule>,
    }

    /// An alert.
    AlertingRule {
        /// Its name.
        alert: &'static str,
        /// PromQL.
        expr: String,
        /// How long the expression must hold, as a Prometheus duration.
        #[serde(skip_serializing_if = "Option::is_none")]
        r#for: Option<&'static str>,
        /// `severity` and others.
        labels: BTreeMap<&'static str, Cow<'static, str>>,
        /// `summary` and `description`, templates of Prometheus.
        annotations: BTreeMap<&'static str, Cow<'static, str>>,
    }
}

impl Spec for ServiceMonitorSpec {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "ServiceMonitor";
}

impl Spec for PrometheusRuleSpec {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "PrometheusRule";
}
