use serde_json::{Value, json};

use crate::constructs::testing::{find, objects, render_of, values};

fn of(config: &str) -> Value {
    values(render_of(super::render, config))
}

fn prometheus(config: &str) -> Value {
    of(config)["prometheus"]["prometheusSpec"].clone()
}

fn grafana(config: &str) -> Value {
    of(config)["grafana"].clone()
}

#[test]
fn two_replicas_on_different_nodes_where_possible() {
    let values = of("{}");
    assert_eq!(values["prometheus"]["prometheusSpec"]["replicas"], 2);
    assert_eq!(values["prometheus"]["prometheusSpec"]["podAntiAffinity"], "soft");
    assert_eq!(values["alertmanager"]["alertmanagerSpec"]["replicas"], 2);
    assert_eq!(values["alertmanager"]["alertmanagerSpec"]["podAntiAffinity"], "soft");
}

#[test]
fn a_drain_may_take_one_of_several_replicas_and_a_single_one() {
    let values = of("replicas: {prometheus: 3, alertmanager: 1}");
    assert_eq!(values["prometheus"]["podDisruptionBudget"], json!({ "enabled": true, "minAvailable": 2 }));
    assert_eq!(values["alertmanager"]["podDisruptionBudget"], json!({ "enabled": false }));
}

#[test]
fn resources_are_those_of_the_config() {
    let config = "resources: {prometheus: {requests: {cpu: '0.25', memory: 2Gi}, limits: {memory: 4Gi}}}";
    let expected = json!({ "requests": { "cpu": "0.25", "memory": "2Gi" }, "limits": { "memory": "4Gi" } });
    assert_eq!(prometheus(config)["resources"], expected);
}

#[test]
fn every_container_has_requests_and_a_memory_limit() {
    let values = of("{}");
    for pointer in [
        "/prometheus/prometheusSpec/resources",
        "/prometheus/prometheusSpec/thanos/resources",
        "/alertmanager/alertmanagerSpec/resources",
        "/prometheusOperator/resources",
        "/prometheusOperator/prometheusConfigReloader/resources",
        "/grafana/resources",
        "/grafana/sidecar/resources",
        "/kube-state-metrics/resources",
        "/prometheus-node-exporter/resources",
    ] {
        let resources = values.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        assert!(resources["requests"]["cpu"].is_string(), "{pointer}");
        assert!(resources["requests"]["memory"].is_string(), "{pointer}");
        assert!(resources["limits"]["memory"].is_string(), "{pointer}");
    }
}

#[test]
fn the_sidecar_reads_the_object_store_configuration_from_its_secret() {
    let thanos = &prometheus("{}")["thanos"];
    assert_eq!(thanos["image"], "quay.io/thanos/thanos:v0.37.2");
    assert_eq!(thanos["version"], "v0.37.2");
    let secret = json!({ "existingSecret": { "name": "thanos-objstore-config", "key": "objstore.yml" } });
    assert_eq!(thanos["objectStorageConfig"], secret);
}

#[test]
fn without_long_term_metrics_the_sidecar_still_answers_queries() {
    let thanos = &prometheus("features: {longTermMetrics: false}")["thanos"];
    assert_eq!(thanos["image"], "quay.io/thanos/thanos:v0.37.2");
    assert!(thanos.get("objectStorageConfig").is_none());
}

#[test]
fn sidecars_that_vanish_raise_an_alert() {
    let rule = find(&objects(render_of(super::render, "namespace: obs")), "PrometheusRule");
    let down = &rule["spec"]["groups"][0]["rules"][0];
    assert_eq!(down["alert"], "ThanosSidecarIsDown");
    assert_eq!(down["expr"], "absent(up{job=\"thanos-sidecar\",namespace=\"obs\"} == 1)");
    assert_eq!(down["labels"]["job"], "thanos-sidecar");
}

