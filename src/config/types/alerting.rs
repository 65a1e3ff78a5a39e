//! Where alerts go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EmailAddress, HostPort, ObjectName, SecretKey};

/// Alertmanager's receivers: a Secret with a whole configuration, or one e-mail receiver.
/// With neither, alerts are shown but sent nowhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Alerting {
    /// Name of an existing Secret whose key `alertmanager.yaml` holds Alertmanager's configuration
    /// (field `configSecret` of the Alertmanager resource).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_secret: Option<ObjectName>,
    /// Send every alert but `Watchdog` and `InfoInhibitor` by e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailReceiver>,
}

/// An e-mail receiver. The password stays in a Secret that Alertmanager mounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmailReceiver {
    /// Recipient, or several separated by commas.
    pub to: EmailAddress,
    /// Sender.
    pub from: EmailAddress,
    /// SMTP server with port.
    pub smarthost: HostPort,
    /// User name for SMTP authentication. Needs `passwordSecret`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Existing Secret, in the stack's namespace, that holds the SMTP password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret: Option<ObjectName>,
    /// Key of the password in `passwordSecret`.
    #[serde(default = "password_key")]
    pub password_key: SecretKey,
    /// Whether STARTTLS is required.
    #[serde(default = "require_tls")]
    pub require_tls: bool,
}

fn password_key() -> SecretKey {
    "password".into()
}

fn require_tls() -> bool {
    true
}
