//! `monstack resources`

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::Place;

/// Small charts of the default versions, which bring a custom resource, an operator, and a pod on each node.
fn charts() -> Place {
    let place = Place::with_charts("{}\n");
    place.file(
        "charts/kube-prometheus-stack/templates/prometheus.yaml",
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n  replicas: 2\n  resources: {requests: {cpu: 100m, memory: 1Gi}}\n  \
         storage: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 10Gi}}}}}\n\
         ---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c, resources: {requests: {memory: 64Mi}}}]}}}\n",
    );
    place
}

fn stdout(place: &Place, arguments: &[&str], code: i32) -> String {
    let arguments = [&["resources", "config.yaml", "--charts", "charts"], arguments].concat();
    let assert = place.monstack(&arguments).assert().code(code);
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn pods_of_operators_and_nodes_are_counted() {
    let place = charts();
    let asked: Value = serde_json::from_str(&stdout(&place, &["-o", "json"], 0)).unwrap();
    let pods = asked["pods"].as_array().unwrap();
    let prometheus = pods.iter().find(|pods| pods["kind"] == "Prometheus").unwrap();
    assert_eq!(prometheus["count"]["fixed"], 2);
    // 1 Gi and the reloader's 50 Mi.
    assert_eq!(prometheus["requests"]["memoryBytes"], (1 << 30) + (50 << 20));
    assert_eq!(asked["requestsPerNode"]["memoryBytes"], 64 << 20);
    let table = stdout(&place, &[], 0);
    for part in
        ["config-reloader", "each node", "StatefulSet thanos-store", "on each node 0 CPU and 64Mi more"]
    {
        assert!(table.contains(part), "{part}: {table}");
    }
}

#[test]
fn whether_it_fits_is_told_by_the_code_and_the_pods_that_do_not() {
    let place = charts();
    let nodes = |number: &'static str, memory: &'static str| {
        ["--nodes", number, "--node-cpu", "4", "--node-memory", memory]
    };
    let text = stdout(&place, &nodes("3", "32Gi"), 0);
    assert!(
        text.contains("On 3 nodes of 4 CPU and 32Gi: fits.\nOn 2 nodes of 4 CPU and 32Gi: fits.\n"),
        "{text}"
    );
    let text = stdout(&place, &nodes("2", "512Mi"), 1);
    assert!(text.contains("pending: 2 x Prometheus p"), "{text}");
    let json: Value =
        serde_json::from_str(&stdout(&place, &[&nodes("1", "32Gi")[..], &["-o", "json"]].concat(), 1))
            .unwrap();
    assert_eq!((&json["fit"][0]["fits"], &json["fit"][1]["fits"]), (&Value::Bool(true), &Value::Bool(false)));
    place.monstack(&["resources", "config.yaml", "--nodes", "3"]).assert().code(2).stdout("");
    place
        .monstack(&["resources", "config.yaml", "--nodes", "3", "--node-cpu", "x", "--node-memory", "1Gi"])
        .assert()
        .code(2)
        .stderr(contains("expected a quantity").and(contains("3500m")));
}
