//! Computes the values of charts and compares them with what real helm rendered (`regenerate.py`).
//!
//! `HELM_CHART_CASES` names another directory of charts, cases and expectations.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use go_template::Value;
use helm_chart::{Chart, Error, values};
use serde_json::{Value as Json, json};

fn base() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    std::env::var_os("HELM_CHART_CASES").map_or(own, PathBuf::from)
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        #[expect(clippy::cast_precision_loss, reason = "the tests have no such numbers")]
        Value::Int64(value) => json!(*value as f64),
        Value::Float64(value) => json!(value),
        Value::String(text) => json!(text.to_str()),
        Value::List(list) => list.items.iter().map(to_json).collect(),
        Value::Map(map) => {
            map.entries().iter().map(|(key, value)| (key.to_str().into_owned(), to_json(value))).collect()
        }
        _ => Json::Null,
    }
}

fn with_floats(json: Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64().unwrap()),
        Json::Array(items) => items.into_iter().map(with_floats).collect(),
        Json::Object(entries) => entries.into_iter().map(|(key, value)| (key, with_floats(value))).collect(),
        other => other,
    }
}

fn options(base: &Path, flags: &[Json]) -> values::Options {
    let mut options = values::Options::default();
    for pair in flags.chunks(2) {
        let [flag, text] = [&pair[0], &pair[1]].map(|json| json.as_str().unwrap().to_owned());
        match flag.as_str() {
            "-f" => options.files.push(base.join(text)),
            "--set" => options.set.push(text),
            "--set-string" => options.set_string.push(text),
            "--set-json" => options.set_json.push(text),
            "--set-file" => options.set_file.push(text),
            "--set-literal" => options.set_literal.push(text),
            other => panic!("{other}"),
        }
    }
    options
}

fn collect(chart: &Chart, values: &Value, into: &mut BTreeMap<String, Json>) {
    for dependency in &chart.dependencies {
        let Value::Map(map) = values else { panic!("{}: no map", chart.path) };
        collect(dependency, &map.get(dependency.name()).unwrap(), into);
    }
    if chart.is_library() || !chart.templates.iter().any(|file| file.name == "templates/values.yaml") {
        return;
    }
    let mut files: Vec<&str> = chart.files.iter().map(|file| file.name.as_str()).collect();
    files.sort_unstable();
    into.insert(chart.path.clone(), json!({ "values": to_json(values), "files": files }));
}

fn render(path: &Path, options: &values::Options) -> Result<Json, Error> {
    let user = values::merge(options)?;
    let mut chart = Chart::load(path)?;
    helm_chart::check_installable(&chart)?;
    helm_chart::check_dependencies(&chart)?;
    let computed = values::compute(&mut chart, &user, values::Validation::Checked)?;
    helm_chart::check_kube_version(&chart.metadata, "v1.34.0")?;
    let mut all = BTreeMap::new();
    collect(&chart, &computed.values, &mut all);
    Ok(json!(all))
}

/// Go walks over maps in any order, so lines of errors may be in any order too.
fn sorted_error(json: &Json) -> Option<Vec<String>> {
    let mut lines: Vec<String> = json.get("error")?.as_str()?.trim_end().lines().map(str::to_owned).collect();
    lines.sort();
    Some(lines)
}

#[test]
fn values_are_those_of_helm() {
    let base = base();
    let mut failures = Vec::new();
    let mut count = 0;
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(base.join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    for path in paths {
        let read = |path: &Path| -> serde_json::Map<String, Json> {
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        let name = path.file_stem().unwrap().to_str().unwrap();
        let expected = read(&base.join("expected").join(format!("{name}.json")));
        for (case, flags) in read(&path) {
            let wanted = with_floats(expected[&case].clone());
            count += 1;
            let options = options(&base, flags.as_array().unwrap());
            let got = render(&base.join("charts").join(name), &options)
                .unwrap_or_else(|error| json!({ "error": error.to_string() }));
            if wanted.get("endless").is_some() {
                continue;
            }
            let same = match (sorted_error(&wanted), sorted_error(&got)) {
                (None, None) => wanted == got,
                (wanted, got) => wanted == got,
            };
            if !same {
                failures.push(format!("{name}/{case}\n  helm: {wanted}\n  here: {got}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 0);
}
