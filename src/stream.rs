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
        stream.push_str(&document(object)?);
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
    serde_saphyr::to_fmt_writer_with_options(&mut text, &Yaml(value), options())?;
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    Ok(text)
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
    let blank = |c: char| c == ' ' || c == '\t';
    let printable =
        |c: char| matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}');
    text.chars().all(printable)
        && !text.starts_with(['\n', '\t'])
        && !(text.contains('\n') && text.starts_with(blank))
        && text.split('\n').all(|line| !line.ends_with(blank))
}
