//! Letter case, and names in camel, snake and kebab case by the rules of huandu/xstrings 1.5.

use go_template::Param::String as Str;
use go_template::{Error, Value};

use crate::arguments::{Entry, pure, text};
use crate::runes::{runes, to_lower, to_title, to_upper};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("camelcase", pure(&[Str], None, |args| Ok(Value::string(pascal_case(text(args, 0)?))))),
        ("kebabcase", pure(&[Str], None, |args| lower_case(args, '-'))),
        ("lower", pure(&[Str], None, |args| map(args, to_lower))),
        ("snakecase", pure(&[Str], None, |args| lower_case(args, '_'))),
        ("swapcase", pure(&[Str], None, swap_case)),
        ("title", pure(&[Str], None, title)),
        ("untitle", pure(&[Str], None, untitle)),
        ("upper", pure(&[Str], None, |args| map(args, to_upper))),
    ]
}

fn map(args: &[Value], change: fn(char) -> char) -> Result<Value, Error> {
    Ok(Value::string(runes(text(args, 0)?).map(change).collect::<String>()))
}

fn title(args: &[Value]) -> Result<Value, Error> {
    let mut last = ' ';
    let titled = runes(text(args, 0)?).map(|rune| {
        let starts = separates(last);
        last = rune;
        if starts { to_title(rune) } else { rune }
    });
    Ok(Value::string(titled.collect::<String>()))
}

/// Whether a word ends at a rune, as `strings.Title` sees words.
fn separates(rune: char) -> bool {
    if rune.is_ascii() { !rune.is_ascii_alphanumeric() && rune != '_' } else { rune.is_whitespace() }
}

fn untitle(args: &[Value]) -> Result<Value, Error> {
    let mut starts = true;
    let untitled = runes(text(args, 0)?).map(|rune| {
        let starts_here = starts;
        starts = rune.is_whitespace();
        if starts_here && !starts { to_lower(rune) } else { rune }
    });
    Ok(Value::string(untitled.collect::<String>()))
}

fn swap_case(args: &[Value]) -> Result<Value, Error> {
    let mut space = true;
    let swapped = runes(text(args, 0)?).map(|rune| {
        let after_space = space;
        space = false;
        if rune.is_uppercase() || matches!(rune, '\u{1c5}' | '\u{1c8}' | '\u{1cb}' | '\u{1f2}') {
            to_lower(rune)
        } else if rune.is_lowercase() {
            if after_space { to_title(rune) } else { to_upper(rune) }
        } else {
            space = rune.is_whitespace();
            rune
        }
    });
    Ok(Value::string(swapped.collect::<String>()))
}

fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || rune.is_whitespace()
}

fn pascal_case(text: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = runes(text).peekable();
    let mut current = None;
    let mut upper_run = false;
    for rune in rest.by_ref() {
        if is_connector(rune) {
            current = Some(rune);
            out.push(rune);
            continue;
        }
        upper_run = rune.is_uppercase();
        current = Some(to_upper(rune));
        break;
    }
    let Some(mut current) = current else { return out };
    if rest.peek().is_none() {
        // A text of connectors alone gets its last one twice.
        out.push(current);
        return out;
    }
    for rune in rest {
        let previous = current;
        current = rune;
        if is_connector(current) && is_connector(previous) {
            out.push(previous);
        } else if is_connector(previous) {
            upper_run = current.is_uppercase();
            current = to_upper(current);
        } else {
            if upper_run {
                if current.is_uppercase() {
                    current = to_lower(current);
                } else {
                    upper_run = false;
                }
            }
            out.push(previous);
        }
    }
    out.push(current);
    out
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    None,
    Number,
    Upper,
    Letters,
    Connector,
    Punctuation,
    Other,
}

/// A stretch of runes of one kind.
type Word<'a> = (Kind, &'a [char]);

