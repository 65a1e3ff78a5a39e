//! Manifests and config as the original program rendered and read them.

use monstack::config::Source;
use monstack::migrate::{Item, Migration, Outcome, migrate};
use serde_json::{Value, json};

const CONFIG: &str = include_str!("original/config.yaml");
const MANIFESTS: &str = include_str!("original/manifests/monitoring.k8s.yaml");

fn of(texts: &[(&str, &str)]) -> Migration {
    let source =
        |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() };
    migrate(texts.iter().map(source).collect()).unwrap_or_else(|report| panic!("{:#?}", report.diagnostics))
}

fn manifests() -> Migration {
    of(&[("m.yaml", MANIFESTS)])
}

/// The one item about a subject that says something.
#[track_caller]
fn item<'a>(migration: &'a Migration, outcome: Outcome, subject: &str, words: &str) -> &'a Item {
    let fits = |item: &&Item| {
        item.outcome == outcome && item.subject.contains(subject) && item.message.contains(words)
    };
    let found: Vec<_> = migration.items.iter().filter(fits).collect();
    assert_eq!(found.len(), 1, "{subject} {words}: {found:#?} of {:#?}", migration.items);
    found[0]
}

#[track_caller]
fn helps(item: &Item, words: &str) {
    assert!(item.help.as_deref().unwrap_or_default().contains(words), "{item:#?}");
}

#[test]
fn the_config_is_taken_as_it_is_with_what_the_program_added() {
    let migration = of(&[("config.yaml", CONFIG)]);
    assert_eq!(
        migration.config,
        json!({
            "resources": { "thanosQuery": { "requests": { "cpu": "25m", "memory": "128Mi" } } },
            "storage": { "class": "longhorn" },
        })
    );
    let version = item(&migration, Outcome::CarriedOver, "versions.prometheus", "v2.55.1");
    assert!(version.is_default);
    assert_eq!(version.place.unwrap().position.to_string(), "2:24");
    helps(item(&migration, Outcome::NotAdopted, "objectStorage.buckets", "names"), "Orphan");
    item(&migration, Outcome::Differs, "retention.metrics", "lifecycle rules");
}

#[test]
fn what_the_schema_refuses_is_left_out_with_its_place_and_help() {
    let text = "namespace: monitoring\nversions: {prometheus: 2.55.1, grafana: 11.4, loki: 3.3.2}\nresources:\n  \
                thanosQuery:\n    reqests: {cpu: 25m}\n    requests: {memory: 128mi}\nreplicas: {thanosCompactor: 2, \
                prometheus: 3}\n";
    let migration = of(&[("config.yaml", text)]);
    assert_eq!(migration.config["replicas"], json!({"prometheus": 3}));
    assert!(migration.config.get("versions").is_none() && migration.config.get("resources").is_none());
    let place = |item: &Item| item.place.unwrap().position.to_string();
    let key = item(&migration, Outcome::LeftOut, "resources.thanosQuery.reqests", "unknown key");
    assert_eq!(place(key), "5:5");
    helps(key, "did you mean \"requests\"?");
    let version = item(&migration, Outcome::LeftOut, "versions.prometheus", "leading v");
    assert_eq!(place(version), "2:24");
    helps(version, "v2.55.1");
    helps(item(&migration, Outcome::LeftOut, "versions.grafana", "11.4"), "11.4.0");
    helps(item(&migration, Outcome::LeftOut, "requests.memory", "128mi"), "128Mi");
    item(&migration, Outcome::LeftOut, "replicas.thanosCompactor", "exactly one compactor");
}

#[test]
fn manifests_say_what_the_config_did_not() {
    let config = manifests().config;
    let at = |path: &str| config.pointer(path).cloned().unwrap_or(Value::Null);
    for (path, expected) in [
        ("/helmChart/namespace", json!("monitoring")),
        ("/charts/kubePrometheusStack/release", json!("prometheus-stack")),
        ("/charts/alloy/release", json!("monitoring-alloy-c8d4e5f6")),
        ("/replicas/loki", json!({"write": 2, "gateway": 1})),
        ("/resources/thanosStore", json!({"limits": {"memory": "3Gi"}})),
        ("/storage/class", json!("longhorn")),
        ("/storage/prometheus", json!("6Gi")),
        ("/storage/thanosCompactor", json!("25Gi")),
        ("/retention/prometheus", json!("4d")),
        // A flag of the compactor comes before a lifecycle rule.
        ("/retention/metrics", json!({"raw": "45d", "1h": "365d"})),
        ("/objectStorage/buckets", json!({"logs": "logs-of-kup6s"})),
        ("/objectStorage/credentials/secret", json!("hetzner-s3-creds")),
        ("/objectStorage/credentials/apiVersion", json!("v1beta1")),
        ("/objectStorage/providerConfig/create", json!(true)),
        ("/scrapeInterval", json!("1m")),
        ("/alloy", json!({"scrapeInterval": "45s", "logLevel": "warn"})),
        ("/grafana/ingress/tlsSecret", json!("grafana-tls")),
        ("/tolerations/0/key", json!("dedicated")),
        ("/podSecurity", Value::Null),
    ] {
        assert_eq!(at(path), expected, "{path}");
    }
}

