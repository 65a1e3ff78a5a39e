//! From the original cdk8s program to monstack: its config, or the manifests that it rendered, become a config.
//!
//! ```text
//! sources ──> input ──> evidence ──> draft ──> accept ──> leftover ──> minimal ──> write
//!             configs,  which key    config    refused    chart        keys that   YAML with
//!             manifests a field is   so far    left out   values       matter      comments
//! ```
//!
//! [`adoption`] compares what the config renders with the manifests and says what the running stack cannot simply
//! take over. Everything is said in [`Item`]s; nothing is guessed silently.

mod accept;
mod adoption;
mod draft;
mod evidence;
mod input;
mod leftover;
mod manifest;
mod minimal;
mod program;
mod release;
mod report;
mod view;
mod write;

pub use report::{Item, Outcome, Place};

use serde_json::Value;

use self::evidence::Evidence;
use self::input::Documents;
use self::manifest::Manifest;
use self::release::{Chart, Release};
use self::report::Findings;
use crate::config::diagnostic::{Diagnostic, Report, Source};
use crate::config::{Config, load};

/// What came of a migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The config as YAML with comments. It is valid.
    pub text: String,
    /// The same config as data.
    pub config: Value,
    /// What was carried over, what differs, what cannot be adopted and what was left out, in this order.
    pub items: Vec<Item>,
    /// Names of the sources, to which the places of the items refer.
    pub sources: Vec<String>,
}

/// Makes a config of configs of the original program, of manifests that it or monstack rendered, or of both; where
/// they disagree the config counts.
///
/// # Errors
///
/// Sources that are neither, or of which nothing can be made, each problem with its place.
pub fn migrate(sources: Vec<Source>) -> Result<Migration, Box<Report>> {
    migrated(&sources).map_err(|diagnostics| Box::new(Report::new(sources, diagnostics)))
}

fn migrated(sources: &[Source]) -> Result<Migration, Vec<Diagnostic>> {
    let documents = Documents::read(sources)?;
    let manifests = documents.manifests();
    let mut findings = Findings::default();
    let releases: Vec<_> =
        manifests.iter().filter_map(|manifest| Release::of(*manifest, sources, &mut findings)).collect();
    let own = manifests.iter().filter(|manifest| manifest.is_own()).count() * 2 > manifests.len();
    let evidence = Evidence { manifests: &manifests, releases: &releases, own };
    refuse_second_releases(&releases)?;
    refuse_strangers(&evidence)?;

    let mut draft = evidence::collect(&evidence, &mut findings);
    if manifests.is_empty() {
        program::collect(&mut draft, &mut findings);
    } else {
        name_missing_charts(&evidence, &mut findings);
    }
    documents.configs().for_each(|config| draft.overlay(config, &mut findings));

    let mut config = accept::accept(&mut draft, &mut findings)?;
    let without_values = draft.clone();
    leftover::carry(&evidence, &config, &mut draft, &mut findings).map_err(|error| internal(&error))?;
    config = match accept::accept(&mut draft, &mut findings) {
        Ok(config) => config,
        Err(problems) => {
            let message = problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
            findings
                .add(Outcome::LeftOut, None, "charts", format!("with the charts' other values {message}"))
                .help("carry the values over by hand that you need");
            draft = without_values;
            accept::accept(&mut draft, &mut findings)?
        }
    };

    let (tree, carried) = minimal::minimal(&draft, &config).map_err(|error| internal(&error))?;
    for key in carried {
        let message = draft::shown(&key.value);
        findings.add(Outcome::CarriedOver, key.place, key.path.to_string(), message);
        if key.is_default {
            findings.mark_default();
        }
    }
    adoption::compare(&evidence, &config, &mut findings).map_err(|error| internal(&error))?;

    let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
    let text = write::write(&tree, &names);
    verify(&text, &config)?;
    let sources = names.into_iter().map(str::to_owned).collect();
    Ok(Migration { text, config: tree, items: findings.into_vec(), sources })
}

/// The text that is written must mean what was checked.
fn verify(text: &str, config: &Config) -> Result<(), Vec<Diagnostic>> {
    let source = Source { name: String::new(), bytes: text.as_bytes().to_vec() };
    let loaded = load(vec![source], &[]).map_err(|report| {
        let unplaced = |found: Diagnostic| Diagnostic { source: 0, span: None, ..found };
        report.diagnostics.into_iter().map(unplaced).collect::<Vec<_>>()
    })?;
    let meaning = |config: &Config| minimal::objects(config).map_err(|error| internal(&error));
    if meaning(&loaded.config)? == meaning(config)? {
        Ok(())
    } else {
        Err(internal(&anyhow::anyhow!("the written config does not mean what was read")))
    }
}

/// Of one chart there is one release in a stack.
fn refuse_second_releases(releases: &[Release]) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for (index, release) in releases.iter().enumerate() {
        let earlier = releases.get(..index).unwrap_or_default();
        if earlier.iter().any(|other| other.chart == release.chart) {
            let view = release.manifest.view;
            let message =
                format!("{} is a second release of the chart {}", release.manifest, release.chart.name());
            problems.push(
                Diagnostic::of_source(view.origin.source, Some(view.node.span), message)
                    .with_help("name the manifests of one stack only"),
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What manifests do not have cannot be read from them.
fn name_missing_charts(evidence: &Evidence, findings: &mut Findings) {
    for chart in Chart::ALL.into_iter().filter(|chart| evidence.release(*chart).is_none()) {
        let is_left_out = chart == Chart::Loki
            && evidence.release(Chart::Alloy).is_some_and(|alloy| {
                evidence.own && alloy.flag(&["alloy", "mounts", "varlog"]) == Some(false)
            });
        if !is_left_out {
            let message = format!(
                "no HelmChart or Application of {} is among the manifests: its keys keep monstack's defaults",
                chart.name()
            );
            findings.add(Outcome::LeftOut, None, format!("charts.{}", chart.key()), message).help(
                "manifests of `delivery: inline` do not have them: render with `--set delivery=helmchart`",
            );
        }
    }
}

/// Objects that have nothing to do with a monitoring stack would give monstack's defaults, which look like an
/// answer.
fn refuse_strangers(evidence: &Evidence) -> Result<(), Vec<Diagnostic>> {
    let is_of_stack = |manifest: Manifest| {
        evidence::role_of(manifest).is_some()
            || matches!(
                manifest.kind(),
                "Namespace"
                    | "PriorityClass"
                    | "Bucket"
                    | "BucketVersioning"
                    | "BucketLifecycleConfiguration"
                    | "ExternalSecret"
                    | "ProviderConfig"
            )
    };
    let Some(first) = evidence.manifests.first() else { return Ok(()) };
    if !evidence.releases.is_empty() || evidence.manifests.iter().copied().any(is_of_stack) {
        return Ok(());
    }
    let message = "none of the objects is one of a monitoring stack as the original program renders it";
    let problem = Diagnostic::of_source(first.view.origin.source, Some(first.view.node.span), message);
    Err(vec![problem.with_help("name the program's `config.yaml` or its `manifests/*.k8s.yaml`")])
}

fn internal(error: &anyhow::Error) -> Vec<Diagnostic> {
    vec![Diagnostic::of_source(0, None, format!("the migrated config cannot be rendered: {error:#}"))]
}
