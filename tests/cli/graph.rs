//! `monstack graph`

use predicates::prelude::*;
use predicates::str::contains;

use crate::support::Place;

/// Small charts of the default versions, with a Prometheus that the operator would run.
fn charts() -> Place {
    let place = Place::with_charts("{}\n");
    place.file(
        "charts/kube-prometheus-stack/templates/prometheus.yaml",
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p, namespace: monitoring}\nspec:\n  \
         serviceMonitorSelector: {}\n  thanos: {objectStorageConfig: {name: thanos-objstore-config, key: objstore.yml}}\n",
    );
    place
}

#[test]
fn the_way_of_the_data_is_drawn_from_the_rendered_objects() {
    let place = charts();
    let run = |output: &str| {
        let arguments = ["graph", "config.yaml", "--charts", "charts", "-o", output];
        let assert = place.monstack(&arguments).assert().success();
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let mermaid = run("mermaid");
    let place_of = |label: &str| {
        let line =
            mermaid.lines().find(|line| line.contains(label)).unwrap_or_else(|| panic!("{label}: {mermaid}"));
        line.trim().split(['[', '(']).next().unwrap().to_owned()
    };
    let (prometheus, query) = (place_of("Prometheus p"), place_of("Deployment thanos-query"));
    let (store, bucket) = (place_of("StatefulSet thanos-store"), place_of("Bucket metrics-thanos"));
    for edge in [
        format!("{prometheus} -->|upload| {bucket}"),
        format!("{prometheus} -->|query| {query}"),
        format!("{bucket} -->|query| {store}"),
        format!("{store} -->|query| {query}"),
        format!("{store} -->|scrape| {prometheus}"),
    ] {
        assert!(mermaid.contains(&format!("  {edge}\n")), "{edge}: {mermaid}");
    }
    let dot = run("dot");
    assert!(
        dot.starts_with("digraph monstack {")
            && dot.contains(&format!("{store} -> {query} [label=\"query\"];"))
    );
}

#[test]
fn without_charts_there_is_no_graph() {
    let place = Place::with("config.yaml", "{}");
    place
        .monstack(&["graph", "config.yaml"])
        .env_remove("MONSTACK_CHARTS")
        .assert()
        .code(1)
        .stdout("")
        .stderr(
            contains("what the charts contain is seen only when they are rendered").and(contains("help")),
        );
}

#[test]
fn a_page_shows_graph_objects_images_and_resources_and_needs_nothing_else() {
    let place = charts();
    let run = || {
        let assert = place
            .monstack(&["graph", "config.yaml", "--charts", "charts", "-o", "html"])
            .assert()
            .success()
            .stderr("");
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let page = run();
    assert_eq!(page, run());
    for part in [
        "<title>Monitoring stack of kup6s</title>",
        "<title>upload: p to metrics-thanos-kup6s</title>",
        "aria-label=\"StatefulSet thanos-store; gets query from metrics-thanos-kup6s; sends",
        "<dt class=\"upload\">gets upload from</dt>",
        "<b>thanos-query</b>",
        "<code>quay.io/<wbr>thanos/<wbr>thanos:v0.37.2</code>",
        "thanos-compactor<small>StatefulSet thanos-compactor</small>",
        "<div><dt>Delivery</dt><dd>helmchart</dd></div>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for foreign in ["http://", "https://", "<script", "@import", "url(h"] {
        assert!(!page.contains(foreign), "{foreign}: {page}");
    }
}
