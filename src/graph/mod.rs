//! The way of the data through a stack, found in its rendered objects: who scrapes, writes to, queries and stores what.
//! Arrows go where the data goes: from a scraped pod to Prometheus, from the bucket to the Store.

mod addresses;
mod labels;
mod loki;
mod parts;
mod write;

use std::collections::BTreeSet;

use serde_json::Value;

use self::parts::{Parts, Workload};
pub use self::write::{dot, mermaid};

/// A graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// What sends or takes data.
    pub nodes: Vec<Node>,
    /// The ways, by the places of their ends in `nodes`; sorted.
    pub edges: BTreeSet<Edge>,
}

/// What sends or takes data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The construct that it is a part of; empty for what is outside of the stack.
    pub construct: String,
    /// Kind of the object.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A way of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Where the data comes from.
    pub from: usize,
    /// Where it goes.
    pub to: usize,
    /// What it is.
    pub data: Data,
}

/// What goes over an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// Metrics that Prometheus collects.
    Scrape,
    /// Metrics that are sent to Prometheus.
    RemoteWrite,
    /// Blocks or chunks for a bucket.
    Upload,
    /// Answers to queries.
    Query,
    /// Log lines.
    Logs,
    /// Alerts that fire.
    Alerts,
}

impl Data {
    /// All there is.
    pub const ALL: [Self; 6] =
        [Self::Scrape, Self::RemoteWrite, Self::Upload, Self::Query, Self::Logs, Self::Alerts];

    /// Its word in a picture.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Scrape => "scrape",
            Self::RemoteWrite => "remote-write",
            Self::Upload => "upload",
            Self::Query => "query",
            Self::Logs => "logs",
            Self::Alerts => "alerts",
        }
    }
}

impl Graph {
    /// The graph of objects, each with its construct.
    #[must_use]
    pub fn of<'a>(objects: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Self {
        let parts = Parts::of(objects);
        let node = |construct: &str, object: &Value| Node {
            construct: construct.to_owned(),
            kind: parts::text(object, "/kind").to_owned(),
            name: parts::text(object, "/metadata/name").to_owned(),
        };
        let workloads = parts.workloads.iter().map(|workload| node(workload.construct, workload.object));
        let buckets = parts.buckets.iter().map(|(construct, bucket)| node(construct, bucket));
        let mut graph = Self { nodes: workloads.chain(buckets).collect(), edges: BTreeSet::new() };
        for (place, workload) in parts.workloads.iter().enumerate() {
            graph.addresses(&parts, place, workload);
            graph.ring(&parts, place, workload);
            graph.uploads(&parts, place, workload);
            if parts::text(workload.object, "/kind") == "Prometheus" {
                graph.scrapes(&parts, place, workload);
                graph.alerts(&parts, place, workload);
            }
        }
        graph
    }

    fn edge(&mut self, from: usize, to: usize, data: Data) {
        if from != to {
            self.edges.insert(Edge { from, to, data });
        }
    }

    /// Services whose addresses a workload is told.
    fn addresses(&mut self, parts: &Parts, place: usize, workload: &Workload) {
        let asks_nobody = loki::task(workload) == Some(loki::Task::Write);
        for text in &workload.texts {
            for (target, data) in addresses::of(text, parts) {
                match data {
                    Data::Query if asks_nobody => {}
                    Data::Query => self.edge(target, place, data),
                    _ => self.edge(place, target, data),
                }
            }
        }
    }

    /// Writers of Loki that a reader finds in the ring.
    fn ring(&mut self, parts: &Parts, place: usize, workload: &Workload) {
        if loki::task(workload) != Some(loki::Task::Read) {
            return;
        }
        for (other, writer) in parts.workloads.iter().enumerate() {
            if loki::task(writer) == Some(loki::Task::Write) && loki::share_ring(workload, writer) {
                self.edge(other, place, Data::Query);
            }
        }
    }

    /// Buckets whose names a workload is told, directly or by a ConfigMap or Secret.
    fn uploads(&mut self, parts: &Parts, place: usize, workload: &Workload) {
        for (index, (_, bucket)) in parts.buckets.iter().enumerate() {
            let external = parts::text(bucket, "/metadata/annotations/crossplane.io~1external-name");
            let name = if external.is_empty() { parts::text(bucket, "/metadata/name") } else { external };
            if !workload.texts.iter().any(|text| addresses::mentions(text, name)) {
                continue;
            }
            let bucket = parts.workloads.len() + index;
            // `thanos store` and Loki's readers only read.
            let reads = workload.texts.contains(&"store") || loki::task(workload) == Some(loki::Task::Read);
            if reads { self.edge(bucket, place, Data::Query) } else { self.edge(place, bucket, Data::Upload) }
        }
    }

    /// What a Prometheus finds by ServiceMonitors. One that selects no pod of the stack is for something outside of it.
    fn scrapes(&mut self, parts: &Parts, place: usize, prometheus: &Workload) {
        let selector = &prometheus.object["spec"]["serviceMonitorSelector"];
        for monitor in &parts.monitors {
            if selector.is_null() || !labels::select(selector, &monitor["metadata"]["labels"]) {
                continue;
            }
            let targets = parts.monitored(monitor);
            if targets.is_empty() {
                let name = parts::text(monitor, "/metadata/name").to_owned();
                let outside = Node { construct: String::new(), kind: "ServiceMonitor".to_owned(), name };
                let known = self.nodes.iter().position(|node| *node == outside);
                let from = known.unwrap_or(self.nodes.len());
                if known.is_none() {
                    self.nodes.push(outside);
                }
                self.edge(from, place, Data::Scrape);
            }
            targets.into_iter().for_each(|target| self.edge(target, place, Data::Scrape));
        }
    }

    fn alerts(&mut self, parts: &Parts, place: usize, prometheus: &Workload) {
        let listed = prometheus.object.pointer("/spec/alerting/alertmanagers").and_then(Value::as_array);
        for alertmanager in listed.into_iter().flatten() {
            let own = parts::text(prometheus.object, "/metadata/namespace");
            let namespace = alertmanager["namespace"].as_str().unwrap_or(own);
            let name = alertmanager["name"].as_str().unwrap_or_default();
            let address = format!("{name}.{namespace}");
            for service in parts.services.iter().filter(|service| service.address == address) {
                parts.behind(service).into_iter().for_each(|target| self.edge(place, target, Data::Alerts));
            }
        }
    }
}

#[cfg(test)]
mod tests;
