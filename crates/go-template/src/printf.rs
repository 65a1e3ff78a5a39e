//! `printf`: Go's `fmt.Sprintf`.

mod cursor;
mod go_syntax;

use self::cursor::{Cursor, WIDEST};
use crate::bound::{MAX_NESTING, TextBuilder, stack_overflow};
use crate::function::Error;
use crate::print::{print, to_text};
use crate::text::Text;
use crate::value::Value;

/// Flags, width and precision of a verb.
#[derive(Clone, Copy, Default)]
struct Spec {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Formats the arguments.
pub(crate) fn sprintf(format: &str, arguments: &[Value]) -> Result<Text, Error> {
    let mut out = TextBuilder::with_capacity(format.len() + 16);
    let mut used = 0;
    let mut reordered = false;
    let mut cursor = Cursor::new(format);
    while let Some(before) = cursor.before_verb() {
        out.push(before)?;
        let mut spec = Spec::default();
        loop {
            match cursor.peek() {
                Some('-') => {
                    spec.minus = true;
                    spec.zero = false;
                }
                Some('+') => spec.plus = true,
                Some('#') => spec.sharp = true,
                Some(' ') => spec.space = true,
                Some('0') => spec.zero = !spec.minus,
                _ => break,
            }
            cursor.next();
        }
        let mut bad_index = explicit_index(&mut cursor, &mut used, arguments.len(), &mut reordered);
        if cursor.take('*') {
            match arguments.get(used) {
                Some(Value::Int(width)) if width.unsigned_abs() <= WIDEST as u64 => {
                    spec.minus |= *width < 0;
                    spec.zero &= *width >= 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                _ => out.push(b"%!(BADWIDTH)")?,
            }
            used += 1;
        } else {
            spec.width = cursor.number();
        }
        if cursor.take('.') {
            bad_index |= explicit_index(&mut cursor, &mut used, arguments.len(), &mut reordered);
            if cursor.take('*') {
                match arguments.get(used) {
                    Some(Value::Int(precision)) if (0..=WIDEST as i64).contains(precision) => {
                        spec.precision = usize::try_from(*precision).ok();
                    }
                    _ => out.push(b"%!(BADPREC)")?,
                }
                used += 1;
            } else {
                spec.precision = Some(cursor.number().unwrap_or(0));
            }
        }
        bad_index |= explicit_index(&mut cursor, &mut used, arguments.len(), &mut reordered);
        let Some(verb) = cursor.next() else {
            out.push(b"%!(NOVERB)")?;
            break;
        };
        if verb == '%' {
            out.push(b"%")?;
        } else if bad_index {
            out.push(format!("%!{verb}(BADINDEX)"))?;
        } else if let Some(argument) = arguments.get(used) {
            used += 1;
            if verb == 'v' && spec.sharp {
                let mut text = TextBuilder::new();
                go_syntax::write(&mut text, argument)?;
                pad(&mut out, &text.into_bytes(), spec)?;
                continue;
            }
            // The plus asks `%v` for the names of fields, not for a sign.
            let spec = if verb == 'v' { Spec { plus: false, ..spec } } else { spec };
            one(&mut out, argument, verb, spec, MAX_NESTING)?;
        } else {
            out.push(format!("%!{verb}(MISSING)"))?;
        }
    }
    out.push(cursor.rest())?;
    if !reordered && used < arguments.len() {
        out.push(b"%!(EXTRA ")?;
        for (index, argument) in arguments[used..].iter().enumerate() {
            if index > 0 {
                out.push(b", ")?;
            }
            if matches!(argument, Value::Nil) {
                out.push(b"<nil>")?;
            } else {
                out.push(argument.type_name())?;
                out.push(b"=")?;
                print(argument, &mut out)?;
            }
        }
        out.push(b")")?;
    }
    Ok(out.into())
}

/// `[n]`: the next argument is the nth. Whether that is none.
fn explicit_index(cursor: &mut Cursor<'_>, used: &mut usize, count: usize, reordered: &mut bool) -> bool {
    if !cursor.take('[') {
        return false;
    }
    *reordered = true;
    match cursor.index() {
        Some(index) if (1..=count).contains(&index) => {
            *used = index - 1;
            false
        }
        _ => true,
    }
}

fn one(out: &mut TextBuilder, value: &Value, verb: char, spec: Spec, depth: usize) -> Result<(), Error> {
    let is_top = depth == MAX_NESTING;
    let depth = depth.checked_sub(1).ok_or_else(stack_overflow)?;
    match (verb, value) {
        (_, Value::Nil) if !is_top && verb != 'T' => out.push(b"<nil>"),
        ('s' | 'q' | 'x' | 'X', Value::Bytes(_)) => single(out, value, verb, spec),
        (_, Value::List(list)) if verb != 'T' => {
            out.push(b"[")?;
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(b" ")?;
                }
                one(out, item, verb, spec, depth)?;
            }
            out.push(b"]")
        }
        (_, Value::Map(map)) if verb != 'T' => {
            out.push(b"map[")?;
            for (index, (key, item)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(b" ")?;
                }
                one(out, &Value::String(key.clone()), verb, spec, depth)?;
                out.push(b":")?;
                one(out, item, verb, spec, depth)?;
            }
            out.push(b"]")
        }
        (verb, value) => single(out, value, verb, spec),
    }
}

