//! Which values of a chart make a field of an object that the chart made: of those that its template has looked at, and
//! of those that enable the charts that it is in.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use helm_chart::Place;
use serde_json::Value;

use super::candidates::{self, Candidate, MOST_OTHERS};
use super::threads::{THREADS, in_threads};
use super::{defaults, is_about};
use crate::config::Config;
use crate::constructs::Release;
use crate::delivery::Surroundings;
use crate::delivery::inline::{Found, Sample, Workshop};
use crate::diff::fields;
use crate::diff::locate::locate;
use crate::k8s::Identity;
use crate::stack;

/// Renders at most.
const MOST_TRIALS: usize = 3_000;

/// Time for all of them.
const TIME: Duration = Duration::from_secs(3);

/// A field of an object that a chart made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The config, with `delivery: inline`.
    pub(crate) config: &'a Config,
    /// Where charts are.
    pub(crate) surroundings: &'a Surroundings,
    /// The construct that the chart belongs to.
    pub(crate) construct: &'a str,
    /// The object.
    pub(crate) identity: &'a Identity,
    /// The template that made it: `chart/charts/sub/templates/x.yaml`.
    pub(crate) template: &'a str,
    /// The field.
    pub(crate) field: &'a str,
}

/// What makes a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The chart, and its version.
    pub(crate) chart: (String, String),
    /// Whether the chart has the field: otherwise it was put in later.
    pub(crate) is_of_chart: bool,
    /// The values that make it, those that make little else first.
    pub(crate) values: Vec<Made>,
    /// The line of a template that writes it, if it can be told.
    pub(crate) place: Option<Place>,
    /// How many values were tried.
    pub(crate) tried: usize,
    /// How many there were to try.
    pub(crate) all: usize,
}

/// A value that makes a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Made {
    /// The keys to it.
    pub(crate) path: Vec<String>,
    /// What it is; nothing if it is not there.
    pub(crate) value: Option<Value>,
    /// What of the object differs that is about the field.
    pub(crate) field: String,
    /// How many fields of the object differ.
    breadth: usize,
    /// Who says it.
    pub(crate) said: Said,
}

/// Who says a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The user, in the config.
    Config,
    /// The construct, though no key of the config changes it.
    Construct,
    /// The chart, at a line of a values.yaml if it is written there.
    Chart(Option<Place>),
}

/// Finds out which values make a field.
///
/// # Errors
///
/// When the chart cannot be rendered.
pub(crate) fn find(question: Question<'_>) -> anyhow::Result<Option<Answer>> {
    let releases = stack::releases_of_constructs(question.config)?;
    let Some((construct, release)) = releases.iter().find(|(name, _)| *name == question.construct) else {
        return Ok(None);
    };
    let workshop = Workshop::new(question.surroundings, None)?;
    let trial = Trial { question, releases: &releases, construct, release };
    let Some(base) = trial.sample(&workshop, &release.values)? else { return Ok(None) };
    let Some(found) = trial.object(&base) else { return Ok(None) };
    let located = locate(&found.value, question.field);
    let place = located
        .as_ref()
        .and_then(|located| located.offset(&found.node))
        .and_then(|offset| base.place(found.offset + offset));
    let field = located.as_ref().map_or(&Value::Null, |located| &located.value);
    let paths = [base.paths(), base.conditions()].concat();
    let candidates = candidates::of(&paths, &base.values(), field);
    let (mut tried, mut made) = (0, BTreeMap::new());
    let deadline = Instant::now() + TIME;
    for round in 0..MOST_OTHERS {
        let done = trial.round(&found.value, &candidates, round, deadline)?;
        if round == 0 {
            tried = done.iter().filter(|one| one.is_tried).count();
        }
        for one in done {
            if let Some((field, breadth)) = one.made {
                made.entry(one.index).or_insert((field, breadth));
            }
        }
        // Further values are for those that must have a certain one.
        if !made.is_empty() || Instant::now() > deadline {
            break;
        }
    }
    let chart = base.chart();
    let mut values: Vec<_> = made
        .into_iter()
        .filter_map(|(index, (field, breadth))| {
            let candidate = candidates.get(index)?;
            let path = candidate.path.clone();
            let said = if candidates::at(&Value::Object(release.source.values.clone()), &path).is_some() {
                Said::Config
            } else if candidates::at(&release.values, &path).is_some() {
                Said::Construct
            } else {
                Said::Chart(defaults::place(chart, &path))
            };
            Some(Made { path, value: candidate.value.clone(), field, breadth, said })
        })
        .collect();
    values.sort_by_key(|made| (made.field.starts_with('('), made.breadth));
    Ok(Some(Answer {
        chart: (chart.name().to_owned(), chart.metadata.version.clone()),
        is_of_chart: located.is_some(),
        values,
        place,
        tried,
        all: candidates.len(),
    }))
}

/// What is tried.
#[derive(Clone, Copy)]
struct Trial<'a> {
    question: Question<'a>,
    releases: &'a [(&'static str, Release)],
    construct: &'static str,
    release: &'a Release,
}

/// What came of a trial.
struct Done {
    index: usize,
    is_tried: bool,
    /// What differs about the field, and how much differs at all.
    made: Option<(String, usize)>,
}

impl Trial<'_> {
    fn sample(&self, workshop: &Workshop, values: &Value) -> anyhow::Result<Option<Sample>> {
        let release = Release { values: values.clone(), ..self.release.clone() };
        let Question { config, template, .. } = self.question;
        workshop.sample(config, self.releases, (self.construct, &release), template)
    }

    /// The object in what its template made.
    fn object(&self, sample: &Sample) -> Option<Found> {
        let wanted = self.question.identity;
        sample.objects().into_iter().find(|found| {
            let identity = Identity::of(&found.value);
            (&identity.group, &identity.kind, &identity.name) == (&wanted.group, &wanted.kind, &wanted.name)
                && (identity.namespace.is_empty() || identity.namespace == wanted.namespace)
        })
    }

    /// Tries one other value of each candidate.
    fn round(
        &self,
        old: &Value,
        candidates: &[Candidate],
        round: usize,
        deadline: Instant,
    ) -> anyhow::Result<Vec<Done>> {
        let one_of = |first: usize| -> anyhow::Result<Vec<Done>> {
            let workshop = Workshop::new(self.question.surroundings, None)?;
            let own = candidates.iter().enumerate().skip(first).step_by(THREADS);
            let done = own.take(MOST_TRIALS / MOST_OTHERS / THREADS).map(|(index, candidate)| {
                let other = candidate.others().into_iter().nth(round);
                let is_tried = Instant::now() < deadline;
                let other = other.filter(|_| is_tried);
                let made = other.and_then(|other| self.made(&workshop, old, candidate, other));
                Done { index, is_tried, made }
            });
            Ok(done.collect())
        };
        Ok(in_threads(one_of)?.into_iter().flatten().collect())
    }

    fn made(
        &self,
        workshop: &Workshop,
        old: &Value,
        candidate: &Candidate,
        other: Value,
    ) -> Option<(String, usize)> {
        let values = candidate.laid_over(&self.release.values, other);
        // What cannot be rendered says nothing about the field.
        let sample = self.sample(workshop, &values).ok()?;
        let Some(found) = sample.and_then(|sample| self.object(&sample)) else {
            return Some(("(whether it is there, or its name)".to_owned(), usize::MAX));
        };
        let differences = fields::compare(old, &found.value);
        let first = differences.iter().find(|field| is_about(&field.path, self.question.field))?;
        Some((first.path.clone(), differences.len()))
    }
}

#[cfg(test)]
mod tests;
