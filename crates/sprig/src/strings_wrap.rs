//! What sprig takes from Masterminds/goutils, which counts bytes and takes some for Latin-1.

use go_template::Param::{Int, String as Str};
use go_template::{Error, TextBuilder, Value};

use crate::arguments::{Entry, int, pure, text, value};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("abbrev", pure(&[Int, Str], None, abbrev)),
        ("abbrevboth", pure(&[Int, Int, Str], None, abbrevboth)),
        ("initials", pure(&[Str], None, initials)),
        ("nospace", pure(&[Str], None, nospace)),
        ("wrap", pure(&[Int, Str], None, |args| wrap(int(args, 0)?, b"", text(args, 1)?, false))),
        (
            "wrapWith",
            pure(&[Int, Str, Str], None, |args| wrap(int(args, 0)?, text(args, 1)?, text(args, 2)?, true)),
        ),
    ]
}

fn abbrev(args: &[Value]) -> Result<Value, Error> {
    let width = int(args, 0)?;
    if width < 4 {
        return Ok(value(args, 1).clone());
    }
    Ok(Value::string(abbreviate(text(args, 1)?, 0, width)))
}

fn abbrevboth(args: &[Value]) -> Result<Value, Error> {
    let (left, right) = (int(args, 0)?, int(args, 1)?);
    if right < 4 || left > 0 && right < 7 {
        return Ok(value(args, 2).clone());
    }
    Ok(Value::string(abbreviate(text(args, 2)?, left, right)))
}

/// At most `width` bytes of a text, from about `offset` on, with dots for what is left out.
fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or_default();
    if text.len() <= width || width < 4 {
        return if width < 4 { Vec::new() } else { text.to_vec() };
    }
    let kept = width - 3;
    let offset = usize::try_from(offset).unwrap_or_default().min(text.len() - kept);
    if offset <= 4 {
        return [&text[..kept], b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + kept < text.len() {
        return [b"...", &abbreviate(&text[offset..], 0, (kept).cast_signed() as i64)[..]].concat();
    }
    [b"...", &text[text.len() - kept..]].concat()
}

fn initials(args: &[Value]) -> Result<Value, Error> {
    let mut after_gap = true;
    let mut result = String::new();
    for rune in text(args, 0)?.iter().map(|byte| char::from(*byte)) {
        if rune.is_whitespace() {
            after_gap = true;
        } else if after_gap {
            result.push(rune);
            after_gap = false;
        }
    }
    Ok(Value::string(result))
}

fn nospace(args: &[Value]) -> Result<Value, Error> {
    let text = text(args, 0)?;
    let kept: String =
        text.iter().map(|byte| char::from(*byte)).filter(|rune| !rune.is_whitespace()).collect();
    // A text without spaces is returned as it is; any other goes through Latin-1.
    if kept.chars().count() == text.len() {
        return Ok(value(args, 0).clone());
    }
    Ok(Value::string(kept))
}

fn wrap(width: i64, newline: &[u8], text: &[u8], wrap_long: bool) -> Result<Value, Error> {
    let newline: &[u8] = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width).unwrap_or_default().max(1);
    let mut out = TextBuilder::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if rest.starts_with(b" ") {
            rest = &rest[1..];
            continue;
        }
        let space = rest[..=width].iter().rposition(|byte| *byte == b' ');
        let next = match space {
            Some(space) => Some((space, space + 1)),
            None if wrap_long => Some((width, width)),
            None => rest[width..]
                .iter()
                .position(|byte| *byte == b' ')
                .map(|space| (width + space, width + space + 1)),
        };
        let Some((end, next)) = next else { break };
        out.push(&rest[..end])?;
        out.push(newline)?;
        rest = &rest[next..];
    }
    out.push(rest)?;
    Ok(Value::String(out.into()))
}
