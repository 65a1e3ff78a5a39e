//! Chart releases of the original: HelmChart and Application objects with their values.

use go_yaml::{Data, Limits, Node};
use serde_json::Value;

use super::manifest::Manifest;
use super::report::{Findings, Outcome};
use super::view::{Origin, View};
use crate::config::Source;

/// A chart of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chart {
    PrometheusStack,
    Loki,
    Alloy,
}

impl Chart {
    /// The charts of the stack.
    pub(super) const ALL: [Self; 3] = [Self::PrometheusStack, Self::Loki, Self::Alloy];

    /// Its name in its repository.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PrometheusStack => "kube-prometheus-stack",
            Self::Loki => "loki",
            Self::Alloy => "alloy",
        }
    }

    /// Its key below `charts`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::PrometheusStack => "kubePrometheusStack",
            Self::Loki => "loki",
            Self::Alloy => "alloy",
        }
    }
}

/// A release of a chart of the stack.
#[derive(Debug)]
pub(super) struct Release<'a> {
    pub(super) chart: Chart,
    pub(super) manifest: Manifest<'a>,
    /// The release name.
    pub(super) name: &'a str,
    /// Namespace of the release.
    pub(super) namespace: Option<View<'a>>,
    /// The trees of values, in the order in which they are merged, with their origins.
    values: Vec<(Node, Origin)>,
}

/// What a values text may use up.
const LIMITS: Limits = crate::k8s::object::CHART_LIMITS;

impl<'a> Release<'a> {
    /// The release that an object is, if it is one of a chart of the stack.
    pub(super) fn of(manifest: Manifest<'a>, sources: &[Source], findings: &mut Findings) -> Option<Self> {
        let view = manifest.view;
        let is = |group, kind| manifest.group() == group && manifest.kind() == kind;
        let (chart, name, namespace, texts, trees): (_, _, _, &[&[&str]], &[&[&str]]) =
            if is("helm.cattle.io", "HelmChart") {
                let trees: &[&[&str]] = &[&["spec", "values"]];
                let namespace = view.at(&["spec", "targetNamespace"]);
                let texts: &[&[&str]] = &[&["spec", "valuesContent"]];
                (view.text(&["spec", "chart"])?, manifest.name(), namespace, texts, trees)
            } else if is("argoproj.io", "Application") {
                let helm = &["spec", "source", "helm"];
                let name = view.at(helm).and_then(|helm| helm.text(&["releaseName"]));
                let namespace = view.at(&["spec", "destination", "namespace"]);
                let trees: &[&[&str]] = &[&["spec", "source", "helm", "valuesObject"]];
                let texts: &[&[&str]] = &[&["spec", "source", "helm", "values"]];
                let chart = view.text(&["spec", "source", "chart"])?;
                (chart, name.unwrap_or(manifest.name()), namespace, texts, trees)
            } else {
                return None;
            };
        let chart_name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let chart = Chart::ALL.into_iter().find(|chart| chart.name() == chart_name)?;
        let mut values = Vec::new();
        for at in texts.iter().filter_map(|keys| view.at(keys)) {
            values.extend(text(at, sources, manifest, findings));
        }
        values.extend(trees.iter().filter_map(|keys| view.at(keys)).map(|at| (at.node.clone(), at.origin)));
        Some(Self { chart, manifest, name, namespace, values })
    }

    /// Views of the values; a later one counts more.
    pub(super) fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.values.iter().map(|(node, origin)| View { node, origin: *origin })
    }

    /// The first view that has something at the end of `keys`, from the one that counts most.
    pub(super) fn at(&self, keys: &[&str]) -> Option<View<'_>> {
        let views: Vec<_> = self.views().collect();
        views.into_iter().rev().find_map(|view| view.at(keys))
    }

    /// The text at the end of `keys`.
    pub(super) fn text(&self, keys: &[&str]) -> Option<&str> {
        let views: Vec<_> = self.views().collect();
        views.into_iter().rev().find_map(|view| view.text(keys))
    }

    /// The boolean at the end of `keys`.
    pub(super) fn flag(&self, keys: &[&str]) -> Option<bool> {
        self.at(keys)?.flag(&[])
    }

    /// The base name that the chart gives to its objects (`fullname` in its `_helpers.tpl`).
    pub(super) fn fullname(&self) -> String {
        let longest = if self.chart == Chart::PrometheusStack { 26 } else { 63 };
        let name = match self.text(&["fullnameOverride"]) {
            Some(name) => name.to_owned(),
            None => {
                let chart = self.text(&["nameOverride"]).unwrap_or(self.chart.name());
                if self.name.contains(chart) {
                    self.name.to_owned()
                } else {
                    format!("{}-{chart}", self.name)
                }
            }
        };
        let cut: String = name.chars().take(longest).collect();
        cut.trim_end_matches('-').to_owned()
    }
}

/// A text of values, as a tree with its place.
fn text(at: View, sources: &[Source], manifest: Manifest, findings: &mut Findings) -> Option<(Node, Origin)> {
    let text = at.text(&[])?;
    let problem = match go_yaml::read_last_of_equal_keys(text.as_bytes(), &LIMITS) {
        Ok(nodes) => {
            let node = nodes.into_iter().next()?;
            match node.to_json() {
                Ok(Value::Object(_)) => return Some((node, origin(at, text, sources))),
                Ok(_) => "they are no mapping".to_owned(),
                Err(problem) => problem.message,
            }
        }
        Err(problems) => problems.into_iter().next().map(|problem| problem.message).unwrap_or_default(),
    };
    let message = format!("its values cannot be read: {problem}");
    findings
        .add(Outcome::LeftOut, Some(at.place()), manifest.to_string(), message)
        .help("mend them, or whatever they set is lost");
    None
}

/// Where a text of several lines begins. In a literal block each of its lines is one of the source, moved to
/// the right; of other texts only the place of the whole is known.
fn origin(at: View, text: &str, sources: &[Source]) -> Origin {
    let start = at.place().position;
    let whole = Origin { source: at.origin.source, lines: start.line.saturating_sub(1), columns: 0 };
    let Some(source) = sources.get(at.origin.source) else { return whole };
    let rest = source.bytes.get(start.offset..).unwrap_or_default();
    let is_literal =
        rest.first() == Some(&b'|') && matches!(&at.node.data, Data::Scalar(scalar) if !scalar.plain);
    let first = text.lines().next().unwrap_or_default();
    let line = rest.split(|byte| *byte == b'\n').nth(1).and_then(|line| std::str::from_utf8(line).ok());
    match line.and_then(|line| line.trim_end_matches('\r').strip_suffix(first)) {
        Some(indentation) if is_literal && indentation.chars().all(|c| c == ' ') => {
            Origin { source: at.origin.source, lines: start.line, columns: indentation.chars().count() }
        }
        _ => whole,
    }
}
