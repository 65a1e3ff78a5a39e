//! JSON as Go's `encoding/json` writes and reads it.

use data_encoding::BASE64;
use go_template::Param::{Any, String as Str};
use go_template::{Error, MAX_NESTING, Text, Value, ensure_fits, spend, too_large};

use crate::arguments::{Entry, pure, text, value};
pub use crate::json_parser::from_json;

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("fromJson", pure(&[Str], None, |args| Ok(parse(args).unwrap_or_default()))),
        ("mustFromJson", pure(&[Str], None, parse)),
        ("mustToJson", pure(&[Any], None, |args| print(args, true, None))),
        ("mustToPrettyJson", pure(&[Any], None, |args| print(args, true, Some("  ")))),
        ("mustToRawJson", pure(&[Any], None, |args| print(args, false, None))),
        ("toJson", pure(&[Any], None, |args| to_json_or_blank(value(args, 0), None).map(Value::string))),
        (
            "toPrettyJson",
            pure(&[Any], None, |args| to_json_or_blank(value(args, 0), Some("  ")).map(Value::string)),
        ),
        ("toRawJson", pure(&[Any], None, |args| print(args, false, None))),
    ]
}

fn parse(args: &[Value]) -> Result<Value, Error> {
    from_json(&String::from_utf8_lossy(text(args, 0)?))
}

fn print(args: &[Value], escape_html: bool, indent: Option<&str>) -> Result<Value, Error> {
    to_json(value(args, 0), escape_html, indent).map(Value::string)
}

/// Prints a value: keys in bytewise order, `<`, `>` and `&` escaped if wanted, on lines of their own behind `indent`
/// if there is one.
///
/// # Errors
///
/// JSON has no NaN and no infinities, a map that holds itself has no end, and what shares its items may be too
/// large.
pub fn to_json(value: &Value, escape_html: bool, indent: Option<&str>) -> Result<String, Error> {
    let mut writer = Writer { out: String::new(), escape_html, indent };
    let result = writer.value(value, 0);
    // What fails is forgotten, but not what it took.
    spend(writer.out.len() as u64 / 64);
    result.map(|()| writer.out)
}

/// As [`to_json`] with HTML escaped, but empty for what JSON cannot hold: `toJson` drops that error.
///
/// # Errors
///
/// If the JSON is too large.
pub fn to_json_or_blank(value: &Value, indent: Option<&str>) -> Result<String, Error> {
    match to_json(value, true, indent) {
        Err(error) if error != too_large() => Ok(String::new()),
        result => result,
    }
}

struct Writer<'a> {
    out: String,
    escape_html: bool,
    indent: Option<&'a str>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        ensure_fits(self.out.len())?;
        if depth > MAX_NESTING {
            return Err(Error(format!(
                "json: unsupported value: encountered a cycle via {}",
                value.type_name()
            )));
        }
        match value {
            Value::Nil => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) | Value::Int64(value) => self.out.push_str(&value.to_string()),
            Value::Uint64(value) => self.out.push_str(&value.to_string()),
            Value::Float64(value) => self.float(*value)?,
            Value::String(text) => self.string(text),
            Value::Bytes(bytes) => {
                self.out.push('"');
                self.out.push_str(&BASE64.encode(bytes));
                self.out.push('"');
            }
            Value::List(_) if crate::is_nil_list(value) => self.out.push_str("null"),
            Value::List(list) => {
                self.out.push('[');
                for (index, item) in list.items.iter().enumerate() {
                    self.next(index, depth);
                    self.value(item, depth + 1)?;
                }
                self.close(']', list.items.is_empty(), depth);
            }
            Value::Map(map) => {
                self.out.push('{');
                for (index, (key, item)) in map.entries().iter().enumerate() {
                    self.next(index, depth);
                    self.string(key);
                    self.out.push(':');
                    if self.indent.is_some() {
                        self.out.push(' ');
                    }
                    self.value(item, depth + 1)?;
                }
                self.close('}', map.entries().is_empty(), depth);
            }
            Value::Object(object) => match object.json_fields() {
                Some(fields) => self.fields(&fields, depth)?,
                None => self.value(&object.to_plain(), depth + 1)?,
            },
        }
        Ok(())
    }

    /// A struct, whose fields keep their order.
    fn fields(&mut self, fields: &[(&'static str, Value)], depth: usize) -> Result<(), Error> {
        self.out.push('{');
        for (index, (name, value)) in fields.iter().enumerate() {
            self.next(index, depth);
            self.string(&Text::from(*name));
            self.out.push(':');
            if self.indent.is_some() {
                self.out.push(' ');
            }
            self.value(value, depth + 1)?;
        }
        self.close('}', fields.is_empty(), depth);
        Ok(())
    }

    fn next(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.out.push(',');
        }
        self.line(depth + 1);
    }

    fn close(&mut self, bracket: char, empty: bool, depth: usize) {
        if !empty {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(indent);
            }
        }
    }

    fn float(&mut self, value: f64) -> Result<(), Error> {
        if !value.is_finite() {
            return Err(Error(format!("json: unsupported value: {}", go_fmt::float(value))));
        }
        let size = value.abs();
        let text = if size != 0.0 && !(1e-6..1e21).contains(&size) {
            let text = format!("{value:e}");
            if size >= 1e21 { text.replace('e', "e+") } else { text }
        } else {
            value.to_string()
        };
        self.out.push_str(&text);
        Ok(())
    }

    fn string(&mut self, text: &Text) {
        self.out.push('"');
        for chunk in text.as_bytes().utf8_chunks() {
            for rune in chunk.valid().chars() {
                self.rune(rune);
            }
            for _ in chunk.invalid() {
                self.out.push_str("\\ufffd");
            }
        }
        self.out.push('"');
    }

    fn rune(&mut self, rune: char) {
        match rune {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\x08' => self.out.push_str("\\b"),
            '\x0c' => self.out.push_str("\\f"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '<' | '>' | '&' if !self.escape_html => self.out.push(rune),
            '\0'..'\x20' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                self.out.push_str(&format!("\\u{:04x}", u32::from(rune)));
            }
            _ => self.out.push(rune),
        }
    }
}
