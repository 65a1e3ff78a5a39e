use serde_json::{Value, json};

use crate::constructs::testing::{find, objects, render_of, values};

fn of(config: &str) -> Value {
    values(render_of(super::render, config))
}

#[test]
fn without_logs_there_is_no_loki() {
    assert!(render_of(super::render, "features: {logs: false}").is_empty());
}

#[test]
fn three_writers_hold_each_line_three_times() {
    let factor = |config| of(config)["loki"]["commonConfig"]["replication_factor"].clone();
    assert_eq!(of("{}")["write"]["replicas"], 3);
    assert_eq!(factor("{}"), 3);
    assert_eq!(factor("replicas: {loki: {write: 2}}"), 1);
    assert_eq!(factor("{replicas: {loki: {write: 5}}, loki: {replicationFactor: 5}}"), 5);
}

#[test]
fn replicas_spread_where_possible() {
    let values = of("charts: {loki: {release: logs}}");
    for component in ["write", "read", "backend", "gateway"] {
        let affinity = &values[component]["affinity"]["podAntiAffinity"];
        assert_eq!(affinity["requiredDuringSchedulingIgnoredDuringExecution"], json!([]), "{component}");
        let term = &affinity["preferredDuringSchedulingIgnoredDuringExecution"][0]["podAffinityTerm"];
        assert_eq!(term["topologyKey"], "kubernetes.io/hostname", "{component}");
        let labels = &term["labelSelector"]["matchLabels"];
        assert_eq!(labels["app.kubernetes.io/component"], component);
        assert_eq!(labels["app.kubernetes.io/instance"], "logs");
    }
}

#[test]
fn every_component_has_requests_and_a_memory_limit() {
    let values = of("resources: {loki: {read: {requests: {cpu: 250m}, limits: {memory: 2Gi}}}}");
    for component in ["write", "read", "backend", "gateway"] {
        let resources = &values[component]["resources"];
        assert!(resources["requests"]["cpu"].is_string(), "{component}");
        assert!(resources["limits"]["memory"].is_string(), "{component}");
    }
    assert_eq!(values["read"]["resources"]["requests"]["cpu"], "250m");
    assert_eq!(values["read"]["resources"]["limits"]["memory"], "2Gi");
}

#[test]
fn credentials_come_from_the_environment_only() {
    let values = of("{}");
    for component in ["write", "read", "backend"] {
        let from = json!([{ "secretRef": { "name": "loki-s3-credentials" } }]);
        assert_eq!(values[component]["extraEnvFrom"], from, "{component}");
    }
    let s3 = &values["loki"]["storage"]["s3"];
    assert!(s3.get("accessKeyId").is_none() && s3.get("secretAccessKey").is_none());
}

#[test]
fn chunks_and_index_are_in_the_logs_bucket() {
    let values = of("{cluster: Prod, objectStorage: {endpoint: 'https://s3.example.org', region: eu1}}");
    let storage = &values["loki"]["storage"];
    assert_eq!(storage["bucketNames"]["chunks"], "logs-loki-prod");
    assert_eq!(storage["bucketNames"]["ruler"], "logs-loki-prod");
    let expected = json!({
        "endpoint": "s3.example.org",
        "region": "eu1",
        "s3ForcePathStyle": true,
        "insecure": false,
    });
    assert_eq!(storage["s3"], expected);
}

#[test]
fn an_endpoint_without_tls_is_insecure() {
    let values = of("objectStorage: {endpoint: 'http://minio.minio:9000'}");
    assert_eq!(values["loki"]["storage"]["s3"]["endpoint"], "minio.minio:9000");
    assert_eq!(values["loki"]["storage"]["s3"]["insecure"], true);
}

#[test]
fn the_schema_applies_from_the_configured_day() {
    let values = of("loki: {schemaFrom: '2025-01-15'}");
    let schema = &values["loki"]["schemaConfig"]["configs"][0];
    assert_eq!(schema["from"], "2025-01-15");
    assert_eq!(schema["store"], "tsdb");
    assert_eq!(schema["schema"], "v13");
    assert_eq!(schema["index"]["period"], "24h");
}

#[test]
fn the_compactor_applies_the_retention() {
    let loki = &of("retention: {logs: 31d}")["loki"];
    assert_eq!(loki["limits_config"]["retention_period"], "31d");
    assert_eq!(loki["compactor"]["retention_enabled"], true);
    assert_eq!(loki["compactor"]["delete_request_store"], "s3");
}

#[test]
fn a_retention_of_zero_keeps_logs_for_ever() {
    for zero in ["'0'", "0", "0s", "0d"] {
        let loki = &of(&format!("retention: {{logs: {zero}}}"))["loki"];
        assert_eq!(loki["compactor"]["retention_enabled"], false, "{zero}");
        assert!(loki.get("limits_config").is_none(), "{zero}");
    }
}

