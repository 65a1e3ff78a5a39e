//! Writing TOML: `encode.go` of BurntSushi/toml.

use std::borrow::Cow;

use go_template::{Text, Value};

/// Collections within collections; a map that holds itself ends here.
const DEEPEST: usize = 1000;

/// A value as TOML, or what is wrong with it.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder { out: Vec::new() };
    match encoder.encode(&mut Vec::new(), value) {
        Ok(()) => encoder.out,
        Err(Failure(message)) => message.as_bytes().to_vec(),
    }
}

struct Failure(&'static str);

type Outcome<T> = Result<T, Failure>;

const NIL_ELEMENT: Failure = Failure("toml: cannot encode array with nil element");
const NO_KEY: Failure = Failure("toml: top-level values must be Go maps or structs");

/// What TOML calls a value; `tomlTypeOfGo`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar,
    Array,
    Table,
    Tables,
}

struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    fn encode(&mut self, key: &mut Vec<Text>, value: &Value) -> Outcome<()> {
        if key.len() > DEEPEST {
            return Err(Failure("toml: too deep"));
        }
        match kind(value, 0)? {
            None if key.is_empty() => {
                self.out.extend_from_slice(b"[]");
                Ok(())
            }
            None => Ok(()),
            Some(Kind::Scalar | Kind::Array) => self.key_value(key, value),
            Some(Kind::Table) => self.table(key, value),
            Some(Kind::Tables) if key.is_empty() => Err(NO_KEY),
            Some(Kind::Tables) => {
                for item in items(value).iter() {
                    self.newline();
                    self.header(key, "[[", "]]");
                    self.entries(key, item)?;
                }
                Ok(())
            }
        }
    }

    fn table(&mut self, key: &mut Vec<Text>, value: &Value) -> Outcome<()> {
        if key.len() == 1 {
            self.newline();
        }
        if !key.is_empty() {
            self.header(key, "[", "]");
        }
        self.entries(key, value)
    }

    fn header(&mut self, key: &[Text], open: &str, close: &str) {
        self.indent(key);
        self.out.extend_from_slice(open.as_bytes());
        for (index, part) in key.iter().enumerate() {
            if index > 0 {
                self.out.push(b'.');
            }
            self.key(part);
        }
        self.out.extend_from_slice(close.as_bytes());
        self.newline();
    }

    fn entries(&mut self, key: &mut Vec<Text>, value: &Value) -> Outcome<()> {
        let (direct, tables) = parted(value)?;
        for (name, value) in direct.into_iter().chain(tables) {
            key.push(name);
            self.encode(key, &value)?;
            key.pop();
        }
        Ok(())
    }

    fn key_value(&mut self, key: &[Text], value: &Value) -> Outcome<()> {
        let Some(name) = key.last() else { return self.element(value, 0) };
        self.indent(key);
        self.key(name);
        self.out.extend_from_slice(b" = ");
        self.element(value, 0)?;
        self.newline();
        Ok(())
    }

    fn element(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        if depth > DEEPEST {
            return Err(Failure("toml: too deep"));
        }
        match kind(value, 0)? {
            None => {}
            Some(Kind::Scalar) => self.scalar(value),
            Some(Kind::Array | Kind::Tables) => {
                self.out.push(b'[');
                for (index, item) in items(value).iter().enumerate() {
                    if index > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.element(item, depth + 1)?;
                }
                self.out.push(b']');
            }
            Some(Kind::Table) => {
                self.out.push(b'{');
                let (direct, tables) = parted(value)?;
                let has_tables = !tables.is_empty();
                self.inline(&direct, has_tables, depth)?;
                self.inline(&tables, false, depth)?;
                self.out.push(b'}');
            }
        }
        Ok(())
    }

    fn inline(&mut self, entries: &[(Text, Value)], more: bool, depth: usize) -> Outcome<()> {
        for (index, (name, value)) in entries.iter().enumerate() {
            // A nil takes its comma with it, and leaves the one before.
            if is_nil(value) {
                continue;
            }
            self.key(name);
            self.out.extend_from_slice(b" = ");
            self.element(value, depth + 1)?;
            if more || index + 1 < entries.len() {
                self.out.extend_from_slice(b", ");
            }
        }
        Ok(())
    }

    fn scalar(&mut self, value: &Value) {
        let text = match value {
            Value::Bool(value) => value.to_string(),
            Value::Int(value) | Value::Int64(value) => value.to_string(),
            Value::Uint64(value) => value.to_string(),
            Value::Float64(value) => float(*value),
            Value::String(text) => return self.quoted(text.as_bytes()),
            Value::Object(object) => match object.to_plain() {
                Value::String(time) if object.type_name() == "time.Time" => {
                    sprig::time::to_toml(value).unwrap_or_else(|| time.to_str().into_owned())
                }
                _ if object.type_name() == "time.Duration" => {
                    return self.quoted(object.print().as_bytes());
                }
                plain => return self.scalar(&plain),
            },
            _ => return,
        };
        self.out.extend_from_slice(text.as_bytes());
    }

    fn key(&mut self, key: &Text) {
        let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !key.is_empty() && key.as_bytes().iter().all(is_bare) {
            self.out.extend_from_slice(key.as_bytes());
        } else {
            self.quoted(key.as_bytes());
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        for byte in text {
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\x08' => self.out.extend_from_slice(b"\\b"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\x0c' => self.out.extend_from_slice(b"\\f"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                0..=0x1f | 0x7f => self.out.extend(format!("\\u{byte:04x}").into_bytes()),
                _ => self.out.push(*byte),
            }
        }
        self.out.push(b'"');
    }

    fn indent(&mut self, key: &[Text]) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * key.len().saturating_sub(1)));
    }

    /// A line break, unless nothing stands before it.
    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }
}

