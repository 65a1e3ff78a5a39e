//! Manifests that monstack has rendered.

use monstack::config::{self, Config, Source};
use monstack::delivery::Surroundings;
use monstack::migrate::{Migration, Outcome, migrate};
use monstack::{stack, stream};
use proptest::prelude::*;
use serde_json::Value;

fn load(texts: &[&str], sets: &[&str]) -> Config {
    let sources = texts.iter().map(|text| source("config.yaml", text.as_bytes())).collect();
    let sets: Vec<_> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = config::load(sources, &sets);
    loaded.unwrap_or_else(|report| panic!("{texts:?}: {:#?}", report.diagnostics)).config
}

fn source(name: &str, bytes: &[u8]) -> Source {
    Source { name: name.to_owned(), bytes: bytes.to_vec() }
}

fn objects(config: &Config) -> Vec<Value> {
    let objects = stack::render(config, &Surroundings::default(), |_| true).unwrap().objects;
    objects.into_iter().map(|object| object.object.value).collect()
}

fn rendered(config: &Config) -> Vec<u8> {
    let objects = stack::render(config, &Surroundings::default(), |_| true).unwrap().objects;
    stream::yaml(objects.iter().map(|object| &object.object))
}

fn migrated(config: &Config) -> Migration {
    migrate(vec![source("rendered.yaml", &rendered(config))]).unwrap()
}

/// The manifests of a config give a config with the same objects, and nothing but what was carried over.
#[track_caller]
fn comes_back(name: &str, config: &Config) {
    let migration = migrated(config);
    let again = load(&[&migration.text], &[]);
    let (expected, found) = (objects(config), objects(&again));
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found, "{name}:\n{}", migration.text);
    }
    assert_eq!(expected.len(), found.len(), "{name}:\n{}", migration.text);
    let others: Vec<_> = migration.items.iter().filter(|item| item.outcome != Outcome::CarriedOver).collect();
    assert!(others.is_empty(), "{name}: {others:#?}");
}