/// Not inlined into [`one`], whose frames are to stay small.
#[inline(never)]
fn single(out: &mut TextBuilder, value: &Value, verb: char, spec: Spec) -> Result<(), Error> {
    match (verb, value) {
        ('T', value) => pad(out, value.type_name().as_bytes(), spec),
        ('v', Value::Nil) => pad(out, b"<nil>", spec),
        (verb, Value::Nil) => out.push(format!("%!{verb}(<nil>)")),
        ('v' | 't', Value::Bool(value)) => pad(out, value.to_string().as_bytes(), spec),
        (_, Value::Int(int) | Value::Int64(int)) => integer(out, value, i128::from(*int), verb, spec),
        (_, Value::Uint64(uint)) => integer(out, value, i128::from(*uint), verb, spec),
        (_, Value::Float64(float)) => floating(out, value, *float, verb, spec),
        (_, Value::String(text)) => string(out, value, text.as_bytes(), verb, spec),
        ('s' | 'q' | 'x' | 'X', Value::Bytes(bytes)) => string(out, value, bytes, verb, spec),
        ('v', value) => pad(out, to_text(value)?.as_bytes(), spec),
        (verb, Value::Object(object)) if matches!(verb, 's' | 'q') => {
            string(out, value, object.print().as_bytes(), verb, spec)
        }
        (verb, value) => bad_verb(out, verb, value, spec),
    }
}

/// The value keeps the width and the precision that were meant for the verb.
fn bad_verb(out: &mut TextBuilder, verb: char, value: &Value, spec: Spec) -> Result<(), Error> {
    out.push(format!("%!{verb}({}=", value.type_name()))?;
    one(out, value, 'v', spec, MAX_NESTING)?;
    out.push(b")")
}

/// Fills up to the width, counted in characters.
fn pad(out: &mut TextBuilder, text: &[u8], spec: Spec) -> Result<(), Error> {
    let missing = spec.width.unwrap_or(0).saturating_sub(String::from_utf8_lossy(text).chars().count());
    let fill = if spec.zero && !spec.minus { b'0' } else { b' ' };
    if !spec.minus {
        out.fill(fill, missing)?;
    }
    out.push(text)?;
    if spec.minus {
        out.fill(b' ', missing)?;
    }
    Ok(())
}

