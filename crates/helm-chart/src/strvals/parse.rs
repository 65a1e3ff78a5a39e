//! Reads keys and values.

use std::collections::BTreeMap;
use std::rc::Rc;

use go_fmt::quote;
use go_template::{Map, MapKind, Text, Value};

use super::list::{as_list, negative, not_a, set_item};
use super::scan::Scanner;
use super::{Mode, typed};
use crate::error::Error;

const MAX_LEVEL: usize = 30;

/// How often a `[` may follow a `[`.
const MAX_LISTS: usize = 100;

/// Whether there may be more to read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Progress {
    /// There may be.
    More,
    /// The text ended within what was read. What was to be set last may not be, as in helm.
    Ended,
}

pub(super) struct Parser<'text, 'read> {
    scanner: Scanner<'text>,
    mode: Mode<'read>,
}

impl<'text, 'read> Parser<'text, 'read> {
    pub(super) fn new(text: &'text str, mode: Mode<'read>) -> Self {
        let escapes = !matches!(mode, Mode::Literal);
        Parser { scanner: Scanner { rest: text, escapes }, mode }
    }

    pub(super) fn parse(mut self, map: &Rc<Map>) -> Result<(), Error> {
        while self.key(map, 0)? == Progress::More {}
        Ok(())
    }

    fn key(&mut self, map: &Rc<Map>, level: usize) -> Result<Progress, Error> {
        let stops: &[char] = match self.mode {
            Mode::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (key, stop) = self.scanner.until(stops);
        match stop {
            None if key.is_empty() => Ok(Progress::Ended),
            None => Err(Error::new(format!("key {} has no value", quote(&key)))),
            Some('[') => {
                let index = self.index()?;
                let mut list = match map.get(&key) {
                    Some(value) => as_list(&value)?,
                    None => Vec::new(),
                };
                let progress = self.item(&mut list, index, level, 0)?;
                set(map, &key, Value::list(list));
                Ok(progress)
            }
            Some('=') => {
                let (value, progress) = self.value()?;
                set(map, &key, value);
                Ok(progress)
            }
            Some('.') => {
                let level = level + 1;
                if level > MAX_LEVEL {
                    return Err(Error::new(format!(
                        "value name nested level is greater than maximum supported nested level of {MAX_LEVEL}"
                    )));
                }
                let inner = match map.get(&key) {
                    Some(Value::Map(inner)) => inner,
                    Some(other) => return Err(not_a(&other, "map[string]interface {}")),
                    None => empty(),
                };
                let progress = self.key(&inner, level)?;
                if !inner.entries().is_empty() {
                    set(map, &key, Value::Map(inner));
                } else if progress == Progress::More {
                    return Err(Error::new(format!("key map {} has no value", quote(&key))));
                }
                Ok(progress)
            }
            Some(_) => Err(Error::new(format!("key {} has no value (cannot end with ,)", quote(&key)))),
        }
    }

    fn index(&mut self) -> Result<i64, Error> {
        let (text, stop) = self.scanner.until(&[']']);
        if stop.is_none() {
            return Err(Error::new("error parsing index: EOF"));
        }
        text.parse::<i64>().map_err(|error| {
            use std::num::IntErrorKind::{NegOverflow, PosOverflow};
            let why = match error.kind() {
                NegOverflow | PosOverflow => "value out of range",
                _ => "invalid syntax",
            };
            Error::new(format!("error parsing index: strconv.Atoi: parsing {}: {why}", quote(&text)))
        })
    }

    /// Reads what follows an index and sets it in the list.
    fn item(
        &mut self,
        list: &mut Vec<Value>,
        index: i64,
        level: usize,
        lists: usize,
    ) -> Result<Progress, Error> {
        let place = usize::try_from(index).map_err(|_| negative(index))?;
        if lists > MAX_LISTS {
            return Err(Error::new(format!("lists are nested deeper than {MAX_LISTS}")));
        }
        let (text, stop) = self.scanner.until(&['[', '.', '=']);
        if !text.is_empty() {
            return Err(Error::new(format!("unexpected data at end of array index: {}", quote_each(&text))));
        }
        match stop {
            None => Ok(Progress::Ended),
            Some('=') => {
                let (value, _) = self.value()?;
                set_item(list, index, value)?;
                Ok(Progress::More)
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match list.get(place) {
                    None | Some(Value::Nil) => Vec::new(),
                    Some(value) => as_list(value)?,
                };
                let progress = self.item(&mut inner, next, level, lists + 1)?;
                if progress == Progress::More {
                    set_item(list, index, Value::list(inner))?;
                }
                Ok(progress)
            }
            Some(_) => {
                let inner = match list.get_mut(place) {
                    Some(Value::Map(inner)) => Rc::clone(inner),
                    Some(other) => {
                        let inner = empty();
                        *other = Value::Map(Rc::clone(&inner));
                        inner
                    }
                    None => empty(),
                };
                let progress = self.key(&inner, level)?;
                if progress == Progress::More {
                    set_item(list, index, Value::Map(inner))?;
                }
                Ok(progress)
            }
        }
    }

    /// Reads what follows an equals sign, and the comma behind.
    fn value(&mut self) -> Result<(Value, Progress), Error> {
        match self.mode {
            Mode::Literal => {
                let text = std::mem::take(&mut self.scanner.rest);
                Ok((Value::string(text), Progress::More))
            }
            Mode::Json => {
                if self.scanner.take_blank() {
                    return Ok((Value::Nil, Progress::More));
                }
                let value = self.json()?;
                self.scanner.take_blank();
                Ok((value, Progress::More))
            }
            _ if self.scanner.rest.is_empty() => Ok((Value::string(""), Progress::Ended)),
            _ if self.scanner.take('{') => Ok((self.braces()?, Progress::More)),
            _ => {
                let (text, _) = self.scanner.until(&[',']);
                Ok((self.scalar(&text)?, Progress::More))
            }
        }
    }

    fn scalar(&self, text: &str) -> Result<Value, Error> {
        match self.mode {
            Mode::Typed => Ok(typed(text)),
            Mode::Files(read) => read(text),
            _ => Ok(Value::string(text)),
        }
    }

    fn braces(&mut self) -> Result<Value, Error> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.scanner.until(&[',', '}']);
            match stop {
                None => return Err(Error::new("list must terminate with '}'")),
                Some(stop) => {
                    items.push(self.scalar(&text)?);
                    if stop == '}' {
                        self.scanner.take(',');
                        return Ok(Value::list(items));
                    }
                }
            }
        }
    }

    /// Reads one value and leaves the rest, whatever it is.
    fn json(&mut self) -> Result<Value, Error> {
        let rest = self.scanner.rest;
        let text = scalar_end(rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
        let json = match stream.next() {
            Some(Ok(json)) => json,
            Some(Err(error)) => return Err(Error::new(error.to_string())),
            None => return Err(Error::new("EOF")),
        };
        self.scanner.rest = rest.get(stream.byte_offset()..).unwrap_or_default();
        Ok(from_json(json))
    }
}

