//! Sorts files into charts.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::budget::Budget;
use super::metadata::Draft;
use super::{Raw, archive};
use crate::ahead::{Ahead, Template};
use crate::background::Background;
use crate::chart::{Chart, File};
use crate::error::Error;
use crate::values;

const MAX_DEPTH: usize = 32;

const TEMPLATES: &str = "templates/";

/// Makes a chart of its files, and charts of those in charts/. A second thread, if given, begins with its templates.
pub(super) fn assemble(
    raws: Vec<Raw>,
    budget: &mut Budget,
    warnings: &mut Vec<String>,
    depth: usize,
    background: Option<Background>,
) -> Result<Chart, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::new(format!("charts are nested deeper than {MAX_DEPTH}")));
    }
    let mut draft = None;
    for raw in raws.iter().filter(|raw| raw.name == "Chart.yaml") {
        let draft = draft.get_or_insert_with(Draft::default);
        draft.read(raw.content.read()?).map_err(|error| error.within("cannot load Chart.yaml"))?;
        draft.assume_version();
    }
    let ahead = background.zip(draft.as_ref());
    let ahead = ahead.map(|(background, draft)| Rc::new(begin(draft.name(), &raws, background)));
    let mut chart = Chart { values: values::empty(), ahead, ..Chart::default() };
    let mut below: BTreeMap<String, Vec<Raw>> = BTreeMap::new();
    for raw in raws {
        sort_in(raw, &mut chart, &mut draft, &mut below, warnings)?;
    }
    let Some(draft) = draft else {
        return Err(Error::new("Chart.yaml file is missing"));
    };
    chart.metadata = draft.finish()?;
    for (name, raws) in below {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let dependency = read_below(&name, raws, &chart, budget, warnings, depth + 1)?;
        chart.dependencies.push(dependency);
    }
    Ok(chart)
}

/// Begins with the templates of a chart and of those below it, whether they are enabled or not.
fn begin(chart: &str, raws: &[Raw], background: Background) -> Ahead {
    let is_template = |name: &str| {
        name.starts_with(TEMPLATES) || (name.starts_with("charts/") && name.contains("/templates/"))
    };
    let templates = raws.iter().filter(|raw| is_template(&raw.name));
    Ahead::begin(
        background,
        templates.map(|Raw { name, content }| Template::new(format!("{chart}/{name}"), content.clone())),
    )
}

fn sort_in(
    raw: Raw,
    chart: &mut Chart,
    draft: &mut Option<Draft>,
    below: &mut BTreeMap<String, Vec<Raw>>,
    warnings: &mut Vec<String>,
) -> Result<(), Error> {
    let Raw { name, content } = raw;
    match name.as_str() {
        "Chart.yaml" => {}
        "Chart.lock" => {
            chart.lock = Some(
                Draft::read_lock(content.read()?).map_err(|error| error.within("cannot load Chart.lock"))?,
            );
        }
        "values.yaml" => {
            chart.values = values::from_yaml_bytes(content.read()?)
                .map_err(|error| error.within("cannot load values.yaml"))?;
            chart.values_text = Some(content);
        }
        "values.schema.json" => chart.schema = Some(content),
        "requirements.yaml" => {
            let draft = draft.get_or_insert_with(Draft::default);
            if !draft.is_v1() {
                warnings.push(
                    "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend \
                     migrating dependencies to Chart.yaml."
                        .to_owned(),
                );
            }
            draft.read(content.read()?).map_err(|error| error.within("cannot load requirements.yaml"))?;
            if draft.is_v1() {
                chart.files.push(File { name, content });
            }
        }
        "requirements.lock" => {
            let lock = Draft::read_lock(content.read()?)
                .map_err(|error| error.within("cannot load requirements.lock"))?;
            chart.lock = Some(lock);
            if draft.get_or_insert_with(Draft::default).is_v1() {
                chart.files.push(File { name, content });
            } else {
                warnings.push(
                    "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend \
                     migrating to Chart.lock."
                        .to_owned(),
                );
            }
        }
        _ if name.starts_with(TEMPLATES) => chart.templates.push(File { name, content }),
        _ => match name.strip_prefix("charts/") {
            Some(inner) if !name.ends_with(".prov") => {
                let directory = inner.split('/').next().unwrap_or(inner).to_owned();
                below.entry(directory).or_default().push(Raw { name: inner.to_owned(), content });
            }
            _ => chart.files.push(File { name, content }),
        },
    }
    Ok(())
}

/// Makes the chart at a name in charts/.
fn read_below(
    name: &str,
    raws: Vec<Raw>,
    parent: &Chart,
    budget: &mut Budget,
    warnings: &mut Vec<String>,
    depth: usize,
) -> Result<Chart, Error> {
    let parent = parent.name();
    let raws = if name.ends_with(".tgz") {
        match raws.first() {
            Some(packed) if packed.name == name => archive::read(packed.content.read()?, budget),
            other => {
                let got = other.map_or("", |packed| packed.name.as_str());
                return Err(Error::new(format!(
                    "error unpacking subchart tar in {parent}: expected {name}, got {got}"
                )));
            }
        }
    } else {
        let inner =
            |raw: Raw| raw.name.split_once('/').map(|(_, rest)| (rest.to_owned(), raw.content.clone()));
        Ok(raws.into_iter().filter_map(inner).map(|(name, content)| Raw { name, content }).collect())
    };
    raws.and_then(|raws| assemble(raws, budget, warnings, depth, None))
        .map_err(|error| error.within(format_args!("error unpacking subchart {name} in {parent}")))
}
