use serde_json::{Value, json};

use crate::config::Config;
use crate::constructs::testing::{render_of, values};
use crate::context::Context;

fn of(config: &str) -> Value {
    values(render_of(super::render, config))
}

fn content(config: &str) -> String {
    of(config)["alloy"]["configMap"]["content"].as_str().unwrap().to_owned()
}

#[test]
fn it_runs_on_every_node() {
    let controller = &of("tolerations: [{key: other, operator: Exists}]")["controller"];
    assert_eq!(controller["type"], "daemonset");
    assert_eq!(controller["tolerations"], json!([{ "operator": "Exists" }]));
    assert_eq!(controller["priorityClassName"], "monitoring-critical");
}

#[test]
fn both_containers_have_requests_and_a_memory_limit() {
    let values = of("resources: {alloy: {requests: {cpu: 75m}}}");
    for resources in [&values["alloy"]["resources"], &values["configReloader"]["resources"]] {
        assert!(resources["requests"]["cpu"].is_string());
        assert!(resources["limits"]["memory"].is_string());
    }
    assert_eq!(values["alloy"]["resources"]["requests"]["cpu"], "75m");
}

#[test]
fn positions_in_log_files_are_kept_on_the_node() {
    let values = of("{}");
    assert_eq!(values["alloy"]["mounts"]["varlog"], true);
    assert_eq!(values["alloy"]["storagePath"], "/var/lib/alloy");
    let volume = &values["controller"]["volumes"]["extra"][0];
    assert_eq!(volume["hostPath"]["path"], "/var/lib/alloy");
    assert_eq!(values["alloy"]["mounts"]["extra"][0]["name"], volume["name"]);
    assert_eq!(values["global"]["podSecurityContext"]["runAsUser"], 0);
}

#[test]
fn without_logs_it_needs_neither_root_nor_the_node() {
    let values = of("features: {logs: false}");
    assert_eq!(values["alloy"]["mounts"]["varlog"], false);
    assert_eq!(values["controller"]["volumes"]["extra"][0], json!({ "name": "storage", "emptyDir": {} }));
    assert_eq!(values["global"]["podSecurityContext"]["runAsNonRoot"], true);
    let content = content("features: {logs: false}");
    assert!(!content.contains("loki.") && !content.contains("/var/log"), "{content}");
    assert!(content.contains("prometheus.remote_write"), "{content}");
}

#[test]
fn logs_go_to_the_gateway_with_the_clusters_name() {
    let content = content("{namespace: observability, clusterDomain: k8s.example.org, cluster: prod}");
    let url = "\t\turl = \"http://loki-gateway.observability.svc.k8s.example.org/loki/api/v1/push\"\n";
    assert!(content.contains(url), "{content}");
    assert!(content.contains("\t\tcluster = \"prod\",\n"), "{content}");
}

#[test]
fn metrics_go_to_each_replica_of_prometheus() {
    let content = content("replicas: {prometheus: 3}");
    for ordinal in 0..3 {
        let url = format!(
            "http://prometheus-prometheus-prometheus-{ordinal}.prometheus-operated\
             .monitoring.svc.cluster.local:9090/api/v1/write"
        );
        assert_eq!(content.matches(&url).count(), 1, "{url}");
    }
    assert_eq!(content.matches("/api/v1/write").count(), 3);
}

#[test]
fn an_agent_works_on_the_pods_of_its_node() {
    let field = r#"field = "spec.nodeName=" + coalesce(sys.env("HOSTNAME"), constants.hostname)"#;
    assert!(content("{}").contains(field));
}

#[test]
fn level_and_interval_are_those_of_the_config() {
    let content = content("alloy: {logLevel: warn, scrapeInterval: 1m}");
    assert!(content.starts_with("logging {\n\tlevel  = \"warn\"\n\tformat = \"logfmt\"\n}\n\n"), "{content}");
    assert!(content.contains("scrape_interval = \"1m\"\n") && !content.contains("scrape_timeout"));
}

#[test]
fn a_scrape_never_takes_longer_than_the_interval() {
    assert!(content("alloy: {scrapeInterval: 5s}").contains("scrape_timeout  = \"5s\"\n"));
}

#[test]
fn texts_survive_alloys_and_helms_syntax() {
    let config = Config { cluster: "a\"b\\c{{ fail }}".into(), ..Config::default() };
    let values = values(super::render(&Context::new(&config)).unwrap());
    let content = values["alloy"]["configMap"]["content"].as_str().unwrap();
    assert!(content.contains(r#"cluster = "a\"b\\c{{`{{`}} fail }}","#), "{content}");
}

#[test]
fn it_is_monitored_and_reports_to_nobody() {
    let values = of("{}");
    assert_eq!(values["serviceMonitor"]["enabled"], true);
    assert_eq!(values["alloy"]["enableReporting"], false);
    assert_eq!(values["crds"]["create"], false);
}

#[test]
fn images_can_come_from_another_registry() {
    let values = of("images: {registry: registry.example.com, pullSecrets: [pull]}");
    assert_eq!(values["global"]["image"]["registry"], "registry.example.com");
    assert_eq!(values["global"]["image"]["pullSecrets"], json!([{ "name": "pull" }]));
}
