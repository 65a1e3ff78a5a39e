//! What must exist in the cluster before the stack is applied.

use crate::config::{Config, CredentialsFormat, Delivery};

/// Something that the stack needs and does not create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// Its kind, such as `Secret`.
    pub kind: &'static str,
    /// Its namespace; empty when it has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What it is needed for.
    pub reason: String,
}

/// What a config's stack needs, in the order in which one would provide it.
pub fn list(config: &Config) -> Vec<Prerequisite> {
    let mut all = Vec::new();
    let mut add = |kind, namespace: &str, name: &str, reason: &str| {
        all.push(Prerequisite {
            kind,
            namespace: namespace.into(),
            name: name.into(),
            reason: reason.into(),
        });
    };
    let crd = "CustomResourceDefinition";
    match config.delivery {
        Delivery::HelmChart => {
            add(crd, "", "helmcharts.helm.cattle.io", "K3s' helm-controller installs the charts")
        }
        Delivery::Application => add(crd, "", "applications.argoproj.io", "ArgoCD installs the charts"),
        Delivery::Inline => {}
    }
    let storage = &config.object_storage;
    if config.features.long_term_metrics || config.features.logs {
        let provider = "Crossplane's provider-aws-s3 creates the buckets";
        add(crd, "", "buckets.s3.aws.upbound.io", provider);
        add(crd, "", "bucketversionings.s3.aws.upbound.io", provider);
        if storage.lifecycle.enabled {
            add(crd, "", "bucketlifecycleconfigurations.s3.aws.upbound.io", provider);
        }
        add(crd, "", "externalsecrets.external-secrets.io", "External Secrets copies the S3 credentials");
        if storage.provider_config.create {
            let secret = &storage.provider_config.credentials;
            let reason = format!("key `{}`: AWS credentials file of Crossplane", secret.key);
            add("Secret", secret.namespace.as_str(), secret.secret.as_str(), &reason);
        } else {
            add("ProviderConfig", "", storage.provider_config.name.as_str(), "the buckets refer to it");
        }
        let credentials = &storage.credentials;
        add("ClusterSecretStore", "", credentials.secret_store.as_str(), "source of the S3 credentials");
        let keys = match credentials.format {
            CredentialsFormat::Keys => {
                format!(
                    "keys `{}` and `{}`",
                    credentials.access_key_id_key, credentials.secret_access_key_key
                )
            }
            CredentialsFormat::Ini => format!("key `{}`: AWS credentials file", credentials.ini_key),
        };
        add("Secret", "", credentials.secret.as_str(), &format!("in the ClusterSecretStore, {keys}"));
    }
    let namespace = config.namespace.as_str();
    let admin = &config.grafana.admin;
    let keys = format!("keys `{}` and `{}`: administrator of Grafana", admin.user_key, admin.password_key);
    add("Secret", namespace, admin.secret.as_str(), &keys);
    if let Some(secret) = &config.alerting.config_secret {
        add("Secret", namespace, secret.as_str(), "key `alertmanager.yaml`: configuration of Alertmanager");
    }
    if let Some(secret) = config.alerting.email.as_ref().and_then(|email| email.password_secret.as_ref()) {
        add("Secret", namespace, secret.as_str(), "SMTP password of Alertmanager");
    }
    if let Some(secret) = config.grafana.ingress.as_ref().and_then(|ingress| ingress.tls_secret.as_ref()) {
        add("Secret", namespace, secret.as_str(), "TLS certificate of Grafana (cert-manager may create it)");
    }
    for secret in &config.images.pull_secrets {
        add("Secret", namespace, secret.as_str(), "registry credentials");
    }
    if !config.priority_class.create {
        add("PriorityClass", "", config.priority_class.name.as_str(), "critical pods refer to it");
    }
    if let Some(class) = &config.storage.class {
        add("StorageClass", "", class.as_str(), "volumes");
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(change: impl FnOnce(&mut Config)) -> Vec<String> {
        let mut config = Config::default();
        change(&mut config);
        list(&config).into_iter().map(|needed| format!("{} {}", needed.kind, needed.name)).collect()
    }

    #[test]
    fn a_provider_config_that_is_only_referred_to_must_exist() {
        assert!(names(|_| {}).contains(&"ProviderConfig hetzner-s3".to_owned()));
        let created = names(|config| config.object_storage.provider_config.create = true);
        assert!(!created.contains(&"ProviderConfig hetzner-s3".to_owned()));
    }

    #[test]
    fn without_object_storage_there_is_less_to_provide() {
        let names = names(|config| {
            config.features.logs = false;
            config.features.long_term_metrics = false;
        });
        assert_eq!(names, ["CustomResourceDefinition helmcharts.helm.cattle.io", "Secret grafana-admin"]);
    }
}
