//! Crossplane's provider-upjet-aws, cluster-scoped groups.
//!
//! The API versions are the ones that provider 1.x and 2.x both serve with the same shape: `Bucket` and
//! `BucketVersioning` v1beta2 (v1beta1 is deprecated), but `BucketLifecycleConfiguration` v1beta1, whose
//! v1beta2 has objects in 1.x and lists in 2.x (crossplane-contrib/provider-upjet-aws `package/crds`).

use super::{Spec, resource_structs};

/// Keeps the external resource when the object is deleted.
pub const ORPHAN: &str = "Orphan";

/// What Crossplane may do with the external resource. `Delete` is never in the list: an explicit `Delete`
/// wins over `deletionPolicy: Orphan` (crossplane-runtime `pkg/reconciler/managed/policies.go`).
pub type ManagementPolicies = &'static [&'static str];

/// For buckets. Without `Update`: the provider's default tags would be written with a tagging call, which
/// Hetzner does not implement, and `Update` would fail for ever.
pub const OBSERVE_CREATE: ManagementPolicies = &["Observe", "Create"];

/// For settings of a bucket that may change with the config.
pub const OBSERVE_CREATE_UPDATE: ManagementPolicies = &["Observe", "Create", "Update"];

resource_structs! {
    /// A reference to an object by name.
    Reference {
        /// Name of the object.
        name: String,
    }

    /// `spec` of a ProviderConfig.
    ProviderConfigSpec {
        /// Where the credentials are.
        credentials: Credentials,
        /// Which S3 endpoint is meant.
        endpoint: EndpointConfig,
        /// Bucket in the path instead of the host name.
        #[serde(rename = "s3_use_path_style")]
        s3_use_path_style: bool,
        /// No call to AWS STS.
        #[serde(rename = "skip_credentials_validation")]
        skip_credentials_validation: bool,
        /// No call to the EC2 metadata service.
        #[serde(rename = "skip_metadata_api_check")]
        skip_metadata_api_check: bool,
        /// Regions that AWS does not know.
        #[serde(rename = "skip_region_validation")]
        skip_region_validation: bool,
        /// No account id.
        #[serde(rename = "skip_requesting_account_id")]
        skip_requesting_account_id: bool,
    }

    /// Where the credentials are.
    Credentials {
        /// `Secret`
        source: &'static str,
        /// The Secret.
        secret_ref: SecretReference,
    }

    /// A key of a Secret of any namespace.
    SecretReference {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The key.
        key: String,
    }

    /// A custom endpoint.
    EndpointConfig {
        /// Whether the host is used as it is.
        hostname_immutable: bool,
        /// `aws`
        partition_id: &'static str,
        /// Region that requests are signed for.
        signing_region: String,
        /// `Custom`
        source: &'static str,
        /// Services that use it.
        services: Vec<&'static str>,
        /// The address.
        url: EndpointUrl,
    }

    /// The address of a custom endpoint. `Dynamic` would put the region before the host, which Hetzner's
    /// hosts already contain.
    EndpointUrl {
        /// `Static`
        r#type: &'static str,
        /// URL with scheme.
        r#static: String,
    }

    /// `spec` of a managed resource.
    BucketSpec {
        /// `Orphan`
        deletion_policy: &'static str,
        /// What Crossplane may do.
        management_policies: ManagementPolicies,
        /// The bucket.
        for_provider: BucketParameters,
        /// The ProviderConfig.
        provider_config_ref: Reference,
    }

    /// A bucket.
    BucketParameters {
        /// Its region.
        region: String,
        /// Whether deletion empties the bucket first.
        force_destroy: bool,
        /// Whether objects can be locked.
        object_lock_enabled: bool,
    }

    /// `spec` of a BucketVersioning.
    BucketVersioningSpec {
        /// `Orphan`
        deletion_policy: &'static str,
        /// What Crossplane may do.
        management_policies: ManagementPolicies,
        /// The versioning.
        for_provider: BucketVersioningParameters,
        /// The ProviderConfig.
        provider_config_ref: Reference,
    }

    /// Versioning of a bucket.
    BucketVersioningParameters {
        /// Region of the bucket.
        region: String,
        /// The Bucket object.
        bucket_ref: Reference,
        /// The setting; an object in v1beta2.
        versioning_configuration: VersioningConfiguration,
    }

    /// The versioning setting.
    VersioningConfiguration {
        /// `Disabled`, `Enabled` or `Suspended`.
        status: &'static str,
    }

    /// `spec` of a BucketLifecycleConfiguration.
    BucketLifecycleConfigurationSpec {
        /// `Orphan`
        deletion_policy: &'static str,
        /// What Crossplane may do.
        management_policies: ManagementPolicies,
        /// The rules.
        for_provider: BucketLifecycleConfigurationParameters,
        /// The ProviderConfig.
        provider_config_ref: Reference,
    }

    /// Lifecycle rules of a bucket.
    BucketLifecycleConfigurationParameters {
        /// Region of the bucket.
        region: String,
        /// The Bucket object.
        bucket_ref: Reference,
        /// The rules.
        rule: Vec<LifecycleRule>,
    }

    /// A lifecycle rule. Its parts are lists of one in v1beta1.
    LifecycleRule {
        /// Unique name.
        id: String,
        /// `Enabled` or `Disabled`.
        status: &'static str,
        /// Which objects.
        filter: Vec<LifecycleFilter>,
        /// Removal of unfinished multipart uploads.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        abort_incomplete_multipart_upload: Vec<AbortIncompleteMultipartUpload>,
        /// Removal by age.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        expiration: Vec<Expiration>,
        /// Removal of noncurrent versions by age.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        noncurrent_version_expiration: Vec<NoncurrentVersionExpiration>,
    }

    /// Which objects a rule is for.
    LifecycleFilter {
        /// Beginning of the object's key; empty for all.
        prefix: String,
    }

    /// Removal of unfinished multipart uploads.
    AbortIncompleteMultipartUpload {
        /// Days after the upload began.
        days_after_initiation: u32,
    }

    /// Removal by age.
    Expiration {
        /// Days after the object was written.
        days: u32,
    }

    /// Removal of noncurrent versions.
    NoncurrentVersionExpiration {
        /// Days after the version became noncurrent.
        noncurrent_days: u32,
    }
}

impl Spec for ProviderConfigSpec {
    const API_VERSION: &'static str = "aws.upbound.io/v1beta1";
    const KIND: &'static str = "ProviderConfig";
}

impl Spec for BucketSpec {
    const API_VERSION: &'static str = "s3.aws.upbound.io/v1beta2";
    const KIND: &'static str = "Bucket";
}

impl Spec for BucketVersioningSpec {
    const API_VERSION: &'static str = "s3.aws.upbound.io/v1beta2";
    const KIND: &'static str = "BucketVersioning";
}

impl Spec for BucketLifecycleConfigurationSpec {
    const API_VERSION: &'static str = "s3.aws.upbound.io/v1beta1";
    const KIND: &'static str = "BucketLifecycleConfiguration";
}
