//! ThanosS3Bucket: the bucket of metric blocks.

use super::Parts;
use super::s3_bucket::S3Bucket;
use crate::context::{App, Context};

/// The bucket of metric blocks, unless long-term metrics are left out.
///
/// Retention per resolution is the compactor's: a block's resolution stands in its `meta.json`, which a
/// lifecycle rule cannot see.
pub fn render(ctx: &Context) -> Parts {
    if !ctx.config.features.long_term_metrics {
        return Ok(Vec::new());
    }
    let bucket = S3Bucket {
        name: &ctx.names.metrics_bucket(),
        app: App { name: "thanos", component: "object-storage", version: None },
        expire_days: ctx.config.object_storage.lifecycle.expire_metrics_days,
        expiring_prefixes: &[""],
    };
    bucket.render(ctx)
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{objects, render_of};

    #[test]
    fn data_survives_the_removal_of_the_stack() {
        let objects = objects(render_of(super::render, "{}"));
        assert_eq!(objects.len(), 3);
        for object in &objects {
            assert_eq!(object["spec"]["deletionPolicy"], "Orphan");
            let policies = object["spec"]["managementPolicies"].as_array().unwrap();
            assert!(!policies.iter().any(|policy| policy == "Delete" || policy == "*"), "{policies:?}");
            let options =
                object["metadata"]["annotations"]["argocd.argoproj.io/sync-options"].as_str().unwrap();
            assert!(options.contains("Prune=false") && options.contains("Delete=false"));
        }
        assert_eq!(objects[0]["spec"]["forProvider"]["forceDestroy"], false);
    }

    #[test]
    fn the_lifecycle_deletes_no_block() {
        let objects = objects(render_of(super::render, "{}"));
        let rules = objects[2]["spec"]["forProvider"]["rule"].as_array().unwrap();
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0]["abortIncompleteMultipartUpload"][0]["daysAfterInitiation"], 7);
        assert!(rules[0].get("expiration").is_none());
    }

    #[test]
    fn the_lifecycle_comes_last_and_nothing_waits_for_it() {
        let objects = objects(render_of(super::render, "{}"));
        let annotations = &objects[2]["metadata"]["annotations"];
        assert_eq!(annotations["argocd.argoproj.io/sync-wave"], "10");
        assert_eq!(annotations["argocd.argoproj.io/ignore-healthcheck"], "true");
    }

    #[test]
    fn old_versions_of_objects_expire() {
        let objects = objects(render_of(super::render, "objectStorage: {versioning: Enabled}"));
        assert_eq!(objects[1]["spec"]["forProvider"]["versioningConfiguration"]["status"], "Enabled");
        let rules = objects[2]["spec"]["forProvider"]["rule"].as_array().unwrap();
        assert_eq!(rules[1]["noncurrentVersionExpiration"][0]["noncurrentDays"], 30);
    }

    #[test]
    fn expiry_is_an_informed_choice() {
        let config = "objectStorage: {lifecycle: {expireMetricsDays: 1000}}";
        let objects = objects(render_of(super::render, config));
        let rules = objects[2]["spec"]["forProvider"]["rule"].as_array().unwrap();
        assert_eq!(rules[1]["id"], "expire");
        assert_eq!(rules[1]["expiration"][0]["days"], 1000);
    }

    #[test]
    fn a_switch_leaves_out_the_lifecycle() {
        let config = "objectStorage: {lifecycle: {enabled: false}}";
        assert_eq!(objects(render_of(super::render, config)).len(), 2);
    }

    #[test]
    fn the_name_follows_the_cluster_or_the_config() {
        let name = |config| objects(render_of(super::render, config))[0]["metadata"]["name"].clone();
        assert_eq!(name("{}"), "metrics-thanos-kup6s");
        assert_eq!(name("cluster: Prod_1"), "metrics-thanos-prod-1");
        assert_eq!(name("objectStorage: {buckets: {metrics: blocks}}"), "blocks");
    }
}
