//! Where the nodes of a graph lie in a picture: in layers from left to right, as the data goes (Sugiyama's method: layers,
//! an order in each with few crossings, then coordinates).
//!
//! Everything is scraped, so scraping says nothing of an order: it is drawn, but does not decide on layers.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Data, Graph};

/// The layer of each node: behind all those that its data comes from, as far as the data does not go in a circle.
pub(super) fn of(graph: &Graph) -> Vec<usize> {
    let ways = Ways::of(graph);
    let order = ways.order();
    let rank: BTreeMap<_, _> = order.iter().enumerate().map(|(rank, place)| (*place, rank)).collect();
    let is_forward = |from: usize, to: usize| rank.get(&from) < rank.get(&to);
    let mut layers = vec![0_usize; graph.nodes.len()];
    for from in &order {
        for to in ways.after[*from].iter().filter(|to| is_forward(*from, **to)) {
            layers[*to] = layers[*to].max(layers[*from] + 1);
        }
    }
    // What begins a way is next to where it goes first.
    for from in order.iter().filter(|place| ways.before[**place].is_empty()) {
        if let Some(next) = ways.after[*from].iter().map(|to| layers[*to]).min() {
            layers[*from] = next.saturating_sub(1);
        }
    }
    let scraped = scraped_only(graph, &ways);
    if scraped.iter().any(|(_, scraper)| layers[*scraper] == 0) {
        layers.iter_mut().for_each(|layer| *layer += 1);
    }
    for (place, scraper) in scraped {
        layers[place] = layers[scraper].saturating_sub(1);
    }
    without_gaps(layers)
}

/// What is scraped and does nothing else, with who scrapes it.
fn scraped_only(graph: &Graph, ways: &Ways) -> Vec<(usize, usize)> {
    let is_alone = |place: usize| ways.before[place].is_empty() && ways.after[place].is_empty();
    let scrapes = graph.edges.iter().filter(|edge| edge.data == Data::Scrape && is_alone(edge.from));
    scrapes.filter(|edge| !is_alone(edge.to)).map(|edge| (edge.from, edge.to)).collect()
}

fn without_gaps(layers: Vec<usize>) -> Vec<usize> {
    let used: BTreeSet<_> = layers.iter().copied().collect();
    let compact: BTreeMap<_, _> = used.into_iter().enumerate().map(|(to, from)| (from, to)).collect();
    layers.iter().map(|layer| compact.get(layer).copied().unwrap_or_default()).collect()
}

/// The ways of data but scraping, each pair of nodes once.
struct Ways {
    after: Vec<BTreeSet<usize>>,
    before: Vec<BTreeSet<usize>>,
}

impl Ways {
    fn of(graph: &Graph) -> Self {
        let none = vec![BTreeSet::new(); graph.nodes.len()];
        let mut ways = Self { after: none.clone(), before: none };
        for edge in graph.edges.iter().filter(|edge| edge.data != Data::Scrape) {
            ways.after[edge.from].insert(edge.to);
            ways.before[edge.to].insert(edge.from);
        }
        ways
    }

    /// All nodes, each before those that its data goes to, as far as there is no circle: the reverse of the order in which
    /// a depth-first search leaves them.
    fn order(&self) -> Vec<usize> {
        let count = self.after.len();
        let (begins, others): (Vec<_>, Vec<_>) = (0..count).partition(|place| self.before[*place].is_empty());
        let mut seen = vec![false; count];
        let mut left = Vec::with_capacity(count);
        for start in begins.into_iter().chain(others) {
            let mut open = vec![(start, false)];
            while let Some((place, is_left)) = open.pop() {
                if is_left {
                    left.push(place);
                } else if !std::mem::replace(&mut seen[place], true) {
                    open.push((place, true));
                    open.extend(self.after[place].iter().rev().map(|next| (*next, false)));
                }
            }
        }
        left.reverse();
        left
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::graph;
    use super::*;

    #[test]
    fn layers_follow_the_data_and_not_the_scrapes() {
        let graph =
            graph(5, &[(0, 1, Data::Logs), (1, 2, Data::Upload), (2, 0, Data::Scrape), (3, 2, Data::Scrape)]);
        assert_eq!(of(&graph), [0, 1, 2, 1, 0]);
    }

    #[test]
    fn a_circle_has_layers_too() {
        let graph = graph(3, &[(0, 1, Data::Logs), (1, 2, Data::Query), (2, 0, Data::Query)]);
        let mut layers = of(&graph);
        layers.sort_unstable();
        assert_eq!(layers, [0, 1, 2]);
    }

    #[test]
    fn what_is_only_scraped_comes_before_who_scrapes_it() {
        let graph = graph(3, &[(1, 0, Data::Scrape), (0, 2, Data::Alerts)]);
        assert_eq!(of(&graph), [1, 0, 2]);
    }

    #[test]
    fn what_begins_a_way_is_next_to_where_it_goes() {
        let graph = graph(4, &[(0, 1, Data::Logs), (1, 2, Data::Logs), (3, 2, Data::Logs)]);
        assert_eq!(of(&graph), [0, 1, 2, 1]);
    }
}
