//! Differences as text for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::fields::Field;
use super::{Difference, Summary};
use crate::k8s::DEFINITION;

/// The longest value that is shown.
const LONGEST: usize = 100;

/// Each object with its fields, and a summary.
#[must_use]
pub fn write(differences: &[Difference]) -> String {
    let mut text = String::new();
    for difference in differences {
        let _ = writeln!(text, "{} {}", difference.action.as_str(), difference.identity);
        let (fields, others) = difference.worth_reading();
        fields.into_iter().for_each(|field| lines(&mut text, field));
        if others > 0 {
            let what = if difference.identity.kind == DEFINITION {
                "of its schema"
            } else {
                "that only repeat it, such as checksums"
            };
            let _ = writeln!(text, "  ({others} {what})");
        }
        for danger in &difference.dangers {
            let place = if danger.path.is_empty() { String::new() } else { format!("{}: ", danger.path) };
            let _ = writeln!(text, "  danger: {place}{}", danger.message);
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}", Summary::of(differences));
    text
}

fn lines(text: &mut String, field: &Field) {
    let path = if field.path.is_empty() { "(the whole object)" } else { &field.path };
    let _ = match (&field.old, &field.new) {
        (Some(Value::String(old)), Some(Value::String(new))) if old.contains('\n') || new.contains('\n') => {
            writeln!(text, "  {path}:\n{}", indented(&super::unified::lines(old, new)))
        }
        (Some(old), Some(new)) => {
            writeln!(text, "  {path}: {} -> {}", argument(path, old), argument(path, new))
        }
        (None, Some(new)) => writeln!(text, "  + {path}: {}", shown(new)),
        (Some(old), None) => writeln!(text, "  - {path}: {}", shown(old)),
        (None, None) => Ok(()),
    };
}

/// The value of a flag that the path names already.
fn argument(path: &str, value: &Value) -> String {
    let flag = path
        .rsplit_once('[')
        .and_then(|(_, flag)| flag.strip_suffix(']'))
        .filter(|flag| flag.starts_with('-'));
    let rest = value.as_str().zip(flag).and_then(|(text, flag)| text.strip_prefix(flag)?.strip_prefix('='));
    rest.map_or_else(|| shown(value), str::to_owned)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// A value in one line.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) if !text.is_empty() && !text.contains('\n') => text.clone(),
        value => value.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST - 3).collect();
    format!("{cut}...")
}

/// What nothing differs is called.
#[must_use]
pub fn same() -> &'static str {
    "no differences\n"
}
