//! `toYaml`, `fromYaml` and `fromYamlArray`.

use std::borrow::Cow;

use go_template::{Error, MAX_NESTING, Text, Value, ensure_fits, spend, too_large};
use go_yaml::{Writer, is_printable, natural_order};

use crate::values::{first_document, from_node, from_plain};

/// Column behind which Go folds strings.
const WIDTH: usize = 80;

/// A value as YAML without its last line break; empty if there is no YAML for it, as in helm.
///
/// # Errors
///
/// If it is too large, as a value that shares its items may be.
pub(crate) fn to_yaml(value: &Value) -> Result<String, Error> {
    let mut writer = Writer::new(Some(WIDTH));
    let result = write(&mut writer, value, 0);
    // What is not returned has taken its time as well.
    spend(writer.len() as u64 / 16);
    match result {
        Ok(()) => {
            let mut text = writer.finish();
            if text.ends_with('\n') {
                text.pop();
            }
            Ok(text)
        }
        Err(Problem::TooLarge) => Err(too_large()),
        Err(Problem::NoYaml) => Ok(String::new()),
    }
}

/// Why a value is not written.
#[derive(Clone, Copy, Debug)]
enum Problem {
    TooLarge,
    NoYaml,
}

fn write(writer: &mut Writer, value: &Value, depth: usize) -> Result<(), Problem> {
    if depth > MAX_NESTING {
        return Err(Problem::NoYaml);
    }
    ensure_fits(writer.len()).map_err(|_| Problem::TooLarge)?;
    match value {
        Value::Nil => writer.null(),
        Value::Bool(value) => writer.bool(*value),
        Value::Int(value) | Value::Int64(value) => writer.int(*value),
        Value::Uint64(value) => writer.uint(*value),
        Value::Float64(value) if value.is_finite() => writer.float(*value),
        Value::Float64(_) => return Err(Problem::NoYaml),
        Value::String(text) => {
            fits_indented(text, depth)?;
            writer.string(&through_json(text)?);
        }
        Value::Bytes(bytes) => writer.string(&data_encoding::BASE64.encode(bytes)),
        nil if sprig::is_nil_list(nil) => writer.null(),
        Value::List(list) => {
            writer.begin_sequence();
            for item in &list.items {
                write(writer, item, depth + 1)?;
            }
            writer.end();
        }
        Value::Map(map) => {
            writer.begin_mapping();
            let entries = map.entries();
            for (key, value) in sorted(entries.iter())? {
                fits_indented(key, depth)?;
                if !is_simple_key(key) {
                    return Err(Problem::NoYaml);
                }
                writer.key(&through_json(key)?);
                write(writer, value, depth + 1)?;
            }
            writer.end();
        }
        Value::Object(object) => write(writer, &object.to_plain(), depth + 1)?,
    }
    Ok(())
}

/// Characters of the longest key that YAML reads, with its quotes and escapes.
const LONGEST_KEY: usize = 1024;

/// Whether YAML reads a key of JSON, which has to be on one line and not too long.
fn is_simple_key(key: &Text) -> bool {
    // Each byte takes six characters at most.
    let is_short = 6 * key.len() + 2 <= LONGEST_KEY;
    let is_one_line = key.as_bytes().is_ascii() || !key.to_str().contains('\u{85}');
    let json = || sprig::json::to_json(&Value::String(key.clone()), true, None);
    is_one_line && (is_short || json().is_ok_and(|json| json.chars().count() <= LONGEST_KEY))
}

/// Each line of a text is indented as deep as the text stands, and may end at each space.
fn fits_indented(text: &Text, depth: usize) -> Result<(), Problem> {
    let breaks = text.as_bytes().iter().filter(|byte| matches!(byte, b' ' | b'\n')).count();
    let bytes = breaks.saturating_mul(2 * depth).saturating_add(text.len());
    ensure_fits(bytes).map_err(|_| Problem::TooLarge)
}

/// Entries in Go's order of keys. That order is not total, so they are inserted one by one, which bears it.
fn sorted<'a>(
    entries: impl Iterator<Item = (&'a Text, &'a Value)>,
) -> Result<Vec<(&'a Text, &'a Value)>, Problem> {
    /// Entries that are moved to make room for others: a second or more.
    const MOVES: usize = 1 << 30;
    let mut moved: usize = 0;
    let mut sorted: Vec<(&Text, &Value)> = Vec::with_capacity(entries.size_hint().0);
    for entry in entries {
        let key = entry.0.to_str();
        let follows = |other: &(&Text, &Value)| natural_order(&other.0.to_str(), &key).is_le();
        if sorted.last().is_none_or(follows) {
            sorted.push(entry);
        } else {
            let at = sorted.partition_point(follows);
            moved += sorted.len() - at;
            if moved > MOVES {
                return Err(Problem::TooLarge);
            }
            sorted.insert(at, entry);
        }
    }
    Ok(sorted)
}

