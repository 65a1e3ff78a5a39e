//! Regular expressions of Go's `regexp`.

use std::cell::RefCell;
use std::collections::HashMap;

use go_template::Param::{Int, String as Str};
use go_template::{Error, TextBuilder, Value, ensure_fits, ensure_items_fit, spend};
use regex::bytes::{Captures, Regex};

use crate::arguments::{Entry, int, pure, text};
use crate::nil_list;
use crate::regex_syntax::compile;
use crate::string_list::strings;

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("mustRegexFind", pure(&[Str, Str], None, |args| find(args, must))),
        ("mustRegexFindAll", pure(&[Str, Str, Int], None, |args| find_all(args, must))),
        ("mustRegexMatch", pure(&[Str, Str], None, matches)),
        ("mustRegexReplaceAll", pure(&[Str, Str, Str], None, |args| replace_all(args, must))),
        ("mustRegexReplaceAllLiteral", pure(&[Str, Str, Str], None, |args| replace_all_literal(args, must))),
        ("mustRegexSplit", pure(&[Str, Str, Int], None, |args| split(args, must))),
        ("regexFind", pure(&[Str, Str], None, |args| find(args, panicking))),
        ("regexFindAll", pure(&[Str, Str, Int], None, |args| find_all(args, panicking))),
        ("regexMatch", pure(&[Str, Str], None, |args| Ok(matches(args).unwrap_or(Value::Bool(false))))),
        ("regexQuoteMeta", pure(&[Str], None, quote_meta)),
        ("regexReplaceAll", pure(&[Str, Str, Str], None, |args| replace_all(args, panicking))),
        ("regexReplaceAllLiteral", pure(&[Str, Str, Str], None, |args| replace_all_literal(args, panicking))),
        ("regexSplit", pure(&[Str, Str, Int], None, |args| split(args, panicking))),
    ]
}

type Compile = fn(&[Value]) -> Result<Regex, Error>;

thread_local! {
    /// Templates apply few patterns, often.
    static COMPILED: RefCell<HashMap<Vec<u8>, Regex>> = RefCell::new(HashMap::new());
}

/// The pattern of the first argument.
fn must(args: &[Value]) -> Result<Regex, Error> {
    /// Charts that compute their patterns must not fill the memory with them.
    const KEPT: usize = 256;
    let pattern = text(args, 0)?;
    if let Some(regex) = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned()) {
        return Ok(regex);
    }
    // Compiling takes much longer than applying.
    spend(50_000);
    let regex = compile(&String::from_utf8_lossy(pattern))?;
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT {
            compiled.clear();
        }
        compiled.insert(pattern.to_vec(), regex.clone());
    });
    Ok(regex)
}

/// As [`must`], with the error of Go's `MustCompile`.
fn panicking(args: &[Value]) -> Result<Regex, Error> {
    must(args).map_err(|error| {
        let pattern = String::from_utf8_lossy(text(args, 0).unwrap_or_default());
        let quoted = if pattern.contains('`') || pattern.chars().any(|rune| rune.is_control() && rune != '\t')
        {
            go_fmt::quote(&pattern)
        } else {
            format!("`{pattern}`")
        };
        Error(format!("regexp: Compile({quoted}): {error}"))
    })
}

fn matches(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Bool(must(args)?.is_match(text(args, 1)?)))
}

fn find(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let found = compile(args)?.find(text(args, 1)?).map_or(&b""[..], |found| found.as_bytes());
    Ok(Value::string(found))
}

/// Go's limit on a number of matches or parts: none if it is negative.
fn limit(args: &[Value]) -> Result<usize, Error> {
    Ok(usize::try_from(int(args, 2)?).unwrap_or(usize::MAX))
}

fn find_all(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let regex = compile(args)?;
    let mut found = Vec::new();
    for part in regex.find_iter(text(args, 1)?).take(limit(args)?) {
        ensure_items_fit(found.len())?;
        found.push(part.as_bytes());
    }
    Ok(if found.is_empty() { nil_list::strings() } else { strings(found) })
}

fn replace_all_literal(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let replacement = text(args, 2)?;
    replace(args, compile, |_, _, out| out.push(replacement))
}

fn replace_all(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let template = String::from_utf8_lossy(text(args, 2)?);
    // Groups that match nothing are read, though they write nothing.
    let mut read: usize = 0;
    replace(args, compile, |regex, captures, out| {
        read = read.saturating_add(template.len());
        ensure_fits(read)?;
        expand(&template, regex, captures, out)
    })
}

fn replace(
    args: &[Value],
    compile: Compile,
    mut with: impl FnMut(&Regex, &Captures<'_>, &mut TextBuilder) -> Result<(), Error>,
) -> Result<Value, Error> {
    let regex = compile(args)?;
    let text = text(args, 1)?;
    let mut out = TextBuilder::with_capacity(text.len());
    let mut end = 0;
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        out.push(&text[end..whole.start()])?;
        with(&regex, &captures, &mut out)?;
        end = whole.end();
    }
    out.push(&text[end..])?;
    Ok(Value::String(out.into()))
}

/// Writes a replacement with its `$1`, `${1}` and `${name}`.
fn expand(
    template: &str,
    regex: &Regex,
    captures: &Captures<'_>,
    out: &mut TextBuilder,
) -> Result<(), Error> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push(before)?;
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push(b"$")?;
            rest = after;
            continue;
        }
        let Some((name, after)) = group_name(rest) else {
            out.push(b"$")?;
            continue;
        };
        rest = after;
        let numeric =
            name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
        let group = if numeric {
            name.parse().ok()
        } else {
            // Of groups that share a name, Go takes the first that matched.
            regex
                .capture_names()
                .enumerate()
                .position(|(index, group)| group == Some(name) && captures.get(index).is_some())
        };
        if let Some(found) = group.and_then(|group| captures.get(group)) {
            out.push(found.as_bytes())?;
        }
    }
    out.push(rest)
}

/// The name behind a `$`, and what follows it.
fn group_name(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let text = braced.unwrap_or(text);
    let end = text.find(|rune: char| !rune.is_alphanumeric() && rune != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    Some((name, if braced.is_some() { rest.strip_prefix('}')? } else { rest }))
}

fn split(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let regex = compile(args)?;
    let (pattern, text, limit) = (text(args, 0)?, text(args, 1)?, limit(args)?);
    if limit == 0 {
        return Ok(nil_list::strings());
    }
    if !pattern.is_empty() && text.is_empty() {
        return Ok(strings([&b""[..]]));
    }
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in regex.find_iter(text) {
        if parts.len() + 1 >= limit {
            break;
        }
        end = found.start();
        ensure_items_fit(parts.len())?;
        if found.end() != 0 {
            parts.push(&text[start..end]);
        }
        start = found.end();
    }
    if end != text.len() {
        parts.push(&text[start..]);
    }
    Ok(strings(parts))
}

fn quote_meta(args: &[Value]) -> Result<Value, Error> {
    let mut out = Vec::new();
    for &byte in text(args, 0)? {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    Ok(Value::string(out))
}
