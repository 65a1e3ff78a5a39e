//! What every Alloy does: the configuration that the chart puts into a ConfigMap.
//! Components and arguments are those of Alloy v1.5.1.

use std::time::Duration;

use super::syntax::{Block, Expression, document, text, texts};
use crate::config::duration;
use crate::context::Context;

use Expression::{Map, Raw, RawList};

const POD: &str = "__meta_kubernetes_pod_name";
const NAMESPACE: &str = "__meta_kubernetes_namespace";
const CONTAINER: &str = "__meta_kubernetes_pod_container_name";
const NODE: &str = "__meta_kubernetes_pod_node_name";

/// `scrape_timeout` of `prometheus.scrape`, which must not be longer than the interval.
const DEFAULT_SCRAPE_TIMEOUT: Duration = Duration::from_secs(10);

type Commented = (Option<&'static str>, Block);

/// The configuration, as `alloy fmt` would write it.
pub(super) fn configuration(ctx: &Context) -> String {
    let mut blocks = vec![(None, logging(ctx)), (Some("Pods of this node only."), discovery())];
    if ctx.config.features.logs {
        blocks.extend(logs(ctx));
    }
    blocks.extend(metrics(ctx));
    document(&blocks)
}

fn logging(ctx: &Context) -> Block {
    let level = ctx.config.alloy.log_level.as_str();
    Block::new("logging").set("level", text(level)).set("format", text("logfmt"))
}

/// The chart sets `HOSTNAME` to the node's name. Without the selector every agent would work on every pod.
fn discovery() -> Block {
    let field = r#""spec.nodeName=" + coalesce(sys.env("HOSTNAME"), constants.hostname)"#;
    Block::labelled("discovery.kubernetes", "pods")
        .set("role", text("pod"))
        .nest(Block::new("selectors").set("role", text("pod")).set("field", Raw(field)))
}

/// From the kubelet's log files to Loki. Few labels, since each combination is a stream of its own. Pods
/// that have ended stay: a failed one's last lines matter most, and a short one's could be missed.
fn logs(ctx: &Context) -> Vec<Commented> {
    let path = |uid| {
        Block::new("rule")
            .set("source_labels", texts(&[uid, CONTAINER]))
            .set("separator", text("/"))
            .set("regex", text("(.+/.+)"))
            .set("replacement", text("/var/log/pods/*$1/*.log"))
            .set("target_label", text("__path__"))
    };
    let relabel = Block::labelled("discovery.relabel", "pod_logs")
        .set("targets", Raw("discovery.kubernetes.pods.targets"))
        .nest_all([
            copy(NAMESPACE, "namespace"),
            copy(POD, "pod"),
            copy(CONTAINER, "container"),
            copy(NODE, "node"),
            copy("__meta_kubernetes_pod_label_app_kubernetes_io_name", "app"),
        ])
        .nest(
            Block::new("rule")
                .set("source_labels", texts(&[NAMESPACE, CONTAINER]))
                .set("separator", text("/"))
                .set("target_label", text("job")),
        )
        .nest(path("__meta_kubernetes_pod_uid"))
        // The kubelet names the directory of a static pod after the hash of its manifest.
        .nest(path("__meta_kubernetes_pod_annotation_kubernetes_io_config_hash"));
    let files = Block::labelled("local.file_match", "pod_logs")
        .set("path_targets", Raw("discovery.relabel.pod_logs.output"));
    let tail = Block::labelled("loki.source.file", "pod_logs")
        .set("targets", Raw("local.file_match.pod_logs.targets"))
        .set("forward_to", RawList("loki.process.pod_logs.receiver"));
    let process = Block::labelled("loki.process", "pod_logs")
        .set("forward_to", RawList("loki.write.default.receiver"))
        .nest(Block::new("stage.cri"))
        .nest(Block::new("stage.label_drop").set("values", texts(&["filename"])));
    let write = Block::labelled("loki.write", "default")
        .nest(Block::new("endpoint").set("url", text(ctx.names.loki_push_url())))
        .set("external_labels", Map(vec![("cluster", ctx.config.cluster.to_string())]));
    vec![
        (Some("Logs: the files that the kubelet keeps per container."), relabel),
        (None, files),
        (None, tail),
        (None, process),
        (None, write),
    ]
}

/// From pods that ask for it by annotation to every Prometheus. What a ServiceMonitor covers must not have
/// the annotation, or it is counted twice; Alloy itself has a ServiceMonitor. The label `cluster` is
/// Prometheus' own external label.
fn metrics(ctx: &Context) -> Vec<Commented> {
    let address = Block::new("rule")
        .set("source_labels", texts(&["__address__", "__meta_kubernetes_pod_annotation_prometheus_io_port"]))
        .set("regex", text(r"(\[[^]]+\]|[^:;]+)(?::\d+)?;(\d+)"))
        .set("replacement", text("$1:$2"))
        .set("target_label", text("__address__"));
    // Without a container label the targets of a pod's several containers are one and the same once they
    // have the annotated port, and are scraped once.
    let relabel = Block::labelled("discovery.relabel", "pod_metrics")
        .set("targets", Raw("discovery.kubernetes.pods.targets"))
        .nest(
            Block::new("rule")
                .set("source_labels", texts(&["__meta_kubernetes_pod_annotation_prometheus_io_scrape"]))
                .set("regex", text("true"))
                .set("action", text("keep")),
        )
        .nest(drop_where("__meta_kubernetes_pod_phase", "Pending|Succeeded|Failed|Unknown"))
        .nest(drop_where("__meta_kubernetes_pod_container_init", "true"))
        .nest(address)
        .nest_all([
            override_with("__meta_kubernetes_pod_annotation_prometheus_io_scheme", "(https?)", "__scheme__"),
            override_with("__meta_kubernetes_pod_annotation_prometheus_io_path", "(.+)", "__metrics_path__"),
            copy(NAMESPACE, "namespace"),
            copy(POD, "pod"),
            copy(NODE, "node"),
        ]);
    let interval = ctx.config.alloy.scrape_interval.as_str();
    let mut scrape = Block::labelled("prometheus.scrape", "pods")
        .set("targets", Raw("discovery.relabel.pod_metrics.output"))
        .set("forward_to", RawList("prometheus.remote_write.default.receiver"))
        .set("job_name", text("annotated-pods"))
        .set("scrape_interval", text(interval));
    if duration::go(interval).is_some_and(|interval| interval < DEFAULT_SCRAPE_TIMEOUT) {
        scrape = scrape.set("scrape_timeout", text(interval));
    }
    let write = (0..ctx.config.replicas.prometheus)
        .map(|ordinal| ctx.names.prometheus_replica_write_url(ordinal))
        .map(|url| Block::new("endpoint").set("url", text(url)));
    vec![
        (Some("Metrics: pods annotated with prometheus.io/scrape."), relabel),
        (None, scrape),
        (
            Some("Each replica by its own name: behind one Service each would get half of the samples."),
            Block::labelled("prometheus.remote_write", "default").nest_all(write),
        ),
    ]
}

/// A rule that copies a label.
fn copy(from: &str, to: &str) -> Block {
    Block::new("rule").set("source_labels", texts(&[from])).set("target_label", text(to))
}

/// A rule that replaces a label by another one that matches.
fn override_with(from: &str, regex: &str, to: &str) -> Block {
    Block::new("rule")
        .set("source_labels", texts(&[from]))
        .set("regex", text(regex))
        .set("target_label", text(to))
}

/// A rule that drops the targets whose label matches.
fn drop_where(label: &str, regex: &str) -> Block {
    Block::new("rule")
        .set("source_labels", texts(&[label]))
        .set("regex", text(regex))
        .set("action", text("drop"))
}
