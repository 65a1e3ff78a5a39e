//! External Secrets Operator.

use std::collections::BTreeMap;

use super::{Spec, resource_structs};

resource_structs! {
    /// `spec` of an ExternalSecret.
    ExternalSecretSpec {
        /// How often the source is read again.
        refresh_interval: String,
        /// The store.
        secret_store_ref: SecretStoreReference,
        /// The Secret that is written; always in the ExternalSecret's own namespace.
        target: Target,
        /// What is read.
        data: Vec<Data>,
    }

    /// The store.
    SecretStoreReference {
        /// `ClusterSecretStore`
        kind: &'static str,
        /// Its name.
        name: String,
    }

    /// The Secret that is written.
    Target {
        /// Its name.
        name: String,
        /// `Owner`: it is deleted with the ExternalSecret.
        creation_policy: &'static str,
        /// `Retain`: it stays when the source vanishes.
        deletion_policy: &'static str,
        /// How its keys are made from what was read.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<Template>,
    }

    /// Keys as Go templates over what was read.
    Template {
        /// `v2`
        engine_version: &'static str,
        /// Template per key.
        data: BTreeMap<String, String>,
    }

    /// One value that is read.
    Data {
        /// Name of the value in the template or in the Secret.
        secret_key: String,
        /// Where it is read.
        remote_ref: RemoteReference,
    }

    /// One key of a Secret in the store.
    RemoteReference {
        /// Name of the Secret.
        key: String,
        /// Key of the Secret.
        property: String,
    }
}

impl Spec for ExternalSecretSpec {
    const API_VERSION: &'static str = "external-secrets.io/v1";
    const KIND: &'static str = "ExternalSecret";
}
