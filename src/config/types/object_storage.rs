//! The S3-compatible object store: buckets, Crossplane provider, credentials.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BucketName, DnsLabel, Endpoint, KubernetesDuration, ObjectName, Region, SecretKey};

/// The S3-compatible object store that keeps metric blocks and log chunks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ObjectStorage {
    /// Host of the S3 API.
    pub endpoint: Endpoint,
    /// Region of the buckets.
    pub region: Region,
    /// Names of the two buckets.
    pub buckets: Buckets,
    /// Versioning of both buckets. `Disabled` suits only buckets that never had it; once enabled,
    /// only `Suspended` turns it off.
    pub versioning: Versioning,
    /// Lifecycle rules of both buckets.
    pub lifecycle: Lifecycle,
    /// Crossplane ProviderConfig that creates the buckets.
    pub provider_config: ProviderConfig,
    /// Credentials of Thanos and Loki, synchronised by External Secrets.
    pub credentials: StorageCredentials,
}

impl Default for ObjectStorage {
    fn default() -> Self {
        Self {
            endpoint: "fsn1.your-objectstorage.com".into(),
            region: "fsn1".into(),
            buckets: Buckets::default(),
            versioning: Versioning::Disabled,
            lifecycle: Lifecycle::default(),
            provider_config: ProviderConfig::default(),
            credentials: StorageCredentials::default(),
        }
    }
}

/// Names of the two buckets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Buckets {
    /// Bucket of Thanos; `metrics-thanos-<cluster>` when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<BucketName>,
    /// Bucket of Loki; `logs-loki-<cluster>` when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<BucketName>,
}

/// Status of a bucket's versioning, as S3 names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Versioning {
    /// Never versioned.
    Disabled,
    /// Every overwrite and deletion keeps the former object as a noncurrent version.
    Enabled,
    /// No new versions; the old ones stay.
    Suspended,
}

/// Lifecycle rules. Blocks and chunks are deleted by the Thanos compactor and Loki's, never by a rule:
/// a rule knows neither a block's resolution nor whether an index still refers to a chunk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Lifecycle {
    /// Whether to render BucketLifecycleConfiguration objects. Hetzner stores the rule but never
    /// confirms it, so there the object stays unready; it comes last and nothing waits for it.
    pub enabled: bool,
    /// Days after which parts of an unfinished multipart upload are removed.
    #[schemars(range(min = 1, max = 365))]
    pub abort_incomplete_multipart_upload_days: u32,
    /// Days after which noncurrent versions are removed (with `versioning` other than `Disabled`).
    #[schemars(range(min = 1, max = 3650))]
    pub noncurrent_version_days: u32,
    /// Days after which any object of the metrics bucket is removed, as a last resort against garbage:
    /// must be longer than every metrics retention. Not set: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 36500))]
    pub expire_metrics_days: Option<u32>,
    /// Days after which any object of the logs bucket is removed: must be longer than the log
    /// retention. Not set: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 36500))]
    pub expire_logs_days: Option<u32>,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            enabled: true,
            abort_incomplete_multipart_upload_days: 7,
            noncurrent_version_days: 30,
            expire_metrics_days: None,
            expire_logs_days: None,
        }
    }
}

/// The ProviderConfig (`aws.upbound.io/v1beta1`) that the buckets refer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProviderConfig {
    /// Its name.
    pub name: ObjectName,
    /// Whether to render it. Off by default: it is cluster-wide and usually owned by the infrastructure.
    pub create: bool,
    /// Secret with an INI file of AWS credentials, used when the ProviderConfig is rendered.
    pub credentials: CredentialsSecret,
}

impl Default for ProviderConfig {
    fn default() -> Self {
        Self { name: "hetzner-s3".into(), create: false, credentials: CredentialsSecret::default() }
    }
}

/// The Secret from which Crossplane reads its credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CredentialsSecret {
    /// Namespace of the Secret.
    pub namespace: DnsLabel,
    /// Name of the Secret.
    pub secret: ObjectName,
    /// Key that holds the INI file (`[default]`, `aws_access_key_id`, `aws_secret_access_key`).
    pub key: SecretKey,
}

impl Default for CredentialsSecret {
    fn default() -> Self {
        Self {
            namespace: "crossplane-system".into(),
            secret: "hetzner-s3-credentials".into(),
            key: "credentials".into(),
        }
    }
}

/// How the stack's namespace gets its S3 credentials: ExternalSecrets that read one source Secret
/// through a ClusterSecretStore.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StorageCredentials {
    /// The ClusterSecretStore.
    pub secret_store: ObjectName,
    /// The source Secret in the store.
    pub secret: ObjectName,
    /// What the source Secret looks like.
    pub format: CredentialsFormat,
    /// Key of the access key id (`format: keys`).
    pub access_key_id_key: SecretKey,
    /// Key of the secret access key (`format: keys`).
    pub secret_access_key_key: SecretKey,
    /// Key of the INI file (`format: ini`).
    pub ini_key: SecretKey,
    /// How often External Secrets reads the source again; `0s` reads it once.
    pub refresh_interval: KubernetesDuration,
    /// API version of the ExternalSecret objects: `v1` needs External Secrets 0.16 or later, `v1beta1` is
    /// for older ones.
    pub api_version: ExternalSecretsVersion,
}

impl StorageCredentials {
    /// The keys that are read from the Secret.
    pub fn keys(&self) -> Vec<&str> {
        match self.format {
            CredentialsFormat::Keys => {
                vec![self.access_key_id_key.as_str(), self.secret_access_key_key.as_str()]
            }
            CredentialsFormat::Ini => vec![self.ini_key.as_str()],
        }
    }
}

impl Default for StorageCredentials {
    fn default() -> Self {
        Self {
            secret_store: "crossplane-secret-store".into(),
            secret: "hetzner-s3-credentials".into(),
            format: CredentialsFormat::Keys,
            access_key_id_key: "AWS_ACCESS_KEY_ID".into(),
            secret_access_key_key: "AWS_SECRET_ACCESS_KEY".into(),
            ini_key: "credentials".into(),
            refresh_interval: "1h".into(),
            api_version: ExternalSecretsVersion::V1,
        }
    }
}

/// What the source Secret looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CredentialsFormat {
    /// Access key id and secret access key under a key each.
    Keys,
    /// One key holding an AWS credentials file, as Crossplane itself needs it.
    Ini,
}

/// API version of ExternalSecret objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExternalSecretsVersion {
    /// `external-secrets.io/v1`
    V1,
    /// `external-secrets.io/v1beta1`
    V1Beta1,
}
