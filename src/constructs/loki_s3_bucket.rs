//! LokiS3Bucket: the bucket of log chunks.

use super::Parts;
use super::s3_bucket::S3Bucket;
use crate::context::{App, Context};

/// The bucket of log chunks, unless logs are left out.
///
/// Retention is the compactor's of Loki. Only chunks (of `fake`, the one tenant of a Loki without
/// authentication) and index tables may expire: the ruler's rules are in the same bucket.
pub fn render(ctx: &Context) -> Parts {
    if !ctx.config.features.logs {
        return Ok(Vec::new());
    }
    let bucket = S3Bucket {
        name: &ctx.names.logs_bucket(),
        app: App { name: "loki", component: "object-storage", version: None },
        expire_days: ctx.config.object_storage.lifecycle.expire_logs_days,
        expiring_prefixes: &["fake/", "index/"],
    };
    bucket.render(ctx)
}

#[cfg(test)]
mod tests {
    use crate::constructs::testing::{objects, render_of};

    #[test]
    fn without_logs_there_is_no_bucket() {
        assert!(render_of(super::render, "features: {logs: false}").is_empty());
    }

    #[test]
    fn rules_of_the_ruler_never_expire() {
        let config = "objectStorage: {lifecycle: {expireLogsDays: 60}}";
        let objects = objects(render_of(super::render, config));
        assert_eq!(objects[0]["metadata"]["name"], "logs-loki-kup6s");
        let rules = objects[2]["spec"]["forProvider"]["rule"].as_array().unwrap();
        let expiring: Vec<_> = rules.iter().filter(|rule| rule.get("expiration").is_some()).collect();
        assert_eq!(expiring.len(), 2);
        assert_eq!(expiring[0]["id"], "expire-fake");
        for rule in expiring {
            assert_ne!(rule["filter"][0]["prefix"], "");
        }
    }
}
