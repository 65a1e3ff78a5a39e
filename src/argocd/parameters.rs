//! `ARGOCD_APP_PARAMETERS`: `[{"name": ..., "string": ... | "array": [...] | "map": {...}}]`, or `null`.

use go_yaml::{Data, Entry, Limits, Node, Span, Value};

use super::PARAMETERS;
use crate::config::texts::Text;
use crate::config::{Diagnostic, MAX_BYTES, Source};

/// What a parameter may have.
const VALUES: &str = "give it a `string`, an `array` or a `map`";

/// A parameter of an Application.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// Where its name is written.
    pub(super) span: Span,
    pub(super) text: Text,
}

/// The parameters in a text, what is wrong with it, and the text for messages.
pub(super) fn read(text: &str) -> (Source, Vec<Parameter>, Vec<Diagnostic>) {
    let source = Source { name: PARAMETERS.to_owned(), bytes: text.as_bytes().to_vec() };
    let mut parameters = Vec::new();
    let mut problems = Vec::new();
    // JSON is YAML, and our YAML has places.
    let limits = Limits { max_bytes: MAX_BYTES, max_depth: 16, max_nodes: 100_000 };
    match go_yaml::read(text.as_bytes(), &limits) {
        Err(found) => {
            let place =
                |problem: go_yaml::Problem| Diagnostic::of_source(0, Some(problem.span), problem.message);
            problems.extend(found.into_iter().map(place));
        }
        Ok(documents) => match documents.first().map(|root| (root, &root.data)) {
            None => {}
            Some((_, Data::Scalar(scalar))) if scalar.value == Value::Null => {}
            Some((_, Data::Sequence(items))) => {
                for item in items {
                    match parameter(item) {
                        Ok(parameter) => parameters.push(parameter),
                        Err(problem) => problems.push(*problem),
                    }
                }
            }
            Some((root, _)) => {
                problems.push(*problem(root.span, "expected a list of parameters as ArgoCD writes it"));
            }
        },
    }
    (source, parameters, problems)
}

fn problem(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::of_source(0, Some(span), message))
}

fn parameter(item: &Node) -> Result<Parameter, Box<Diagnostic>> {
    let Some(name) = item.get("name") else {
        return Err(problem(item.span, "a parameter has no name"));
    };
    let (name, span) = text(&name.value)?;
    let given = ["string", "array", "map"].into_iter().filter_map(|field| item.get(field));
    let mut given = given.filter(|entry| !is_null(&entry.value));
    let (first, second) = (given.next(), given.next());
    let text = match (first, second) {
        (Some(Entry { value, .. }), None) => value_of(value)?,
        (None, _) => {
            let message = format!("the parameter {name} has no value");
            return Err(Box::new(problem(span, message).with_help(VALUES)));
        }
        (_, Some(_)) => {
            let message = format!("the parameter {name} has several values");
            return Err(Box::new(problem(span, message).with_help(VALUES)));
        }
    };
    Ok(Parameter { name, span, text })
}

fn value_of(node: &Node) -> Result<Text, Box<Diagnostic>> {
    match &node.data {
        Data::Scalar(_) => text(node).map(|(text, span)| Text::One(text, span)),
        Data::Sequence(items) => Ok(Text::List(items.iter().map(text).collect::<Result<_, _>>()?, node.span)),
        Data::Mapping(entries) => {
            let entries = entries.iter().map(|entry| {
                let (value, span) = text(&entry.value)?;
                Ok((entry.key.text.clone(), entry.key.span, value, span))
            });
            Ok(Text::Map(entries.collect::<Result<_, Box<Diagnostic>>>()?, node.span))
        }
    }
}

/// ArgoCD's values are all texts, but a hand-written list may have numbers.
fn text(node: &Node) -> Result<(String, Span), Box<Diagnostic>> {
    match &node.data {
        Data::Scalar(scalar) if scalar.value != Value::Null => Ok((scalar.text.clone(), node.span)),
        _ => Err(problem(node.span, format!("expected a text, found {}", node.kind_name()))),
    }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.data, Data::Scalar(scalar) if scalar.value == Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_texts_lists_and_maps_with_their_places() {
        let (_, parameters, problems) = read(
            r#"[{"name":"a","string":"x\u003c\"/"},{"array":["p"],"name":"b"},{"map":{"k":"v"},"name":"c"},{"name":"e","string":""}]"#,
        );
        assert!(problems.is_empty(), "{problems:?}");
        let shown: Vec<_> = parameters
            .iter()
            .map(|parameter| match &parameter.text {
                Text::One(text, span) => format!("{}={text}@{}", parameter.name, span.start.column),
                Text::List(items, _) => format!("{}=[{}]", parameter.name, items[0].0),
                Text::Map(entries, _) => format!("{}={{{}:{}}}", parameter.name, entries[0].0, entries[0].2),
            })
            .collect();
        assert_eq!(shown, ["a=x<\"/@23", "b=[p]", "c={k:v}", "e=@114"]);
    }

    #[test]
    fn an_application_without_parameters_says_null() {
        for text in ["null", "[]", ""] {
            let (_, parameters, problems) = read(text);
            assert!(parameters.is_empty() && problems.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_no_parameter_has_a_place() {
        for (text, expected) in [
            (r#"[{"string":"x"}]"#, "1:2: a parameter has no name"),
            (r#"[{"name":"a"}]"#, "1:10: the parameter a has no value"),
            (r#"[{"name":"a","string":"x","array":[]}]"#, "1:10: the parameter a has several values"),
            (r#"[{"name":"a","array":[["x"]]}]"#, "1:23: expected a text, found sequence"),
            (r#"{"a":1}"#, "1:1: expected a list of parameters as ArgoCD writes it"),
        ] {
            let (_, _, problems) = read(text);
            let shown = format!("{}: {}", problems[0].span.unwrap().start, problems[0].message);
            assert_eq!(shown, expected, "{text}");
        }
        assert!(!read("[{").2.is_empty());
    }
}
