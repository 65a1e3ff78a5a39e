//! Keys set by texts alone, as ArgoCD's parameters and environment are: what a text means is what the schema says of
//! its key.

use go_yaml::{Data, Entry, Key, Limits, Node, Scalar, Span, Value};

use super::diagnostic::{Diagnostic, Source};
use super::document::from_problem;
use super::layers::overlay;
use super::path::Path;
use super::schema::{Found, View};

/// Keys that one source sets by texts.
#[derive(Clone, Debug)]
pub struct Texts {
    /// Where they come from.
    pub source: Source,
    /// What it sets; later ones win.
    pub keys: Vec<TextKey>,
    /// What is wrong with the source itself; the index of its source is put in when it is loaded.
    pub problems: Vec<Diagnostic>,
}

/// A key and its text.
#[derive(Clone, Debug)]
pub struct TextKey {
    /// The key.
    pub path: Path,
    /// Where the key is written.
    pub span: Span,
    /// What it is set to.
    pub text: Text,
}

/// What a key is set to.
#[derive(Clone, Debug)]
pub enum Text {
    /// A text, for a list or a mapping in YAML.
    One(String, Span),
    /// A list, and where it is.
    List(Vec<(String, Span)>, Span),
    /// A mapping, and where it is: keys, where they are, and their texts.
    Map(Vec<(String, Span, String, Span)>, Span),
}

/// The tree that a source stands for, and what is wrong with its keys.
pub(super) fn read(index: usize, texts: &Texts, view: &View) -> (Node, Vec<Diagnostic>) {
    let mut problems = texts.problems.clone();
    let mut tree = Node { span: super::document::span_at_start(), data: Data::Mapping(Vec::new()) };
    for key in &texts.keys {
        let value = match &key.text {
            Text::One(text, span) => one(view, &key.path, text, *span),
            Text::List(items, span) => list(view, &key.path, items, *span),
            Text::Map(entries, span) => map(view, &key.path, entries, *span),
        };
        match value {
            Ok(value) => overlay(&mut tree, &nested(&key.path, key.span, value)),
            Err(found) => problems.extend(found),
        }
    }
    problems.iter_mut().for_each(|problem| problem.source = index);
    (tree, problems)
}

/// A value below its keys, which are all written at one place.
fn nested(path: &Path, span: Span, value: Node) -> Node {
    path.keys().rev().fold(value, |value, name| Node {
        span: Span { start: span.start, end: value.span.end },
        data: Data::Mapping(vec![entry(name, span, value)]),
    })
}

fn entry(name: &str, span: Span, value: Node) -> Entry {
    let key = Key { text: name.to_owned(), name: name.to_owned(), span, value: Value::String };
    Entry { key, value }
}

fn list(view: &View, path: &Path, items: &[(String, Span)], span: Span) -> Result<Node, Vec<Diagnostic>> {
    let items = items.iter().enumerate();
    let nodes = items.map(|(index, (text, span))| one(view, &path.item(index), text, *span));
    Ok(Node { span, data: Data::Sequence(nodes.collect::<Result<_, _>>()?) })
}

fn map(
    view: &View,
    path: &Path,
    entries: &[(String, Span, String, Span)],
    span: Span,
) -> Result<Node, Vec<Diagnostic>> {
    let nodes = entries.iter().map(|(name, key, text, value)| {
        Ok(entry(name, *key, one(view, &path.key(name.as_str()), text, *value)?))
    });
    Ok(Node { span, data: Data::Mapping(nodes.collect::<Result<_, Vec<Diagnostic>>>()?) })
}

/// A text as the value that the schema wants. What it cannot be stays a text, so that the schema says what is wrong.
fn one(view: &View, path: &Path, text: &str, span: Span) -> Result<Node, Vec<Diagnostic>> {
    let found = view.at(path);
    // Of what is in a chart's values the schema knows nothing.
    let is_text = found.map_or(!path.is_in_chart_values(), |found| found.accepts_type("string"));
    if is_text {
        return Ok(string(text, span));
    }
    let holds_others = found.is_some_and(|found| found.accepts_type("object") || found.accepts_type("array"));
    match go_yaml::read(text.as_bytes(), &Limits::default()) {
        Ok(mut documents) if documents.len() == 1 => {
            let mut node = documents.remove(0);
            if found.is_some_and(|found| !is_wanted(found, &node)) {
                return Ok(string(text, span));
            }
            place(&mut node, span);
            Ok(node)
        }
        Err(problems) if holds_others => {
            let at = |problem| Diagnostic { span: Some(span), ..from_problem(0, problem) };
            Err(problems.into_iter().map(at).collect())
        }
        _ => Ok(string(text, span)),
    }
}