#[test]
fn metrics_of_the_sidecar_have_the_job_that_its_alerts_select() {
    let monitor = &of("{}")["prometheus"]["thanosServiceMonitor"];
    assert_eq!(monitor["enabled"], true);
    assert_eq!(monitor["relabelings"][0]["targetLabel"], "job");
    assert_eq!(monitor["relabelings"][0]["replacement"], "thanos-sidecar");
}

#[test]
fn blocks_may_fill_four_fifths_of_the_volume() {
    assert_eq!(prometheus("{}")["retentionSize"], "2457MB");
    assert_eq!(prometheus("storage: {prometheus: 100Gi}")["retentionSize"], "81920MB");
}

#[test]
fn durations_are_passed_on_as_written() {
    let spec = prometheus("{retention: {prometheus: 1w}, scrapeInterval: 1m30s}");
    assert_eq!(spec["retention"], "1w");
    assert_eq!(spec["scrapeInterval"], "1m30s");
}

#[test]
fn external_labels_tell_clusters_and_replicas_apart() {
    let spec = prometheus("cluster: prod");
    assert_eq!(spec["externalLabels"], json!({ "cluster": "prod" }));
    assert_eq!(spec["replicaExternalLabelName"], "prometheus_replica");
}

#[test]
fn monitors_and_rules_of_any_release_are_selected() {
    let spec = prometheus("{}");
    for kind in ["serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig"] {
        assert_eq!(spec[format!("{kind}SelectorNilUsesHelmValues")], false, "{kind}");
    }
}

#[test]
fn the_storage_class_is_named_only_when_the_config_names_one() {
    let claim = |config| prometheus(config)["storageSpec"]["volumeClaimTemplate"]["spec"].clone();
    assert!(claim("{}").get("storageClassName").is_none());
    assert_eq!(claim("storage: {class: longhorn}")["storageClassName"], "longhorn");
    assert!(grafana("{}")["persistence"].get("storageClassName").is_none());
    assert_eq!(grafana("storage: {class: longhorn}")["persistence"]["storageClassName"], "longhorn");
}

#[test]
fn no_helm_hook_is_needed() {
    let values = of("{}");
    assert_eq!(values["prometheusOperator"]["admissionWebhooks"]["enabled"], false);
    assert_eq!(values["prometheusOperator"]["tls"]["enabled"], false);
    assert_eq!(values["grafana"]["testFramework"]["enabled"], false);
}

#[test]
fn the_control_plane_is_scraped_on_demand() {
    for (config, enabled) in [("{}", false), ("controlPlaneMetrics: true", true)] {
        let values = of(config);
        for part in ["kubeControllerManager", "kubeScheduler", "kubeProxy", "kubeEtcd"] {
            assert_eq!(values[part]["enabled"], enabled, "{part}");
        }
    }
}

#[test]
fn every_pod_has_the_priority_class_and_the_tolerations() {
    let values = of("{priorityClass: {name: vital}, tolerations: [{key: dedicated, operator: Exists}]}");
    for pointer in [
        "/prometheus/prometheusSpec",
        "/alertmanager/alertmanagerSpec",
        "/prometheusOperator",
        "/grafana",
        "/kube-state-metrics",
    ] {
        let pod = values.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        assert_eq!(pod["priorityClassName"], "vital", "{pointer}");
        assert_eq!(pod["tolerations"], json!([{ "key": "dedicated", "operator": "Exists" }]), "{pointer}");
    }
    let node_exporter = &values["prometheus-node-exporter"];
    assert_eq!(node_exporter["priorityClassName"], "vital");
    assert_eq!(node_exporter["tolerations"], json!([{ "operator": "Exists" }]));
}

#[test]
fn node_metrics_can_be_left_out() {
    assert_eq!(of("{}")["nodeExporter"]["enabled"], true);
    assert_eq!(of("features: {nodeMetrics: false}")["nodeExporter"]["enabled"], false);
}

#[test]
fn objects_are_named_after_the_release() {
    let values = of("charts: {kubePrometheusStack: {release: obs}}");
    assert_eq!(values["fullnameOverride"], "obs");
    assert_eq!(values["grafana"]["fullnameOverride"], "obs-grafana");
    assert_eq!(values["kube-state-metrics"]["fullnameOverride"], "obs-kube-state-metrics");
    assert_eq!(values["prometheus-node-exporter"]["fullnameOverride"], "obs-node-exporter");
}

