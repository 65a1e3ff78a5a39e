//! Pods for which the scheduler finds no node.

use super::Pod;
use crate::doctor::component::{Quantity, resource, scaled};
use crate::doctor::finding::Finding;
use crate::doctor::observed::{condition, text};

/// What the scheduler's words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Memory,
    Cpu,
    Claim,
    VolumeElsewhere,
    Taint,
    AntiAffinity,
    Affinity,
    Ports,
    PodCount,
}

/// Words of kube-scheduler's plugins (kubernetes v1.34, `pkg/scheduler/framework/plugins`), and what they mean. The
/// first ones are what a user most likely can change.
const WORDS: [(&str, Reason); 13] = [
    ("Insufficient memory", Reason::Memory),
    ("Insufficient cpu", Reason::Cpu),
    ("unbound immediate PersistentVolumeClaims", Reason::Claim),
    ("persistentvolumeclaim", Reason::Claim),
    ("PersistentVolumeClaim", Reason::Claim),
    ("didn't find available persistent volumes", Reason::Claim),
    ("volume node affinity conflict", Reason::VolumeElsewhere),
    ("anti-affinity", Reason::AntiAffinity),
    ("node affinity", Reason::Affinity),
    ("node selector", Reason::Affinity),
    ("free ports", Reason::Ports),
    ("Too many pods", Reason::PodCount),
    ("untolerated taint", Reason::Taint),
];

impl Pod<'_> {
    /// A pod for which there is no node.
    pub(super) fn unschedulable(&self) -> Option<Finding> {
        if !text(self.value, "/spec/nodeName").is_empty() {
            return None;
        }
        let scheduled = condition(self.value, "PodScheduled").filter(|one| one.status == "False");
        let events = self.observed.events("Pod", &self.object.name);
        let event = events.iter().find(|event| event.reason == "FailedScheduling");
        let gated = scheduled.is_some_and(|one| one.reason == "SchedulingGated");
        let (message, shown) = match (scheduled, event) {
            (Some(one), _) if !one.message.is_empty() || event.is_none() => (one.message, one.shown()),
            (_, Some(event)) => (event.message, event.shown()),
            _ => return None,
        };
        if gated {
            let finding = Finding::new(self.object.clone(), "Pending: a scheduling gate holds it back");
            return Some(finding.evidence(shown).fix(self.describe()));
        }
        // What follows is about pods that might be removed for it.
        let message = message.split("preemption:").next().unwrap_or(message);
        let mut reasons: Vec<Reason> = Vec::new();
        for (words, reason) in WORDS {
            if message.contains(words) && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        // Nodes that are tainted or do not match are as they should be when others are only full.
        let finding = Finding::new(self.object.clone(), format!("Pending: {}", what(&reasons)));
        let finding = finding.evidence(shown);
        let finding = reasons.iter().fold(finding, |finding, reason| self.fix_for(finding, *reason, message));
        let finding = if reasons.is_empty() { finding.fix(self.describe()) } else { finding };
        Some(if reasons.contains(&Reason::Claim) { finding.because(self.claims()) } else { finding })
    }

    fn fix_for(&self, finding: Finding, reason: Reason, message: &str) -> Finding {
        let kubectl = self.expected.kubectl_here();
        match reason {
            Reason::Memory | Reason::Cpu => {
                let (of, noun) = match reason {
                    Reason::Memory => (Quantity::RequestedMemory, "memory"),
                    _ => (Quantity::RequestedCpu, "CPU"),
                };
                let finding = match resource(self.expected.config, &self.component, "", of) {
                    Some((key, Some(now))) => {
                        let less = scaled(&now, of).unwrap_or_else(|| "less".to_owned());
                        finding.fix(format!("request less {noun}, {key}: {less} (now {now}), or add a node"))
                    }
                    Some((key, None)) => {
                        finding.fix(format!("request less {noun} with {key}, or add a node"))
                    }
                    None => finding.fix(format!("add a node, or {noun} to the nodes")),
                };
                finding.fix(format!(
                    "see what fits: monstack resources {} --nodes {} --node-cpu CPU --node-memory MEMORY",
                    self.expected.arguments,
                    nodes(message)
                ))
            }
            Reason::Claim => finding.fix(format!("see why it is not bound: {kubectl} get pvc")),
            Reason::VolumeElsewhere => finding.fix(format!(
                "make room on the volume's node, or delete the claim and what is on it: {} get pv -o wide",
                self.expected.kubectl
            )),
            Reason::Taint => match taint(message) {
                // Kubernetes' own taints tell of sick nodes.
                Some(key) if key.starts_with("node.kubernetes.io/") => finding.fix(format!(
                    "repair the nodes with the taint {key}: {} describe nodes",
                    self.expected.kubectl
                )),
                Some(key) => {
                    finding.fix(format!("tolerations: [{{key: {key}, operator: Exists}}], or add a node"))
                }
                None => finding.fix("tolerations: of the config has to name the taint"),
            },
            Reason::AntiAffinity => finding.fix(format!(
                "add a node, or have fewer replicas: replicas.{}",
                self.component.key.unwrap_or("*")
            )),
            Reason::Affinity => finding
                .fix(format!("compare with the labels: {} get nodes --show-labels", self.expected.kubectl)),
            Reason::Ports => {
                finding.fix("another pod has its hostPort on that node: a second node-exporter?")
            }
            Reason::PodCount => finding.fix("add a node, or raise the kubelet's maxPods"),
        }
    }
}

fn what(reasons: &[Reason]) -> &'static str {
    let has = |reason| reasons.contains(&reason);
    match reasons.first() {
        _ if has(Reason::Memory) && has(Reason::Cpu) => "no node has enough free memory and CPU",
        Some(Reason::Memory) => "no node has enough free memory",
        Some(Reason::Cpu) => "no node has enough free CPU",
        Some(Reason::Claim) => "its volume is not bound",
        Some(Reason::VolumeElsewhere) => "its volume is on another node",
        Some(Reason::AntiAffinity) => "there are too few nodes to keep its replicas apart",
        Some(Reason::Affinity) => "no node matches its affinity or selector",
        Some(Reason::Ports) => "a port that it needs is taken on the node",
        Some(Reason::PodCount) => "each node has as many pods as it takes",
        Some(Reason::Taint) => "there is no node without a taint that it does not tolerate",
        None => "no node takes it",
    }
}

/// How many nodes there are, by `0/4 nodes are available`.
fn nodes(message: &str) -> &str {
    let count = message.split_once('/').map_or("", |(_, rest)| rest);
    let end = count.find(|c: char| !c.is_ascii_digit()).unwrap_or(count.len());
    match count.get(..end) {
        None | Some("" | "0") => "N",
        Some(count) => count,
    }
}

/// The key of the taint, by `untolerated taint {key: value}`.
fn taint(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("untolerated taint {")?;
    let key = rest.split([':', '}']).next()?.trim();
    (!key.is_empty()).then_some(key)
}
