//! Whether pods fit on nodes: the largest pod first, on the first node that has room (first fit, decreasing).
//!
//! Pods of the same object that must not share a node, or only so many of them, are kept apart. A real scheduler places
//! them otherwise, but what fits here fits in principle; what does not fit here, may by chance.

use serde::Serialize;

use super::pods::{Count, Pods, Spread};
use super::{Amounts, Asked};

/// A pod without a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// Kind and name of its object.
    pub pods: String,
    /// How many of them have none.
    pub count: u64,
    /// What one of them needs.
    pub requests: Amounts,
    /// Why no node takes it.
    pub reason: String,
}

/// A node while it is filled.
struct Node {
    free: Amounts,
    /// How many pods of each object are on it.
    pods: Vec<u64>,
}

/// The pods that have no place on so many equal nodes.
#[must_use]
pub fn pending(asked: &Asked, nodes: u64, each: Amounts) -> Vec<Pending> {
    let mut pending = Vec::new();
    let mut left = each;
    for pods in asked.pods.iter().filter(|pods| pods.count == Count::EachNode) {
        match left.without(pods.requests) {
            Some(rest) => left = rest,
            None => pending.push(pend(pods, nodes, "a node has no room for what runs on each")),
        }
    }
    let node = || Node { free: left, pods: vec![0; asked.pods.len()] };
    let mut placed: Vec<Node> = (0..nodes).map(|_| node()).collect();
    let mut order: Vec<usize> = (0..asked.pods.len()).collect();
    let size = |index: &usize| {
        asked.pods.get(*index).map(|pods| (pods.requests.memory_bytes, pods.requests.milli_cpu))
    };
    order.sort_by_key(|index| std::cmp::Reverse(size(index)));
    for index in order {
        let Some(pods) = asked.pods.get(index) else { continue };
        let Count::Fixed(count) = pods.count else { continue };
        // Pods that ask for nothing fit anywhere, however many there are.
        if pods.requests == Amounts::default() && pods.spread == Spread::Free && nodes > 0 {
            continue;
        }
        // They are all alike: where one finds no place, no other does.
        let unplaced = count - (0..count).take_while(|_| place(&mut placed, index, pods)).count() as u64;
        if unplaced > 0 {
            pending.push(pend(pods, unplaced, &reason(&placed, pods, left)));
        }
    }
    pending
}

/// Puts a pod on the first node that takes it.
fn place(nodes: &mut [Node], index: usize, pods: &Pods) -> bool {
    let least = nodes.iter().filter_map(|node| node.pods.get(index)).min().copied().unwrap_or_default();
    for node in nodes {
        let here = node.pods.get(index).copied().unwrap_or_default();
        if !allowed(pods.spread, here, least) {
            continue;
        }
        if let (Some(free), Some(slot)) = (node.free.without(pods.requests), node.pods.get_mut(index)) {
            node.free = free;
            *slot += 1;
            return true;
        }
    }
    false
}

fn allowed(spread: Spread, here: u64, least: u64) -> bool {
    match spread {
        Spread::Free => true,
        Spread::One => here == 0,
        Spread::Skew(most) => here < least.saturating_add(most),
    }
}

fn reason(nodes: &[Node], pods: &Pods, empty: Amounts) -> String {
    if nodes.is_empty() {
        return "there is no node".to_owned();
    }
    if empty.without(pods.requests).is_none() {
        return "not even an empty node has room for one".to_owned();
    }
    let has_room = nodes.iter().any(|node| node.free.without(pods.requests).is_some());
    if has_room && pods.spread != Spread::Free {
        return "the nodes with room have one already, and they must not share a node".to_owned();
    }
    let most_cpu = nodes.iter().map(|node| node.free.milli_cpu).max().unwrap_or_default();
    let most_memory = nodes.iter().map(|node| node.free.memory_bytes).max().unwrap_or_default();
    let what = match (most_cpu < pods.requests.milli_cpu, most_memory < pods.requests.memory_bytes) {
        (true, true) => "CPU and memory",
        (true, false) => "CPU",
        (false, true) => "memory",
        (false, false) => "CPU and memory together",
    };
    format!("insufficient {what} on every node")
}

fn pend(pods: &Pods, count: u64, reason: &str) -> Pending {
    let name = format!("{} {}", pods.kind, pods.name);
    Pending { pods: name, count, requests: pods.requests, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn asked(objects: &[Value]) -> Asked {
        Asked::of(objects.iter().map(|object| ("x", object)))
    }

    fn object(kind: &str, name: &str, replicas: u64, memory: &str, spec: &Value) -> Value {
        let mut pod = json!({"containers": [{"resources": {"requests": {"memory": memory}}}]});
        if let (Some(pod), Some(spec)) = (pod.as_object_mut(), spec.as_object()) {
            pod.extend(spec.clone());
        }
        json!({"kind": kind, "metadata": {"name": name}, "spec": {"replicas": replicas, "template": {"spec": pod}}})
    }

    fn shown(asked: &Asked, nodes: u64, memory: u128) -> Vec<String> {
        let each = Amounts { milli_cpu: 4000, memory_bytes: memory << 30 };
        pending(asked, nodes, each)
            .iter()
            .map(|one| format!("{} {}: {}", one.count, one.pods, one.reason))
            .collect()
    }

    #[test]
    fn pods_are_not_divided() {
        // 9 Gi in all, and 10 Gi on two nodes.
        let asked = asked(&[object("Deployment", "a", 3, "3Gi", &json!({}))]);
        assert_eq!(shown(&asked, 2, 5), ["1 Deployment a: insufficient memory on every node"]);
        assert!(shown(&asked, 3, 5).is_empty());
        assert_eq!(shown(&asked, 3, 2), ["3 Deployment a: not even an empty node has room for one"]);
    }

    #[test]
    fn what_runs_on_each_node_comes_first() {
        let asked = asked(&[
            object("Deployment", "a", 1, "4Gi", &json!({})),
            object("DaemonSet", "d", 0, "2Gi", &json!({})),
        ]);
        assert_eq!(shown(&asked, 1, 5), ["1 Deployment a: not even an empty node has room for one"]);
        assert!(shown(&asked, 1, 6).is_empty());
    }

    #[test]
    fn rules_for_spreading_are_kept() {
        let apart = json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]}}});
        let asked = asked(&[object("StatefulSet", "a", 3, "1Gi", &apart)]);
        assert_eq!(
            shown(&asked, 2, 8),
            ["1 StatefulSet a: the nodes with room have one already, and they must not share a node"]
        );
        assert!(shown(&asked, 3, 8).is_empty());
    }
}
