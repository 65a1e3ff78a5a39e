//! `monstack explain`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};

use super::input::Input;
use super::surroundings::Charts;
use super::{print, print_json, tell};
use crate::config::path::Path;
use crate::config::{Config, Source, load, nearest};
use crate::delivery::Surroundings;
use crate::diff::{self, Action, Difference};
use crate::k8s::{Identity, Object};
use crate::provenance::{self, Trials};
use crate::stack::{self, Stack};

const EXAMPLES: &str = "\
Examples:
  monstack explain retention.metrics.raw config.yaml
  monstack explain StatefulSet/thanos-store config.yaml
  monstack explain StatefulSet/thanos-store:spec.replicas config.yaml
  monstack explain Prometheus/prometheus-prometheus:spec.retention --set delivery=inline config.yaml

It is found out by trying: a key gets another value, and what differs is what it drives. Paths of fields are those of
`monstack diff`.";

/// Explain what a key of the config drives, or which keys make an object or a field of it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// A key (`replicas.prometheus`), or an object and perhaps its field (`Kind/[namespace/]name[:field]`)
    #[arg(value_name = "FIELD|OBJECT")]
    target: String,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text
    Text,
    /// JSON
    Json,
}

/// A config and what it renders to.
struct Base {
    files: Vec<Source>,
    sets: Vec<String>,
    trials: Trials,
    /// The default config.
    defaults: Value,
    stack: Stack,
    surroundings: Surroundings,
}

/// A field that a key drives.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driven {
    key: String,
    object: String,
    field: String,
}

