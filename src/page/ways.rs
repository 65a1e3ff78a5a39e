//! The graph in words: a card for each node with what it gets from others and sends to them.

use std::fmt::Write as _;

use super::{card, escape};
use crate::graph::{Data, Edge, Graph};

/// The ends of a node's edges of one kind.
struct Way {
    data: Data,
    others: Vec<usize>,
}

/// What a node gets, by what it is.
fn gets(graph: &Graph, place: usize) -> Vec<Way> {
    by_data(graph, |edge| (edge.to == place).then_some(edge.from))
}

/// What a node sends.
fn sends(graph: &Graph, place: usize) -> Vec<Way> {
    by_data(graph, |edge| (edge.from == place).then_some(edge.to))
}

fn by_data(graph: &Graph, other: impl Fn(&Edge) -> Option<usize>) -> Vec<Way> {
    let all = Data::ALL.into_iter().map(|data| {
        let others = graph.edges.iter().filter(|edge| edge.data == data).filter_map(&other).collect();
        Way { data, others }
    });
    all.filter(|way| !way.others.is_empty()).collect()
}

/// What a node is and does, as assistive programs read it.
pub(super) fn sentence(graph: &Graph, place: usize) -> String {
    let node = &graph.nodes[place];
    let mut text = format!("{} {}", node.kind, node.name);
    for (verb, ways) in [("gets", gets(graph, place)), ("sends", sends(graph, place))] {
        for way in ways {
            let names: Vec<_> = way.others.iter().map(|other| graph.nodes[*other].name.as_str()).collect();
            let preposition = if verb == "gets" { "from" } else { "to" };
            let _ = write!(text, "; {verb} {} {preposition} {}", way.data.word(), names.join(", "));
        }
    }
    text
}

/// All cards, in the order of the nodes.
pub(super) fn cards(graph: &Graph) -> String {
    let mut html = "<div class=\"cards\">\n".to_owned();
    for (place, node) in graph.nodes.iter().enumerate() {
        let construct = if node.construct.is_empty() { "outside of the stack" } else { &node.construct };
        let _ = writeln!(
            html,
            "<article id=\"{}\" tabindex=\"-1\"><h3>{}</h3><p class=\"what\">{} · {}</p>",
            card(place),
            escape(&node.name),
            escape(&node.kind),
            escape(construct),
        );
        let ways = [("gets", "from", gets(graph, place)), ("sends", "to", sends(graph, place))];
        if ways.iter().any(|(.., ways)| !ways.is_empty()) {
            html.push_str("<dl>");
            for (verb, preposition, ways) in ways {
                for way in ways {
                    let word = way.data.word();
                    let _ = write!(html, "<dt class=\"{word}\">{verb} {word} {preposition}</dt><dd>");
                    let links: Vec<_> = way.others.iter().map(|other| link(graph, *other)).collect();
                    let _ = write!(html, "{}</dd>", links.join(", "));
                }
            }
            html.push_str("</dl>");
        }
        html.push_str("</article>\n");
    }
    html.push_str("</div>\n");
    html
}

fn link(graph: &Graph, place: usize) -> String {
    format!("<a href=\"#{}\">{}</a>", card(place), escape(&graph.nodes[place].name))
}

#[cfg(test)]
mod tests {
    use super::super::testing::graph;
    use super::*;

    #[test]
    fn a_node_says_what_it_gets_and_sends() {
        let graph = graph(3, &[(0, 1, Data::Logs), (1, 2, Data::Upload), (0, 2, Data::Logs)]);
        assert_eq!(sentence(&graph, 0), "Deployment n0; sends logs to n1, n2");
        assert_eq!(sentence(&graph, 1), "Deployment n1; gets logs from n0; sends upload to n2");
        let cards = cards(&graph);
        assert!(
            cards.contains("<dt class=\"logs\">gets logs from</dt><dd><a href=\"#way-0\">n0</a></dd>"),
            "{cards}"
        );
    }
}