/// Whether a value has a type that the schema wants.
fn is_wanted(found: Found, node: &Node) -> bool {
    match (node.kind_name(), &node.data) {
        ("sequence", _) => found.accepts_type("array"),
        ("mapping", _) => found.accepts_type("object"),
        // A value such as 2.0 is explained better as a number.
        ("integer" | "number", _) => found.accepts_type("integer") || found.accepts_type("number"),
        // `yes` and `on` are booleans for YAML, and hardly meant as anything else.
        (kind, _) => found.accepts_type(kind),
    }
}

/// Puts a whole tree at one place: what is written in a text of JSON has no lines and columns of its own.
fn place(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.data {
        Data::Scalar(_) => {}
        Data::Sequence(items) => items.iter_mut().for_each(|item| place(item, span)),
        Data::Mapping(entries) => {
            for entry in entries {
                entry.key.span = span;
                place(&mut entry.value, span);
            }
        }
    }
}

fn string(text: &str, span: Span) -> Node {
    Node { span, data: Data::Scalar(Scalar { text: text.to_owned(), plain: false, value: Value::String }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(name: &str, text: &str) -> String {
        let span = super::super::document::span_at_start();
        let key = TextKey { path: Path::parse(name).unwrap(), span, text: Text::One(text.to_owned(), span) };
        let source = Source { name: "x".to_owned(), bytes: Vec::new() };
        let texts = Texts { source, keys: vec![key], problems: Vec::new() };
        let (node, problems) = read(0, &texts, &View::new().unwrap());
        let first = problems.into_iter().next();
        first.map_or_else(|| node.to_json().unwrap().to_string(), |problem| problem.message)
    }

    #[test]
    fn a_text_becomes_what_its_key_wants() {
        for (name, text, expected) in [
            ("cluster", "12", r#"{"cluster":"12"}"#),
            ("cluster", "no", r#"{"cluster":"no"}"#),
            ("replicas.prometheus", "3", r#"{"replicas":{"prometheus":3}}"#),
            ("replicas.prometheus", "three", r#"{"replicas":{"prometheus":"three"}}"#),
            ("features.logs", "false", r#"{"features":{"logs":false}}"#),
            ("storage.prometheus", "1.50Gi", r#"{"storage":{"prometheus":"1.50Gi"}}"#),
            (
                "resources.loki.write.requests.cpu",
                "2",
                r#"{"resources":{"loki":{"write":{"requests":{"cpu":"2"}}}}}"#,
            ),
            ("tolerations", "[{key: a}]", r#"{"tolerations":[{"key":"a"}]}"#),
            ("replicas", "{loki: {read: 2}}", r#"{"replicas":{"loki":{"read":2}}}"#),
            ("charts.loki.values", "a: 1", r#"{"charts":{"loki":{"values":{"a":1}}}}"#),
            ("charts.loki.values.a.b", "1", r#"{"charts":{"loki":{"values":{"a":{"b":1}}}}}"#),
            ("charts.loki.values.a.b", "x: [", r#"{"charts":{"loki":{"values":{"a":{"b":"x: ["}}}}}"#),
            (
                "grafana.ingress.annotations.a/b",
                "true",
                r#"{"grafana":{"ingress":{"annotations":{"a/b":"true"}}}}"#,
            ),
            ("nothing.like.it", "1", r#"{"nothing":{"like":{"it":"1"}}}"#),
        ] {
            assert_eq!(json(name, text), expected, "{name}={text}");
        }
        assert!(json("tolerations", "[{").contains("expected"), "{}", json("tolerations", "[{"));
    }
}
