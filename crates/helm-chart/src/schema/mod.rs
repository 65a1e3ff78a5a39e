//! values.schema.json.

mod instance;
mod plain;
mod report;

use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use go_template::{Map, Value};
use jsonschema::{Retrieve, Uri};
use serde_json::Value as Json;

use self::instance::Instance;
use crate::background::Background;
use crate::chart::Chart;
use crate::content::Content;
use crate::error::Error;

/// The checks of a chart's values, and of those of all charts in it, each against its own schema. They can be
/// run while the chart is rendered, on another thread: compiling a large schema takes as long as rendering.
#[derive(Clone, Debug, Default)]
pub struct Checks(Arc<List>);

#[derive(Debug, Default)]
struct List {
    checks: Vec<Check>,
    result: OnceLock<Result<Vec<String>, Error>>,
}

#[derive(Clone, Debug)]
struct Check {
    chart: String,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// A schema and the values that it is for.
    Schema(Content, Instance),
    /// What is wrong already.
    Wrong(String),
}

impl Checks {
    /// The checks of the values as they are now.
    pub(crate) fn new(chart: &Chart, values: &Rc<Map>) -> Self {
        let mut list = List::default();
        list.add(chart, values);
        Checks(Arc::new(list))
    }

    /// Runs them in the background, if that is soon enough.
    pub(crate) fn begin(&self, background: &Background) {
        if !self.0.checks.is_empty() {
            let list = Arc::clone(&self.0);
            background.run(move || {
                let _ = list.result();
            });
        }
    }

    /// Runs them, if that is not done, and returns what helm warns of.
    ///
    /// # Errors
    ///
    /// If values do not meet a schema: everything that is wrong.
    pub fn run(&self) -> Result<Vec<String>, Error> {
        self.0.result().clone()
    }
}

impl List {
    fn add(&mut self, chart: &Chart, values: &Rc<Map>) {
        if let Some(schema) = &chart.schema {
            let what = What::Schema(schema.clone(), Instance::of_map(values));
            self.checks.push(Check { chart: chart.name().to_owned(), what });
        }
        for dependency in &chart.dependencies {
            match values.get(dependency.name()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(map)) => self.add(dependency, &map),
                Some(other) => self.checks.push(Check {
                    chart: dependency.name().to_owned(),
                    what: What::Wrong(format!(
                        "invalid type for values: expected object (map), got {}\n",
                        other.type_name()
                    )),
                }),
            }
        }
    }

    fn result(&self) -> &Result<Vec<String>, Error> {
        self.result.get_or_init(|| self.run())
    }

    fn run(&self) -> Result<Vec<String>, Error> {
        let mut warnings = Vec::new();
        let mut report = String::new();
        for Check { chart, what } in &self.checks {
            let problems = match what {
                What::Schema(schema, values) => check_one(schema.read()?, values, &mut warnings).err(),
                What::Wrong(problem) => Some(problem.clone()),
            };
            if let Some(problems) = problems {
                report.push_str(&format!("{chart}:\n{problems}"));
            }
        }
        if report.is_empty() {
            return Ok(warnings);
        }
        Err(Error::new(format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{report}"
        )))
    }
}

fn check_one(schema: &[u8], values: &Instance, warnings: &mut Vec<String>) -> Result<(), String> {
    if plain::accepts(schema, values) { Ok(()) } else { validate(schema, &values.to_json(), warnings) }
}

fn validate(schema: &[u8], values: &Json, warnings: &mut Vec<String>) -> Result<(), String> {
    let schema: Json = serde_json::from_slice(schema).map_err(|error| error.to_string())?;
    let mut urns = Vec::new();
    find_urns(&schema, &mut urns);
    for urn in urns {
        warnings.push(format!("WARNING: unresolved URN reference ignored; using permissive schema: {urn}"));
    }
    let validator = jsonschema::options()
        .with_retriever(Nowhere)
        .with_base_uri("file:///values.schema.json")
        .build(&schema)
        .map_err(|error| format!("schema cannot be used: at '{}': {error}\n", error.instance_path()))?;
    let errors: Vec<_> = validator.iter_errors(values).collect();
    if errors.is_empty() { Ok(()) } else { Err(report::write(&errors)) }
}

/// Knows no schema but those of the drafts. Helm takes any URN for a schema that all meets, and fetches URLs.
struct Nowhere;

impl Retrieve for Nowhere {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Json, Box<dyn std::error::Error + Send + Sync>> {
        if uri.scheme().as_str() == "urn" {
            return Ok(Json::Bool(true));
        }
        Err(format!("{uri} is not fetched").into())
    }
}

fn find_urns<'json>(schema: &'json Json, urns: &mut Vec<&'json str>) {
    match schema {
        Json::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Json::String(text) if key == "$ref" && text.starts_with("urn:") => {
                        if !urns.contains(&text.as_str()) {
                            urns.push(text);
                        }
                    }
                    _ => find_urns(value, urns),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| find_urns(item, urns)),
        _ => {}
    }
}
