//! Validates a config against the schema and explains what is wrong with it.
//!
//! The validator says where and which keyword; the words are ours.

mod corrections;
mod keys;
mod pattern;
pub(crate) mod suggest;
mod values;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use go_yaml::{Data, Node};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use super::diagnostic::{Diagnostic, Severity};
use super::document::from_problem;
use super::layers::Layers;
use super::lookup::Lookup;
use super::path::{Path, Step};
use super::schema::{self, Found, View, inline, numbers_as_written};

/// What is wrong with a value, in words.
#[derive(Debug)]
struct Explanation {
    path: Path,
    /// Whether the problem is the key and not its value.
    at_key: bool,
    message: String,
    help: Option<String>,
}

/// What an explanation is made of.
struct Context<'a> {
    view: View,
    user: &'a Node,
    lookup: Lookup<'a>,
    accepted: Accepted,
}

/// Validates `user`, the layers overlaid. The keys that `null` has `removed` from it must be known too: one
/// that is misspelt removes nothing.
pub(super) fn check(layers: &Layers, user: &Node, removed: &[Path]) -> Result<(), Vec<Diagnostic>> {
    let mut document = user.to_json().map_err(|problem| no_json(layers, problem))?;
    let schema = schema::constraints(Some(&document)).map_err(|error| internal(&error))?;
    numbers_as_written(&schema, user, &mut document);
    let validator = compile(&schema).map_err(|error| internal(&error))?;
    let mut errors = validator.iter_errors(&document).peekable();
    if errors.peek().is_none() && removed.is_empty() {
        return Ok(());
    }
    let view = View::new().map_err(|error| internal(&error))?;
    let context = Context { view, user, lookup: Lookup::default(), accepted: Accepted::default() };
    let mut explanations: Vec<_> = errors.flat_map(|error| explain(&context, &error)).collect();
    explanations.extend(keys::removed(&context, removed));
    // An empty text breaks both a length and a pattern; once is enough.
    let mut explained = HashSet::new();
    explanations.retain(|explanation| explained.insert(explanation.path.clone()));
    if explanations.is_empty() {
        return Ok(());
    }
    let lookup = Lookup::default();
    Err(explanations.into_iter().map(|explanation| place(layers, &lookup, explanation)).collect())
}

/// A validator for a schema of keywords that mean the same in every draft: draft 4 is chosen because its
/// meta-schema, which the validator compiles first, takes a third of the time of that of 2020-12. The one
/// difference is that `2.0` is no integer there.
fn compile(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    let patterns = pattern::Patterns::default();
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .with_keyword("pattern", move |parent, value, path| patterns.keyword(parent, value, path))
        .should_validate_formats(false)
        .build(schema)
}

/// Validators of types of the schema, each compiled once however many values are corrected.
#[derive(Default)]
struct Accepted(RefCell<HashMap<*const Value, Option<Validator>>>);

impl Accepted {
    /// Whether a text is a valid value for what `found` says.
    fn accepts(&self, view: &View, found: Found<'_>, text: &str) -> bool {
        let constraints = found.constraints();
        let mut validators = self.0.borrow_mut();
        let validator = validators
            .entry(std::ptr::from_ref(constraints))
            .or_insert_with(|| compile(&inline(view.root(), constraints)).ok());
        validator.as_ref().is_some_and(|validator| validator.is_valid(&Value::from(text)))
    }
}

fn explain(context: &Context<'_>, error: &ValidationError<'_>) -> Vec<Explanation> {
    let path = path_of(error);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => keys::unknown(context, &path, unexpected),
        ValidationErrorKind::Required { property } => {
            vec![keys::missing(&context.view, &path, property.as_str().unwrap_or_default())]
        }
        kind => match (context.view.at(&path), context.node_at(&path)) {
            (Some(found), Some(node)) => vec![values::wrong(context, found, path, node, kind)],
            _ => vec![Explanation {
                message: format!("the value breaks the schema's `{}`", kind.keyword()),
                path,
                at_key: false,
                help: None,
            }],
        },
    }
}

fn path_of(error: &ValidationError<'_>) -> Path {
    use jsonschema::paths::LocationSegment;
    error
        .instance_path()
        .iter()
        .map(|segment| match segment {
            LocationSegment::Property(key) => Step::Key(key.into_owned()),
            LocationSegment::Index(index) => Step::Item(index),
        })
        .collect()
}

impl<'a> Context<'a> {
    /// The user's value at `path`.
    fn node_at(&self, path: &Path) -> Option<&'a Node> {
        path.steps().iter().try_fold(self.user, |node, step| match (step, &node.data) {
            (Step::Key(key), _) => self.lookup.entry(node, key).map(|entry| &entry.value),
            (Step::Item(index), Data::Sequence(items)) => items.get(*index),
            _ => None,
        })
    }
}