/// Where a number or a name ends for Go: `01` is 0 and something else.
fn scalar_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    match bytes.first()? {
        b't' | b'n' => return Some(4),
        b'f' => return Some(5),
        b'-' | b'0'..=b'9' => {}
        _ => return None,
    }
    let mut end = usize::from(bytes.first() == Some(&b'-'));
    end = if bytes.get(end) == Some(&b'0') { end + 1 } else { digits(end) };
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end += 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(end);
    }
    Some(end)
}

/// Go's `%q` of runes.
fn quote_each(text: &str) -> String {
    let quoted = text.chars().map(|one| match one {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        other => {
            let text = quote(other.encode_utf8(&mut [0; 4]));
            format!("'{}'", text.get(1..text.len() - 1).unwrap_or_default())
        }
    });
    format!("[{}]", quoted.collect::<Vec<_>>().join(" "))
}

fn empty() -> Rc<Map> {
    Map::new(MapKind::Any, BTreeMap::new())
}

/// Helm sets nothing under an empty key, silently.
fn set(map: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        map.entries_mut().insert(Text::from(key), value);
    }
}

fn from_json(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => Value::Float64(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::string(text),
        Json::Array(items) => Value::list(items.into_iter().map(from_json).collect()),
        Json::Object(entries) => {
            Value::map(entries.into_iter().map(|(key, value)| (Text::from(key), from_json(value))))
        }
    }
}