/// A string as it comes out of JSON that was read as YAML, if it has no characters that YAML refuses.
fn through_json(text: &Text) -> Result<Cow<'_, str>, Problem> {
    let text = text.to_str();
    let plain = |c: char| is_printable(c) && c != '\u{2028}';
    if text.is_ascii() && !text.contains('\u{7f}') || text.chars().all(plain) {
        return Ok(text);
    }
    // JSON escapes controls and what JavaScript takes for line breaks; C1 but for NEL, DEL and the two
    // non-characters are refused by the reader.
    let refused =
        |c: char| matches!(c, '\u{7f}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(refused) {
        return Err(Problem::NoYaml);
    }
    Ok(if text.contains('\u{85}') { Cow::Owned(fold_next_lines(&text)) } else { text })
}

/// NEL is a line break within a quoted string: with the spaces around it, one is a space, and each further
/// one a line feed.
fn fold_next_lines(text: &str) -> String {
    let mut lines = text.split('\u{85}').peekable();
    let mut folded = String::with_capacity(text.len());
    let mut breaks = 0;
    let mut is_first = true;
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        let mut line = if is_first { line } else { line.trim_start_matches(' ') };
        if !is_last {
            line = line.trim_end_matches(' ');
        }
        if !is_first {
            breaks += 1;
            if !line.is_empty() || is_last {
                match breaks {
                    1 => folded.push(' '),
                    more => folded.extend(std::iter::repeat_n('\n', more - 1)),
                }
                breaks = 0;
            }
        }
        folded.push_str(line);
        is_first = false;
    }
    folded
}

/// The first document of a text as a map; what is wrong with it under the key `Error`.
pub(crate) fn from_yaml(text: &str) -> Value {
    spend(text.len() as u64);
    match first(text) {
        Ok(Value::Nil) => Value::map([]),
        Ok(map @ Value::Map(_)) => map,
        Ok(other) => error(&mismatch(&other, "map[string]interface {}")),
        Err(problem) => error(&problem.to_string()),
    }
}

/// The first document of a text as a list; what is wrong with it as its only item.
pub(crate) fn from_yaml_array(text: &str) -> Value {
    spend(text.len() as u64);
    match first(text) {
        Ok(Value::Nil) => Value::list(Vec::new()),
        Ok(list @ Value::List(_)) => list,
        Ok(other) => Value::list(vec![Value::string(mismatch(&other, "[]interface {}"))]),
        Err(problem) => Value::list(vec![Value::string(problem.to_string())]),
    }
}

fn first(text: &str) -> Result<Value, crate::Error> {
    if let Some(value) = from_plain(text.as_bytes()) {
        return Ok(value);
    }
    first_document(text.as_bytes())?.as_ref().map_or(Ok(Value::Nil), from_node)
}

fn mismatch(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        Value::Bool(_) => "bool",
        Value::String(_) => "string",
        _ => "number",
    };
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type {wanted}"
    )
}

fn error(message: &str) -> Value {
    Value::map([(Text::from("Error"), Value::string(message))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_natural_order() {
        let keys = ["b", "a10", "a9", "A", "a-b", "aB", "a_b", "10", "9"];
        let map = Value::map(keys.map(|key| (Text::from(key), Value::Int(1))));
        // Printed by helm 3.22.
        let expected = "\"9\": 1\n\"10\": 1\nA: 1\na-b: 1\na_b: 1\na9: 1\na10: 1\naB: 1\nb: 1";
        assert_eq!(to_yaml(&map).unwrap(), expected);
    }

    #[test]
    fn lists_are_read_as_such() {
        let list = from_yaml_array("- a\n- b");
        assert!(matches!(&list, Value::List(list) if list.items.len() == 2), "{list:?}");
        let Value::List(list) = from_yaml_array("a: 1") else { return };
        assert_eq!(list.items.len(), 1);
    }

    #[test]
    fn what_yaml_cannot_hold_is_nothing() {
        assert_eq!(to_yaml(&Value::string("a\u{7f}")).unwrap(), "");
        assert_eq!(to_yaml(&Value::string("a \u{85} b\u{85}\u{85}c")).unwrap(), "|-\n  a b\n  c");
        let map = go_template::Map::new(go_template::MapKind::Any, std::collections::BTreeMap::new());
        map.entries_mut().insert("self".into(), Value::Map(std::rc::Rc::clone(&map)));
        assert_eq!(to_yaml(&Value::Map(map)).unwrap(), "");
    }
}
