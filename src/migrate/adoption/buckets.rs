//! Buckets: whatever else is created anew, they must not be.

use super::super::evidence::{Evidence, Store, bucket_name, bucket_store};
use super::super::manifest::Manifest;
use super::super::report::{Findings, Outcome};
use super::Rendered;
use crate::config::Config;
use crate::names::Names;

/// Kinds whose objects set something of a bucket that exists.
const SETTINGS: [&str; 2] = ["BucketVersioning", "BucketLifecycleConfiguration"];

/// Says how each bucket with its data is kept.
pub(super) fn compare(evidence: &Evidence, config: &Config, rendered: &Rendered, findings: &mut Findings) {
    let names = Names::new(config);
    for bucket in evidence.of("Bucket") {
        let Some(store) = bucket_store(bucket, evidence) else { continue };
        let new = match store {
            Store::Metrics => names.metrics_bucket(),
            Store::Logs => names.logs_bucket(),
        };
        let former = bucket_name(bucket);
        if former != new {
            let message =
                format!("the bucket {former} with its data is not used any more; {} is {new}", store.key());
            findings
                .add(Outcome::NotAdopted, Some(bucket.place()), bucket.to_string(), message)
                .help(format!("set objectStorage.buckets.{}: {former}", store.key()));
        } else if rendered.twin(bucket).is_none() {
            let message =
                format!("the object becomes Bucket {new}, which adopts the same bucket by its external name");
            findings
                .add(Outcome::NotAdopted, Some(bucket.place()), bucket.to_string(), message)
                .help(orphan(bucket, "before the object is removed, or the bucket goes with it: "));
        } else {
            adopted(bucket, findings);
        }
    }
    for setting in SETTINGS.iter().flat_map(|kind| evidence.of(kind)) {
        if rendered.twin(setting).is_none() && bucket_store(setting, evidence).is_some() {
            let message = "monstack has an object of another name for the same setting of the same bucket";
            findings
                .add(Outcome::NotAdopted, Some(setting.place()), setting.to_string(), message)
                .help("delete the former before the new one is applied: later it would take the new setting with it");
        }
    }
}

/// An object that monstack takes over as it is. Until its first apply the former policy counts.
fn adopted(bucket: Manifest, findings: &mut Findings) {
    let policy = bucket.view.at(&["spec", "deletionPolicy"]);
    if policy.is_some_and(|policy| policy.text(&[]) == Some("Orphan")) {
        return;
    }
    let place = policy.map_or(bucket.place(), |policy| policy.place());
    let message =
        "adopted in place; its `deletionPolicy` becomes `Orphan`, so that the data outlive the object";
    findings
        .add(Outcome::Differs, Some(place), bucket.to_string(), message)
        .help(orphan(bucket, "if the former Application is deleted first: "));
}

fn orphan(bucket: Manifest, when: &str) -> String {
    format!(
        "{when}kubectl patch buckets.s3.aws.upbound.io {} --type merge -p '{{\"spec\":{{\"deletionPolicy\":\"Orphan\"}}}}'",
        bucket.name()
    )
}