fn file(path: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_example_comes_back() {
    for files in [
        &["tests/configs/defaults.yaml"][..],
        &["tests/configs/original.yaml"],
        &["examples/kup6s/config.yaml"],
        &["examples/minimal/config.yaml"],
        &["examples/overlays/base.yaml", "examples/overlays/staging.yaml"],
        &["examples/overlays/base.yaml", "examples/overlays/production.yaml"],
    ] {
        let texts: Vec<_> = files.iter().map(|path| file(path)).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        for delivery in ["delivery=helmchart", "delivery=application"] {
            comes_back(&format!("{files:?} {delivery}"), &load(&texts, &[delivery]));
        }
    }
}

#[test]
fn of_the_default_stack_nothing_has_to_be_written() {
    let migration = migrated(&load(&["{}"], &[]));
    assert_eq!(migration.config, serde_json::json!({}));
    assert!(migration.items.iter().all(|item| item.is_default), "{:#?}", migration.items);
}

/// One setting each: a path and a value.
const SETTINGS: &[&str] = &[
    "namespace=obs",
    "cluster=Prod_1",
    "clusterDomain=k8s.example",
    "helmChart.namespace=charts",
    "helmChart.timeout=20m",
    "helmChart.failurePolicy=reinstall",
    "helmChart.backOffLimit=0",
    "application.namespace=gitops",
    "application.project=platform",
    "application.server=https://k8s.example:6443",
    "application.automated=false",
    "application.cascadeDelete=true",
    "features.logs=false",
    "features.longTermMetrics=false",
    "features.nodeMetrics=false",
    "versions.prometheus=v2.54.0",
    "versions.grafana=11.3.0",
    "versions.loki=3.3.1",
    "versions.thanos=v0.38.0",
    "charts.kubePrometheusStack.release=kps",
    "charts.kubePrometheusStack.repository=oci://registry.example.com/charts",
    "charts.kubePrometheusStack.version=66.7.0",
    "charts.loki.release=logs",
    "charts.loki.repository=https://charts.example.com",
    "charts.alloy.version=0.10.0",
    "charts.alloy.values={alloy: {extraPorts: [{name: a, port: 1}]}}",
    "charts.loki.values={loki: {auth_enabled: true}, write: null, read: {x: null}}",
    "charts.kubePrometheusStack.values={grafana: {plugins: [], env: {}, replicas: 1}}",
    "replicas.prometheus=3",
    "replicas.alertmanager=1",
    "replicas.kubeStateMetrics=2",
    "replicas.thanosQuery=1",
    "replicas.thanosStore=4",
    "replicas.loki={write: 1, read: 3, backend: 1, gateway: 1}",
    "resources.prometheus={requests: {cpu: 0.5, memory: 1.50Gi}, limits: {cpu: 2, memory: 3000M}}",
    "resources.alertmanager.limits.memory=null",
    "resources.grafana={requests: {cpu: null, memory: null}, limits: {memory: null}}",
    "resources.prometheusOperator.limits.cpu=1",
    "resources.kubeStateMetrics.requests.cpu=.25",
    "resources.nodeExporter.requests.memory=4Gi",
    "resources.thanosSidecar.limits.memory=2e9",
    "resources.thanosQuery.requests.memory=null",
    "resources.thanosStore.limits.memory=6Gi",
    "resources.thanosCompactor={limits: {memory: null}}",
    "resources.loki={write: {requests: {cpu: 1}}, read: {limits: {memory: null}}, backend: {requests: {memory: 5Gi}}, gateway: {limits: {cpu: 1}}}",
    "resources.alloy.limits.memory=1Gi",
    "storage.class=longhorn",
    "storage.prometheus=50Gi",
    "storage.alertmanager=2Gi",
    "storage.grafana=1Gi",
    "storage.thanosStore=1.5Gi",
    "storage.thanosCompactor=100Gi",
    "storage.loki={write: 20Gi, backend: 5Gi}",
    "retention.prometheus=2d",
    "retention.metrics={raw: 5w, 5m: 0d, 1h: 2y}",
    "retention.logs=90d",
    "retention.logs=0",
    "objectStorage.endpoint=http://minio.minio:9000",
    "objectStorage.region=nbg1",
    "objectStorage.buckets={metrics: blocks, logs: chunks}",
    "objectStorage.versioning=Enabled",
    "objectStorage.lifecycle.enabled=false",
    "objectStorage.lifecycle={abortIncompleteMultipartUploadDays: 1, expireMetricsDays: 1000, expireLogsDays: 900}",
    "objectStorage={versioning: Suspended, lifecycle: {noncurrentVersionDays: 5}}",
    "objectStorage.providerConfig.name=other",
    "objectStorage.providerConfig={create: true, credentials: {namespace: a, secret: b, key: c}}",
    "objectStorage.credentials={secretStore: a, secret: b, refreshInterval: 5m, apiVersion: v1beta1}",
    "objectStorage.credentials={accessKeyIdKey: id, secretAccessKeyKey: key}",
    "objectStorage.credentials={format: ini, iniKey: file}",
    "scrapeInterval=15s",
    "controlPlaneMetrics=true",
    "alerting.configSecret=mine",
    "alerting.email={to: a@example.com, from: b@example.com, smarthost: 'mail:25', requireTls: false}",
    "alerting.email={to: a@example.com, from: b@example.com, smarthost: 'mail:25', username: u, passwordSecret: s, passwordKey: k}",
    "grafana={persistence: false}",
    "grafana.admin={secret: a, userKey: b, passwordKey: c}",
    "grafana.ingress={host: g.example.com, className: nginx, tlsSecret: t, annotations: {a: '{{ b }}', c/d: 'true'}}",
    "loki.replicationFactor=2",
    "loki.schemaFrom='2023-01-02'",
    "alloy={scrapeInterval: 5s, logLevel: debug}",
    "podSecurity.audit=baseline",
    "priorityClass={name: mine, value: 10}",
    "priorityClass.create=false",
    "tolerations=[{key: a, operator: Equal, value: b, effect: NoExecute, tolerationSeconds: 5}, {operator: Exists}]",
    "images={registry: 'r.example.com:5000/mirror', pullSecrets: [one, two]}",
];

#[test]
fn every_setting_comes_back() {
    for (index, setting) in SETTINGS.iter().enumerate() {
        // Half of them each, but for those of one delivery.
        let delivery = match setting.split('.').next() {
            Some("application") => "delivery=application",
            Some("helmChart") => "delivery=helmchart",
            _ => ["delivery=helmchart", "delivery=application"][index % 2],
        };
        comes_back(&format!("{setting} {delivery}"), &load(&["{}"], &[setting, delivery]));
    }
}

#[test]
fn a_namespace_that_is_looser_than_it_must_be_comes_back() {
    let config = "{features: {logs: false, nodeMetrics: false}, podSecurity: {enforce: baseline}}";
    comes_back(config, &load(&[config], &[]));
    let stricter = load(&["features: {logs: false, nodeMetrics: false}"], &[]);
    assert!(!migrated(&stricter).text.contains("podSecurity"), "{}", migrated(&stricter).text);
}

#[test]
fn secrets_in_values_of_charts_do_not_come_back() {
    let config = "charts: {kubePrometheusStack: {values: {grafana: {adminPassword: hunter2, plugins: [a]}}}}";
    let migration = migrated(&load(&[config], &[]));
    assert!(migration.text.contains("plugins"), "{}", migration.text);
    assert!(!format!("{migration:?}").contains("hunter2"));
    let left_out: Vec<_> = migration.items.iter().filter(|item| item.outcome == Outcome::LeftOut).collect();
    assert_eq!(left_out.len(), 1, "{left_out:#?}");
    assert_eq!(left_out[0].subject, "charts.kubePrometheusStack.values.grafana.adminPassword");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn settings_come_back_together(
        settings in prop::collection::vec(prop::sample::select(SETTINGS), 1..8),
        delivery in prop::sample::select(&["delivery=helmchart", "delivery=application"][..]),
    ) {
        let sets: Vec<_> = settings.iter().copied().chain([delivery]).map(str::to_owned).collect();
        // Some exclude each other.
        if let Ok(loaded) = config::load(vec![source("config.yaml", b"{}")], &sets) {
            let migration = migrated(&loaded.config);
            let again = load(&[&migration.text], &[]);
            prop_assert_eq!(objects(&again), objects(&loaded.config), "{:?}:\n{}", sets, migration.text);
        }
    }
}
