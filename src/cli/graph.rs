//! `monstack graph`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::input::Input;
use super::surroundings::Charts;
use super::{print, whole};
use crate::graph;

const EXAMPLES: &str = "\
Examples:
  monstack graph config.yaml > graph.mmd
  monstack graph config.yaml -o dot | dot -Tsvg > graph.svg

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
        };
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