impl Explain {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let loaded = match self.input.load_or_default() {
            Ok(loaded) => loaded,
            Err(code) => return Ok(code),
        };
        let surroundings = self.charts.surroundings(&self.input);
        let stack = stack::render(&loaded.config, &surroundings, |_| true)?;
        let (sets, files): (Vec<_>, Vec<_>) =
            loaded.sources.into_iter().partition(|source| source.name == "--set");
        let sets = sets.into_iter().filter_map(|source| String::from_utf8(source.bytes).ok()).collect();
        let trials = Trials::new(loaded.config)?;
        let defaults = serde_json::to_value(Config::default())?;
        let base = Base { files, sets, trials, defaults, stack, surroundings };
        if self.target.contains('/') {
            return self.object(&base);
        }
        self.key(&base)
    }

    fn key(&self, base: &Base) -> anyhow::Result<ExitCode> {
        let path = Path::parse(&self.target).unwrap_or_default();
        let Some(description) = base.trials.description(&path) else {
            return Ok(unknown(&self.target, &base.trials.keys()));
        };
        let (current, default) = (base.trials.value(&path), provenance::value(&base.defaults, &path));
        let mut driven = Vec::new();
        let mut stuck = Vec::new();
        for key in base.trials.keys().iter().filter(|key| key.starts_with(&path)) {
            match base.driven(key, None)? {
                Some(found) => driven.extend(found),
                None => stuck.push(key.to_string()),
            }
        }
        if self.output == Format::Json {
            let value = json!({"key": self.target, "description": description, "value": current, "default": default, "drives": driven, "notVaried": stuck});
            print_json(&value)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = format!("{}: {description}\n", self.target);
        let _ = match (current, default) {
            (Some(value), default) if Some(value) == default => {
                writeln!(text, "value: {value} (the default)\n")
            }
            (Some(value), Some(default)) => writeln!(text, "value: {value} (default: {default})\n"),
            (Some(value), None) => writeln!(text, "value: {value}\n"),
            (None, _) => writeln!(text, "value: none\n"),
        };
        text.push_str(&lines(&driven, |one| (&one.object, format!("  {}", one.field))));
        if driven.is_empty() {
            text.push_str("no object depends on it with this config\n");
        }
        if !stuck.is_empty() {
            let _ =
                writeln!(text, "\nnot varied, since this config allows no other value: {}", stuck.join(", "));
        }
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    fn object(&self, base: &Base) -> anyhow::Result<ExitCode> {
        let (name, field) = self
            .target
            .split_once(':')
            .map_or((self.target.as_str(), None), |(name, field)| (name, Some(field)));
        let Some(object) = base.find(name) else {
            let names: Vec<_> =
                objects(&base.stack).map(|object| short(&Identity::of(&object.value))).collect();
            let help = nearest(name, names.iter().map(String::as_str)).map_or_else(
                || "`monstack list` shows the objects".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            tell(&format!("monstack: this config renders no {name}\n  help: {help}\n"));
            return Ok(ExitCode::FAILURE);
        };
        let identity = Identity::of(&object.object.value);
        let shown = identity.to_string();
        let mut driven = Vec::new();
        for key in base.trials.keys() {
            let found = base.driven(&key, Some(object.construct))?.unwrap_or_default().into_iter();
            driven.extend(
                found.filter(|one| {
                    one.object == shown && field.is_none_or(|field| is_about(&one.field, field))
                }),
            );
        }
        if self.output == Format::Json {
            let value =
                json!({"object": identity, "construct": object.construct, "field": field, "madeBy": driven});
            print_json(&value)?;
            return Ok(ExitCode::SUCCESS);
        }
        let origin = |key: &str| {
            let path = Path::parse(key).unwrap_or_default();
            let value = base.trials.value(&path);
            let shown = value.map_or("none".to_owned(), Value::to_string);
            let is_default = value == provenance::value(&base.defaults, &path);
            if is_default { format!("{key}: {shown} (the default)") } else { format!("{key}: {shown}") }
        };
        let field = field.map(|field| format!(":{field}")).unwrap_or_default();
        let mut text = format!("{shown}{field}, of the construct {}\n\n", object.construct);
        driven.sort_by(|one, other| one.field.cmp(&other.field));
        text.push_str(&lines(&driven, |one| (&one.field, format!("  {}", origin(&one.key)))));
        if driven.is_empty() {
            let maker = if object.object.text.is_some() { "the chart" } else { "monstack" };
            let _ = writeln!(text, "no key of the config changes it: it is {maker}'s own");
        }
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Base {
    /// The fields that a key drives, perhaps in one construct only; `None` if it cannot have another value with this
    /// config.
    fn driven(&self, key: &Path, construct: Option<&str>) -> anyhow::Result<Option<Vec<Driven>>> {
        let selected = |name: &str| construct.is_none_or(|construct| construct == name);
        let load = |set: &str| {
            let sets: Vec<_> = self.sets.iter().cloned().chain([set.to_owned()]).collect();
            load(self.files.clone(), &sets).ok().map(|loaded| loaded.config)
        };
        let Some(other) = self.trials.with_another(key, load) else { return Ok(None) };
        let Ok(stack) = stack::render(&other, &self.surroundings, selected) else { return Ok(None) };
        let old = self.stack.objects.iter().filter(|object| selected(object.construct));
        let old: Vec<_> = old.map(|object| &object.object).collect();
        let differences = diff::compare(&old, &objects(&stack).collect::<Vec<_>>())?;
        // A new name is an object that is gone and one that is new: it is the first that is asked about.
        let is_renamed = differences.iter().any(|difference| difference.action == Action::Deleted);
        let told =
            differences.iter().filter(|difference| !is_renamed || difference.action != Action::Created);
        Ok(Some(told.flat_map(|difference| fields(key, difference)).collect()))
    }

    fn find(&self, name: &str) -> Option<&stack::StackObject> {
        let matches = |object: &&stack::StackObject| {
            let identity = Identity::of(&object.object.value);
            let long = format!("{}/{}/{}", identity.kind, identity.namespace, identity.name);
            [short(&identity), long].iter().any(|one| one.eq_ignore_ascii_case(name))
        };
        self.stack.objects.iter().find(matches)
    }
}

fn fields(key: &Path, difference: &Difference) -> Vec<Driven> {
    let one = |field: String| Driven { key: key.to_string(), object: difference.identity.to_string(), field };
    match difference.action {
        Action::Changed => difference.fields.iter().map(|field| one(field.path.clone())).collect(),
        Action::Created => vec![one("(whether it is there)".to_owned())],
        Action::Deleted => vec![one("(whether it is there, or its name)".to_owned())],
    }
}

/// Whether a field that differs is the one that is asked for, inside of it, or around it.
fn is_about(field: &str, asked: &str) -> bool {
    let below = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
    };
    below(field, asked) || below(asked, field) || field.starts_with('(')
}

fn objects(stack: &Stack) -> impl Iterator<Item = &Object> {
    stack.objects.iter().map(|object| &object.object)
}

fn short(identity: &Identity) -> String {
    format!("{}/{}", identity.kind, identity.name)
}

/// Lines below headings, each heading once.
fn lines(driven: &[Driven], line: impl Fn(&Driven) -> (&str, String)) -> String {
    let mut text = String::new();
    let mut last = "";
    for one in driven {
        let (heading, line) = line(one);
        if heading != last {
            let _ = writeln!(text, "{heading}");
        }
        let _ = writeln!(text, "{line}");
        last = heading;
    }
    text
}

fn unknown(target: &str, keys: &[Path]) -> ExitCode {
    let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
    let help = nearest(target, keys.iter().map(String::as_str)).map_or_else(
        || {
            "a key is written as in `replicas.prometheus`, an object as in `StatefulSet/thanos-store`"
                .to_owned()
        },
        |near| format!("did you mean {near}?"),
    );
    tell(&format!("monstack: there is no key {target}\n  help: {help}\n"));
    ExitCode::FAILURE
}
