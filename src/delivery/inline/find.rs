//! Where the chart of a release is.

use std::path::{Path, PathBuf};

use super::super::Surroundings;
use super::problem::Problem;
use crate::constructs::Release;

/// The path of the chart: in the folder of charts, else where the config says.
///
/// # Errors
///
/// When it is not there: where it was looked for, and what is there instead.
pub(super) fn chart(surroundings: &Surroundings, key: &str, release: &Release) -> Result<PathBuf, Problem> {
    let name = release.chart;
    let version = release.source.version.as_str();
    let mut looked = Vec::new();
    if let Some(folder) = &surroundings.charts {
        for path in candidates(folder, name, version) {
            if exists(&path) {
                return Ok(path);
            }
            looked.push(path);
        }
    }
    if let Some(path) = &release.source.path {
        let path = surroundings.folder.join(path.as_str());
        if exists(&path) {
            return Ok(path);
        }
        looked.push(path);
    }
    if looked.is_empty() {
        return Err(Problem::new(format!(
            "there is no chart {name} to render: nothing says where charts are"
        ))
        .with_help("name a folder of charts with `--charts DIR` or MONSTACK_CHARTS")
        .with_help(format!("or set `charts.{key}.path` to the chart's folder or .tgz file")));
    }
    let mut message = format!("there is no chart {name} {version}; looked for");
    for path in &looked {
        message.push_str(&format!("\n    {}", path.display()));
    }
    let mut problem = Problem::new(message);
    let others = surroundings.charts.as_deref().map(|folder| others(folder, name)).unwrap_or_default();
    if !others.is_empty() {
        problem = problem.with_help(format!(
            "there is {}: set `charts.{key}.version` to its version, or put version {version} there",
            others.join(" and ")
        ));
    }
    Err(problem.with_help(format!("`helm pull {} --version {version}` fetches it", pulled(release))))
}

/// The paths in a folder at which a chart may be, in the order in which they are tried.
fn candidates(folder: &Path, name: &str, version: &str) -> [PathBuf; 4] {
    [
        folder.join(format!("{name}-{version}.tgz")),
        folder.join(format!("{name}-{version}")),
        folder.join(name),
        folder.join(format!("{name}.tgz")),
    ]
}

fn exists(path: &Path) -> bool {
    path.is_file() || path.join("Chart.yaml").is_file()
}

/// Archives of other versions.
fn others(folder: &Path, name: &str) -> Vec<String> {
    let prefix = format!("{name}-");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|entry| {
            let rest = entry.strip_prefix(&prefix);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.ends_with(".tgz"))
        })
        .collect();
    names.sort();
    names.truncate(5);
    names
}

/// The chart as `helm pull` takes it.
fn pulled(release: &Release) -> String {
    let repository = release.source.repository.as_str().trim_end_matches('/');
    if repository.starts_with("oci://") {
        format!("{repository}/{}", release.chart)
    } else {
        format!("{} --repo {repository}", release.chart)
    }
}
