//! A small vocabulary for the tests of constructs.

use serde_json::Value;

use super::{Part, Parts};
use crate::config::{self, Config, Source};
use crate::context::Context;

/// The config that a YAML text stands for.
pub(crate) fn config(text: &str) -> Config {
    let source = Source { name: "config.yaml".into(), bytes: text.as_bytes().to_vec() };
    match config::load(vec![source], &[]) {
        Ok(loaded) => loaded.config,
        Err(report) => panic!("{text}: {report:?}"),
    }
}

/// What a construct renders with a config.
pub(crate) fn render_of(render: fn(&Context) -> Parts, text: &str) -> Vec<Part> {
    let config = config(text);
    render(&Context::new(&config)).unwrap()
}

/// The objects among parts.
pub(crate) fn objects(parts: Vec<Part>) -> Vec<Value> {
    parts
        .into_iter()
        .filter_map(|part| match part {
            Part::Object(object) => Some(object.value),
            Part::Release(_) => None,
        })
        .collect()
}

/// The first object of a kind.
pub(crate) fn find(objects: &[Value], kind: &str) -> Value {
    objects.iter().find(|object| object["kind"] == kind).unwrap_or_else(|| panic!("no {kind}")).clone()
}

/// The arguments of a workload's one container.
pub(crate) fn args(workload: &Value) -> Vec<String> {
    let args = &workload["spec"]["template"]["spec"]["containers"][0]["args"];
    serde_json::from_value(args.clone()).unwrap()
}

/// The values of the one release among parts.
pub(crate) fn values(parts: Vec<Part>) -> Value {
    let mut releases = parts.into_iter().filter_map(|part| match part {
        Part::Release(release) => Some(release.values),
        Part::Object(_) => None,
    });
    releases.next().unwrap_or_else(|| panic!("no release"))
}