#[test]
fn grafana_asks_thanos_query_by_default() {
    let grafana = grafana("{namespace: observability, clusterDomain: k8s.example.org}");
    assert_eq!(
        grafana["sidecar"]["datasources"]["url"],
        "http://thanos-query.observability.svc.k8s.example.org:9090"
    );
    let sources = &grafana["additionalDataSources"];
    assert_eq!(sources[0]["uid"], "prometheus-local");
    assert_eq!(sources[0]["url"], "http://prometheus-prometheus.observability.svc.k8s.example.org:9090");
    assert_eq!(sources[1]["uid"], "loki");
    assert_eq!(sources[1]["url"], "http://loki-gateway.observability.svc.k8s.example.org");
}

#[test]
fn without_logs_there_is_no_loki_datasource() {
    let grafana = grafana("features: {logs: false}");
    let sources = grafana["additionalDataSources"].as_array().unwrap();
    assert!(sources.iter().all(|source| source["uid"] != "loki"), "{sources:?}");
}

#[test]
fn grafana_takes_its_administrator_from_a_secret() {
    let grafana = grafana("grafana: {admin: {secret: boss, userKey: who, passwordKey: what}}");
    let expected = json!({ "existingSecret": "boss", "userKey": "who", "passwordKey": "what" });
    assert_eq!(grafana["admin"], expected);
}

#[test]
fn a_volume_is_released_before_the_next_pod_starts() {
    let with = grafana("{}");
    assert_eq!(with["persistence"]["enabled"], true);
    assert_eq!(with["deploymentStrategy"]["type"], "Recreate");
    let without = grafana("grafana: {persistence: false}");
    assert_eq!(without["persistence"], json!({ "enabled": false }));
    assert!(without.get("deploymentStrategy").is_none());
}

#[test]
fn several_grafanas_spread_and_survive_a_drain() {
    assert!(grafana("{}").get("affinity").is_none());
    let grafana = grafana("{replicas: {grafana: 2}, grafana: {persistence: false}}");
    assert_eq!(grafana["podDisruptionBudget"]["maxUnavailable"], 1);
    let affinity = &grafana["affinity"]["podAntiAffinity"];
    assert_eq!(affinity["requiredDuringSchedulingIgnoredDuringExecution"], json!([]));
    assert_eq!(affinity["preferredDuringSchedulingIgnoredDuringExecution"].as_array().unwrap().len(), 1);
}

#[test]
fn an_ingress_with_tls_makes_the_root_url_https() {
    let grafana = grafana(
        "grafana: {ingress: {host: grafana.example.org, className: traefik, tlsSecret: grafana-tls}}",
    );
    let ingress = &grafana["ingress"];
    assert_eq!(ingress["hosts"], json!(["grafana.example.org"]));
    assert_eq!(ingress["ingressClassName"], "traefik");
    assert_eq!(ingress["tls"], json!([{ "secretName": "grafana-tls", "hosts": ["grafana.example.org"] }]));
    assert_eq!(grafana["grafana.ini"]["server"]["root_url"], "https://grafana.example.org/");
}

#[test]
fn an_ingress_without_tls_is_plain_http() {
    let grafana = grafana("grafana: {ingress: {host: grafana.example.org}}");
    assert!(grafana["ingress"].get("tls").is_none() && grafana["ingress"].get("ingressClassName").is_none());
    assert_eq!(grafana["grafana.ini"]["server"]["root_url"], "http://grafana.example.org/");
}

#[test]
fn annotations_of_the_ingress_are_no_templates() {
    let grafana = grafana("grafana: {ingress: {host: g.example.org, annotations: {note: '{{ .Values }}'}}}");
    assert_eq!(grafana["ingress"]["annotations"]["note"], "{{`{{`}} .Values }}");
}