#[test]
fn values_that_monstack_does_not_set_are_carried_over_and_others_listed() {
    let migration = manifests();
    let values = |chart: &str| migration.config["charts"][chart]["values"].clone();
    assert_eq!(
        values("kubePrometheusStack"),
        json!({
            "prometheus": { "prometheusSpec": { "externalLabels": {"region": "eu-central"}, "walCompression": true } },
            "grafana": { "plugins": ["grafana-clock-panel"] },
        })
    );
    // Another index prefix would hide the logs that are stored.
    assert_eq!(values("loki")["loki"]["schemaConfig"]["configs"][0]["index"]["prefix"], "index_");
    assert_eq!(values("loki")["loki"]["limits_config"], json!({"ingestion_rate_mb": 20}));
    item(&migration, Outcome::Differs, "chunksCache.enabled", "true becomes false");
    let dropped = item(&migration, Outcome::LeftOut, "objectStorageConfig.name", "existingSecret");
    assert_eq!(dropped.place.unwrap().position.to_string(), "160:19");
}

#[test]
fn no_secret_is_repeated() {
    let migration = manifests();
    let everything = format!("{migration:?}");
    assert!(!everything.contains("hunter2") && !everything.contains("prom-operator"));
    item(&migration, Outcome::LeftOut, "grafana.adminPassword", "in clear");
    item(&migration, Outcome::LeftOut, "alertmanager.config", "alerting.configSecret");
}

#[test]
fn buckets_with_data_are_kept() {
    let migration = manifests();
    let adopted = item(&migration, Outcome::Differs, "Bucket metrics-thanos-kup6s", "adopted in place");
    helps(adopted, "kubectl patch buckets.s3.aws.upbound.io metrics-thanos-kup6s");
    let renamed = item(&migration, Outcome::NotAdopted, "Bucket monitoring-loki", "external name");
    helps(renamed, "Orphan");
    let config = "objectStorage: {buckets: {logs: other-logs}}";
    let elsewhere = of(&[("m.yaml", MANIFESTS), ("config.yaml", config)]);
    helps(
        item(&elsewhere, Outcome::NotAdopted, "Bucket monitoring-loki", "not used any more"),
        "objectStorage.buckets.logs: logs-of-kup6s",
    );
}

#[test]
fn immutable_fields_and_new_names_come_with_what_to_do() {
    let migration = manifests();
    let not_adopted = |subject, words| item(&migration, Outcome::NotAdopted, subject, words);
    let store = not_adopted("StatefulSet monitoring/thanos-store", "spec.serviceName");
    assert!(store.message.contains("spec.selector") && store.message.contains("volumeClaimTemplates"));
    helps(store, "kubectl delete statefulset thanos-store -n monitoring;");
    helps(store, "storage-thanos-store-*");
    let compactor =
        not_adopted("compactor-statefulset-c8c0ffee", "becomes StatefulSet monitoring/thanos-compactor");
    helps(compactor, "--replicas=0 before the first apply");
    helps(compactor, "data-thanos-compactor-*");
    not_adopted("thanos-query-deployment-c8a1b2c3", "hash");
    helps(not_adopted("ExternalSecret", "thanos-s3-credentials"), "own one Secret");
    let volumes = not_adopted("HelmChart monitoring/prometheus-stack", "volumes of prometheus");
    assert!(volumes.message.contains("prometheus-prometheus-stack-kube-prom-prometheus-db-"), "{volumes:?}");
    helps(volumes, "claimRef");
    not_adopted("external labels", "`cluster` was missing and becomes `kup6s`");
    // Loki keeps its release, its names and its volumes.
    let loki =
        |item: &&Item| item.outcome == Outcome::NotAdopted && item.subject == "HelmChart monitoring/loki";
    assert!(!migration.items.iter().any(|item| loki(&item)));
}

