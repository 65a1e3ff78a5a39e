//! Strings to lists and back.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_template::Param::{Any, Int, String as Str};
use go_template::{Error, List, Map, MapKind, Text, TextBuilder, Value, ensure_fits, ensure_items_fit};

use crate::arguments::{Entry, int, pure, text, value};
use crate::list::items;
use crate::print::to_text;
use crate::runes::split;

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("join", pure(&[Str, Any], None, join)),
        ("sortAlpha", pure(&[Any], None, sort_alpha)),
        ("split", pure(&[Str, Str], None, |args| numbered(&split(text(args, 1)?, text(args, 0)?, -1)?))),
        (
            "splitList",
            pure(&[Str, Str], None, |args| Ok(strings(split(text(args, 1)?, text(args, 0)?, -1)?))),
        ),
        ("splitn", pure(&[Str, Int, Str], None, splitn)),
        ("toStrings", pure(&[Any], None, |args| Ok(list(texts(value(args, 0))?)))),
    ]
}

/// A `[]string`.
pub(crate) fn strings<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Value {
    list(items.into_iter().map(Into::into).collect())
}

fn list(texts: Vec<Text>) -> Value {
    let items = texts.into_iter().map(Value::String).collect();
    Value::List(Rc::new(List { item: "string", items }))
}

/// The items of a list as text, without the nil ones; any other value is a list of itself.
fn texts(value: &Value) -> Result<Vec<Text>, Error> {
    match items(value) {
        Some(items) => {
            // Many items may be the same large list.
            let mut bytes = 0;
            let bounded = |item| {
                let text = to_text(item)?;
                bytes += text.len();
                ensure_fits(bytes)?;
                Ok(text)
            };
            items.iter().filter(|item| !matches!(item, Value::Nil)).map(bounded).collect()
        }
        None if matches!(value, Value::Nil) => Ok(Vec::new()),
        None => Ok(vec![to_text(value)?]),
    }
}

fn join(args: &[Value]) -> Result<Value, Error> {
    let mut joined = TextBuilder::new();
    for (index, part) in texts(value(args, 1))?.iter().enumerate() {
        if index > 0 {
            joined.push(text(args, 0)?)?;
        }
        joined.push(part.as_bytes())?;
    }
    Ok(Value::String(joined.into()))
}

fn sort_alpha(args: &[Value]) -> Result<Value, Error> {
    let value = value(args, 0);
    if items(value).is_none() {
        return Ok(list(vec![to_text(value)?]));
    }
    let mut texts = texts(value)?;
    texts.sort();
    Ok(list(texts))
}

fn splitn(args: &[Value]) -> Result<Value, Error> {
    numbered(&split(text(args, 2)?, text(args, 0)?, int(args, 1)?)?)
}

fn numbered(parts: &[&[u8]]) -> Result<Value, Error> {
    /// What an entry takes, as a multiple of an item of a list.
    const ENTRY: usize = 4;
    ensure_items_fit(parts.len().saturating_mul(ENTRY))?;
    let entries: BTreeMap<Text, Value> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| (Text::from(format!("_{index}")), Value::string(*part)))
        .collect();
    Ok(Value::Map(Map::new(MapKind::Strings, entries)))
}
