//! `--set a.b.c=value`: one key laid over the config files.

use std::ops::Range;

use go_yaml::{Data, Entry, Key, Limits, Node, Position, Scalar, Span, Value};

use super::diagnostic::Diagnostic;
use super::document::{MAX_DEPTH, from_problem};

/// What messages call an argument.
pub(super) const NAME: &str = "--set";

/// The two sides of an argument of `--set`.
#[derive(Debug, PartialEq, Eq)]
struct Assignment {
    /// The keys with the bytes where they are written.
    keys: Vec<(String, Range<usize>)>,
    /// Where the value begins.
    value: usize,
}

/// Whether an argument has the form `key.key=value`; the value is not looked at.
///
/// # Errors
///
/// What is wrong with the form.
pub fn check_form(argument: &str) -> Result<(), String> {
    split(argument).map(|_| ())
}

/// The tree that an argument stands for.
pub(super) fn read(source: usize, argument: &str) -> Result<Node, Vec<Diagnostic>> {
    let whole = || span(argument, 0..argument.len());
    let assignment =
        split(argument).map_err(|message| vec![Diagnostic::of_source(source, Some(whole()), message)])?;
    let value_span = span(argument, assignment.value..argument.len());
    let text = &argument[assignment.value..];
    let mut documents = go_yaml::read(text.as_bytes(), &Limits::default()).map_err(|problems| {
        let place = |mut problem: go_yaml::Problem| {
            shift_span(&mut problem.span, value_span.start);
            from_problem(source, problem)
        };
        problems.into_iter().map(place).collect::<Vec<_>>()
    })?;
    if documents.len() > 1 {
        let message = "the value is more than one YAML document";
        return Err(vec![Diagnostic::of_source(source, Some(value_span), message)]);
    }
    let mut node = match documents.pop() {
        Some(mut value) => {
            shift(&mut value, value_span.start);
            value
        }
        None => scalar(value_span, "", Value::Null),
    };
    for (name, range) in assignment.keys.into_iter().rev() {
        let span = span(argument, range);
        let key = Key { text: name.clone(), name, span, value: Value::String };
        node = Node {
            span: Span { start: span.start, end: node.span.end },
            data: Data::Mapping(vec![Entry { key, value: node }]),
        };
    }
    Ok(node)
}

/// The keys of a text with dots between.
///
/// # Errors
///
/// What is wrong with the form.
pub(super) fn keys(text: &str) -> Result<Vec<String>, String> {
    Ok(scan(text, false)?.keys.into_iter().map(|(name, _)| name).collect())
}

fn split(argument: &str) -> Result<Assignment, String> {
    let assignment = scan(argument, true)?;
    let Some(value) = argument.get(assignment.value..) else {
        return Err("expected `key=value`, as in `replicas.thanosQuery=3`".to_owned());
    };
    check_value(value)?;
    Ok(assignment)
}

/// The keys up to a `=`, if that ends them, or else up to the end; the value begins behind that.
fn scan(text: &str, until_equals: bool) -> Result<Assignment, String> {
    let mut keys = Vec::new();
    let mut name = String::new();
    let mut start = 0;
    let mut end = text.len();
    let mut chars = text.char_indices();
    while let Some((index, c)) = chars.next() {
        let ends = c == '=' && until_equals;
        match c {
            '\\' => name.extend(chars.next().map(|(_, escaped)| escaped)),
            _ if (c == '.' || ends) && name.is_empty() => {
                return Err(format!("a key is missing before `{c}`"));
            }
            _ if ends => {
                end = index;
                break;
            }
            '.' => {
                keys.push((std::mem::take(&mut name), start..index));
                start = index + 1;
            }
            '[' => {
                return Err("items of a list cannot be set one by one: set the whole list, as in `tolerations=[{key: dedicated, operator: Exists}]`".to_owned());
            }
            c => name.push(c),
        }
    }
    if name.is_empty() && !(until_equals && end == text.len()) {
        return Err("a key is missing at the end".to_owned());
    }
    keys.push((name, start..end));
    // Every key is one mapping, and trees are walked by recursion.
    if keys.len() > MAX_DEPTH {
        return Err(format!("more than {MAX_DEPTH} keys"));
    }
    Ok(Assignment { keys, value: end + 1 })
}