fn lower_case(args: &[Value], connector: char) -> Result<Value, Error> {
    let runes: Vec<char> = runes(text(args, 0)?).collect();
    let mut out = String::new();
    if runes.is_empty() {
        return Ok(Value::string(out));
    }
    let mut rest = &runes[..];
    let mut word = next_word(&mut rest);
    while !rest.is_empty() {
        if word.0 != Kind::Connector {
            push(&mut out, word, connector);
        }
        let previous = word;
        word = next_word(&mut rest);
        match previous.0 {
            Kind::Number => push_letters(&mut out, &mut word, &mut rest, connector),
            Kind::Connector => push(&mut out, previous, connector),
            Kind::Punctuation => {}
            _ if word.0 != Kind::Number => {
                if !matches!(word.0, Kind::Connector | Kind::Punctuation) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                word = next_word(&mut rest);
                if word.0 == Kind::Letters {
                    // Lower-case letters after a number: the number starts a word of its own, `http_2xx`.
                    out.push(connector);
                    push(&mut out, number, connector);
                    push_letters(&mut out, &mut word, &mut rest, connector);
                } else {
                    // Otherwise it belongs to the word before it: `bld4_floor`.
                    push(&mut out, number, connector);
                    if !matches!(word.0, Kind::Connector | Kind::Punctuation) {
                        out.push(connector);
                    }
                }
            }
        }
    }
    push(&mut out, word, connector);
    Ok(Value::string(out))
}

/// Writes letters and numbers that continue a word, and the connector to what follows.
fn push_letters<'a>(out: &mut String, word: &mut Word<'a>, rest: &mut &'a [char], connector: char) {
    while matches!(word.0, Kind::Letters | Kind::Number) {
        push(out, *word, connector);
        *word = next_word(rest);
    }
    if !matches!(word.0, Kind::None | Kind::Connector | Kind::Punctuation) {
        out.push(connector);
    }
}

fn push(out: &mut String, (kind, runes): Word<'_>, connector: char) {
    if !matches!(kind, Kind::Upper | Kind::Connector) {
        out.extend(runes);
        return;
    }
    out.extend(runes.iter().map(|&rune| if is_connector(rune) { connector } else { to_lower(rune) }));
}

fn next_word<'a>(rest: &mut &'a [char]) -> Word<'a> {
    let runes = *rest;
    let Some(&first) = runes.first() else { return (Kind::None, runes) };
    let run = |test: fn(char) -> bool| runes.iter().take_while(|rune| test(**rune)).count();
    let lower = |from: usize| {
        runes[from..].iter().take_while(|rune| is_letter(**rune) && !rune.is_uppercase()).count()
    };
    let (kind, length) = if is_connector(first) {
        (Kind::Connector, run(is_connector))
    } else if is_punctuation(first) {
        (Kind::Punctuation, run(is_punctuation))
    } else if first.is_uppercase() {
        let upper = run(char::is_uppercase);
        let length = match runes.get(upper) {
            _ if upper == 1 => 1 + lower(1),
            // The last capital of `HTTPStatus` starts the next word.
            Some(next) if is_letter(*next) => upper - 1,
            _ => upper,
        };
        (Kind::Upper, length)
    } else if is_letter(first) {
        (Kind::Letters, lower(0))
    } else if first.is_numeric() {
        (Kind::Number, run(char::is_numeric))
    } else {
        let others = run(|rune| {
            !is_connector(rune) && !is_letter(rune) && !rune.is_numeric() && !is_punctuation(rune)
        });
        (Kind::Other, others.max(1))
    };
    *rest = &runes[length..];
    (kind, &runes[..length])
}

/// A letter of a script that has words: not a Chinese or Japanese one.
fn is_letter(rune: char) -> bool {
    rune.is_alphabetic()
        && !matches!(rune, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}')
}

fn is_punctuation(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_punctuation() && !"$+<=>^`|~".contains(rune);
    }
    matches!(rune, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}')
        || matches!(rune, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}')
        || matches!(rune, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}')
}