fn integer(out: &mut TextBuilder, value: &Value, int: i128, verb: char, spec: Spec) -> Result<(), Error> {
    let magnitude = int.unsigned_abs();
    let (prefix, mut digits) = match verb {
        'v' | 'd' => ("", magnitude.to_string()),
        'b' => (if spec.sharp { "0b" } else { "" }, format!("{magnitude:b}")),
        'o' => (if spec.sharp { "0" } else { "" }, format!("{magnitude:o}")),
        'O' => ("0o", format!("{magnitude:o}")),
        'x' => (if spec.sharp { "0x" } else { "" }, format!("{magnitude:x}")),
        'X' => (if spec.sharp { "0X" } else { "" }, format!("{magnitude:X}")),
        'c' | 'q' | 'U' => {
            let code = u32::try_from(int).ok();
            let c = code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            let text = match verb {
                'c' => c.to_string(),
                'q' => {
                    let quoted = go_fmt::quote(&c.to_string());
                    let inner = quoted.trim_start_matches('"').trim_end_matches('"');
                    match c {
                        '\'' => "'\\''".to_owned(),
                        '"' => "'\"'".to_owned(),
                        _ => format!("'{inner}'"),
                    }
                }
                _ => format!("U+{magnitude:04X}"),
            };
            return pad(out, text.as_bytes(), spec);
        }
        _ => return bad_verb(out, verb, value, spec),
    };
    let sign = if int < 0 {
        "-"
    } else if spec.plus {
        "+"
    } else if spec.space {
        " "
    } else {
        ""
    };
    let least = match (spec.precision, spec.width) {
        (Some(0), _) if int == 0 => return pad(out, b"", Spec { zero: false, ..spec }),
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    if digits.len() < least {
        digits.insert_str(0, &"0".repeat(least - digits.len()));
    }
    pad(out, format!("{sign}{prefix}{digits}").as_bytes(), Spec { zero: false, ..spec })
}

fn floating(out: &mut TextBuilder, value: &Value, float: f64, verb: char, spec: Spec) -> Result<(), Error> {
    let magnitude = float.abs();
    let text = match (verb, spec.precision) {
        _ if !float.is_finite() => go_fmt::float(magnitude).trim_start_matches('+').to_owned(),
        ('v' | 'g', None) => go_fmt::float(magnitude),
        ('G', None) => go_fmt::float(magnitude).to_uppercase(),
        ('f' | 'F', precision) => fixed(magnitude, precision.unwrap_or(6)),
        ('e' | 'E', precision) => exponent(magnitude, precision.unwrap_or(6), verb),
        ('v' | 'g' | 'G', Some(precision)) => general(magnitude, precision.max(1), verb),
        _ => return bad_verb(out, verb, value, spec),
    };
    let sign = if float.is_sign_negative() && !float.is_nan() {
        "-"
    } else if spec.plus || (float.is_infinite() && verb == 'v') {
        "+"
    } else if spec.space {
        " "
    } else {
        ""
    };
    let width = spec.width.unwrap_or(0);
    if spec.zero && !spec.minus && float.is_finite() {
        let missing = width.saturating_sub(sign.len() + text.len());
        out.push(sign)?;
        out.fill(b'0', missing)?;
        return out.push(text);
    }
    pad(out, format!("{sign}{text}").as_bytes(), Spec { zero: false, ..spec })
}

/// Digits behind the point that a float can have: what follows are zeros, of which Rust prints 65,535 at most.
const DECIMALS: usize = 1100;

/// `%f`
fn fixed(magnitude: f64, precision: usize) -> String {
    let zeros = precision.saturating_sub(DECIMALS);
    format!("{magnitude:.*}{}", precision.min(DECIMALS), "0".repeat(zeros))
}

/// `%e`, with an exponent of at least two digits.
fn exponent(magnitude: f64, precision: usize, verb: char) -> String {
    let text = format!("{magnitude:.*e}", precision.min(DECIMALS));
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let zeros = "0".repeat(precision.saturating_sub(DECIMALS));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if exponent < 0 { '-' } else { '+' };
    let letter = if verb.is_uppercase() { 'E' } else { 'e' };
    format!("{digits}{zeros}{letter}{sign}{:02}", exponent.abs())
}

/// `%.3g`: that many digits, without zeros at the end.
fn general(magnitude: f64, precision: usize, verb: char) -> String {
    let scientific = exponent(magnitude, precision - 1, verb);
    let at = scientific.find(['e', 'E']).unwrap_or(scientific.len());
    let power: i32 = scientific[at..].trim_start_matches(['e', 'E']).parse().unwrap_or_default();
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    let digits = scientific[..at].bytes().filter(u8::is_ascii_digit).count();
    let limit = i32::try_from(precision.max(digits.min(precision))).unwrap_or(i32::MAX);
    if power < -4 || power >= limit {
        return format!("{}{}", trimmed(&scientific[..at]), &scientific[at..]);
    }
    let decimals = usize::try_from(i32::try_from(precision).unwrap_or(i32::MAX) - 1 - power).unwrap_or(0);
    trimmed(&fixed(magnitude, decimals))
}

fn string(out: &mut TextBuilder, value: &Value, bytes: &[u8], verb: char, spec: Spec) -> Result<(), Error> {
    let text = String::from_utf8_lossy(bytes);
    let cut: &[u8] = match spec.precision {
        Some(precision) => match text.char_indices().nth(precision) {
            Some((at, _)) if at <= bytes.len() => &bytes[..at],
            _ => bytes,
        },
        None => bytes,
    };
    match verb {
        'v' | 's' => pad(out, cut, spec),
        'q' if spec.sharp && !text.contains('`') && !text.chars().any(char::is_control) => {
            pad(out, format!("`{}`", String::from_utf8_lossy(cut)).as_bytes(), spec)
        }
        'q' if spec.plus => pad(out, in_ascii(&go_fmt::quote_bytes(cut)).as_bytes(), spec),
        'q' => pad(out, go_fmt::quote_bytes(cut).as_bytes(), spec),
        'x' | 'X' => {
            let shown = spec.precision.map_or(bytes, |precision| &bytes[..precision.min(bytes.len())]);
            let prefix = match (spec.sharp, verb) {
                (false, _) => "",
                (true, 'x') => "0x",
                (true, _) => "0X",
            };
            let mut hex = String::with_capacity(2 * shown.len());
            for (index, byte) in shown.iter().enumerate() {
                if index > 0 && spec.space {
                    hex.push(' ');
                }
                if index == 0 || spec.space {
                    hex.push_str(prefix);
                }
                hex.push_str(&if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") });
            }
            pad(out, hex.as_bytes(), spec)
        }
        _ => bad_verb(out, verb, value, spec),
    }
}

/// `QuoteToASCII` of what is quoted.
fn in_ascii(quoted: &str) -> String {
    let mut ascii = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        match u32::from(c) {
            0..=0x7f => ascii.push(c),
            code @ 0x80..=0xffff => ascii.push_str(&format!("\\u{code:04x}")),
            code => ascii.push_str(&format!("\\U{code:08x}")),
        }
    }
    ascii
}