fn place<'tree>(layers: &'tree Layers, lookup: &Lookup<'tree>, explanation: Explanation) -> Diagnostic {
    let place = layers.find(&explanation.path, lookup);
    let span =
        place.map(|place| if explanation.at_key { place.key.unwrap_or(place.value) } else { place.value });
    Diagnostic {
        severity: Severity::Error,
        source: place.map_or(0, |place| place.source),
        span,
        path: explanation.path,
        message: explanation.message,
        help: explanation.help,
    }
}

/// A value that JSON cannot say, in the layer where it is.
fn no_json(layers: &Layers, problem: go_yaml::Problem) -> Vec<Diagnostic> {
    let found: Vec<_> = layers
        .0
        .iter()
        .filter_map(|layer| layer.tree.to_json().err().map(|problem| from_problem(layer.source, problem)))
        .collect();
    if found.is_empty() { vec![from_problem(0, problem)] } else { found }
}

/// The schema is ours, so nobody sees this.
pub(super) fn internal(error: &dyn std::fmt::Display) -> Vec<Diagnostic> {
    vec![Diagnostic::of_source(0, None, format!("the embedded schema is broken: {error}"))]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{diagnostic::Source, load, schema};
    use super::compile;

    /// `line:column: path: message (help)` of each problem.
    fn problems(text: &str) -> Vec<String> {
        let source = Source { name: "config.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
        let report = load(vec![source], &[]).unwrap_err();
        let line = |diagnostic: &super::Diagnostic| {
            let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}: {}{help}", diagnostic.span.unwrap().start, diagnostic.path, diagnostic.message)
        };
        report.diagnostics.iter().map(line).collect()
    }

    #[track_caller]
    fn assert_problem(text: &str, expected: &str) {
        assert_eq!(problems(text), [expected], "{text}");
    }

    #[test]
    fn a_misspelt_key_is_named_with_the_right_one() {
        assert_problem(
            "replicas: {prometheus: 2}\nresources:\n  thanosQuery:\n    requests:\n      memry: 128Mi\n",
            "5:7: resources.thanosQuery.requests.memry: unknown key \"memry\" (did you mean \"memory\"?)",
        );
        assert_problem(
            "repplicas: {}",
            "1:1: repplicas: unknown key \"repplicas\" (did you mean \"replicas\"?)",
        );
        assert_problem(
            "replicas: {thanos_query: 1}",
            "1:12: replicas.thanos_query: unknown key \"thanos_query\" (did you mean \"thanosQuery\"?)",
        );
    }

    #[test]
    fn a_key_that_is_there_may_be_meant_a_second_time() {
        assert_problem(
            "replicas: {prometheus: 2, promethues: 3}",
            "1:27: replicas.promethues: unknown key \"promethues\" (did you mean \"prometheus\"?)",
        );
    }

    #[test]
    fn an_unknown_key_is_shown_the_known_ones() {
        assert_problem(
            "retention: {metrics: {yearly: 1d}}",
            "1:23: retention.metrics.yearly: unknown key \"yearly\" (the keys here are raw, 5m and 1h)",
        );
        assert_problem("foobarbaz: 1", "1:1: foobarbaz: unknown key \"foobarbaz\"");
    }

    #[test]
    fn a_right_key_in_the_wrong_place_is_shown_its_home() {
        assert_problem(
            "storage: {retention: 3d}",
            "1:11: storage.retention: unknown key \"retention\" (`retention` belongs at the top level)",
        );
        assert_problem(
            "expireLogsDays: 900",
            "1:1: expireLogsDays: unknown key \"expireLogsDays\" (`expireLogsDays` belongs under `objectStorage.lifecycle`)",
        );
    }

    #[test]
    fn replicas_that_follow_from_others_are_explained() {
        for (key, part) in
            [("nodeExporter", "DaemonSet"), ("alloy", "DaemonSet"), ("thanosSidecar", "replicas.prometheus")]
        {
            let found = problems(&format!("replicas: {{{key}: 2}}"));
            assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
        }
    }

    #[test]
    fn wrong_types_name_what_is_expected_and_found() {
        assert_problem(
            "cluster: 12",
            "1:10: cluster: expected a label value such as kup6s, found the number 12 (quote it: \"12\")",
        );
        assert_problem(
            "cluster: no",
            "1:10: cluster: expected a label value such as kup6s, found the boolean false (no in YAML) (quote it: \"no\")",
        );
        assert_problem(
            "versions: {grafana: 11.4}",
            "1:21: versions.grafana: expected a version without a leading v such as 11.4.0, found the number 11.4 (did you mean \"11.4.0\"?)",
        );
        assert_problem(
            "replicas: {prometheus: \"2\"}",
            "1:24: replicas.prometheus: expected a whole number from 1 to 20, found \"2\" (remove the quotes: 2)",
        );
        assert_problem(
            "replicas: {prometheus: 1.5}",
            "1:24: replicas.prometheus: expected a whole number from 1 to 20, found the number 1.5",
        );
        assert_problem(
            "features: {logs: \"false\"}",
            "1:18: features.logs: expected true or false, found \"false\" (remove the quotes: false)",
        );
        assert_problem(
            "replicas: {prometheus: 2.0}",
            "1:24: replicas.prometheus: expected a whole number from 1 to 20, found the number 2.0 (write 2)",
        );
        assert_problem("tolerations: {}", "1:14: tolerations: expected a list, found a mapping");
        assert_problem(
            "cluster: a\nfeatures: 1",
            "2:11: features: expected a mapping, found the number 1 (its keys are logs, longTermMetrics and nodeMetrics)",
        );
    }

    #[test]
    fn wrong_choices_are_shown_the_right_ones() {
        assert_problem(
            "delivery: helmchat",
            "1:11: delivery: expected \"helmchart\", \"application\" or \"inline\", found \"helmchat\" (did you mean \"helmchart\"?)",
        );
        assert_problem(
            "tolerations:\n- effect: noschedule\n",
            "2:11: tolerations[0].effect: expected \"NoSchedule\", \"PreferNoSchedule\" or \"NoExecute\", found \"noschedule\" (did you mean \"NoSchedule\"?)",
        );
    }

    #[test]
    fn ranges_are_explained_by_the_key() {
        assert_problem(
            "replicas: {prometheus: 0}",
            "1:24: replicas.prometheus: expected a whole number from 1 to 20, found the number 0 (Prometheus; each replica scrapes everything, Thanos Query deduplicates.)",
        );
        assert_problem(
            "replicas: {grafana: -1}",
            "1:21: replicas.grafana: expected a whole number from 1 to 20, found the number -1 (Grafana; more than one needs `grafana.persistence: false` and an external database.)",
        );
    }

    #[test]
    fn texts_of_the_wrong_shape_are_shown_the_right_one() {
        assert_problem(
            "resources: {thanosQuery: {requests: {memory: 128mi}}}",
            "1:46: resources.thanosQuery.requests.memory: expected a quantity of bytes such as 512Mi or 10Gi, found \"128mi\" (did you mean \"128Mi\"?)",
        );
        assert_problem(
            "versions: {prometheus: 2.55.1}",
            "1:24: versions.prometheus: expected a version with a leading v such as v2.55.1, found \"2.55.1\" (did you mean \"v2.55.1\"?)",
        );
        assert_problem(
            "namespace: \"\"",
            "1:12: namespace: expected a DNS label such as monitoring, found \"\"",
        );
        assert_problem(
            "retention: {logs: 30}",
            "1:19: retention.logs: expected a Prometheus duration such as 30d or 1h30m, found the number 30",
        );
        assert_problem(
            "resources: {grafana: {requests: {cpu: -1}}}",
            "1:39: resources.grafana.requests.cpu: expected a CPU quantity such as 250m or 1.5, found the number -1",
        );
        let long = "x".repeat(70);
        assert_problem(
            &format!("namespace: {long}"),
            &format!(
                "1:12: namespace: expected a DNS label of at most 63 characters, found 70: \"{}...\"",
                &long[..60]
            ),
        );
    }

    #[test]
    fn missing_keys_are_named_and_described() {
        assert_problem(
            "alerting:\n  email: {from: a@example.com, smarthost: mail.example.com:587}\n",
            "2:3: alerting.email.to: the key \"to\" is missing (Recipient, or several separated by commas.)",
        );
    }

    #[test]
    fn the_part_of_the_schema_that_is_compiled_judges_like_the_whole() {
        let whole: Value = serde_json::from_str(schema::TEXT).unwrap();
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        for document in [
            json!({}),
            json!([]),
            json!({"namespace": "monitoring", "replicas": {"prometheus": 2}}),
            json!({"namespace": "Monitoring", "replicas": {"prometheus": 0, "x": 1}}),
            json!({"tolerations": [{"key": "a"}, {"effect": "x", "y": 1}], "resources": 1}),
            json!({"resources": {"loki": {"write": {"requests": {"cpu": "1x", "memory": "1Gi"}}}}}),
            json!({"grafana": {"ingress": {"annotations": {"a": 1}}}, "charts": {"loki": {"values": {"a": [null]}}}}),
        ] {
            let part = compile(&schema::constraints(Some(&document)).unwrap()).unwrap();
            let places = |validator: &jsonschema::Validator| {
                let mut places: Vec<_> = validator
                    .iter_errors(&document)
                    .map(|error| format!("{} {}", error.instance_path(), error.kind().keyword()))
                    .collect();
                places.sort();
                places
            };
            assert_eq!(places(&part), places(&validator), "{document}");
        }
    }

    #[test]
    fn numbers_that_json_does_not_know_have_a_place() {
        let found = problems("replicas:\n  prometheus: .inf\n");
        assert!(found[0].starts_with("2:15: "), "{found:?}");
    }

    #[test]
    fn all_problems_are_found_at_once_in_order() {
        let found = problems("storage: {loki: 1}\nnope: 1\nreplicas: {prometheus: x, grafana: 0}\n");
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found.is_sorted_by_key(|line| line.split(':').next().map(str::to_owned)), "{found:?}");
    }
}
