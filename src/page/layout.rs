//! Coordinates of a graph's nodes and edges: layers are columns, in each the order has few crossings.

use std::collections::BTreeMap;

use super::layers;
use crate::graph::Graph;

/// Width of a node.
pub(super) const WIDTH: f64 = 172.0;
/// Height of a node.
pub(super) const HEIGHT: f64 = 54.0;
/// Between two columns.
const GUTTER: f64 = 72.0;
/// Between two nodes of a column.
const GAP: f64 = 16.0;
/// What an edge takes that passes a column.
const PASSAGE: f64 = 8.0;
/// How often columns are ordered again by their neighbours.
const SWEEPS: usize = 24;

/// A point of a picture.
pub(super) type Point = (f64, f64);

/// A picture's geometry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// Width of the whole.
    pub(super) width: f64,
    /// Height of the whole.
    pub(super) height: f64,
    /// The column of each node.
    pub(super) columns: Vec<usize>,
    /// Centre of each node.
    pub(super) nodes: Vec<Point>,
    /// Where each edge passes the columns between its ends, from its beginning to its end; in the order of the edges.
    pub(super) passages: Vec<Vec<Point>>,
}

/// A node, or an edge (the n-th) in a column between its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Node(usize),
    Passage(usize, usize),
}

impl Item {
    fn height(self) -> f64 {
        match self {
            Self::Node(_) => HEIGHT,
            Self::Passage(..) => PASSAGE,
        }
    }
}

impl Layout {
    /// Of a graph.
    pub(super) fn of(graph: &Graph) -> Self {
        let columns = layers::of(graph);
        let mut drawing = Drawing::of(graph, &columns);
        drawing.order();
        let centres = drawing.centres();
        let point = |item: Item, column: usize| {
            let x = column as f64 * (WIDTH + GUTTER) + WIDTH / 2.0;
            (x, centres.get(&item).copied().unwrap_or_default())
        };
        let passages = graph.edges.iter().enumerate().map(|(edge, ends)| {
            let (from, to) = (columns[ends.from], columns[ends.to]);
            let mut points: Vec<_> =
                between(from, to).map(|column| point(Item::Passage(edge, column), column)).collect();
            if from > to {
                points.reverse();
            }
            points
        });
        let bottom = |(item, y): (&Item, &f64)| y + item.height() / 2.0;
        Self {
            width: drawing.columns.len().max(1) as f64 * (WIDTH + GUTTER) - GUTTER,
            height: centres.iter().map(bottom).fold(0.0, f64::max),
            passages: passages.collect(),
            nodes: columns
                .iter()
                .enumerate()
                .map(|(place, column)| point(Item::Node(place), *column))
                .collect(),
            columns,
        }
    }
}

/// The columns between two.
fn between(one: usize, other: usize) -> std::ops::Range<usize> {
    one.min(other) + 1..one.max(other)
}

/// The items of each column, and with which of the next one each is connected.
struct Drawing {
    columns: Vec<Vec<Item>>,
    links: BTreeMap<Item, Vec<Item>>,
}

impl Drawing {
    fn of(graph: &Graph, column_of: &[usize]) -> Self {
        let count = column_of.iter().max().map_or(0, |last| last + 1);
        let mut drawing = Self { columns: vec![Vec::new(); count], links: BTreeMap::new() };
        for (place, column) in column_of.iter().enumerate() {
            drawing.columns[*column].push(Item::Node(place));
        }
        for (edge, ends) in graph.edges.iter().enumerate() {
            let (from, to) = (column_of[ends.from], column_of[ends.to]);
            if from == to {
                continue;
            }
            let (first, last) = if from < to { (ends.from, ends.to) } else { (ends.to, ends.from) };
            let mut before = Item::Node(first);
            for column in between(from, to) {
                let passage = Item::Passage(edge, column);
                drawing.columns[column].push(passage);
                drawing.link(before, passage);
                before = passage;
            }
            drawing.link(before, Item::Node(last));
        }
        drawing
    }

    fn link(&mut self, one: Item, other: Item) {
        self.links.entry(one).or_default().push(other);
        self.links.entry(other).or_default().push(one);
    }

    /// Orders each column by where the neighbours of its items are in the others, there and back again; the order with the
    /// fewest crossings counts.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..SWEEPS {
            let count = self.columns.len();
            for step in 0..count {
                let column = if sweep % 2 == 0 { step } else { count - 1 - step };
                self.order_one(column, sweep % 2 == 0);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }

    /// Orders a column by the middle of its neighbours, those in the column before or in the one after.
    fn order_one(&mut self, column: usize, is_forward: bool) {
        let Some(fixed) = (if is_forward { column.checked_sub(1) } else { Some(column + 1) }) else { return };
        let Some(places) = self.columns.get(fixed).map(|items| places(items)) else { return };
        let middle = |(own, item): (usize, &Item)| {
            let linked = self.links.get(item).into_iter().flatten();
            let found: Vec<_> = linked.filter_map(|other| places.get(other)).collect();
            let middle = found.iter().copied().sum::<usize>() as f64 / found.len() as f64;
            (if found.is_empty() { own as f64 } else { middle }, *item)
        };
        let mut sorted: Vec<_> = self.columns[column].iter().enumerate().map(middle).collect();
        sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
        self.columns[column] = sorted.into_iter().map(|(_, item)| item).collect();
    }

