//! Regular expressions of Go's `regexp`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

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
        ("regexMatch", pure(&[Str, Str], None, matches_or_not)),
        ("regexQuoteMeta", pure(&[Str], None, quote_meta)),
        ("regexReplaceAll", pure(&[Str, Str, Str], None, |args| replace_all(args, panicking))),
        ("regexReplaceAllLiteral", pure(&[Str, Str, Str], None, |args| replace_all_literal(args, panicking))),
        ("regexSplit", pure(&[Str, Str, Int], None, |args| split(args, panicking))),
    ]
}

type Compile = fn(&[Value]) -> Result<Compiled, Error>;

/// A pattern, ready for use.
#[derive(Clone)]
struct Compiled {
    regex: Regex,
    /// Bytes of its program, at most.
    size: usize,
}

impl Compiled {
    /// The pattern, for use on a text that is not too long for it.
    ///
    /// A search cannot be interrupted, and each byte of the text may take as long as the program is.
    fn on(&self, text: &[u8]) -> Result<&Regex, Error> {
        const LARGEST: u64 = 1 << 36;
        /// What takes a step of some hundred nanoseconds.
        const PER_STEP: u64 = 1 << 16;
        let work = (text.len() as u64).saturating_mul(self.size as u64);
        // The smallest programs have a few states; what fits into a value is not too long for them.
        if work > LARGEST && self.size > SMALL {
            return Err(Error::new("text is too long for so large a regular expression"));
        }
        spend(work / PER_STEP);
        Ok(&self.regex)
    }
}

/// Bytes of a program of some dozen states.
const SMALL: usize = 1 << 12;

/// Ends searches each of which begins at the next byte and looks at all the rest of a text.
///
/// Only the clock tells them from those that are short.
fn timed<T>(mut found: impl Iterator<Item = T>) -> impl Iterator<Item = Result<T, Error>> {
    const LONGEST: Duration = Duration::from_secs(2);
    /// Many short searches may take longer, as they do in a slow build or on a busy machine.
    const SHORT: Duration = Duration::from_micros(5);
    let mut left = LONGEST;
    std::iter::from_fn(move || {
        let start = Instant::now();
        let next = found.next()?;
        match left.saturating_add(SHORT).checked_sub(start.elapsed()) {
            Some(rest) => left = rest,
            None => return Some(Err(Error::new("regular expression takes too long on so long a text"))),
        }
        Some(Ok(next))
    })
}

/// Templates apply few patterns, often.
#[derive(Default)]
struct Cache {
    patterns: HashMap<Vec<u8>, Compiled>,
    size: usize,
}

impl Cache {
    /// Charts that compute their patterns must not fill the memory with them.
    fn insert(&mut self, pattern: &[u8], compiled: Compiled) {
        const KEPT: usize = 256;
        const KEPT_SIZE: usize = 16 << 20;
        if self.patterns.len() >= KEPT || self.size > KEPT_SIZE {
            *self = Cache::default();
        }
        self.size += compiled.size;
        self.patterns.insert(pattern.to_vec(), compiled);
    }
}

thread_local! {
    static COMPILED: RefCell<Cache> = RefCell::default();
}

/// The pattern of the first argument.
fn must(args: &[Value]) -> Result<Compiled, Error> {
    let pattern = text(args, 0)?;
    if let Some(compiled) = COMPILED.with_borrow(|cache| cache.patterns.get(pattern).cloned()) {
        return Ok(compiled);
    }
    // Compiling takes much longer than applying.
    spend(50_000);
    let (regex, size) = compile(&String::from_utf8_lossy(pattern))?;
    spend(size as u64 / 8);
    let compiled = Compiled { regex, size };
    COMPILED.with_borrow_mut(|cache| cache.insert(pattern, compiled.clone()));
    Ok(compiled)
}

/// As [`must`], with the error of Go's `MustCompile`.
fn panicking(args: &[Value]) -> Result<Compiled, Error> {
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
    is_match(&must(args)?, args)
}

/// As [`matches`], but nothing matches a pattern that is none.
fn matches_or_not(args: &[Value]) -> Result<Value, Error> {
    must(args).map_or(Ok(Value::Bool(false)), |compiled| is_match(&compiled, args))
}

fn is_match(compiled: &Compiled, args: &[Value]) -> Result<Value, Error> {
    let text = text(args, 1)?;
    Ok(Value::Bool(compiled.on(text)?.is_match(text)))
}

fn find(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let (compiled, text) = (compile(args)?, text(args, 1)?);
    let found = compiled.on(text)?.find(text).map_or(&b""[..], |found| found.as_bytes());
    Ok(Value::string(found))
}

/// Go's limit on a number of matches or parts: none if it is negative.
fn limit(args: &[Value]) -> Result<usize, Error> {
    Ok(usize::try_from(int(args, 2)?).unwrap_or(usize::MAX))
}

fn find_all(args: &[Value], compile: Compile) -> Result<Value, Error> {
    let (compiled, text) = (compile(args)?, text(args, 1)?);
    let mut found = Vec::new();
    for part in timed(compiled.on(text)?.find_iter(text)).take(limit(args)?) {
        let part = part?;
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
    let (compiled, text) = (compile(args)?, text(args, 1)?);
    let regex = compiled.on(text)?;
    let mut out = TextBuilder::with_capacity(text.len());
    let mut end = 0;
    for captures in timed(regex.captures_iter(text)) {
        let captures = captures?;
        let Some(whole) = captures.get(0) else { continue };
        out.push(&text[end..whole.start()])?;
        with(regex, &captures, &mut out)?;
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
    let compiled = compile(args)?;
    let (pattern, text, limit) = (text(args, 0)?, text(args, 1)?, limit(args)?);
    if limit == 0 {
        return Ok(nil_list::strings());
    }
    if !pattern.is_empty() && text.is_empty() {
        return Ok(strings([&b""[..]]));
    }
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in timed(compiled.on(text)?.find_iter(text)) {
        let found = found?;
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
