//! What must exist in the cluster before the stack is applied.

use crate::config::{Config, CredentialsFormat, Delivery, ObjectStorage};

/// Something that the stack needs and does not create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// Its kind, such as `Secret`.
    pub kind: &'static str,
    /// Its namespace; empty when it has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The keys that it has to have, of a Secret.
    pub keys: Vec<String>,
    /// What it is needed for.
    pub reason: String,
}

/// Collects prerequisites.
#[derive(Default)]
struct List(Vec<Prerequisite>);

impl List {
    fn add(&mut self, kind: &'static str, namespace: &str, name: &str, reason: &str) {
        self.add_with_keys(kind, namespace, name, &[], reason);
    }

    fn secret(&mut self, namespace: &str, name: &str, keys: &[&str], reason: &str) {
        self.add_with_keys("Secret", namespace, name, keys, reason);
    }

    fn add_with_keys(
        &mut self,
        kind: &'static str,
        namespace: &str,
        name: &str,
        keys: &[&str],
        reason: &str,
    ) {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        let reason = reason.to_owned();
        self.0.push(Prerequisite {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            keys,
            reason,
        });
    }
}

/// What a config's stack needs, in the order in which one would provide it.
pub fn list(config: &Config) -> Vec<Prerequisite> {
    let mut all = List::default();
    let crd = "CustomResourceDefinition";
    match config.delivery {
        Delivery::HelmChart => {
            all.add(crd, "", "helmcharts.helm.cattle.io", "K3s' helm-controller installs the charts");
        }
        Delivery::Application => {
            all.add(crd, "", "applications.argoproj.io", "ArgoCD installs the charts");
        }
        Delivery::Inline => {}
    }
    if config.features.long_term_metrics || config.features.logs {
        object_storage(&config.object_storage, &mut all);
    }
    let namespace = config.namespace.as_str();
    let admin = &config.grafana.admin;
    let keys = [admin.user_key.as_str(), admin.password_key.as_str()];
    let reason = format!("keys `{}` and `{}`: administrator of Grafana", keys[0], keys[1]);
    all.secret(namespace, admin.secret.as_str(), &keys, &reason);
    if let Some(secret) = &config.alerting.config_secret {
        let key = "alertmanager.yaml";
        let reason = format!("key `{key}`: configuration of Alertmanager");
        all.secret(namespace, secret.as_str(), &[key], &reason);
    }
    if let Some(email) = &config.alerting.email
        && let Some(secret) = &email.password_secret
    {
        let keys = [email.password_key.as_str()];
        all.secret(namespace, secret.as_str(), &keys, "SMTP password of Alertmanager");
    }
    if let Some(secret) = config.grafana.ingress.as_ref().and_then(|ingress| ingress.tls_secret.as_ref()) {
        let reason = "TLS certificate of Grafana (cert-manager may create it)";
        all.secret(namespace, secret.as_str(), &["tls.crt", "tls.key"], reason);
    }
    for secret in &config.images.pull_secrets {
        all.secret(namespace, secret.as_str(), &[], "registry credentials");
    }
    if !config.priority_class.create {
        all.add("PriorityClass", "", config.priority_class.name.as_str(), "critical pods refer to it");
    }
    if let Some(class) = &config.storage.class {
        all.add("StorageClass", "", class.as_str(), "volumes");
    }
    all.0
}

fn object_storage(storage: &ObjectStorage, all: &mut List) {
    let crd = "CustomResourceDefinition";
    let provider = "Crossplane's provider-aws-s3 creates the buckets";
    all.add(crd, "", "buckets.s3.aws.upbound.io", provider);
    all.add(crd, "", "bucketversionings.s3.aws.upbound.io", provider);
    if storage.lifecycle.enabled {
        all.add(crd, "", "bucketlifecycleconfigurations.s3.aws.upbound.io", provider);
    }
    all.add(crd, "", "externalsecrets.external-secrets.io", "External Secrets copies the S3 credentials");
    if storage.provider_config.create {
        let secret = &storage.provider_config.credentials;
        let reason = format!("key `{}`: AWS credentials file of Crossplane", secret.key);
        all.secret(secret.namespace.as_str(), secret.secret.as_str(), &[secret.key.as_str()], &reason);
    } else {
        all.add("ProviderConfig", "", storage.provider_config.name.as_str(), "the buckets refer to it");
    }
    let credentials = &storage.credentials;
    let store = credentials.secret_store.as_str();
    all.add("ClusterSecretStore", "", store, "source of the S3 credentials");
    let keys = credentials.keys();
    let which = match credentials.format {
        CredentialsFormat::Keys => format!("keys `{}`", keys.join("` and `")),
        CredentialsFormat::Ini => format!("key `{}`: AWS credentials file", keys.join("`, `")),
    };
    // Which namespace the Secret is in is the store's choice.
    all.secret("", credentials.secret.as_str(), &keys, &format!("in the ClusterSecretStore, {which}"));
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
