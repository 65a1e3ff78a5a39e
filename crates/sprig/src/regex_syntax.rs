//! Go's pattern syntax, translated to that of the regex crate.

use go_template::Error;
use regex::bytes::{Regex, RegexBuilder};

/// Compiles a pattern of Go. Also gives bytes that its program has at most.
pub(crate) fn compile(pattern: &str) -> Result<(Regex, usize), Error> {
    const SMALLEST: usize = 1 << 12;
    const LARGEST: usize = 1 << 22;
    let translated = translate(pattern)?;
    let mut size = SMALLEST;
    // The library does not say how large a program is, only that it is too large.
    let compiled = loop {
        match RegexBuilder::new(&translated).size_limit(size).build() {
            Err(regex::Error::CompiledTooBig(_)) if size < LARGEST => size = (size * 8).min(LARGEST),
            compiled => break compiled,
        }
    };
    compiled.map(|regex| (regex, size)).map_err(|error| {
        // Go names the offending part, which the other error does not single out.
        let text = error.to_string();
        let reason = if text.contains("unclosed group") {
            "missing closing )"
        } else if text.contains("unopened group") {
            "unexpected )"
        } else if text.contains("invalid character class range") {
            "invalid character class range"
        } else if text.contains("unrecognized escape") {
            "invalid escape sequence"
        } else if text.contains("look-around") || text.contains("flag") {
            "invalid or unsupported Perl syntax"
        } else {
            "invalid pattern"
        };
        failure(reason, pattern)
    })
}

fn failure(reason: &str, part: &str) -> Error {
    Error(format!("error parsing regexp: {reason}: `{part}`"))
}

