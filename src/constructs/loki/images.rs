//! Where the chart's images come from when `images.registry` is set, for each of them: `global.image.registry` reaches
//! neither the caches nor the sidecar of 6.24.0, and would come on top of their paths in newer charts.

use serde_json::{Value, json};

use super::merge_values;

/// The values of all images, the optional ones included.
pub(super) fn from_registry(registry: &str) -> Value {
    let mut values = json!({
        "gateway": { "metrics": { "image": { "registry": registry } } },
        "defaults": { "statefulSetRecreateJob": { "image": { "registry": registry } } },
        // Subcharts.
        "minio": {
            "image": { "repository": format!("{registry}/minio/minio") },
            "mcImage": { "repository": format!("{registry}/minio/mc") },
        },
        "rollout-operator": whole(registry, "grafana/rollout-operator"),
        "rollout_operator": whole(registry, "grafana/rollout-operator"),
        // Images whose registry is a part of the repository in 6.24.0.
        "memcached": whole(registry, "library/memcached"),
        "memcachedExporter": whole(registry, "prom/memcached-exporter"),
        "sidecar": whole(registry, "kiwigrid/k8s-sidecar"),
    });
    for key in ["loki", "gateway", "lokiCanary", "test", "enterprise", "grafana-agent-operator"] {
        merge_values(&mut values, json!({ key: { "image": { "registry": registry } } }));
    }
    merge_values(&mut values, json!({ "kubectlImage": { "registry": registry } }));
    values
}

/// An image with its registry in the repository, which charts that have a key for each and charts that have one key
/// read alike.
fn whole(registry: &str, path: &str) -> Value {
    json!({ "image": { "registry": "", "repository": format!("{registry}/{path}") } })
}
