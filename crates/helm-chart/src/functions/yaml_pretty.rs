//! `toYamlPretty`: go-yaml v3, which writes values themselves and not what JSON makes of them.

use std::borrow::Cow;
use std::cmp::Ordering;

use go_template::{Function, Object, Param, Text, Value};
use go_yaml::{Writer, natural_order_v3};

/// Collections within collections; a map that holds itself ends here.
const DEEPEST: usize = 1000;
/// Characters of base 64 on a line.
const BASE64_LINE: usize = 70;

pub(super) fn functions() -> [(&'static str, Function); 1] {
    [(
        "toYamlPretty",
        Function::pure(&[Param::Any], None, |arguments| {
            Ok(Value::string(arguments.first().map(to_yaml_pretty).unwrap_or_default()))
        }),
    )]
}

fn to_yaml_pretty(value: &Value) -> String {
    let mut writer = Writer::v3();
    if write(&mut writer, value, 0).is_none() {
        return String::new();
    }
    let mut text = writer.finish();
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

fn write(writer: &mut Writer, value: &Value, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Nil => writer.null(),
        Value::Bool(value) => writer.bool(*value),
        Value::Int(value) | Value::Int64(value) => writer.int(*value),
        Value::Uint64(value) => writer.uint(*value),
        Value::Float64(value) => writer.float(*value),
        Value::String(text) => string(writer, text),
        Value::Bytes(bytes) => {
            writer.begin_sequence();
            for byte in bytes.iter() {
                writer.uint(u64::from(*byte));
            }
            writer.end();
        }
        Value::List(list) => {
            writer.begin_sequence();
            for item in &list.items {
                write(writer, item, depth + 1)?;
            }
            writer.end();
        }
        Value::Map(map) => {
            let entries = map.entries();
            mapping(writer, entries.iter(), depth)?;
        }
        Value::Object(object) => write_object(writer, object.as_ref(), depth)?,
    }
    Some(())
}

fn write_object(writer: &mut Writer, object: &dyn Object, depth: usize) -> Option<()> {
    match object.type_name() {
        "time.Time" => {
            if let Value::String(time) = object.to_plain() {
                writer.verbatim(&time.to_str());
            }
            return Some(());
        }
        "time.Duration" => {
            writer.string(&object.print());
            return Some(());
        }
        _ => {}
    }
    if let Some(fields) = object.struct_fields() {
        return structure(writer, &fields, depth);
    }
    match object.entries() {
        Some(entries) if object.kind() == "map" => {
            mapping(writer, entries.iter().map(|(key, value)| (key, value)), depth)
        }
        _ => write(writer, &object.to_plain(), depth + 1),
    }
}

/// A struct: its fields in their order, by their names in lower case.
fn structure(writer: &mut Writer, fields: &[(&'static str, Value)], depth: usize) -> Option<()> {
    writer.begin_mapping();
    // `.Chart` embeds the metadata, which JSON takes apart and YAML does not.
    let fields = match fields {
        [metadata @ .., ("IsRoot", is_root)] => {
            writer.key("metadata");
            structure(writer, metadata, depth + 1)?;
            writer.key("isroot");
            write(writer, is_root, depth + 1)?;
            &[]
        }
        fields => fields,
    };
    for (name, value) in fields {
        writer.key(&name.to_lowercase());
        write(writer, value, depth + 1)?;
    }
    writer.end();
    Some(())
}

fn mapping<'a>(
    writer: &mut Writer,
    entries: impl Iterator<Item = (&'a Text, &'a Value)>,
    depth: usize,
) -> Option<()> {
    let mut sorted: Vec<(Cow<'_, str>, &Value)> = Vec::new();
    for (key, value) in entries {
        let name = key.to_str();
        // The order is not total: keys are inserted one by one, which bears that.
        let at = sorted.partition_point(|(other, _)| natural_order_v3(other, &name) != Ordering::Greater);
        sorted.insert(at, (name, value));
    }
    writer.begin_mapping();
    for (name, value) in sorted {
        writer.key(&name);
        write(writer, value, depth + 1)?;
    }
    writer.end();
    Some(())
}

fn string(writer: &mut Writer, text: &Text) {
    match std::str::from_utf8(text.as_bytes()) {
        Ok(text) => writer.string(text),
        Err(_) => {
            let base64 = data_encoding::BASE64.encode(text.as_bytes());
            if base64.len() < BASE64_LINE {
                return writer.binary(&base64);
            }
            let mut lines = String::with_capacity(base64.len() + base64.len() / BASE64_LINE + 1);
            for (index, character) in base64.chars().enumerate() {
                lines.push(character);
                if (index + 1) % BASE64_LINE == 0 || index + 1 == base64.len() {
                    lines.push('\n');
                }
            }
            writer.binary(&lines);
        }
    }
}