fn translate(pattern: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut after_repeat: Option<&str> = None;
    let mut repeatable = false;
    while let Some(rune) = rest.chars().next() {
        let here = rest;
        rest = &rest[rune.len_utf8()..];
        let counted = if rune == '{' { counted_repeat(here) } else { None };
        if matches!(rune, '*' | '+' | '?') || counted.is_some() {
            let operator = counted.unwrap_or(&here[..1]);
            if counted.is_some_and(|counted| !is_good_count(counted)) {
                return Err(failure("invalid repeat count", operator));
            }
            if !repeatable {
                return Err(match after_repeat {
                    Some(before) => {
                        let length = before.len() - here.len() + operator.len();
                        failure("invalid nested repetition operator", &before[..length])
                    }
                    None => failure("missing argument to repetition operator", operator),
                });
            }
            rest = &here[operator.len()..];
            out.push_str(operator);
            if let Some(after) = rest.strip_prefix('?') {
                out.push('?');
                rest = after;
            }
            after_repeat = Some(here);
            repeatable = false;
            continue;
        }
        after_repeat = None;
        repeatable = true;
        match rune {
            '\\' => rest = escape(rest, &mut out, false)?,
            '[' => rest = class(here, &mut out)?,
            '(' => {
                repeatable = false;
                out.push('(');
                if let Some(flags) = rest.strip_prefix('?') {
                    let named = rest.starts_with("?P<") || rest.starts_with("?<");
                    if ["?<=", "?<!"].iter().any(|around| rest.starts_with(around)) {
                        let end = here.find('>').map_or(here.len(), |end| end + 1);
                        return Err(failure("invalid named capture", &here[..end]));
                    }
                    if !named && !flags.starts_with(|next| "imsU-:".contains(next)) {
                        let end = 2 + flags.chars().next().map_or(0, char::len_utf8);
                        return Err(failure("invalid or unsupported Perl syntax", &here[..end]));
                    }
                }
            }
            '|' | '^' => {
                repeatable = rune == '^';
                out.push(rune);
            }
            '{' | '}' => {
                out.push('\\');
                out.push(rune);
            }
            '$' => out.push('$'),
            _ => out.push(rune),
        }
        if rune == '(' && rest.starts_with('?') {
            let end = rest.find(['>', ':', ')']).unwrap_or(rest.len() - 1) + 1;
            if rest[..end].ends_with(')') {
                after_repeat = None;
            }
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    Ok(out)
}

/// `{2}`, `{2,}` or `{2,5}` at the start of a text: any other brace is a character.
fn counted_repeat(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let (low, high) = text[1..end].split_once(',').unwrap_or((&text[1..end], ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(&text[..=end])
}

/// Go repeats a thousand times at most, and not more often than `low` says.
fn is_good_count(counted: &str) -> bool {
    let inner = counted.trim_matches(['{', '}']);
    let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
    let count = |digits: &str| digits.parse::<u32>().ok().filter(|count| *count <= 1000);
    match (count(low), count(high)) {
        (Some(low), Some(high)) => low <= high,
        (low, None) => low.is_some() && high.is_empty(),
        (None, Some(_)) => false,
    }
}

/// Writes the escape whose letter starts `rest`; returns what follows it.
fn escape<'a>(rest: &'a str, out: &mut String, in_class: bool) -> Result<&'a str, Error> {
    let Some(rune) = rest.chars().next() else {
        return Err(Error::new("error parsing regexp: trailing backslash at end of expression: ``"));
    };
    let after = &rest[rune.len_utf8()..];
    let ascii = match rune {
        'd' => "0-9",
        's' => r"\t\n\f\r ",
        'w' => "0-9A-Za-z_",
        'D' => r"^0-9",
        'S' => r"^\t\n\f\r ",
        'W' => "^0-9A-Za-z_",
        _ => "",
    };
    if !ascii.is_empty() {
        out.push('[');
        out.push_str(ascii);
        out.push(']');
        return Ok(after);
    }
    match rune {
        'b' | 'B' if !in_class => {
            out.push_str("(?-u:\\");
            out.push(rune);
            out.push(')');
        }
        'Q' if !in_class => {
            let (literal, after) = after.split_once("\\E").unwrap_or((after, ""));
            out.push_str(&regex::escape(literal));
            return Ok(after);
        }
        'p' | 'P' | 'x' if after.starts_with('{') => {
            let end = after.find('}').map_or(after.len(), |end| end + 1);
            let name = &after[1..end];
            let (letter, name) = match (rune, name.strip_prefix('^')) {
                ('p', Some(name)) => ('P', name),
                ('P', Some(name)) => ('p', name),
                _ => (rune, name),
            };
            out.push_str(&format!("\\{letter}{{{name}"));
            return Ok(&after[end..]);
        }
        '0'..='7' if rune == '0' || after.starts_with(|next| ('0'..='7').contains(&next)) => {
            let digits = rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let value = u32::from_str_radix(&rest[..digits], 8).unwrap_or_default();
            out.push_str(&format!("\\x{{{value:x}}}"));
            return Ok(&rest[digits..]);
        }
        'A' | 'z' if !in_class => {
            out.push('\\');
            out.push(rune);
        }
        'a' | 'f' | 'n' | 'r' | 't' | 'v' | 'p' | 'P' | 'x' => {
            out.push('\\');
            out.push(rune);
        }
        _ if rune.is_ascii_punctuation() => {
            out.push('\\');
            out.push(rune);
        }
        _ => return Err(failure("invalid escape sequence", &format!("\\{rune}"))),
    }
    Ok(after)
}

/// Writes the class at the start of `text`; returns what follows it.
fn class<'a>(text: &'a str, out: &mut String) -> Result<&'a str, Error> {
    let mut rest = &text[1..];
    out.push('[');
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    let mut first = true;
    loop {
        let Some(rune) = rest.chars().next() else { return Err(failure("missing closing ]", text)) };
        let after = &rest[rune.len_utf8()..];
        match rune {
            ']' if !first => {
                out.push(']');
                return Ok(after);
            }
            '[' if after.starts_with(':') && after.contains(":]") => {
                let end = after.find(":]").unwrap_or_default() + 2;
                out.push('[');
                out.push_str(&after[..end]);
                rest = &after[end..];
            }
            '\\' => rest = escape(after, out, true)?,
            '[' | ']' | '&' | '~' => {
                out.push('\\');
                out.push(rune);
                rest = after;
            }
            '-' if first || after.starts_with(']') => {
                out.push_str("\\-");
                rest = after;
            }
            _ => {
                out.push(rune);
                rest = after;
            }
        }
        first = false;
    }
}