/// A value that is forgotten, as when a shell's variable is empty, or taken for a comment must not pass for
/// `null`, which would silently bring the default back.
fn check_value(text: &str) -> Result<(), String> {
    match text.trim_start().chars().next() {
        None => Err("a value is missing: `null` removes the key, and `\"\"` is an empty text".to_owned()),
        Some('#') => Err("YAML takes a value that begins with `#` for a comment: quote it".to_owned()),
        Some(_) => Ok(()),
    }
}

/// The span of some bytes of an argument.
fn span(argument: &str, range: Range<usize>) -> Span {
    let position = |offset: usize| {
        let before = &argument[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            offset,
        }
    };
    Span { start: position(range.start), end: position(range.end) }
}

/// Moves a tree that was read from the middle of a text to its place in it.
fn shift(node: &mut Node, start: Position) {
    shift_span(&mut node.span, start);
    match &mut node.data {
        Data::Scalar(_) => {}
        Data::Sequence(items) => items.iter_mut().for_each(|item| shift(item, start)),
        Data::Mapping(entries) => {
            for entry in entries {
                shift_span(&mut entry.key.span, start);
                shift(&mut entry.value, start);
            }
        }
    }
}

fn shift_span(span: &mut Span, start: Position) {
    for position in [&mut span.start, &mut span.end] {
        if position.line == 1 {
            position.column += start.column - 1;
        }
        position.line += start.line - 1;
        position.offset += start.offset;
    }
}

fn scalar(span: Span, text: &str, value: Value) -> Node {
    Node { span, data: Data::Scalar(Scalar { text: text.to_owned(), plain: true, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(argument: &str) -> String {
        read(0, argument).unwrap().to_json().unwrap().to_string()
    }

    #[test]
    fn dots_separate_keys() {
        assert_eq!(json("a=1"), r#"{"a":1}"#);
        assert_eq!(json("a.b.c=x"), r#"{"a":{"b":{"c":"x"}}}"#);
        assert_eq!(json(r"a.b\.c\=d=x"), r#"{"a":{"b.c=d":"x"}}"#);
    }

    #[test]
    fn values_are_yaml() {
        assert_eq!(json("a=true"), r#"{"a":true}"#);
        assert_eq!(json("a=\"2\""), r#"{"a":"2"}"#);
        assert_eq!(json("a=[1, {b: c}]"), r#"{"a":[1,{"b":"c"}]}"#);
        assert_eq!(json("a=b=c"), r#"{"a":"b=c"}"#);
        assert_eq!(json("a=null"), r#"{"a":null}"#);
        assert_eq!(json("a=~"), r#"{"a":null}"#);
        assert_eq!(json("a=\"\""), r#"{"a":""}"#);
    }

    #[test]
    fn the_form_is_checked() {
        for (argument, part) in [
            ("a", "key=value"),
            ("", "key=value"),
            ("=1", "missing"),
            ("a..b=1", "missing"),
            (".a=1", "missing"),
            ("a.=1", "missing"),
            ("a[0]=1", "whole list"),
            ("a=", "value is missing"),
            ("a= ", "value is missing"),
            ("a=#x", "comment"),
            (&format!("{}=1", vec!["a"; 100_000].join(".")), "more than 64 keys"),
        ] {
            assert!(check_form(argument).unwrap_err().contains(part), "{part}");
        }
        assert_eq!(check_form("a.b=1"), Ok(()));
    }

    #[test]
    fn positions_are_those_in_the_argument() {
        let node = read(0, "ä.b={c: 1}").unwrap();
        let b = node.get("ä").unwrap().value.get("b").unwrap();
        assert_eq!(b.key.span.start.to_string(), "1:3");
        let c = b.value.get("c").unwrap();
        assert_eq!(c.key.span.start.to_string(), "1:6");
        assert_eq!(&"ä.b={c: 1}"[c.value.span.start.offset..c.value.span.end.offset], "1");
    }

    #[test]
    fn a_value_that_is_no_yaml_has_a_place() {
        let problems = read(0, "a.b=[1").unwrap_err();
        assert!(problems[0].span.unwrap().start.column >= 5, "{problems:?}");
    }
}
