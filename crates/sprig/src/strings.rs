//! Strings: parts of them, tests of them, quoting and indentation.

use std::collections::HashSet;

use go_fmt::{NotInteger, parse_int};
use go_template::Param::{Any, Int, String as Str};
use go_template::{Error, TextBuilder, Value, ensure_fits, print};

use crate::arguments::{Entry, int, pure, text, value};
use crate::print::to_text;
use crate::runes::{find, replace, runes};

pub(crate) fn functions() -> Vec<Entry> {
    let trim_all = pure(&[Str, Str], None, trim_all);
    vec![
        ("atoi", pure(&[Str], None, atoi)),
        ("cat", pure(&[], Some(Any), |args| spaced(args, print))),
        ("contains", pure(&[Str, Str], None, |args| test(args, |text, part| find(text, part).is_some()))),
        ("hasPrefix", pure(&[Str, Str], None, |args| test(args, <[u8]>::starts_with))),
        ("hasSuffix", pure(&[Str, Str], None, |args| test(args, <[u8]>::ends_with))),
        ("indent", pure(&[Int, Str], None, |args| indent(args, b""))),
        ("nindent", pure(&[Int, Str], None, |args| indent(args, b"\n"))),
        ("plural", pure(&[Str, Str, Int], None, plural)),
        ("quote", pure(&[], Some(Any), |args| spaced(args, quote))),
        ("repeat", pure(&[Int, Str], None, |args| Ok(Value::string(repeat(text(args, 1)?, int(args, 0)?)?)))),
        ("replace", pure(&[Str, Str, Str], None, replace_all)),
        ("squote", pure(&[], Some(Any), |args| spaced(args, single_quote))),
        ("substr", pure(&[Int, Int, Str], None, substr)),
        ("toString", pure(&[Any], None, |args| to_text(value(args, 0)).map(Value::String))),
        (
            "trim",
            pure(&[Str], None, |args| Ok(Value::string(trim_where(text(args, 0)?, char::is_whitespace)))),
        ),
        ("trimAll", trim_all),
        ("trimPrefix", pure(&[Str, Str], None, trim_prefix)),
        ("trimSuffix", pure(&[Str, Str], None, trim_suffix)),
        ("trimall", trim_all),
        ("trunc", pure(&[Int, Str], None, trunc)),
    ]
}

/// A test of the second argument by the first.
fn test(args: &[Value], test: fn(&[u8], &[u8]) -> bool) -> Result<Value, Error> {
    Ok(Value::Bool(test(text(args, 1)?, text(args, 0)?)))
}

fn atoi(args: &[Value]) -> Result<Value, Error> {
    // sprig drops the error, not the number that comes with it.
    Ok(Value::Int(match parse_int(&String::from_utf8_lossy(text(args, 0)?), 10) {
        Ok(number) | Err(NotInteger::Range(number)) => number,
        Err(NotInteger::Malformed) => 0,
    }))
}

type Print = fn(&Value, &mut TextBuilder) -> Result<(), Error>;

/// The values that are not nil, with spaces between them.
fn spaced(args: &[Value], print: Print) -> Result<Value, Error> {
    let mut out = TextBuilder::new();
    for (index, value) in args.iter().filter(|value| !matches!(value, Value::Nil)).enumerate() {
        if index > 0 {
            out.push(b" ")?;
        }
        print(value, &mut out)?;
    }
    Ok(Value::String(out.into()))
}

fn quote(value: &Value, out: &mut TextBuilder) -> Result<(), Error> {
    out.push(go_fmt::quote_bytes(to_text(value)?.as_bytes()))
}

fn single_quote(value: &Value, out: &mut TextBuilder) -> Result<(), Error> {
    out.push(b"'")?;
    print(value, out)?;
    out.push(b"'")
}

pub(crate) fn repeat(text: &[u8], count: i64) -> Result<Vec<u8>, Error> {
    let count = usize::try_from(count).map_err(|_| Error::new("strings: negative Repeat count"))?;
    let length = text
        .len()
        .checked_mul(count)
        .filter(|length| i64::try_from(*length).is_ok())
        .ok_or_else(|| Error::new("strings: Repeat output length overflow"))?;
    ensure_fits(length)?;
    Ok(text.repeat(count))
}

