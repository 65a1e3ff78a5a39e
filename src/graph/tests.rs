use serde_json::json;

use super::*;

/// A small stack: Alloy writes to Prometheus, which uploads to a bucket, scrapes Alloy and is asked by Query.
fn graph() -> Graph {
    let pod = |kind: &str, name: &str, args: Value, volumes: Value| {
        json!({"kind": kind, "metadata": {"name": name, "namespace": "m"}, "spec": {"template": {
            "metadata": {"labels": {"app": name}},
            "spec": {"containers": [{"name": "c", "args": args}], "volumes": volumes},
        }}})
    };
    let objects = [
        pod("DaemonSet", "alloy", json!([]), json!([{"name": "v", "configMap": {"name": "alloy"}}])),
        json!({"kind": "Prometheus", "metadata": {"name": "p", "namespace": "m"}, "spec": {
            "serviceMonitorSelector": {}, "externalUrl": "http://prometheus-operated.m:9090",
            "thanos": {"objectStorageConfig": {"name": "objstore", "key": "objstore.yml"}},
        }}),
        pod(
            "Deployment",
            "query",
            json!(["query", "--endpoint=dnssrv+_grpc._tcp.prometheus-operated.m.svc.x"]),
            json!([]),
        ),
        pod(
            "StatefulSet",
            "store",
            json!(["store"]),
            json!([{"name": "v", "secret": {"secretName": "objstore"}}]),
        ),
        pod(
            "Deployment",
            "other",
            json!(["http://not-alloy.m.svc", "http://alloy.mm.svc", "metrics-2"]),
            json!([]),
        ),
        json!({"kind": "Service", "metadata": {"name": "alloy", "namespace": "m", "labels": {"x": "y"}}, "spec": {"selector": {"app": "alloy"}}}),
        json!({"kind": "ServiceMonitor", "metadata": {"name": "alloy", "namespace": "m"}, "spec": {"selector": {"matchLabels": {"x": "y"}}}}),
        json!({"kind": "ServiceMonitor", "metadata": {"name": "kubelet", "namespace": "m"}, "spec": {"selector": {"matchLabels": {"k": "l"}}}}),
        json!({"kind": "ConfigMap", "metadata": {"name": "alloy", "namespace": "m"}, "data": {
            "config.alloy": "url = \"http://prometheus-p-0.prometheus-operated.m.svc.cluster.local:9090/api/v1/write\"\n"}}),
        json!({"kind": "ExternalSecret", "metadata": {"name": "e", "namespace": "m"}, "spec": {"target": {"name": "objstore",
            "template": {"data": {"objstore.yml": "config:\n  bucket: \"metrics\"\n"}}}}}),
        json!({"kind": "Bucket", "metadata": {"name": "metrics"}}),
    ];
    Graph::of(objects.iter().map(|object| ("x", object)))
}

#[test]
fn arrows_go_where_the_data_goes() {
    let graph = graph();
    let name = |place: usize| graph.nodes[place].name.as_str();
    let edges: BTreeSet<_> =
        graph.edges.iter().map(|edge| (name(edge.from), edge.data.word(), name(edge.to))).collect();
    let expected = [
        ("alloy", "remote-write", "p"),
        ("alloy", "scrape", "p"),
        ("kubelet", "scrape", "p"),
        ("metrics", "query", "store"),
        ("p", "query", "query"),
        ("p", "upload", "metrics"),
    ];
    assert_eq!(edges, BTreeSet::from(expected));
}

#[test]
fn readers_of_loki_ask_writers_which_ask_nobody() {
    let pod = |target: &str| {
        json!({"kind": "StatefulSet", "metadata": {"name": target, "namespace": "m"}, "spec": {"template": {
            "metadata": {"labels": {"app": target}},
            "spec": {"containers": [{"args": [format!("-target={target}")]}],
                "volumes": [{"name": "v", "configMap": {"name": "loki"}}]},
        }}})
    };
    let objects = [
        pod("write"),
        pod("read"),
        pod("backend"),
        json!({"kind": "ConfigMap", "metadata": {"name": "loki", "namespace": "m"}, "data": {
            "config.yaml": "index_gateway_client:\n  server_address: dns+backend.m.svc.cluster.local:9095\nbucketnames: logs\n"}}),
        json!({"kind": "Service", "metadata": {"name": "backend", "namespace": "m"}, "spec": {"selector": {"app": "backend"}}}),
        json!({"kind": "Bucket", "metadata": {"name": "logs"}}),
    ];
    let graph = Graph::of(objects.iter().map(|object| ("x", object)));
    let name = |place: usize| graph.nodes[place].name.as_str();
    let edges: Vec<_> =
        graph.edges.iter().map(|edge| (name(edge.from), edge.data.word(), name(edge.to))).collect();
    assert_eq!(
        edges,
        [
            ("write", "query", "read"),
            ("write", "upload", "logs"),
            ("backend", "query", "read"),
            ("backend", "upload", "logs"),
            ("logs", "query", "read"),
        ]
    );
}

#[test]
fn selectors_select_as_the_api_server_does() {
    let selects = |expression: Value, labels: Value| {
        labels::select(&json!({"matchExpressions": [expression]}), &labels)
    };
    let of = |operator: &str| json!({"key": "a", "operator": operator, "values": ["1"]});
    assert!(selects(of("In"), json!({"a": "1"})) && !selects(of("In"), json!({})));
    assert!(selects(of("NotIn"), json!({})) && !selects(of("NotIn"), json!({"a": "1"})));
    assert!(selects(of("Exists"), json!({"a": "2"})) && selects(of("DoesNotExist"), json!({"b": "2"})));
    assert!(labels::select(&json!({}), &json!(null)));
}

#[test]
fn names_that_are_no_words_are_quoted() {
    let mut graph = graph();
    graph.nodes[0].name = "a\"b\\<c>".to_owned();
    assert!(mermaid(&graph).contains("n0[\"DaemonSet a&quot;b\\&lt;c>\"]"), "{}", mermaid(&graph));
    assert!(dot(&graph).contains(r#"n0 [label="DaemonSet a\"b\\<c>"];"#), "{}", dot(&graph));
}