#[test]
fn caches_canary_and_tests_are_left_out() {
    let values = of("{}");
    for part in ["chunksCache", "resultsCache", "lokiCanary", "test", "rollout_operator"] {
        assert_eq!(values[part]["enabled"], false, "{part}");
    }
    assert_eq!(values["sidecar"]["rules"]["enabled"], false);
    assert_eq!(values["loki"]["analytics"]["reporting_enabled"], false);
}

#[test]
fn a_rollout_operator_that_comes_uninvited_behaves() {
    let values = of("images: {registry: registry.example.com/mirror, pullSecrets: [pull]}");
    let operator = &values["rollout-operator"];
    assert_eq!(operator["priorityClassName"], "monitoring-critical");
    assert_eq!(operator["resources"]["limits"]["memory"], "200Mi");
    assert_eq!(operator["image"]["repository"], "registry.example.com/mirror/grafana/rollout-operator");
    assert_eq!(operator["imagePullSecrets"][0]["name"], "pull");
}

/// Every image that a feature of the chart can add, in both of the ways in which charts read it.
#[test]
fn optional_images_come_from_the_registry_too() {
    let values = of("images: {registry: r.example.com/m}");
    for (key, repository) in [
        ("memcached", "library/memcached"),
        ("memcachedExporter", "prom/memcached-exporter"),
        ("sidecar", "kiwigrid/k8s-sidecar"),
        ("rollout-operator", "grafana/rollout-operator"),
        ("rollout_operator", "grafana/rollout-operator"),
    ] {
        let image = json!({ "registry": "", "repository": format!("r.example.com/m/{repository}") });
        assert_eq!(values[key]["image"], image, "{key}");
    }
    for pointer in ["/gateway/image", "/gateway/metrics/image", "/lokiCanary/image", "/kubectlImage"] {
        assert_eq!(values.pointer(pointer).unwrap()["registry"], "r.example.com/m", "{pointer}");
    }
    assert_eq!(values["minio"]["mcImage"]["repository"], "r.example.com/m/minio/mc");
}

#[test]
fn volumes_outlive_their_stateful_sets() {
    let values = of("storage: {class: longhorn, loki: {write: 20Gi, backend: 5Gi}}");
    for (component, size) in [("write", "20Gi"), ("backend", "5Gi")] {
        let persistence = &values[component]["persistence"];
        assert_eq!(persistence["size"], size);
        assert_eq!(persistence["storageClass"], "longhorn");
        assert_eq!(persistence["enableStatefulSetAutoDeletePVC"], false);
    }
    assert!(of("{}")["write"]["persistence"].get("storageClass").is_none());
}

#[test]
fn one_tenant_in_simple_scalable_mode() {
    let values = of("{}");
    assert_eq!(values["deploymentMode"], "SimpleScalable");
    assert_eq!(values["loki"]["auth_enabled"], false);
    assert_eq!(values["loki"]["image"]["tag"], "3.3.2");
}

#[test]
fn pods_pass_the_restricted_level() {
    let values = of("{}");
    for context in [&values["loki"]["podSecurityContext"], &values["gateway"]["podSecurityContext"]] {
        assert_eq!(context["runAsNonRoot"], true);
        assert_eq!(context["seccompProfile"]["type"], "RuntimeDefault");
    }
}

#[test]
fn cluster_domain_priority_tolerations_and_registry_are_honoured() {
    let values = of("{clusterDomain: k8s.example.org, priorityClass: {name: vital}, \
        tolerations: [{operator: Exists}], images: {registry: registry.example.com, pullSecrets: [pull]}}");
    assert_eq!(values["global"]["clusterDomain"], "k8s.example.org");
    assert_eq!(values["global"]["priorityClassName"], "vital");
    assert_eq!(values["loki"]["image"]["registry"], "registry.example.com");
    assert_eq!(values["global"]["image"], Value::Null, "it would come before whole repositories, too");
    assert_eq!(values["imagePullSecrets"], json!([{ "name": "pull" }]));
    for component in ["write", "read", "backend", "gateway"] {
        assert_eq!(values[component]["tolerations"], json!([{ "operator": "Exists" }]), "{component}");
    }
}

#[test]
fn each_component_is_scraped_once_and_the_gateway_never() {
    let config = "{namespace: observability, scrapeInterval: 1m, charts: {loki: {release: logs}}}";
    let monitor = find(&objects(render_of(super::render, config)), "ServiceMonitor");
    assert_eq!(monitor["metadata"]["namespace"], "observability");
    let selector = &monitor["spec"]["selector"];
    assert_eq!(selector["matchLabels"]["app.kubernetes.io/instance"], "logs");
    let keys: Vec<_> = selector["matchExpressions"].as_array().unwrap().iter().map(|e| &e["key"]).collect();
    assert_eq!(keys, ["app.kubernetes.io/component", "prometheus.io/service-monitor"]);
    let endpoint = &monitor["spec"]["endpoints"][0];
    assert_eq!(endpoint["interval"], "1m");
    assert_eq!(endpoint["relabelings"][0]["replacement"], "observability/$1");
}
