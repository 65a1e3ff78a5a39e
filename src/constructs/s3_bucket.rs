//! A bucket with its versioning and lifecycle, as ThanosS3Bucket and LokiS3Bucket share it.

use super::{Part, Parts, custom};
use crate::config::Versioning;
use crate::context::{App, Context};
use crate::k8s::custom::CustomResource;
use crate::k8s::custom::crossplane::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfigurationParameters, BucketLifecycleConfigurationSpec,
    BucketParameters, BucketSpec, BucketVersioningParameters, BucketVersioningSpec, Expiration,
    LifecycleFilter, LifecycleRule, NoncurrentVersionExpiration, OBSERVE_CREATE, OBSERVE_CREATE_UPDATE,
    ORPHAN, Reference, VersioningConfiguration,
};
use crate::k8s::{SyncOption, Wave};

/// A bucket of the stack.
pub(super) struct S3Bucket<'a> {
    /// Name of the bucket and of its objects.
    pub(super) name: &'a str,
    /// Who it belongs to.
    pub(super) app: App<'a>,
    /// Days after which objects are removed, if ever.
    pub(super) expire_days: Option<u32>,
    /// Beginnings of the keys that may expire.
    pub(super) expiring_prefixes: &'static [&'static str],
}

impl S3Bucket<'_> {
    /// Bucket, BucketVersioning and, if enabled, BucketLifecycleConfiguration. All survive the removal of
    /// the stack: the data outlives whatever rendered it.
    pub(super) fn render(&self, ctx: &Context) -> Parts {
        let mut parts = vec![self.bucket(ctx)?, self.versioning(ctx)?];
        if ctx.config.object_storage.lifecycle.enabled {
            parts.push(self.lifecycle(ctx)?);
        }
        Ok(parts)
    }

    fn bucket(&self, ctx: &Context) -> Result<Part, serde_json::Error> {
        let spec = BucketSpec {
            deletion_policy: ORPHAN,
            management_policies: OBSERVE_CREATE,
            for_provider: BucketParameters {
                region: ctx.config.object_storage.region.to_string(),
                force_destroy: false,
                object_lock_enabled: false,
            },
            provider_config_ref: provider_config(ctx),
        };
        let mut metadata = ctx.cluster_scoped(self.name, self.app);
        metadata.annotations =
            Some([("crossplane.io/external-name".to_owned(), self.name.to_owned())].into_iter().collect());
        protected(Wave::Buckets, &CustomResource::new(metadata, spec))
    }

    fn versioning(&self, ctx: &Context) -> Result<Part, serde_json::Error> {
        let spec = BucketVersioningSpec {
            deletion_policy: ORPHAN,
            management_policies: OBSERVE_CREATE_UPDATE,
            for_provider: BucketVersioningParameters {
                region: ctx.config.object_storage.region.to_string(),
                bucket_ref: Reference { name: self.name.to_owned() },
                versioning_configuration: VersioningConfiguration {
                    status: match ctx.config.object_storage.versioning {
                        Versioning::Disabled => "Disabled",
                        Versioning::Enabled => "Enabled",
                        Versioning::Suspended => "Suspended",
                    },
                },
            },
            provider_config_ref: provider_config(ctx),
        };
        protected(Wave::Buckets, &CustomResource::new(ctx.cluster_scoped(self.name, self.app), spec))
    }

    fn lifecycle(&self, ctx: &Context) -> Result<Part, serde_json::Error> {
        let spec = BucketLifecycleConfigurationSpec {
            deletion_policy: ORPHAN,
            management_policies: OBSERVE_CREATE_UPDATE,
            for_provider: BucketLifecycleConfigurationParameters {
                region: ctx.config.object_storage.region.to_string(),
                bucket_ref: Reference { name: self.name.to_owned() },
                rule: self.rules(ctx),
            },
            provider_config_ref: provider_config(ctx),
        };
        let mut part =
            protected(Wave::Lifecycle, &CustomResource::new(ctx.cluster_scoped(self.name, self.app), spec))?;
        if let Part::Object(object) = &mut part {
            // Ceph-based stores such as Hetzner's write the rule but never send the header that the provider
            // waits for (hashicorp/terraform-provider-aws#49019): the object stays unready for ever, which
            // must not make the whole Application look broken.
            object.annotate("argocd.argoproj.io/ignore-healthcheck", "true");
        }
        Ok(part)
    }

    fn rules(&self, ctx: &Context) -> Vec<LifecycleRule> {
        let settings = &ctx.config.object_storage.lifecycle;
        let rule = |id: &str, prefix: &str| LifecycleRule {
            id: id.to_owned(),
            status: "Enabled",
            filter: vec![LifecycleFilter { prefix: prefix.to_owned() }],
            abort_incomplete_multipart_upload: Vec::new(),
            expiration: Vec::new(),
            noncurrent_version_expiration: Vec::new(),
        };
        let mut rules = vec![LifecycleRule {
            abort_incomplete_multipart_upload: vec![AbortIncompleteMultipartUpload {
                days_after_initiation: settings.abort_incomplete_multipart_upload_days,
            }],
            ..rule("abort-incomplete-multipart-uploads", "")
        }];
        if ctx.config.object_storage.versioning != Versioning::Disabled {
            rules.push(LifecycleRule {
                noncurrent_version_expiration: vec![NoncurrentVersionExpiration {
                    noncurrent_days: settings.noncurrent_version_days,
                }],
                ..rule("expire-noncurrent-versions", "")
            });
        }
        if let Some(days) = self.expire_days {
            rules.extend(self.expiring_prefixes.iter().map(|prefix| LifecycleRule {
                expiration: vec![Expiration { days }],
                ..rule(format!("expire-{prefix}").trim_end_matches(['-', '/']), prefix)
            }));
        }
        rules
    }
}

fn provider_config(ctx: &Context) -> Reference {
    Reference { name: ctx.config.object_storage.provider_config.name.to_string() }
}

/// A custom resource that ArgoCD neither prunes nor deletes.
fn protected(wave: Wave, resource: &impl serde::Serialize) -> Result<Part, serde_json::Error> {
    custom(wave, &[SyncOption::KeepWhenPruned, SyncOption::KeepWhenDeleted], resource)
}
