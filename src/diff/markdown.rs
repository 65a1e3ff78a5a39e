//! Differences as Markdown, for a comment in a pull request.

use std::fmt::Write as _;

use serde_json::Value;

use super::text::shown;
use super::{Action, Difference, Summary};

/// The most bytes of a comment: that of a pull request on GitHub has 65,536 characters.
const MOST: usize = 60_000;

/// A summary, dangers first, and the objects in a fold each.
#[must_use]
pub fn write(differences: &[Difference]) -> String {
    let mut text = format!("### Monitoring stack: {}\n", Summary::of(differences));
    if differences.is_empty() {
        return text;
    }
    let dangers = differences
        .iter()
        .flat_map(|difference| difference.dangers.iter().map(move |danger| (&difference.identity, danger)));
    for (index, (identity, danger)) in dangers.enumerate() {
        let begin = if index == 0 { "\n> [!WARNING]\n" } else { "" };
        let place = if danger.path.is_empty() { String::new() } else { format!(" {}", code(&danger.path)) };
        let _ = writeln!(text, "{begin}> - {}{place}: {}", code(&identity.to_string()), danger.message);
    }
    for action in [Action::Changed, Action::Created, Action::Deleted] {
        let mut of_action = differences.iter().filter(|difference| difference.action == action).peekable();
        if of_action.peek().is_none() {
            continue;
        }
        let title = action.as_str();
        let _ = writeln!(text, "\n#### {}{}\n", title[..1].to_uppercase(), &title[1..]);
        for difference in of_action {
            let section = section(difference);
            if text.len() + section.len() > MOST {
                text.push_str("\n... and more; `monstack diff` shows all of it.\n");
                return text;
            }
            text.push_str(&section);
        }
    }
    text
}

fn section(difference: &Difference) -> String {
    let name = code(&difference.identity.to_string());
    if difference.action != Action::Changed {
        return format!("- {name}\n");
    }
    let (fields, others) = difference.worth_reading();
    let identity = html(&difference.identity.to_string());
    let count = if others > 0 {
        format!("{} fields, and {others} more", fields.len())
    } else {
        format!("{} fields", fields.len())
    };
    let mut text = format!("<details><summary><code>{identity}</code>: {count}</summary>\n\n");
    text.push_str("| field | before | after |\n|---|---|---|\n");
    for field in fields {
        let cell =
            |value: &Option<Value>| value.as_ref().map(|value| code(&shown(value))).unwrap_or_default();
        let _ = writeln!(text, "| {} | {} | {} |", code(&field.path), cell(&field.old), cell(&field.new));
    }
    text.push_str("\n</details>\n");
    text
}

/// A text as code, whatever is in it.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
