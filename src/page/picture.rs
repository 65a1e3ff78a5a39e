//! The graph as SVG: for wide screens in columns, for narrow ones as a list with arcs beside it. Both have the same parts,
//! so the same style rules highlight what belongs to a node.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::layout::{HEIGHT, Layout, Point, WIDTH};
use super::ways::sentence;
use super::{card, escape};
use crate::graph::{Data, Edge, Graph};

/// Room for arrows and outlines at the edges of a picture.
const MARGIN: f64 = 12.0;
/// How far an edge between two nodes of one column leaves it.
const DETOUR: f64 = 56.0;
/// Of the list: height of a node, width of the texts, and of the arcs.
const ROW: f64 = 56.0;
const LABELS: f64 = 214.0;
const ARCS: f64 = 132.0;

/// The picture for wide screens.
pub(super) fn columns(graph: &Graph, layout: &Layout) -> String {
    let mut svg = open("wide", layout.width, layout.height);
    let ends = ends(graph, layout);
    for (place, (edge, [from, to])) in graph.edges.iter().zip(&ends).enumerate() {
        let is_detour = layout.columns[edge.from] == layout.columns[edge.to];
        let path = if is_detour { detour(*from, *to) } else { through(*from, &layout.passages[place], *to) };
        svg.push_str(&edge_path("wide", graph, edge, &path));
    }
    for (place, (x, y)) in layout.nodes.iter().enumerate() {
        let (left, top) = (x - WIDTH / 2.0, y - HEIGHT / 2.0);
        node(&mut svg, graph, place, (left, top, WIDTH, HEIGHT), 20);
    }
    svg.push_str("</svg>\n");
    svg
}

