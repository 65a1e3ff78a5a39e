//! The parts of speech of our messages.

use std::fmt::Write as _;

use go_yaml::{Data, Node, Value};

/// The longest text that a message repeats.
pub(crate) const LONGEST: usize = 60;

/// A text in quotes, with control characters escaped, shortened when it is long.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            quoted.push_str("...");
            break;
        }
        match c {
            '\'' => quoted.push('\''),
            c => {
                let _ = write!(quoted, "{}", c.escape_debug());
            }
        }
    }
    quoted.push('"');
    quoted
}

/// What a value is, for "expected ..., found ...".
pub(crate) fn describe(node: &Node) -> String {
    match &node.data {
        Data::Sequence(_) => "a list".to_owned(),
        Data::Mapping(_) => "a mapping".to_owned(),
        Data::Scalar(scalar) => match scalar.value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) if scalar.text == value.to_string() => format!("the boolean {value}"),
            Value::Bool(value) => format!("the boolean {value} ({} in YAML)", shortened(&scalar.text)),
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => {
                format!("the number {}", shortened(&scalar.text))
            }
            Value::String => quoted(&scalar.text),
        },
    }
}

/// `a, b and c` with any last word.
pub(crate) fn join(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// A noun with its article.
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'A']) || noun.starts_with("S3");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_control_characters_escaped() {
        assert_eq!(quoted("it's\u{1b}[31m"), "\"it's\\u{1b}[31m\"");
        assert_eq!(quoted(&"x".repeat(100)), format!("\"{}...\"", "x".repeat(60)));
    }

    #[test]
    fn lists_read_as_prose() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(join(&items, "or"), "a, b or c");
        assert_eq!(join(&items[..1], "or"), "a");
    }

    #[test]
    fn articles_follow_the_sound() {
        for (noun, expected) in [
            ("DNS label", "a DNS label"),
            ("S3 bucket name", "an S3 bucket name"),
            ("e-mail address", "an e-mail address"),
            ("API server URL", "an API server URL"),
            ("CPU quantity", "a CPU quantity"),
        ] {
            assert_eq!(with_article(noun), expected);
        }
    }
}
