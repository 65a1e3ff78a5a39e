//! `monstack graph`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::input::Input;
use super::surroundings::Charts;
use super::{print, whole};
use crate::k8s::Identity;
use crate::page::{Listed, Page};
use crate::resources::Asked;
use crate::{graph, images};

const EXAMPLES: &str = "\
Examples:
  monstack graph config.yaml > graph.mmd
  monstack graph config.yaml -o dot | dot -Tsvg > graph.svg
  monstack graph config.yaml -o html > stack.html

Arrows go where the data goes: from a scraped pod to Prometheus, from the bucket to the Thanos Store.";

/// Draw the data's way through the stack: scrape, remote-write, upload, query, logs, alerts
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Graph {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Mermaid)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A flowchart of Mermaid
    Mermaid,
    /// A digraph of Graphviz
    Dot,
    /// A page for a browser that needs nothing else: graph, objects, images and resources
    Html,
}

impl Graph {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let stack = match whole::Stack::of(&self.input, &self.charts)? {
            Ok(stack) => stack,
            Err(code) => return Ok(code),
        };
        let graph = graph::Graph::of(stack.objects());
        let text = match self.output {
            Format::Mermaid => graph::mermaid(&graph),
            Format::Dot => graph::dot(&graph),
            Format::Html => page(&stack, graph).html(),
        };
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The page of a stack.
fn page(stack: &whole::Stack, graph: graph::Graph) -> Page {
    let config = &stack.config;
    let delivery = serde_json::to_value(config.delivery).ok();
    let delivery = delivery.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let listed = stack.rendered.iter().map(|one| Listed {
        construct: one.construct.to_owned(),
        identity: Identity::of(&one.object.value),
        wave: one.object.wave.number(),
    });
    Page {
        cluster: config.cluster.to_string(),
        facts: vec![("Namespace", config.namespace.to_string()), ("Delivery", delivery)],
        objects: listed.collect(),
        graph,
        images: images::list(stack.objects()),
        asked: Asked::of(stack.objects()),
    }
}