/// The picture for narrow screens.
pub(super) fn list(graph: &Graph, layout: &Layout) -> String {
    let mut order: Vec<_> = (0..graph.nodes.len()).collect();
    order.sort_by(|one, other| {
        let key = |place: usize| (layout.columns[place], layout.nodes[place].1);
        let (one, other) = (key(*one), key(*other));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    let mut row = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, place)| row[*place] = at);
    let mut svg = open("narrow", LABELS + ARCS, ROW * order.len() as f64);
    let farthest = order.len().max(2) as f64 - 1.0;
    let heights = beside(graph, &row);
    for (edge, [begin, end]) in graph.edges.iter().zip(heights) {
        let distance = row[edge.from].abs_diff(row[edge.to]) as f64 / farthest;
        // A curve comes as far as three quarters of the way to its control points.
        let reach = LABELS + (16.0 + (ARCS - 18.0) * distance.powf(0.7)) * 4.0 / 3.0;
        let path =
            format!("M{LABELS:.0} {begin:.1}C{reach:.1} {begin:.1} {reach:.1} {end:.1} {LABELS:.0} {end:.1}");
        svg.push_str(&edge_path("narrow", graph, edge, &path));
    }
    for place in order {
        let top = ROW * row[place] as f64 + 3.0;
        node(&mut svg, graph, place, (0.0, top, LABELS, ROW - 6.0), 25);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Begins a picture. Its nodes are links with names of their own, so it is a group for assistive programs.
fn open(class: &str, width: f64, height: f64) -> String {
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg class=\"picture {class}\" role=\"group\" aria-label=\"The data's way\" width=\"{width:.0}\" \
         viewBox=\"-{MARGIN} -{MARGIN} {width:.0} {height:.0}\">\n<defs>"
    );
    for data in Data::ALL {
        let word = data.word();
        let _ = write!(
            svg,
            "<marker id=\"{class}-{word}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head {word}\" d=\"M0 0L8 4L0 8z\"/></marker>"
        );
    }
    svg.push_str("</defs>\n");
    svg
}

fn edge_path(picture: &str, graph: &Graph, edge: &Edge, path: &str) -> String {
    let [from, to] = [edge.from, edge.to].map(|end| escape(&graph.nodes[end].name));
    let word = edge.data.word();
    format!(
        "<path class=\"edge {word} e{} e{}\" aria-hidden=\"true\" d=\"{path}\" marker-end=\"url(#{picture}-{word})\"><title>{word}: {from} to {to}</title></path>\n",
        edge.from, edge.to
    )
}

/// A node as a link to its card.
fn node(
    svg: &mut String,
    graph: &Graph,
    place: usize,
    (left, top, width, height): (f64, f64, f64, f64),
    letters: usize,
) {
    let node = &graph.nodes[place];
    let class = if node.kind == "Bucket" {
        "bucket"
    } else if node.construct.is_empty() {
        "outside"
    } else {
        "own"
    };
    let round = if node.kind == "Bucket" { height / 2.0 } else { 8.0 };
    let _ = write!(
        svg,
        "<a class=\"node {class} n{place}\" href=\"#{}\" aria-label=\"{}\"><rect x=\"{left:.1}\" y=\"{top:.1}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" rx=\"{round:.0}\"/>",
        card(place),
        escape(&sentence(graph, place)),
    );
    let lines = broken(&node.name, letters);
    // One text, so that its words are those that the link's name begins with.
    let (x, first) = (left + width / 2.0, top + height / 2.0 - 7.0 * lines.len() as f64 + 3.0);
    let _ = write!(
        svg,
        "<text x=\"{x:.1}\" y=\"{first:.1}\"><tspan class=\"kind\">{}</tspan> ",
        escape(&node.kind)
    );
    for (at, line) in lines.iter().enumerate() {
        let y = first + 14.0 * (at + 1) as f64;
        let _ = write!(svg, "<tspan x=\"{x:.1}\" y=\"{y:.1}\">{}</tspan>", escape(line));
    }
    svg.push_str("</text></a>\n");
}

/// A name in at most two lines of so many letters, broken behind a hyphen or dot; what is longer ends in an ellipsis.
fn broken(name: &str, letters: usize) -> Vec<String> {
    let all: Vec<char> = name.chars().collect();
    if all.len() <= letters {
        return vec![name.to_owned()];
    }
    let breaks = all[..letters].iter().rposition(|letter| matches!(letter, '-' | '.'));
    let (first, rest) = all.split_at(breaks.map_or(letters, |at| at + 1));
    let mut second: String = rest.iter().take(letters).collect();
    if rest.len() > letters {
        second.pop();
        second.push('…');
    }
    vec![first.iter().collect(), second]
}

/// Where each edge begins and ends: its ends share the side of a node, in the order of where they come from.
fn ends(graph: &Graph, layout: &Layout) -> Vec<[Point; 2]> {
    let mut sides = Sides::default();
    for (place, edge) in graph.edges.iter().enumerate() {
        let passages = &layout.passages[place];
        let (from, to) = (layout.columns[edge.from], layout.columns[edge.to]);
        let next = passages.first().map_or(layout.nodes[edge.to].1, |point| point.1);
        let last = passages.last().map_or(layout.nodes[edge.from].1, |point| point.1);
        // To the right goes what goes on, and what stays in its column.
        sides.add((edge.from, to >= from), next, [place, 0]);
        sides.add((edge.to, to <= from), last, [place, 1]);
    }
    let mut ends = vec![[(0.0, 0.0); 2]; graph.edges.len()];
    for ((node, is_right), [place, end], offset) in sides.offsets(HEIGHT - 14.0) {
        let (x, y) = layout.nodes[node];
        let away = if is_right { WIDTH / 2.0 } else { -WIDTH / 2.0 };
        ends[place][end] = (x + away, y + offset);
    }
    ends
}

/// The same for a list with a row for each node: heights on its right side.
fn beside(graph: &Graph, row: &[usize]) -> Vec<[f64; 2]> {
    let mut sides = Sides::default();
    for (place, edge) in graph.edges.iter().enumerate() {
        sides.add((edge.from, true), row[edge.to] as f64, [place, 0]);
        sides.add((edge.to, true), row[edge.from] as f64, [place, 1]);
    }
    let mut heights = vec![[0.0; 2]; graph.edges.len()];
    for ((node, _), [place, end], offset) in sides.offsets(ROW - 20.0) {
        heights[place][end] = ROW * (row[node] as f64 + 0.5) + offset;
    }
    heights
}

/// A side of a node: whether it is the right one.
type Side = (usize, bool);

/// The ends of edges on the sides of nodes, each with the height of what is next on its way.
#[derive(Default)]
struct Sides {
    ends: BTreeMap<Side, Vec<(f64, [usize; 2])>>,
}

impl Sides {
    fn add(&mut self, side: Side, next: f64, end: [usize; 2]) {
        self.ends.entry(side).or_default().push((next, end));
    }

    /// How far each end is below the middle of its side, where all share so much of it.
    fn offsets(mut self, height: f64) -> Vec<(Side, [usize; 2], f64)> {
        let mut offsets = Vec::new();
        for (side, ends) in &mut self.ends {
            ends.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            let step = height / ends.len().max(2) as f64;
            let first = step * (ends.len() as f64 - 1.0) / -2.0;
            offsets.extend(
                ends.iter().enumerate().map(|(at, (_, end))| (*side, *end, first + step * at as f64)),
            );
        }
        offsets
    }
}

/// A path through passages: level beside nodes and through columns, curved between them.
fn through(from: Point, passages: &[Point], to: Point) -> String {
    let direction = (to.0 - from.0).signum();
    let half = direction * WIDTH / 2.0;
    let mut path = format!("M{:.1} {:.1}", from.0, from.1);
    let mut at = from;
    for passage in passages {
        let before = (passage.0 - half, passage.1);
        curve(&mut path, at, before);
        at = (passage.0 + half, passage.1);
        let _ = write!(path, "H{:.1}", at.0);
    }
    curve(&mut path, at, to);
    path
}

fn curve(path: &mut String, from: Point, to: Point) {
    let middle = f64::midpoint(from.0, to.0);
    let _ = write!(path, "C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", from.1, to.1, to.0, to.1);
}

/// A path between two nodes of one column, on their right.
fn detour(from: Point, to: Point) -> String {
    let x = from.0 + DETOUR;
    format!("M{:.1} {:.1}C{x:.1} {:.1} {x:.1} {:.1} {:.1} {:.1}", from.0, from.1, from.1, to.1, to.0, to.1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::graph;
    use super::*;

    fn both(graph: &Graph) -> [String; 2] {
        let layout = Layout::of(graph);
        [columns(graph, &layout), list(graph, &layout)]
    }

    #[test]
    fn long_names_are_broken_at_hyphens() {
        assert_eq!(broken("short", 10), ["short"]);
        assert_eq!(broken("kube-state-metrics", 12), ["kube-state-", "metrics"]);
        assert_eq!(broken(&"a".repeat(40), 10), ["a".repeat(10), format!("{}…", "a".repeat(9))]);
    }

    #[test]
    fn both_pictures_have_each_node_and_edge_once() {
        let graph =
            graph(4, &[(0, 1, Data::Logs), (1, 2, Data::Upload), (2, 0, Data::Query), (3, 1, Data::Scrape)]);
        for svg in both(&graph) {
            assert_eq!(svg.matches("<a class=\"node ").count(), 4);
            assert_eq!(svg.matches("<path class=\"edge ").count(), 4);
            assert!(svg.contains("<title>logs: n0 to n1</title>") && !svg.contains("NaN"), "{svg}");
        }
    }

    #[test]
    fn names_cannot_end_the_picture() {
        let mut graph = graph(1, &[]);
        graph.nodes[0].name = "\"><script>".to_owned();
        for svg in both(&graph) {
            assert!(svg.contains("aria-label=\"Deployment &quot;&gt;&lt;script&gt;\""), "{svg}");
            assert!(!svg.contains("<script"));
        }
    }
}
