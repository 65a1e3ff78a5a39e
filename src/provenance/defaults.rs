//! Where a chart says the default of a value.

use go_yaml::Limits;
use helm_chart::{Chart, Content, Place};

/// The line of a values.yaml that has the default of a value: the chart's own, or that of the chart in it whose value it
/// is.
pub(super) fn place(chart: &Chart, path: &[String]) -> Option<Place> {
    let own = chart
        .values_text
        .as_ref()
        .and_then(|text| line(text, path))
        .map(|line| Place { file: format!("{}/values.yaml", chart.path), line });
    own.or_else(|| {
        let (first, rest) = path.split_first()?;
        let inner = chart.dependencies.iter().find(|inner| inner.name() == first)?;
        place(inner, rest)
    })
}

fn line(text: &Content, path: &[String]) -> Option<usize> {
    let limits = Limits { max_bytes: 5 << 20, max_depth: 256, max_nodes: 1_000_000 };
    let nodes = go_yaml::read_last_of_equal_keys(text.read().ok()?, &limits).ok()?;
    let mut node = nodes.first()?;
    let mut line = None;
    for key in path {
        let entry = node.get(key)?;
        (node, line) = (&entry.value, Some(entry.key.span.start.line));
    }
    line
}
