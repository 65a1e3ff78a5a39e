//! `alertmanager`: the Alertmanager object, and where alerts go.

use serde_json::{Value, json};

use super::{disruption_budget, placement, values};
use crate::config::EmailReceiver;
use crate::constructs::merge_values;
use crate::context::Context;

/// Where the operator mounts each Secret of `spec.secrets` (its `pkg/alertmanager/statefulset.go`).
const SECRETS_DIRECTORY: &str = "/etc/alertmanager/secrets";

pub(super) fn values(ctx: &Context) -> Value {
    let config = ctx.config;
    let mut spec = json!({
        "replicas": config.replicas.alertmanager,
        "podAntiAffinity": "soft",
        "resources": values::resources(&config.resources.alertmanager),
        // Silences and the record of what was sent survive a restart.
        "storage": {
            "volumeClaimTemplate": { "spec": values::claim(ctx, &config.storage.alertmanager) },
        },
    });
    merge_values(&mut spec, placement(ctx));
    let mut all = json!({
        "podDisruptionBudget": disruption_budget(config.replicas.alertmanager),
        "alertmanagerSpec": spec,
    });
    let alerting = &config.alerting;
    if let Some(secret) = &alerting.config_secret {
        let spec = json!({ "useExistingSecret": true, "configSecret": secret });
        merge_values(&mut all, json!({ "alertmanagerSpec": spec }));
    } else if let Some(email) = &alerting.email {
        merge_values(&mut all, json!({ "config": configuration(email) }));
        if let Some(secret) = &email.password_secret {
            merge_values(&mut all, json!({ "alertmanagerSpec": { "secrets": [secret] } }));
        }
    }
    all
}

/// Alertmanager's configuration with one e-mail receiver. It is merged over the chart's own, whose
/// inhibition rules and grouping stay. `alertmanager.tplConfig` is off, so braces need no escape.
fn configuration(email: &EmailReceiver) -> Value {
    let mut smtp = json!({
        "to": email.to,
        "from": email.from,
        "smarthost": email.smarthost,
        "require_tls": email.require_tls,
        "send_resolved": true,
    });
    if let Some(username) = &email.username {
        merge_values(&mut smtp, json!({ "auth_username": username }));
    }
    if let Some(secret) = &email.password_secret {
        let file = format!("{SECRETS_DIRECTORY}/{secret}/{}", email.password_key);
        merge_values(&mut smtp, json!({ "auth_password_file": file }));
    }
    json!({
        "route": {
            "receiver": "email",
            // Watchdog fires always and InfoInhibitor only mutes others: neither is news.
            "routes": [{ "receiver": "null", "matchers": ["alertname =~ \"InfoInhibitor|Watchdog\""] }],
        },
        "receivers": [{ "name": "null" }, { "name": "email", "email_configs": [smtp] }],
    })
}
