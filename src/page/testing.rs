//! Graphs for tests.

use crate::graph::{Data, Edge, Graph, Node};

/// A graph of so many nodes, by their places.
pub(super) fn graph(count: usize, edges: &[(usize, usize, Data)]) -> Graph {
    let node = |place: usize| Node {
        construct: "c".to_owned(),
        kind: "Deployment".to_owned(),
        name: format!("n{place}"),
    };
    let edge = |&(from, to, data): &(usize, usize, Data)| Edge { from, to, data };
    Graph { nodes: (0..count).map(node).collect(), edges: edges.iter().map(edge).collect() }
}