fn indent(args: &[Value], before: &[u8]) -> Result<Value, Error> {
    let text = text(args, 1)?;
    let pad = repeat(b" ", int(args, 0)?)?;
    let mut result = TextBuilder::with_capacity(text.len() + text.len() / 4 + pad.len() + 1);
    result.push(before)?;
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 {
            result.push(b"\n")?;
        }
        result.push(&pad)?;
        result.push(line)?;
    }
    Ok(Value::String(result.into()))
}

fn plural(args: &[Value]) -> Result<Value, Error> {
    Ok(value(args, if int(args, 2)? == 1 { 0 } else { 1 }).clone())
}

fn replace_all(args: &[Value]) -> Result<Value, Error> {
    replace(text(args, 2)?, text(args, 0)?, text(args, 1)?).map(Value::string)
}

fn substr(args: &[Value]) -> Result<Value, Error> {
    let (start, end, text) = (int(args, 0)?, int(args, 1)?, text(args, 2)?);
    let length = text.len();
    if start < 0 {
        return match usize::try_from(end).ok().and_then(|end| text.get(..end)) {
            Some(part) => Ok(Value::string(part)),
            None if end < 0 => Err(out_of_range(format!(":{end}"))),
            None => Err(out_of_range(format!(":{end}] with length {length}"))),
        };
    }
    let from = usize::try_from(start).unwrap_or(usize::MAX);
    match usize::try_from(end).ok().filter(|end| *end <= length) {
        None => text.get(from..).map(Value::string).ok_or_else(|| out_of_range(format!("{start}:{length}"))),
        Some(to) => {
            text.get(from..to).map(Value::string).ok_or_else(|| out_of_range(format!("{start}:{end}")))
        }
    }
}

fn out_of_range(bounds: String) -> Error {
    let close = if bounds.contains(']') { "" } else { "]" };
    Error(format!("runtime error: slice bounds out of range [{bounds}{close}"))
}

/// A text without the runes at both ends that a test holds for.
fn trim_where(text: &[u8], test: impl Fn(char) -> bool) -> &[u8] {
    let mut rest = text;
    loop {
        // Four bytes hold the first rune; all of the text would be looked at for each.
        let Some(first) = runes(&rest[..rest.len().min(4)]).next() else { return rest };
        if !test(first) {
            break;
        }
        rest = &rest[width(rest, first)..];
    }
    while let Some((last, width)) = last_rune(rest) {
        if !test(last) {
            break;
        }
        rest = &rest[..rest.len() - width];
    }
    rest
}

/// Bytes of the first rune; what is not UTF-8 goes one byte at a time.
fn width(text: &[u8], first: char) -> usize {
    let mut buffer = [0; 4];
    let encoded = first.encode_utf8(&mut buffer).as_bytes();
    if text.starts_with(encoded) { encoded.len() } else { 1 }
}

fn last_rune(text: &[u8]) -> Option<(char, usize)> {
    let start = text.len().saturating_sub(4);
    for from in start..text.len() {
        if let Ok(tail) = std::str::from_utf8(&text[from..])
            && let Some(last) = tail.chars().next_back()
        {
            return Some((last, last.len_utf8()));
        }
    }
    (!text.is_empty()).then_some((char::REPLACEMENT_CHARACTER, 1))
}

fn trim_all(args: &[Value]) -> Result<Value, Error> {
    let cut: HashSet<char> = runes(text(args, 0)?).collect();
    Ok(Value::string(trim_where(text(args, 1)?, |rune| cut.contains(&rune))))
}

fn trim_prefix(args: &[Value]) -> Result<Value, Error> {
    let text = (text(args, 0)?, text(args, 1)?);
    Ok(Value::string(text.1.strip_prefix(text.0).unwrap_or(text.1)))
}

fn trim_suffix(args: &[Value]) -> Result<Value, Error> {
    let text = (text(args, 0)?, text(args, 1)?);
    Ok(Value::string(text.1.strip_suffix(text.0).unwrap_or(text.1)))
}

fn trunc(args: &[Value]) -> Result<Value, Error> {
    let (count, text) = (int(args, 0)?, text(args, 1)?);
    let bytes = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if bytes >= text.len() {
        return Ok(value(args, 1).clone());
    }
    Ok(Value::string(if count < 0 { &text[text.len() - bytes..] } else { &text[..bytes] }))
}
