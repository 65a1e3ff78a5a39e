//! values.schema.json.

mod report;

use std::rc::Rc;

use go_template::{Map, Value};
use jsonschema::{Retrieve, Uri};
use serde_json::Value as Json;

use crate::chart::Chart;
use crate::error::Error;

/// Checks the values of a chart and of all charts in it, each against its own schema.
pub(crate) fn check(chart: &Chart, values: &Rc<Map>, warnings: &mut Vec<String>) -> Result<(), Error> {
    let mut report = String::new();
    check_chart(chart, values, &mut report, warnings);
    if report.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{report}"
    )))
}

fn check_chart(chart: &Chart, values: &Rc<Map>, report: &mut String, warnings: &mut Vec<String>) {
    if let Some(schema) = &chart.schema
        && let Err(problems) = check_one(schema, values, warnings)
    {
        report.push_str(&format!("{}:\n{problems}", chart.name()));
    }
    for dependency in &chart.dependencies {
        match values.get(dependency.name()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(map)) => check_chart(dependency, &map, report, warnings),
            Some(other) => report.push_str(&format!(
                "{}:\ninvalid type for values: expected object (map), got {}\n",
                dependency.name(),
                other.type_name()
            )),
        }
    }
}

fn check_one(schema: &[u8], values: &Map, warnings: &mut Vec<String>) -> Result<(), String> {
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
    let values = map_to_json(values);
    let errors: Vec<_> = validator.iter_errors(&values).collect();
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

fn map_to_json(map: &Map) -> Json {
    Json::Object(
        map.entries().iter().map(|(key, value)| (key.to_str().into_owned(), to_json(value))).collect(),
    )
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Nil | Value::Object(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) | Value::Int64(value) => Json::from(*value),
        Value::Uint64(value) => Json::from(*value),
        Value::Float64(value) => number(*value),
        Value::String(text) => Json::String(text.to_str().into_owned()),
        Value::Bytes(bytes) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
        Value::List(list) => Json::Array(list.items.iter().map(to_json).collect()),
        Value::Map(map) => map_to_json(map),
    }
}

/// Whole numbers as integers, which they are in every draft for helm.
fn number(value: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        return Json::from(value as i64);
    }
    Json::from(value)
}
