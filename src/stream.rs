//! Objects to bytes: a YAML stream for kubectl and ArgoCD, or a JSON List.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};
use serde_saphyr::{DoubleQuoted, SerializerOptions};

/// A multi-document YAML stream: each document begins with `---`, the last ends with one newline.
///
/// # Errors
///
/// When a value cannot be written as YAML.
pub fn yaml(objects: &[&Value]) -> anyhow::Result<Vec<u8>> {
    let mut stream = String::with_capacity(objects.len() * 2048);
    for object in objects {
        stream.push_str("---\n");
        append(&mut stream, object)?;
    }
    Ok(stream.into_bytes())
}

/// One value as a YAML document that ends with one newline.
///
/// # Errors
///
/// When the value cannot be written as YAML.
pub fn document(value: &Value) -> anyhow::Result<String> {
    let mut text = String::new();
    append(&mut text, value)?;
    Ok(text)
}

fn append(text: &mut String, value: &Value) -> anyhow::Result<()> {
    serde_saphyr::to_fmt_writer_with_options(&mut *text, &Yaml(value), options())?;
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    Ok(())
}

/// A `v1` List as JSON, indented as kubectl does, ending with one newline.
///
/// # Errors
///
/// When a value cannot be written as JSON.
pub fn json(objects: &[&Value]) -> anyhow::Result<Vec<u8>> {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    list.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Literal blocks for texts of several lines, and no folding: a folded PromQL expression or argument is
/// hard to read and to diff.
fn options() -> SerializerOptions {
    serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX }
}

/// A value whose strings are written so that libyaml and its descendants (kubectl's and ArgoCD's YAML) read
/// them back.
struct Yaml<'a>(&'a Value);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut writer = serializer.serialize_map(Some(map.len()))?;
                for (key, value) in map {
                    writer.serialize_entry(&Text(key), &Yaml(value))?;
                }
                writer.end()
            }
            Value::Array(items) => {
                let mut writer = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    writer.serialize_element(&Yaml(item))?;
                }
                writer.end()
            }
            Value::String(text) => Text(text).serialize(serializer),
            scalar => scalar.serialize(serializer),
        }
    }
}

/// A string, in double quotes if it is out of the ordinary.
struct Text<'a>(&'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_ordinary(self.0) {
            self.0.serialize(serializer)
        } else {
            DoubleQuoted(self.0).serialize(serializer)
        }
    }
}

/// Whether the writer's own choice of style is one that every reader understands: printable characters
/// without tabs at the edges of lines, and lines that a literal block keeps as they are.
fn is_ordinary(text: &str) -> bool {
    let blank = |byte: u8| byte == b' ' || byte == b'\t';
    let bytes = text.as_bytes();
    let mut before = b'\n';
    let mut lines = false;
    for &byte in bytes {
        match byte {
            b' '..=b'~' | b'\t' => {}
            b'\n' if blank(before) => return false,
            b'\n' => lines = true,
            // Characters beyond ASCII are looked at below.
            0x80.. => {}
            _ => return false,
        }
        before = byte;
    }
    let first = bytes.first().copied().unwrap_or_default();
    // A block would keep several line breaks at its end only with `|+`, whose last ones are lost when a
    // stream is cut or joined: ArgoCD cuts one off.
    !blank(before)
        && !text.ends_with("\n\n")
        && first != b'\n'
        && first != b'\t'
        && !(lines && first == b' ')
        && (text.is_ascii() || text.chars().all(is_printable))
}

/// Characters that libyaml prints as they are. It escapes those beyond the Basic Multilingual Plane, and
/// takes NEL, LS and PS for line breaks.
fn is_printable(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        document(&json!({ "a": text })).unwrap()
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
        let bytes = json(&[&json!({"kind": "Namespace"})]).unwrap();
        let list: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(list["kind"], "List");
        assert_eq!(list["items"][0]["kind"], "Namespace");
        assert!(bytes.ends_with(b"}\n"));
    }
}
