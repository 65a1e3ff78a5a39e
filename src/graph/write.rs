//! A graph as Mermaid and as DOT, its nodes in a box for each construct.

use std::fmt::Write as _;

use super::{Graph, Node};

/// A Mermaid flowchart (mermaid.js.org, "Flowcharts - Basic Syntax").
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let quoted = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let mut text = "flowchart LR\n".to_owned();
    for (index, (construct, nodes)) in boxes(graph).into_iter().enumerate() {
        let _ = writeln!(text, "  subgraph c{index}[\"{}\"]", quoted(construct));
        for (place, node) in nodes {
            let label = quoted(&label(node));
            let _ = match node.kind.as_str() {
                "Bucket" => writeln!(text, "    n{place}[(\"{label}\")]"),
                _ => writeln!(text, "    n{place}[\"{label}\"]"),
            };
        }
        text.push_str("  end\n");
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "  n{} -->|{}| n{}", edge.from, edge.data.word(), edge.to);
    }
    text
}

/// A digraph of Graphviz (graphviz.org, "DOT Language").
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = "digraph monstack {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for (index, (construct, nodes)) in boxes(graph).into_iter().enumerate() {
        let _ = writeln!(text, "  subgraph cluster_{index} {{\n    label={};", quoted(construct));
        for (place, node) in nodes {
            let shape = if node.kind == "Bucket" { ", shape=cylinder" } else { "" };
            let _ = writeln!(text, "    n{place} [label={}{shape}];", quoted(&label(node)));
        }
        text.push_str("  }\n");
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "  n{} -> n{} [label={}];", edge.from, edge.to, quoted(edge.data.word()));
    }
    text.push_str("}\n");
    text
}

fn label(node: &Node) -> String {
    format!("{} {}", node.kind, node.name)
}

/// The nodes of each construct, with their places, in the order of their first.
fn boxes(graph: &Graph) -> Vec<(&str, Vec<(usize, &Node)>)> {
    let mut boxes: Vec<(&str, Vec<_>)> = Vec::new();
    for (place, node) in graph.nodes.iter().enumerate() {
        let construct = if node.construct.is_empty() { "outside of the stack" } else { &node.construct };
        match boxes.iter_mut().find(|(known, _)| *known == construct) {
            Some((_, nodes)) => nodes.push((place, node)),
            None => boxes.push((construct, vec![(place, node)])),
        }
    }
    boxes
}