#[test]
fn a_stateful_set_that_selects_the_same_pods_leaves_them_running() {
    let rendered = of(&[("m.yaml", MANIFESTS)]);
    let config = monstack::config::load(
        vec![Source { name: "c".to_owned(), bytes: rendered.text.into_bytes() }],
        &["storage.thanosStore=30Gi".to_owned()],
    );
    let surroundings = monstack::delivery::Surroundings::default();
    let objects = monstack::stack::render(&config.unwrap().config, &surroundings, |_| true).unwrap().objects;
    let text = monstack::stream::yaml(objects.iter().map(|object| &object.object));
    let manifests = String::from_utf8(text).unwrap();
    let migration = of(&[("m.yaml", &manifests), ("config.yaml", "storage: {thanosStore: 40Gi}")]);
    let store =
        item(&migration, Outcome::NotAdopted, "StatefulSet monitoring/thanos-store", "volumeClaimTemplates");
    helps(store, "--cascade=orphan; its claims stay and are used again");
}

#[test]
fn where_both_disagree_the_config_counts() {
    let migration = of(&[("m.yaml", MANIFESTS), ("config.yaml", CONFIG)]);
    assert!(migration.config["storage"].get("prometheus").is_none(), "{}", migration.text);
    let conflict = item(&migration, Outcome::Differs, "storage.prometheus", "the config says 3Gi");
    assert_eq!(migration.sources[conflict.place.unwrap().source], "config.yaml");
    item(
        &migration,
        Outcome::NotAdopted,
        "HelmChart monitoring/prometheus-stack",
        "the size 6Gi becomes 3Gi",
    );
}

#[test]
fn another_namespace_is_another_stack() {
    let migration = of(&[("m.yaml", MANIFESTS), ("config.yaml", "namespace: obs")]);
    helps(item(&migration, Outcome::NotAdopted, "namespace", "moves from"), "namespace: monitoring");
}

#[test]
fn a_part_of_the_manifests_says_its_part() {
    for document in MANIFESTS.split("---\n") {
        let stranger = document.contains("kind: ConfigMap");
        let source = Source { name: "m.yaml".to_owned(), bytes: document.as_bytes().to_vec() };
        assert_eq!(migrate(vec![source]).is_err(), stranger, "{document}");
    }
}

#[test]
fn a_bucket_lifecycle_of_one_age_is_that_of_the_coarsest_blocks() {
    let lifecycle = "apiVersion: s3.aws.upbound.io/v1beta1\nkind: BucketLifecycleConfiguration\nmetadata: {name: \
                     thanos-bucket-lifecycle}\nspec:\n  forProvider:\n    bucket: metrics-thanos-kup6s\n    rule:\n    - \
                     {id: expire-old-metrics, status: Enabled, expiration: [{days: 900}]}\n";
    let bucket = MANIFESTS.split("---\n").find(|document| document.contains("kind: Bucket\n")).unwrap();
    let migration = of(&[("m.yaml", &format!("{bucket}---\n{lifecycle}"))]);
    assert_eq!(migration.config["retention"], json!({"metrics": {"1h": "900d"}}));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    /// Whatever is torn out of, doubled in or put into the manifests: there is an answer, and a config that is
    /// written is valid.
    #[test]
    fn no_input_breaks_it(
        lines in proptest::collection::vec((0..440_usize, 0..4_u8, "[a-z:{}\\[\\]&*|> \"'~0-9-]{0,12}"), 1..6),
    ) {
        let mut text: Vec<String> = MANIFESTS.lines().map(str::to_owned).collect();
        for (at, what, with) in lines {
            let at = at % text.len();
            match what {
                0 => { text.remove(at); }
                1 => text.insert(at, with),
                2 => { let line = text[at].clone(); text.insert(at, line); }
                _ => {
                    let key = text[at].split_once(':').map(|(key, _)| format!("{key}: {with}"));
                    text[at] = key.unwrap_or(with);
                }
            }
        }
        let source = Source { name: "m.yaml".to_owned(), bytes: text.join("\n").into_bytes() };
        if let Ok(migration) = migrate(vec![source]) {
            let written = Source { name: "c".to_owned(), bytes: migration.text.clone().into_bytes() };
            proptest::prop_assert!(monstack::config::load(vec![written], &[]).is_ok(), "{}", migration.text);
        }
    }
}
