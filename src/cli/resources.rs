//! `monstack resources`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::input::Input;
use super::report::counted;
use super::surroundings::Charts;
use super::table::table;
use super::{print, print_json, whole};
use crate::config::quantity;
use crate::resources::pods::Count;
use crate::resources::{Amounts, Asked, cpu, fit, memory};

const EXAMPLES: &str = "\
Examples:
  monstack resources config.yaml
  monstack resources config.yaml --nodes 3 --node-cpu 4 --node-memory 16Gi

Nodes have what is left for pods: `Allocatable` of `kubectl describe node`, without what others use there. The largest
pod is placed first, on the first node with room.

Exit codes:
  0  done; with --nodes: all pods fit, even when one node is lost
  1  failed; with --nodes: they do not fit
  2  wrong usage";

/// Show what the stack asks of a cluster: requests, limits and volumes, and whether it fits on some nodes
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Resources {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Say whether the stack fits on so many equal nodes, and when one of them is lost
    #[arg(long, value_name = "NUMBER", requires_all = ["node_cpu", "node_memory"], value_parser = clap::value_parser!(u64).range(1..=1000))]
    nodes: Option<u64>,
    /// CPU of each node
    #[arg(long, value_name = "QUANTITY", requires = "nodes", value_parser = amount)]
    node_cpu: Option<String>,
    /// Memory of each node
    #[arg(long, value_name = "QUANTITY", requires = "nodes", value_parser = amount)]
    node_memory: Option<String>,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables
    Table,
    /// JSON
    Json,
}

impl Resources {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let stack = match whole::Stack::of(&self.input, &self.charts)? {
            Ok(stack) => stack,
            Err(code) => return Ok(code),
        };
        let asked = Asked::of(stack.objects());
        let each = Amounts::of(&json!({"cpu": self.node_cpu, "memory": self.node_memory}));
        // All nodes, and one less.
        let fits = self
            .nodes
            .map(|nodes| [nodes, nodes - 1].map(|nodes| (nodes, fit::pending(&asked, nodes, each))));
        match self.output {
            Format::Table => {
                let mut text = rows(&asked);
                for (nodes, pending) in fits.iter().flatten() {
                    text.push_str(&placement(*nodes, each, pending));
                }
                print(text.as_bytes())?;
            }
            Format::Json => {
                let mut value = serde_json::to_value(&asked)?;
                if let (Some(fits), Some(map)) = (&fits, value.as_object_mut()) {
                    let fits = fits.iter().map(|(nodes, pending)| json!({"nodes": nodes, "fits": pending.is_empty(), "pending": pending}));
                    map.insert("fit".to_owned(), Value::Array(fits.collect()));
                }
                print_json(&value)?;
            }
        }
        let all_fit = fits.iter().flatten().all(|(_, pending)| pending.is_empty());
        Ok(if all_fit { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn rows(asked: &Asked) -> String {
    let mut rows = Vec::new();
    let mut without = Vec::new();
    for pods in &asked.pods {
        let count = match pods.count {
            Count::Fixed(count) => count.to_string(),
            Count::EachNode => "each node".to_owned(),
        };
        let object = format!("{} {}", pods.kind, pods.name);
        for container in &pods.containers {
            let shown = |text: String, is_none: bool| if is_none { "-".to_owned() } else { text };
            let (requests, limits) = (container.requests, container.limits);
            rows.push([
                pods.construct.clone(),
                object.clone(),
                count.clone(),
                container.name.clone(),
                shown(cpu(requests.milli_cpu), requests.milli_cpu == 0),
                shown(memory(requests.memory_bytes), requests.memory_bytes == 0),
                shown(cpu(limits.milli_cpu), limits.milli_cpu == 0),
                shown(memory(limits.memory_bytes), limits.memory_bytes == 0),
            ]);
            if container.is_without_requests {
                without.push(format!("{object} ({})", container.name));
            }
        }
    }
    let head = ["CONSTRUCT", "OBJECT", "PODS", "CONTAINER", "CPU", "MEMORY", "CPU LIMIT", "MEMORY LIMIT"];
    let mut text = table(head, &rows);
    let claimed = asked.pods.iter().flat_map(|pods| {
        pods.volumes.iter().map(move |volume| (format!("{} {}", pods.kind, pods.name), volume))
    });
    let claims = asked.claims.iter().map(|volume| (format!("PersistentVolumeClaim {}", volume.name), volume));
    let volumes: Vec<_> = claimed
        .chain(claims)
        .map(|(object, volume)| {
            let class = volume.class.clone().unwrap_or_else(|| "(default)".to_owned());
            [object, volume.name.clone(), volume.count.to_string(), memory(volume.bytes), class]
        })
        .collect();
    if !volumes.is_empty() {
        let _ = write!(text, "\n{}", table(["OBJECT", "VOLUME", "NUMBER", "SIZE", "CLASS"], &volumes));
    }
    let _ = writeln!(
        text,
        "\nIn all {} CPU and {} of memory, on each node {} CPU and {} more; {} of volumes.",
        cpu(asked.requests.milli_cpu),
        memory(asked.requests.memory_bytes),
        cpu(asked.requests_per_node.milli_cpu),
        memory(asked.requests_per_node.memory_bytes),
        memory(asked.volume_bytes),
    );
    if !without.is_empty() {
        let _ = writeln!(text, "Without requests, so not counted: {}.", without.join(", "));
    }
    text
}

fn placement(nodes: u64, each: Amounts, pending: &[fit::Pending]) -> String {
    let count = counted(usize::try_from(nodes).unwrap_or(usize::MAX), "node");
    let on = format!("On {count} of {} CPU and {}", cpu(each.milli_cpu), memory(each.memory_bytes));
    if pending.is_empty() {
        return format!("{on}: fits.\n");
    }
    let mut text = format!("{on}: does not fit.\n");
    for one in pending {
        let needs = format!("{} CPU and {}", cpu(one.requests.milli_cpu), memory(one.requests.memory_bytes));
        let _ = writeln!(text, "  pending: {} x {} ({needs} each): {}", one.count, one.pods, one.reason);
    }
    text
}

fn amount(text: &str) -> Result<String, String> {
    quantity::nano(text)
        .map(|_| text.to_owned())
        .ok_or_else(|| "expected a quantity such as 4, 3500m or 16Gi".to_owned())
}
