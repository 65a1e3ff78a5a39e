//! `monstack charts show`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use helm_chart::{Background, Chart, Content};

use super::super::input::Input;
use super::super::surroundings::Charts;
use super::super::{print, tell};
use super::finish;
use crate::charts::{Lock, Problem, Source, find, key};
use crate::stack;

const EXAMPLES: &str = "\
Examples:
  monstack charts show values loki config.yaml
  monstack charts show crds kubePrometheusStack config.yaml";

/// Print a part of a chart as it is rendered: its default values, its README, or its CRDs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    /// Part of the chart
    #[arg(value_enum)]
    part: Part,
    /// Name of the chart, or its key in the config
    chart: String,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
}

/// Part of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// values.yaml
    Values,
    /// README.md
    Readme,
    /// What is in crds/, of the charts within it, too
    Crds,
}

impl Show {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = match self.input.load_for("nothing was shown") {
            Ok(loaded) => loaded.config,
            Err(code) => return Ok(code),
        };
        let places = self.charts.places(&self.input);
        let releases = stack::releases(&config)?;
        let is_meant = |name: &str| name == self.chart || key(name) == self.chart;
        let Some(release) = releases.iter().find(|release| is_meant(release.chart)) else {
            let names: Vec<_> = releases.iter().map(|release| release.chart).collect();
            let problem = Problem::new(format!("this config has no chart {:?}", self.chart));
            return Ok(finish(vec![problem.with_help(format!("its charts are {}", names.join(", ")))]));
        };
        let chart = Lock::read(&places.lock)
            .and_then(|lock| find::chart(&places, lock.as_ref(), release))
            .and_then(|source| {
                let loaded = match source {
                    Source::Folder(path) => Chart::load_with(&path, Background::none()),
                    Source::Archive { bytes, .. } => Chart::from_archive_with(&bytes, Background::none()),
                };
                loaded.map_err(|error| Problem::new(format!("{}: {error}", release.chart)))
            });
        let text = match chart.and_then(|chart| text(&chart, self.part)) {
            Ok(text) => text,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        if text.is_empty() {
            tell(&format!("monstack: {} has none\n", release.chart));
        }
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A part as `helm show` prints it, with CRDs always apart.
fn text(chart: &Chart, part: Part) -> Result<Vec<u8>, Problem> {
    let read = |content: &Content| match content.read() {
        Ok(bytes) => Ok([bytes, &b"\n"[..]].concat()),
        Err(error) => Err(Problem::new(error.to_string())),
    };
    match part {
        Part::Values => chart.values_text.as_ref().map_or(Ok(Vec::new()), read),
        Part::Readme => {
            // helm, pkg/action/show.go
            let names = ["readme.md", "readme.txt", "readme"];
            let readme = chart.files.iter().find(|file| names.contains(&file.name.to_lowercase().as_str()));
            readme.map_or(Ok(Vec::new()), |file| read(&file.content))
        }
        Part::Crds => {
            let mut text = Vec::new();
            for crd in chart.crds() {
                let crd = read(&crd.file.content)?;
                // Helm adds none at all, and so prints two files without one as one document.
                let mut lines = crd.split(|byte| *byte == b'\n');
                let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
                if !first.is_some_and(|line| line.starts_with(b"---")) {
                    text.extend_from_slice(b"---\n");
                }
                text.extend(crd);
            }
            Ok(text)
        }
    }
}
