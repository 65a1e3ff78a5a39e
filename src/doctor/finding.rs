//! What is wrong, and what comes of it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::k8s::Identity;

/// Something that is wrong in the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The object that it is about.
    pub object: Identity,
    /// What is wrong, on one line.
    pub finding: String,
    /// The cluster's own words: conditions, events, metrics, answers.
    pub evidence: Vec<String>,
    /// Commands to run or keys of the config to set.
    pub fix: Vec<String>,
    /// What is wrong only because this is.
    pub consequences: Vec<Finding>,
    /// Objects that explain this finding when there is a finding about them, too.
    #[serde(skip)]
    pub because: Vec<Identity>,
    /// More objects that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Identity>,
}

impl Finding {
    /// A finding without evidence yet.
    #[must_use]
    pub fn new(object: Identity, finding: impl Into<String>) -> Self {
        let (finding, evidence, fix) = (finding.into(), Vec::new(), Vec::new());
        Self {
            object,
            finding,
            evidence,
            fix,
            consequences: Vec::new(),
            because: Vec::new(),
            also: Vec::new(),
        }
    }

    /// With words of the cluster. Nothing is said twice.
    #[must_use]
    pub fn evidence(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() && !self.evidence.contains(&words) {
            self.evidence.push(words);
        }
        self
    }

    /// With something to do about it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        let fix = fix.into();
        if !fix.is_empty() && !self.fix.contains(&fix) {
            self.fix.push(fix);
        }
        self
    }

    /// With objects that explain it, if there are findings about them.
    #[must_use]
    pub fn because(mut self, objects: impl IntoIterator<Item = Identity>) -> Self {
        self.because.extend(objects);
        self
    }

    fn is_about(&self, object: &Identity) -> bool {
        self.object == *object || self.also.contains(object)
    }
}

/// Something that could not be looked at, which is no problem of the stack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unchecked {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
}

/// All that was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What is wrong, causes before what has other causes, each with its consequences.
    pub problems: Vec<Finding>,
    /// What is not wrong yet, or not certainly.
    pub notes: Vec<String>,
    /// What could not be looked at.
    pub unchecked: Vec<Unchecked>,
    /// What was looked at, in a few words.
    pub checked: Vec<String>,
    /// Whether the stack is in the cluster, when that could be found out; before that only the prerequisites are looked
    /// at.
    pub applied: Option<bool>,
}

/// Puts each finding below the one that explains it. Findings come in the order of topics, from what everything
/// needs to what needs everything; of several explanations the first counts.
#[must_use]
pub fn arrange(findings: Vec<Finding>) -> Vec<Finding> {
    let causes: Vec<Option<usize>> = findings
        .iter()
        .enumerate()
        .map(|(index, finding)| {
            let explains = |(other, cause): &(usize, &Finding)| {
                *other != index && finding.because.iter().any(|object| cause.is_about(object))
            };
            findings.iter().enumerate().find(explains).map(|(other, _)| other)
        })
        .collect();
    let roots: Vec<_> = (0..findings.len()).map(|index| root(index, &causes)).collect();
    let mut slots: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    let mut arranged: Vec<(usize, Finding)> = Vec::new();
    for (index, root) in roots.iter().enumerate() {
        if index == *root
            && let Some(finding) = slots[index].take()
        {
            arranged.push((index, finding));
        }
    }
    for (index, root) in roots.iter().enumerate() {
        let Some(finding) = slots[index].take() else { continue };
        if let Some((_, cause)) = arranged.iter_mut().find(|(other, _)| other == root) {
            cause.consequences.push(finding);
        }
    }
    arranged.into_iter().map(|(_, finding)| finding).collect()
}

/// The finding that explains another one in the end. Of findings that explain each other it is the first.
fn root(index: usize, causes: &[Option<usize>]) -> usize {
    let mut seen = BTreeSet::from([index]);
    let mut at = index;
    while let Some(cause) = causes.get(at).copied().flatten() {
        if !seen.insert(cause) {
            // A circle: all that lead into it agree on its smallest member.
            let mut circle = BTreeSet::new();
            let mut member = cause;
            while circle.insert(member) {
                member = causes.get(member).copied().flatten().unwrap_or(member);
            }
            return circle.first().copied().unwrap_or(cause);
        }
        at = cause;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: &str) -> Identity {
        Identity { name: name.to_owned(), ..Identity::default() }
    }

    fn finding(name: &str, because: &[&str]) -> Finding {
        Finding::new(object(name), "x").because(because.iter().map(|name| object(name)))
    }

    fn names(findings: &[Finding]) -> Vec<(String, Vec<String>)> {
        let name = |finding: &Finding| finding.object.name.clone();
        findings.iter().map(|one| (name(one), one.consequences.iter().map(name).collect())).collect()
    }

    #[test]
    fn consequences_come_below_their_root() {
        let arranged = arrange(vec![
            finding("pod", &["copy"]),
            finding("other", &["healthy"]),
            finding("copy", &["external"]),
            finding("external", &["source"]),
            finding("source", &[]),
        ]);
        let of = |name: &str| name.to_owned();
        assert_eq!(
            names(&arranged),
            [(of("other"), vec![]), (of("source"), vec![of("pod"), of("copy"), of("external")])]
        );
    }

    #[test]
    fn findings_that_explain_each_other_are_not_lost() {
        let arranged = arrange(vec![finding("c", &["a"]), finding("a", &["b"]), finding("b", &["a"])]);
        assert_eq!(names(&arranged), [("a".to_owned(), vec!["c".to_owned(), "b".to_owned()])]);
        assert_eq!(arrange(vec![finding("self", &["self"])]).len(), 1);
    }
}
