//! From an object or a field of it to what makes it.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::origin::{self, Keys};
use super::{Format, lines, unknown};
use crate::charts;
use crate::cli::{print, print_json};
use crate::config::path::{Path, Step};
use crate::config::{Delivery, nearest};
use crate::diff::locate::{locate, paths};
use crate::k8s::{Identity, Written};
use crate::provenance::values::{Answer, Made, Question, Said, find};
use crate::provenance::{Asked, Driven, Stand};

/// Values that are shown of those that make a field; there are always those that rename everything.
const MOST: usize = 8;

/// What was found out.
struct Explained<'a> {
    identity: Identity,
    construct: &'static str,
    /// What brings the object, if it is not in the stream itself.
    delivery: Option<Delivery>,
    field: Option<String>,
    value: Option<Value>,
    driven: Vec<Driven>,
    /// Of a field of an object that a chart made.
    answer: Option<Answer>,
    is_of_chart: bool,
    keys: &'a Keys,
}

pub(super) fn explain(
    target: &str,
    mut stand: Stand,
    keys: &Keys,
    output: Format,
) -> anyhow::Result<ExitCode> {
    let (name, field) = target.split_once(':').map_or((target, None), |(name, field)| (name, Some(field)));
    let delivery = stand.config.delivery;
    let mut help: Vec<_> = near(name, &stand).into_iter().collect();
    let is_there = stand.find(name).is_some();
    if !is_there && delivery != Delivery::Inline {
        match stand.whole() {
            Ok(whole) => {
                help = near(name, &whole).into_iter().collect();
                stand = whole;
            }
            Err(error) => {
                // The others are alike, and each has a help of its own.
                let why = format!("{error:#}");
                let first = why.lines().next().unwrap_or_default();
                help.push(format!(
                    "an object of a chart is found where the charts are at hand (`--charts DIR` names a folder of them, \
                     `monstack charts lock` fetches them), but {first}"
                ));
                return Ok(unknown(&format!("this config renders no {name}"), &help));
            }
        }
    }
    let Some(object) = stand.find(name) else {
        help.push("`monstack list` shows the objects".to_owned());
        help.truncate(1);
        return Ok(unknown(&format!("this config renders no {name}"), &help));
    };
    let identity = Identity::of(&object.object.value);
    let whole = object.object.whole()?;
    let located = field.and_then(|field| locate(&whole, field));
    let field = located.as_ref().map(|located| located.path.as_str()).or(field);
    let template = object.object.text.as_ref().map(Written::source).filter(|source| !source.is_empty());
    let asked = Asked { construct: object.construct, identity: &identity, template, field };
    let mut all = stand.trials.keys();
    if !is_there {
        // What brings a chart to the cluster makes nothing of what is in it.
        all.retain(|key| key.to_string() != "delivery");
    }
    let mut driven: Vec<_> = stand.driven(&all, Some(asked))?.into_iter().flatten().flatten().collect();
    driven.sort_by(|one, other| one.field.cmp(&other.field));
    let answer = answer(&stand, asked)?;
    let is_about_field = |driven: &Driven| !driven.field.starts_with('(');
    if let Some(field) = field
        && located.is_none()
        && !driven.iter().any(is_about_field)
        && answer.as_ref().is_none_or(|answer| answer.values.iter().all(|made| made.field.starts_with('(')))
    {
        let known = paths(&whole);
        let near = nearest(field, known.iter().map(String::as_str));
        let help = near.map_or("paths of fields are those of `monstack diff`".to_owned(), |near| {
            format!("did you mean {near}?")
        });
        return Ok(unknown(&format!("{identity} has no field {field}"), &[help]));
    }
    let explained = Explained {
        construct: object.construct,
        delivery: (!is_there).then_some(delivery),
        field: field.map(str::to_owned),
        value: located.map(|located| located.value),
        driven,
        answer,
        is_of_chart: object.object.text.is_some(),
        keys,
        identity: identity.clone(),
    };
    match output {
        Format::Json => print_json(&explained.json())?,
        Format::Text => print(explained.text().as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The object whose name is like one.
fn near(name: &str, stand: &Stand) -> Option<String> {
    let names: Vec<_> = stand
        .stack
        .objects
        .iter()
        .map(|object| format!("{}/{}", object.object.kind(), object.object.name()))
        .collect();
    nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean {near}?"))
}

/// Which values of its chart make a field.
fn answer(stand: &Stand, asked: Asked<'_>) -> anyhow::Result<Option<Answer>> {
    let (Some(template), Some(field)) = (asked.template, asked.field) else { return Ok(None) };
    find(Question {
        config: &stand.config,
        surroundings: &stand.surroundings,
        construct: asked.construct,
        identity: asked.identity,
        template,
        field,
    })
}

/// A value of a chart as a key of the config.
fn in_config(chart: &str, path: &[String]) -> Path {
    let above = ["charts", &charts::key(chart), "values"].map(str::to_owned);
    above.into_iter().chain(path.iter().cloned()).map(Step::Key).collect()
}

/// A value in a line: some are whole files.
fn shortened(value: Option<&Value>) -> String {
    const MOST: usize = 80;
    let mut text = value.map_or("none".to_owned(), Value::to_string);
    if let Some((end, _)) = text.char_indices().nth(MOST) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

fn dotted(path: &[String]) -> String {
    path.iter().cloned().map(Step::Key).collect::<Path>().to_string()
}

impl Explained<'_> {
    fn text(&self) -> String {
        let Self { identity, construct, keys, .. } = self;
        let field = self.field.as_ref().map(|field| format!(":{field}")).unwrap_or_default();
        let brought = match self.delivery {
            Some(Delivery::HelmChart) => ", which its HelmChart brings",
            Some(Delivery::Application) => ", which its Application brings",
            _ => "",
        };
        let mut text = format!("{identity}{field}, of the construct {construct}{brought}\n");
        match (&self.field, &self.value) {
            (Some(_), Some(value)) => {
                let _ = writeln!(text, "value: {}\n", shortened(Some(value)));
            }
            (Some(_), None) => text.push_str("value: none\n\n"),
            (None, _) => text.push('\n'),
        }
        let key = |key: &str| {
            let path = Path::parse(key).unwrap_or_default();
            let value = keys.value(&path).map_or("none".to_owned(), Value::to_string);
            format!("{key}: {value} ({})", keys.origin(&path))
        };
        text.push_str(&lines(self.driven.iter().map(|one| (one.field.clone(), key(&one.key)))));
        if self.driven.is_empty() {
            let maker = match (&self.answer, self.is_of_chart) {
                (Some(_), _) => "",
                (None, true) => ": it is the chart's own",
                (None, false) => ": it is monstack's own",
            };
            let _ = writeln!(text, "no key of the config changes it{maker}");
        }
        if let Some(answer) = &self.answer {
            text.push('\n');
            text.push_str(&self.of_chart(answer));
        }
        text
    }

    /// What the chart has to do with it.
    fn of_chart(&self, answer: &Answer) -> String {
        let (chart, version) = &answer.chart;
        let mut text = String::new();
        let is_complete = answer.tried == answer.all;
        if !answer.is_of_chart && answer.values.iter().all(|made| made.field.starts_with('(')) {
            let _ = writeln!(text, "the chart {chart} {version} has no such field: monstack puts it in");
            return text;
        }
        if !answer.values.is_empty() {
            let _ = writeln!(text, "values of the chart {chart} {version} that make it:");
        }
        for made in answer.values.iter().take(MOST) {
            let what = if made.field.starts_with('(') { format!(" {}", made.field) } else { String::new() };
            let value = shortened(made.value.as_ref());
            let _ = writeln!(text, "  {}: {value} ({}){what}", dotted(&made.path), self.said(chart, made));
        }
        let more = answer.values.len().saturating_sub(MOST);
        if more > 0 {
            let _ = writeln!(text, "  and {more} more, each of which changes more (`-o json` has all)");
        }
        let tried = match (is_complete, answer.values.is_empty()) {
            (true, true) => {
                format!("no value of the chart {chart} {version} makes it ({} tried)", answer.tried)
            }
            (true, false) => String::new(),
            (false, true) => {
                format!("not found among {} of {} values of the chart tried", answer.tried, answer.all)
            }
            (false, false) => format!("{} of {} values tried", answer.tried, answer.all),
        };
        if !tried.is_empty() {
            let _ = writeln!(text, "{tried}");
        }
        if let Some(place) = &answer.place {
            let _ = writeln!(text, "written by {}:{}", place.file, place.line);
        }
        text
    }

    /// Who says a value, in words.
    fn said(&self, chart: &str, made: &Made) -> String {
        match &made.said {
            Said::Config => {
                let path = in_config(chart, &made.path);
                self.keys.place(&path).map_or(path.to_string(), |place| place.to_string())
            }
            Said::Construct => format!("set by the construct {}", self.construct),
            Said::Chart(Some(place)) => format!("the chart's default, {}:{}", place.file, place.line),
            Said::Chart(None) => "not set".to_owned(),
        }
    }

    fn json(&self) -> Value {
        let made = self.driven.iter().map(|one| {
            let path = Path::parse(&one.key).unwrap_or_default();
            json!({
                "key": one.key,
                "object": one.object,
                "field": one.field,
                "value": self.keys.value(&path),
                "origin": self.keys.origin_json(&path),
            })
        });
        json!({
            "object": self.identity,
            "construct": self.construct,
            "field": self.field,
            "value": self.value,
            "madeBy": made.collect::<Vec<_>>(),
            "chart": self.answer.as_ref().map(|answer| self.answer_json(answer)),
        })
    }

    fn answer_json(&self, answer: &Answer) -> Value {
        let (chart, version) = &answer.chart;
        let values = answer.values.iter().map(|made| {
            let origin = match &made.said {
                Said::Config => {
                    let path = in_config(chart, &made.path);
                    self.keys.place(&path).as_ref().map_or(json!("config"), origin::place)
                }
                Said::Construct => json!("construct"),
                Said::Chart(Some(place)) => json!({"file": place.file, "line": place.line}),
                Said::Chart(None) => json!("not set"),
            };
            json!({"path": dotted(&made.path), "field": made.field, "value": made.value, "origin": origin})
        });
        json!({
            "name": chart,
            "version": version,
            "hasField": answer.is_of_chart,
            "values": values.collect::<Vec<_>>(),
            "template": answer.place.as_ref().map(|place| json!({"file": place.file, "line": place.line})),
            "tried": answer.tried,
            "of": answer.all,
        })
    }
}
