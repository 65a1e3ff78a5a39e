//! Objects to bytes: a YAML stream for kubectl and ArgoCD, or a JSON List.

use std::io::{self, Write};

use go_yaml::Writer;
use serde::Serialize;
use serde_json::{Number, Value, json};

use crate::k8s::Object;

/// A multi-document YAML stream: each document begins with `---`, the last ends with one newline. What a chart
/// rendered is written as it is.
#[must_use]
pub fn yaml<'a>(objects: impl Iterator<Item = &'a Object>) -> Vec<u8> {
    let mut stream = Vec::new();
    // Writing to memory does not fail.
    let _ = write_yaml(objects, &mut stream);
    stream
}

/// Writes the stream of [`yaml`].
///
/// # Errors
///
/// When writing fails.
pub fn write_yaml<'a>(objects: impl Iterator<Item = &'a Object>, to: &mut impl Write) -> io::Result<()> {
    let mut own = String::new();
    for object in objects {
        own.push_str("---\n");
        match &object.text {
            Some(text) => {
                to.write_all(own.as_bytes())?;
                own.clear();
                let mut last = None;
                for piece in text.pieces() {
                    to.write_all(piece)?;
                    last = piece.last().or(last);
                }
                if last != Some(&b'\n') {
                    own.push('\n');
                }
            }
            None => own = append(own, &object.value),
        }
    }
    to.write_all(own.as_bytes())
}

/// One value as a YAML document that ends with one newline.
#[must_use]
pub fn document(value: &Value) -> String {
    append(String::new(), value)
}

fn append(text: String, value: &Value) -> String {
    let mut writer = Writer::appending_to(text, None);
    write(&mut writer, value);
    writer.finish()
}

/// A `v1` List as JSON, indented as kubectl does, ending with one newline.
///
/// # Errors
///
/// When a value cannot be written as JSON.
pub fn json<'a>(objects: impl Iterator<Item = &'a Object>) -> anyhow::Result<Vec<u8>> {
    let items = objects.map(Object::whole).collect::<anyhow::Result<Vec<_>>>()?;
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    list.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A value as the next node. Nothing is folded: a folded PromQL expression or argument is hard to read and
/// to diff.
fn write(writer: &mut Writer, value: &Value) {
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.bool(*value),
        Value::Number(number) => write_number(writer, number),
        Value::String(text) if text.contains('\n') => {
            if is_readable_block(text) {
                writer.literal(text);
            } else {
                writer.double_quoted(text);
            }
        }
        Value::String(text) => writer.string(text),
        Value::Array(items) => {
            writer.begin_sequence();
            for item in items {
                write(writer, item);
            }
            writer.end();
        }
        Value::Object(map) => {
            writer.begin_mapping();
            for (key, value) in map {
                match key.as_str() {
                    "<<" => writer.double_quoted_key(key),
                    _ => writer.key(key),
                }
                write(writer, value);
            }
            writer.end();
        }
    }
}

fn write_number(writer: &mut Writer, number: &Number) {
    if let Some(value) = number.as_i64() {
        writer.int(value);
    } else if let Some(value) = number.as_u64() {
        writer.uint(value);
    } else if let Some(value) = number.as_f64() {
        writer.float(value);
    }
}

/// Whether every reader takes the text back from a literal block as it is. Go's own rule has no blocks with
/// tabs, which Alloy's configuration is indented with.
fn is_readable_block(text: &str) -> bool {
    let blank = |c: char| c == ' ' || c == '\t';
    // A block keeps several line breaks at its end only with `|+`, whose last ones are lost when a stream is
    // cut or joined: ArgoCD cuts one off.
    !text.ends_with("\n\n")
        && !text.starts_with(|c| blank(c) || c == '\n')
        && text
            .split('\n')
            .all(|line| !line.ends_with(blank) && line.chars().all(|c| c == '\t' || go_yaml::is_printable(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k8s::Wave;

    fn written(text: &str) -> String {
        document(&json!({ "a": text }))
    }

    #[test]
    fn what_yaml_1_1_takes_for_something_else_is_quoted() {
        for text in
            ["y", "No", "on", "0777", "0o7", "1e3", "1_000", "~", "null", "12:30:45", "2024-04-01", "", ".5"]
        {
            let written = written(text);
            assert!(
                written == format!("a: \"{text}\"\n") || written == format!("a: '{text}'\n"),
                "{written}"
            );
        }
    }

    #[test]
    fn long_lines_are_not_folded() {
        let text = "word ".repeat(60) + "end";
        assert_eq!(written(&text), format!("a: {text}\n"));
    }

    #[test]
    fn texts_of_several_lines_are_literal_blocks() {
        assert_eq!(written("one\n\ttwo\n"), "a: |\n  one\n  \ttwo\n");
        assert_eq!(written("one\ntwo"), "a: |-\n  one\n  two\n");
    }

    #[test]
    fn whatever_a_block_could_lose_is_quoted() {
        for text in [
            "one\n\n",
            "\tone\n",
            "one \ntwo",
            "\none",
            "one\n \n",
            " one\ntwo",
            "one\u{85}two\n",
            "\u{1f600}",
        ] {
            assert!(written(text).starts_with("a: \""), "{}", written(text));
        }
    }

    #[test]
    fn a_list_is_one_json_document() {
        let object = Object::new(Wave::Foundation, &json!({"kind": "Namespace"})).unwrap();
        let bytes = json(std::iter::once(&object)).unwrap();
        let list: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(list["kind"], "List");
        assert_eq!(list["items"][0]["kind"], "Namespace");
        assert!(bytes.ends_with(b"}\n"));
    }
}
