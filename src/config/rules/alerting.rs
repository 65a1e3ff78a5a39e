//! Alerts reach somebody.

use super::Findings;
use crate::config::Config;

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let alerting = &config.alerting;
    match (&alerting.config_secret, &alerting.email) {
        (Some(_), Some(_)) => findings
            .error(
                &["alerting", "email"],
                "Alertmanager takes its configuration from one place, and `configSecret` is set too",
            )
            .help("remove one of the two"),
        (None, None) => findings
            .warn(&["alerting"], "no receiver is set: alerts are shown, but nobody is told")
            .help("set alerting.configSecret or alerting.email"),
        _ => {}
    }
    let Some(email) = &alerting.email else { return };
    if email.username.as_deref().is_some_and(|name| name.trim().is_empty()) {
        findings
            .error(&["alerting", "email", "username"], "the user name is empty")
            .help("leave it out for a server that wants none");
        return;
    }
    match (&email.username, &email.password_secret) {
        (Some(_), None) => {
            findings
                .error(&["alerting", "email", "username"], "a user name needs a password")
                .help("name the Secret that holds it in alerting.email.passwordSecret");
        }
        (None, Some(_)) => {
            findings
                .error(&["alerting", "email", "passwordSecret"], "a password needs a user name")
                .help("set alerting.email.username");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::config::rules::testing::{assert_one, errors, warnings};
    use crate::config::{Config, EmailReceiver};

    fn email(config: &mut Config) -> &mut EmailReceiver {
        config.alerting.email.insert(EmailReceiver {
            to: "ops@example.com".into(),
            from: "monitoring@example.com".into(),
            smarthost: "smtp.example.com:587".into(),
            username: None,
            password_secret: None,
            password_key: "password".into(),
            require_tls: true,
        })
    }

    #[test]
    fn without_a_receiver_there_is_a_warning() {
        assert_one(&warnings(|_| {}), "alerting", "nobody is told");
        assert!(warnings(|config| config.alerting.config_secret = Some("alertmanager".into())).is_empty());
    }

    #[test]
    fn there_is_one_configuration() {
        let lines = errors(|config| {
            config.alerting.config_secret = Some("alertmanager".into());
            email(config);
        });
        assert_one(&lines, "alerting.email", "one place");
    }

    #[test]
    fn user_name_and_password_belong_together() {
        let lines = errors(|config| email(config).username = Some(" ".into()));
        assert_one(&lines, "alerting.email.username", "empty");
        let lines = errors(|config| email(config).username = Some("me".into()));
        assert_one(&lines, "alerting.email.username", "needs a password");
        let lines = errors(|config| email(config).password_secret = Some("smtp".into()));
        assert_one(&lines, "alerting.email.passwordSecret", "needs a user name");
    }
}
