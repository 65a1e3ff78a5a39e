//! Explains values of the wrong type, shape or size.

use go_yaml::{Data, Node, Value};
use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

use super::super::path::Path;
use super::super::schema::Found;
use super::super::wording::{describe, join, quoted, with_article};
use super::suggest::nearest;
use super::{Context, Explanation, corrections};

/// The longest list of keys that is worth reading.
const MAX_LISTED: usize = 12;

/// Explains a value that breaks the keyword of `kind`.
pub(super) fn wrong(
    context: &Context<'_>,
    found: Found<'_>,
    path: Path,
    node: &Node,
    kind: &ValidationErrorKind,
) -> Explanation {
    let mut message = format!("expected {}, found {}", expected(found), describe(node));
    let help = match kind {
        ValidationErrorKind::Type { .. } => retyped(context, found, node),
        ValidationErrorKind::Enum { .. } => chosen(found, node),
        ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => {
            found.text("description").map(str::to_owned)
        }
        ValidationErrorKind::MaxLength { limit } => {
            let noun = with_article(found.text("title").unwrap_or("text"));
            let length = text_of(node).map_or(0, |text| text.chars().count());
            message =
                format!("expected {noun} of at most {limit} characters, found {length}: {}", describe(node));
            None
        }
        _ => corrected(context, found, node),
    };
    Explanation { path, at_key: false, message, help }
}

/// What the schema wants, as a noun.
fn expected(found: Found<'_>) -> String {
    let choices = found.texts("enum");
    if !choices.is_empty() {
        let choices: Vec<_> = choices.into_iter().map(quoted).collect();
        return join(&choices, "or");
    }
    if let Some(title) = found.text("title").filter(|_| found.accepts_type("string")) {
        let examples: Vec<_> = found.texts("examples").into_iter().map(str::to_owned).collect();
        return format!("{} such as {}", with_article(title), join(&examples, "or"));
    }
    let types = found.texts("type").into_iter().map(|name| match name {
        "boolean" => "true or false".to_owned(),
        "integer" => whole_number(found),
        "number" => "a number".to_owned(),
        "string" => "a text".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "a mapping".to_owned(),
        other => other.to_owned(),
    });
    join(&types.collect::<Vec<_>>(), "or")
}

fn whole_number(found: Found<'_>) -> String {
    let bound = |keyword| found.keyword(keyword).and_then(Json::as_i64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        (Some(least), None) => format!("a whole number from {least}"),
        (None, Some(most)) => format!("a whole number up to {most}"),
        (None, None) => "a whole number".to_owned(),
    }
}

/// How a value of the wrong type becomes one of the right type.
fn retyped(context: &Context<'_>, found: Found<'_>, node: &Node) -> Option<String> {
    let Data::Scalar(scalar) = &node.data else { return None };
    if found.accepts_type("object") {
        let keys: Vec<_> = found.keys().into_iter().map(str::to_owned).collect();
        return (1..=MAX_LISTED)
            .contains(&keys.len())
            .then(|| format!("its keys are {}", join(&keys, "and")));
    }
    if found.accepts_type("array") {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let word = scalar.text.len() < 40 && !scalar.text.is_empty() && scalar.text.chars().all(is_word);
        return word.then(|| format!("write `[{}]`", scalar.text));
    }
    if scalar.value == Value::String {
        let unquoted = match scalar.text.as_str() {
            text @ ("true" | "false") => found.accepts_type("boolean").then_some(text),
            // Quoted, the words of YAML 1.1 are texts.
            text if found.accepts_type("boolean") => match go_yaml::resolve(text) {
                Value::Bool(value) => return Some(format!("write {value}")),
                _ => None,
            },
            text => (found.accepts_type("integer") && text.parse::<i64>().is_ok()).then_some(text),
        };
        return unquoted.map(|text| format!("remove the quotes: {text}"));
    }
    if let (Value::Float(number), true) = (scalar.value, found.accepts_type("integer")) {
        return (number.fract() == 0.0 && number.abs() < 1e9).then(|| format!("write {number}"));
    }
    (found.accepts_type("string") && context.accepted.accepts(&context.view, found, &scalar.text))
        .then(|| format!("quote it: {}", quoted(&scalar.text)))
        .or_else(|| corrected(context, found, node))
}

/// The choice that was probably meant.
fn chosen(found: Found<'_>, node: &Node) -> Option<String> {
    let choice = nearest(text_of(node)?, found.texts("enum"))?;
    Some(format!("did you mean {}?", quoted(choice)))
}

/// The text that was probably meant: of the corrections that come to mind, those that are valid.
fn corrected(context: &Context<'_>, found: Found<'_>, node: &Node) -> Option<String> {
    let text = text_of(node)?;
    let mut valid = Vec::new();
    for candidate in corrections::of(found.type_name?, text) {
        let candidate_quoted = quoted(&candidate);
        if candidate != text
            && !valid.contains(&candidate_quoted)
            && context.accepted.accepts(&context.view, found, &candidate)
        {
            valid.push(candidate_quoted);
        }
    }
    (!valid.is_empty()).then(|| format!("did you mean {}?", join(&valid, "or")))
}

fn text_of(node: &Node) -> Option<&str> {
    match &node.data {
        Data::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}