/// Go's `%g`, with a decimal if there is neither one nor an exponent.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = go_fmt::float(value);
    if text.contains(['.', 'e']) { text } else { text + ".0" }
}

fn is_nil(value: &Value) -> bool {
    matches!(value, Value::Nil) || sprig::is_nil_list(value)
}

/// None is nil.
fn kind(value: &Value, depth: usize) -> Outcome<Option<Kind>> {
    Ok(Some(match value {
        nil if is_nil(nil) => return Ok(None),
        Value::Nil => return Ok(None),
        Value::Map(_) => Kind::Table,
        Value::Bytes(_) => Kind::Array,
        Value::List(list) => list_kind(&list.items, depth)?,
        Value::Object(object) => match object.kind() {
            "slice" => Kind::Array,
            "map" => Kind::Table,
            _ if object.struct_fields().is_some() => Kind::Table,
            _ if matches!(object.to_plain(), Value::Map(_)) => Kind::Table,
            _ => Kind::Scalar,
        },
        _ => Kind::Scalar,
    }))
}

fn list_kind(items: &[Value], depth: usize) -> Outcome<Kind> {
    if depth > DEEPEST {
        return Err(Failure("toml: too deep"));
    }
    let mut all = !items.is_empty();
    for item in items {
        match kind(item, depth + 1)? {
            None => return Err(NIL_ELEMENT),
            Some(kind) => all &= kind == Kind::Table,
        }
    }
    Ok(if all { Kind::Tables } else { Kind::Array })
}

fn items(value: &Value) -> Cow<'_, [Value]> {
    match value {
        Value::List(list) => Cow::Borrowed(&list.items),
        Value::Bytes(bytes) => Cow::Owned(bytes.iter().map(|byte| Value::Uint64(u64::from(*byte))).collect()),
        Value::Object(object) => match object.to_plain() {
            Value::List(list) => Cow::Owned(list.items.clone()),
            _ => Cow::Borrowed(&[]),
        },
        _ => Cow::Borrowed(&[]),
    }
}

type Entries = Vec<(Text, Value)>;

/// The entries of a table that are not nil: those without tables come first.
fn parted(value: &Value) -> Outcome<(Entries, Entries)> {
    let entries: Entries = match value {
        Value::Map(map) => map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        Value::Object(object) => match (object.struct_fields(), object.entries()) {
            (Some(fields), _) => {
                let is_set =
                    |value: &Value| !matches!(value, Value::List(_) | Value::Map(_)) || value.is_true();
                let set = fields.into_iter().filter(|(_, value)| is_set(value));
                set.map(|(name, value)| (Text::from(name), value)).collect()
            }
            (None, Some(entries)) => entries,
            (None, None) => return parted(&plain(object.to_plain())),
        },
        _ => Vec::new(),
    };
    let mut direct = Vec::new();
    let mut tables = Vec::new();
    for (name, value) in entries {
        match kind(&value, 0)? {
            Some(Kind::Table | Kind::Tables) => tables.push((name, value)),
            _ => direct.push((name, value)),
        }
    }
    Ok((direct, tables))
}

/// Only maps: an object that stands for another object is none.
fn plain(value: Value) -> Value {
    if matches!(value, Value::Map(_)) { value } else { Value::Nil }
}