#[test]
fn without_a_receiver_the_chart_keeps_its_own_configuration() {
    let alertmanager = &of("{}")["alertmanager"];
    assert!(alertmanager.get("config").is_none());
    assert!(alertmanager["alertmanagerSpec"].get("configSecret").is_none());
}

#[test]
fn a_secret_can_hold_the_whole_alerting_configuration() {
    let alertmanager = &of("alerting: {configSecret: receivers}")["alertmanager"];
    assert_eq!(alertmanager["alertmanagerSpec"]["useExistingSecret"], true);
    assert_eq!(alertmanager["alertmanagerSpec"]["configSecret"], "receivers");
}

const EMAIL: &str = "alerting: {email: {to: a@example.com, from: b@example.com, \
    smarthost: 'smtp.example.com:587', username: b, passwordSecret: smtp, passwordKey: secret}}";

#[test]
fn the_email_password_is_read_from_the_mounted_secret() {
    let alertmanager = &of(EMAIL)["alertmanager"];
    assert_eq!(alertmanager["alertmanagerSpec"]["secrets"], json!(["smtp"]));
    let email = &alertmanager["config"]["receivers"][1]["email_configs"][0];
    assert_eq!(email["auth_password_file"], "/etc/alertmanager/secrets/smtp/secret");
    assert_eq!(email["smarthost"], "smtp.example.com:587");
    assert_eq!(email["require_tls"], true);
    assert!(email.get("auth_password").is_none());
}

#[test]
fn alerts_that_are_no_news_are_not_sent() {
    let config = &of(EMAIL)["alertmanager"]["config"];
    assert_eq!(config["route"]["receiver"], "email");
    let silent = json!({ "receiver": "null", "matchers": ["alertname =~ \"InfoInhibitor|Watchdog\""] });
    assert_eq!(config["route"]["routes"], json!([silent]));
    // The chart's inhibition rules are a list, which would be replaced as a whole.
    assert!(config.get("inhibit_rules").is_none());
}

#[test]
fn an_open_relay_needs_no_secret() {
    let config = "alerting: {email: {to: a@example.com, from: b@example.com, \
        smarthost: 'relay:25', requireTls: false}}";
    let alertmanager = &of(config)["alertmanager"];
    assert!(alertmanager["alertmanagerSpec"].get("secrets").is_none());
    let email = &alertmanager["config"]["receivers"][1]["email_configs"][0];
    assert_eq!(email["require_tls"], false);
    assert!(email.get("auth_username").is_none() && email.get("auth_password_file").is_none());
}

#[test]
fn images_can_come_from_another_registry() {
    let values = of("images: {registry: 'registry.example.com:5000/mirror', pullSecrets: [one, two]}");
    assert_eq!(values["global"]["imageRegistry"], "registry.example.com:5000/mirror");
    assert_eq!(values["global"]["imagePullSecrets"], json!([{ "name": "one" }, { "name": "two" }]));
    assert_eq!(
        values["prometheus"]["prometheusSpec"]["thanos"]["image"],
        "registry.example.com:5000/mirror/thanos/thanos:v0.37.2"
    );
}

#[test]
fn versions_are_image_tags() {
    let values = of("versions: {prometheus: v2.54.0, grafana: 11.3.0}");
    assert_eq!(values["prometheus"]["prometheusSpec"]["image"]["tag"], "v2.54.0");
    assert_eq!(values["prometheus"]["prometheusSpec"]["version"], "v2.54.0");
    assert_eq!(values["grafana"]["image"]["tag"], "11.3.0");
}

#[test]
fn values_of_the_config_have_the_last_word() {
    let values = of("charts: {kubePrometheusStack: {values: {prometheus: {prometheusSpec: \
        {replicas: 5, walCompression: false}}, grafana: null}}}");
    assert_eq!(values["prometheus"]["prometheusSpec"]["replicas"], 5);
    assert_eq!(values["prometheus"]["prometheusSpec"]["walCompression"], false);
    assert_eq!(values["prometheus"]["prometheusSpec"]["retention"], "3d");
    assert_eq!(values["grafana"], Value::Null);
}