    /// How many pairs of edges cross.
    fn crossings(&self) -> usize {
        let crossings = self.columns.windows(2).map(|pair| {
            let after = places(&pair[1]);
            let mut ends = Vec::new();
            for item in &pair[0] {
                let linked = self.links.get(item).into_iter().flatten();
                let mut own: Vec<_> = linked.filter_map(|other| after.get(other).copied()).collect();
                own.sort_unstable();
                ends.extend(own);
            }
            (0..ends.len()).map(|at| ends[..at].iter().filter(|end| **end > ends[at]).count()).sum::<usize>()
        });
        crossings.sum()
    }

    /// The middle of each item from top to bottom: as near to those of its neighbours as the order allows.
    fn centres(&self) -> BTreeMap<Item, f64> {
        let mut centres = BTreeMap::new();
        for items in &self.columns {
            centres.extend(items.iter().copied().zip(apart(items, &vec![0.0; items.len()])));
        }
        for _ in 0..SWEEPS {
            for items in &self.columns {
                let wanted: Vec<_> = items.iter().map(|item| self.wanted(item, &centres)).collect();
                centres.extend(items.iter().copied().zip(apart(items, &wanted)));
            }
        }
        let top = centres.iter().map(|(item, y)| y - item.height() / 2.0).fold(f64::INFINITY, f64::min);
        centres.values_mut().for_each(|y| *y -= top);
        centres
    }

    fn wanted(&self, item: &Item, centres: &BTreeMap<Item, f64>) -> f64 {
        let linked: Vec<_> =
            self.links.get(item).into_iter().flatten().filter_map(|other| centres.get(other)).collect();
        match linked.len() {
            0 => centres.get(item).copied().unwrap_or_default(),
            count => linked.into_iter().sum::<f64>() / count as f64,
        }
    }
}

fn places(items: &[Item]) -> BTreeMap<Item, usize> {
    items.iter().enumerate().map(|(place, item)| (*item, place)).collect()
}

/// Places for items in their order, apart from each other, that are as near to the wanted ones as possible (least squares:
/// items that would overlap become a block around the mean of what they want).
fn apart(items: &[Item], wanted: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(items.len());
    let mut offset = 0.0;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            offset += (items[at - 1].height() + item.height()) / 2.0 + GAP;
        }
        offsets.push(offset);
    }
    // Without the offsets the places must only not decrease.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (want, offset) in wanted.iter().zip(&offsets) {
        let mut block = (want - offset, 1);
        while let Some((mean, count)) = blocks.pop_if(|(mean, _)| *mean > block.0) {
            let total = count + block.1;
            block = ((mean * count as f64 + block.0 * block.1 as f64) / total as f64, total);
        }
        blocks.push(block);
    }
    let starts = blocks.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    starts.zip(offsets).map(|(start, offset)| start + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::graph;
    use super::*;
    use crate::graph::Data::{Logs, Query};

    #[test]
    fn nodes_never_overlap() {
        let all: Vec<_> = (0..6).flat_map(|from| (6..12).map(move |to| (from, to, Logs))).collect();
        let layout = Layout::of(&graph(12, &all));
        for (one, at) in layout.nodes.iter().enumerate() {
            for (other, there) in layout.nodes.iter().enumerate().filter(|(other, _)| *other != one) {
                let is_apart = (at.0 - there.0).abs() >= WIDTH || (at.1 - there.1).abs() >= HEIGHT;
                assert!(is_apart, "{one} {other} {at:?} {there:?}");
            }
            assert!(at.1 >= HEIGHT / 2.0 - 0.01 && at.1 <= layout.height - HEIGHT / 2.0 + 0.01);
        }
    }

    #[test]
    fn crossings_that_need_not_be_are_gone() {
        let graph = graph(6, &[(0, 5, Logs), (1, 4, Logs), (2, 3, Logs)]);
        let mut drawing = Drawing::of(&graph, &layers::of(&graph));
        assert_eq!(drawing.crossings(), 3);
        drawing.order();
        assert_eq!(drawing.crossings(), 0);
    }

    #[test]
    fn an_edge_passes_the_columns_between_its_ends() {
        let layout = Layout::of(&graph(3, &[(0, 1, Logs), (0, 2, Query), (1, 2, Logs)]));
        assert_eq!(layout.passages.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 0]);
        let back = Layout::of(&graph(4, &[(0, 1, Logs), (1, 2, Logs), (2, 3, Logs), (3, 0, Query)]));
        let passages = &back.passages[3];
        assert!(passages.len() == 2 && passages[0].0 > passages[1].0, "{passages:?}");
    }

    #[test]
    fn places_are_the_nearest_that_are_apart() {
        let items = [Item::Node(0), Item::Node(1)];
        assert_eq!(apart(&items, &[0.0, 0.0]), [-35.0, 35.0]);
        assert_eq!(apart(&items, &[0.0, 200.0]), [0.0, 200.0]);
    }

    #[test]
    fn nothing_has_no_size() {
        assert_eq!(Layout::of(&Graph::default()).nodes, []);
    }
}
