//! Diagnostics as text for people and as JSON for programs.

use std::fmt::Write as _;
use std::io::IsTerminal;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

use crate::config::diagnostic::{Diagnostic, Report, Severity, Source};

/// More errors than this are counted, not shown.
const MAX_SHOWN: usize = 10;

/// Every problem, and a last line that says what follows from them.
pub(super) fn failure(report: &Report, consequence: &str) -> String {
    let errors: Vec<_> = of_severity(&report.diagnostics, Severity::Error).collect();
    let mut text = problems(&report.sources, errors.iter().copied());
    let names = names(&report.sources, &errors);
    let count = counted(errors.len(), "problem");
    let _ = writeln!(text, "monstack: {count} in {names}, {consequence}");
    text
}

/// The warnings of a config that is otherwise fine.
pub(super) fn warnings(sources: &[Source], diagnostics: &[Diagnostic]) -> String {
    problems(sources, of_severity(diagnostics, Severity::Warning))
}

/// Problems as a JSON list.
pub(super) fn json(sources: &[Source], diagnostics: &[Diagnostic]) -> Value {
    let items = diagnostics.iter().map(|diagnostic| {
        let start = diagnostic.span.map(|span| span.start);
        json!({
            "file": sources.get(diagnostic.source).map(|source| &source.name),
            "line": start.map(|start| start.line),
            "column": start.map(|start| start.column),
            "path": diagnostic.path.to_string(),
            "severity": severity(diagnostic.severity),
            "message": diagnostic.message,
            "help": diagnostic.help,
        })
    });
    Value::Array(items.collect())
}

/// `1 problem`, `2 problems`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn of_severity(diagnostics: &[Diagnostic], severity: Severity) -> impl Iterator<Item = &Diagnostic> {
    diagnostics.iter().filter(move |diagnostic| diagnostic.severity == severity)
}

fn problems<'a>(sources: &[Source], diagnostics: impl Iterator<Item = &'a Diagnostic>) -> String {
    // ArgoCD shows what we write there as it is, so escape sequences are for terminals only.
    let decorated = std::io::stderr().is_terminal();
    let mut text = String::new();
    let mut hidden = 0;
    for (index, diagnostic) in diagnostics.enumerate() {
        if index >= MAX_SHOWN {
            hidden += 1;
        } else if decorated {
            text.push_str(&snippet(sources, diagnostic));
        } else {
            text.push_str(&plain(sources, diagnostic));
        }
    }
    if hidden > 0 {
        let _ = writeln!(text, "and {}", counted(hidden, "more problem"));
    }
    text
}

/// `file:line:column: error: path: message`, and an indented line of help.
fn plain(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let mut text = sources.get(diagnostic.source).map(|source| source.name.clone()).unwrap_or_default();
    if let Some(span) = diagnostic.span {
        let _ = write!(text, ":{}", span.start);
    }
    let _ = writeln!(text, ": {}: {}", severity(diagnostic.severity), titled(diagnostic));
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "  help: {}", help.replace('\n', "\n        "));
    }
    text
}

/// The same with the line of the source and a marker, in colour unless the environment asks for none.
fn snippet(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let source = sources.get(diagnostic.source);
    let text = source.and_then(|source| std::str::from_utf8(&source.bytes).ok());
    let (Some(source), Some(text), Some(span)) = (source, text, diagnostic.span) else {
        return plain(sources, diagnostic);
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = titled(diagnostic);
    let start = floor(text, span.start.offset);
    // A marker below many lines says less than one at where they begin.
    let end = floor(text, span.end.offset).max(start);
    let end = text[start..end].find('\n').map_or(end, |newline| start + newline);
    let marked =
        Snippet::source(text).path(source.name.as_str()).annotation(AnnotationKind::Primary.span(start..end));
    let mut group = level.primary_title(title.as_str()).element(marked);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let wants_colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if wants_colour { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n\n", renderer.render(&[group]))
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

fn titled(diagnostic: &Diagnostic) -> String {
    if diagnostic.path.is_root() {
        diagnostic.message.clone()
    } else {
        format!("{}: {}", diagnostic.path, diagnostic.message)
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The sources that have errors.
fn names(sources: &[Source], errors: &[&Diagnostic]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for error in errors {
        let name = sources.get(error.source).map_or("the config", |source| source.name.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    fn report(text: &str) -> Report {
        let source = Source { name: "config.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
        *load(vec![source], &[]).unwrap_err()
    }

    #[test]
    fn a_snippet_shows_the_line_and_marks_the_value() {
        let report = report("namespace: monitoring\ndelivery: helmchat\n");
        let text = snippet(&report.sources, &report.diagnostics[0]);
        let text = strip_escapes(&text);
        assert!(text.contains("config.yaml:2:11"), "{text}");
        assert!(text.contains("2 | delivery: helmchat"), "{text}");
        assert!(text.contains("|           ^^^^^^^^"), "{text}");
        assert!(text.contains("help: did you mean \"helmchart\"?"), "{text}");
    }

    #[test]
    fn no_place_in_any_text_breaks_a_snippet() {
        for text in ["", "- a", "a: [", "\u{fffd}: {", "ä: ö\n", "cluster: 'a\n  b'", "a: 1\na: 2", "\t"] {
            let report = report(text);
            for diagnostic in &report.diagnostics {
                assert!(!snippet(&report.sources, diagnostic).is_empty(), "{text:?}");
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]
        #[test]
        fn no_text_breaks_loading_or_reporting(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..24),
        ) {
            let source = Source { name: "config.yaml".to_owned(), bytes: parts.concat().into_bytes() };
            let (sources, diagnostics) = match load(vec![source], &[]) {
                Ok(loaded) => (loaded.sources, loaded.warnings),
                Err(report) => (report.sources, report.diagnostics),
            };
            for diagnostic in &diagnostics {
                proptest::prop_assert!(!snippet(&sources, diagnostic).is_empty());
                proptest::prop_assert!(plain(&sources, diagnostic).starts_with("config.yaml"));
            }
            json(&sources, &diagnostics);
        }
    }

    const PARTS: &[&str] = &[
        "replicas:",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "prometheus: ",
        "2",
        "-1",
        "2.0",
        "1e99",
        ".inf",
        "~",
        "x",
        "ä",
        "'",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "- ",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "|\n",
        "resources: ",
        "cpu: ",
        "100m",
        "tolerations: ",
        "key: ",
        "retention: ",
        "metrics: ",
        "5m: ",
        "charts: ",
        "loki: ",
        "values: ",
        "null",
        "\t",
        "# c",
        "---\n",
        "\r\n",
        "\u{feff}",
        "\u{2028}",
        "delivery: ",
        "yes",
        "0x1F",
        "1_000",
        ": ",
    ];

    #[test]
    fn a_source_without_text_has_no_place() {
        let sources = vec![Source { name: "x".to_owned(), bytes: vec![0xff] }];
        let diagnostic = Diagnostic::of_source(0, None, "cannot be read").with_help("try again");
        assert_eq!(snippet(&sources, &diagnostic), "x: error: cannot be read\n  help: try again\n");
    }

    fn strip_escapes(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').map_or("", |(_, rest)| rest);
        }
        plain + rest
    }
}
