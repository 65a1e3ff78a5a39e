//! From sources to a checked config.

use go_yaml::Node;
use serde::Deserialize;

use super::diagnostic::{Diagnostic, Report, Severity, Source, sort};
use super::layers::{Layer, Layers, take_nulls};
use super::lookup::Lookup;
use super::path::{Path, Step};
use super::rules::{self, Finding, Findings};
use super::schema::View;
use super::texts::{self, Texts};
use super::{Config, defaults, document, explain, set};

/// A config that can be rendered.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The config, completed with defaults.
    pub config: Config,
    /// What is legal but unwise.
    pub warnings: Vec<Diagnostic>,
    /// The texts that the warnings refer to.
    pub sources: Vec<Source>,
}

/// Reads, overlays, validates and checks a config.
///
/// The sources are overlaid left to right, then each of `sets`: mappings merge, anything else replaces, and
/// `null` removes a key. Within `charts.*.values` a `null` stays, since it removes a chart's default.
///
/// # Errors
///
/// Every problem at once, as far as they can be known: a text that is no YAML is not validated, and rules
/// between keys are checked once each key is valid.
pub fn load(sources: Vec<Source>, sets: &[String]) -> Result<Loaded, Box<Report>> {
    load_with(sources, &[], sets)
}

/// The same with `texts`, which are overlaid between the sources and the `sets`.
///
/// # Errors
///
/// As those of [`load`].
pub fn load_with(mut sources: Vec<Source>, texts: &[Texts], sets: &[String]) -> Result<Loaded, Box<Report>> {
    match check(&mut sources, texts, sets) {
        Ok((config, warnings)) => Ok(Loaded { config, warnings, sources }),
        Err(diagnostics) => Err(Box::new(Report::new(sources, diagnostics))),
    }
}

fn check(
    sources: &mut Vec<Source>,
    texts: &[Texts],
    sets: &[String],
) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (layers, mut problems) = read(sources, texts, sets)?;
    match check_layers(&layers) {
        Ok(checked) if problems.is_empty() => Ok(checked),
        Ok(_) => Err(problems),
        Err(found) => {
            problems.extend(found);
            Err(problems)
        }
    }
}

fn check_layers(layers: &Layers) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let Some(mut user) = layers.merged() else {
        return Err(vec![Diagnostic::of_source(0, None, "there is no config to read")]);
    };
    let removed = take_nulls(&mut user, &Path::is_at_chart_values);
    explain::check(layers, &user, &removed)?;
    let mut config = deserialize(&user, &removed)?;
    defaults::follow_given_quantities(&mut config, &user);
    let mut findings = Findings::default();
    rules::check(&config, &mut findings);
    let lookup = Lookup::default();
    let mut diagnostics: Vec<_> = findings
        .into_vec()
        .into_iter()
        .map(|finding| from_finding(layers, &lookup, &user, finding))
        .collect();
    sort(&mut diagnostics);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    Ok((config, diagnostics))
}

/// Reads all layers, and what is wrong with single keys of `texts`, which hides nothing that is wrong elsewhere. Texts
/// and the arguments of `--set` become sources too, so that messages can point into them.
fn read(
    sources: &mut Vec<Source>,
    texts: &[Texts],
    sets: &[String],
) -> Result<(Layers, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut layers = Vec::new();
    let mut problems = Vec::new();
    let mut problems_of_texts = Vec::new();
    let mut keep = |source, read: Result<Node, Vec<Diagnostic>>| match read {
        Ok(tree) => layers.push(Layer { source, tree }),
        Err(found) => problems.extend(found),
    };
    for (index, source) in sources.iter().enumerate() {
        keep(index, document::read(index, source));
    }
    if !texts.is_empty() {
        let view = View::new().map_err(|error| explain::internal(&error))?;
        for text in texts {
            let (tree, found) = texts::read(sources.len(), text, &view);
            keep(sources.len(), Ok(tree));
            problems_of_texts.extend(found);
            sources.push(text.source.clone());
        }
    }
    for argument in sets {
        keep(sources.len(), set::read(sources.len(), argument));
        sources.push(Source { name: set::NAME.to_owned(), bytes: argument.clone().into_bytes() });
    }
    if problems.is_empty() {
        return Ok((Layers(layers), problems_of_texts));
    }
    problems.extend(problems_of_texts);
    Err(problems)
}

fn deserialize(user: &Node, removed: &[Path]) -> Result<Config, Vec<Diagnostic>> {
    // The schema accepts nothing that the types refuse, so neither error has a place to show.
    let unreadable = |error: &dyn std::fmt::Display| {
        vec![Diagnostic::of_source(
            0,
            None,
            format!("the config passes the schema but cannot be read: {error}"),
        )]
    };
    let tree = defaults::complete(user, removed).map_err(|error| unreadable(&error))?;
    Config::deserialize(&tree).map_err(|error| unreadable(&error))
}

fn from_finding<'tree>(
    layers: &'tree Layers,
    lookup: &Lookup<'tree>,
    user: &Node,
    finding: Finding,
) -> Diagnostic {
    let path = typed_path(user, &finding.path);
    let place = layers.find(&path, lookup);
    Diagnostic {
        severity: finding.severity,
        source: place.map_or(0, |place| place.source),
        span: place.map(|place| place.value),
        path,
        message: finding.message,
        help: finding.help,
    }
}

/// The path that some keys stand for: a number is an item where the tree has a list.
fn typed_path(user: &Node, keys: &[String]) -> Path {
    let mut node = Some(user);
    let mut steps = Vec::with_capacity(keys.len());
    for key in keys {
        let item = match node.map(|node| &node.data) {
            Some(go_yaml::Data::Sequence(items)) => {
                key.parse::<usize>().ok().map(|index| (index, items.get(index)))
            }
            _ => None,
        };
        match item {
            Some((index, next)) => {
                steps.push(Step::Item(index));
                node = next;
            }
            None => {
                steps.push(Step::Key(key.clone()));
                node = node.and_then(|node| node.get(key)).map(|entry| &entry.value);
            }
        }
    }
    steps.into_iter().collect()
}
