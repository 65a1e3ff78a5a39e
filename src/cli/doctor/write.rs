//! A report as text: problems with evidence and fix, then what is only to be known, and what could not be looked at.

use std::fmt::Write as _;

use crate::cli::report::counted;
use crate::doctor::{Finding, Report};

/// So many objects of one problem are named.
const NAMED: usize = 6;

/// The report as text.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for problem in &report.problems {
        let _ = writeln!(text, "problem: {}", line(problem));
        for words in &problem.evidence {
            let _ = writeln!(text, "  evidence: {words}");
        }
        for fix in &problem.fix {
            let _ = writeln!(text, "  fix: {fix}");
        }
        for consequence in &problem.consequences {
            let words = consequence.evidence.first().map_or_else(String::new, |words| format!(" ({words})"));
            let _ = writeln!(text, "  so: {}{words}", line(consequence));
        }
        text.push('\n');
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}");
    }
    // What is forbidden is long-winded, and says the same for each kind.
    let (forbidden, others): (Vec<_>, Vec<_>) =
        report.unchecked.iter().partition(|unchecked| unchecked.why.contains("(Forbidden)"));
    if !forbidden.is_empty() {
        let what: Vec<_> = forbidden.iter().map(|unchecked| unchecked.what.as_str()).collect();
        let _ = writeln!(text, "not checked, since it is forbidden: {}", what.join(", "));
    }
    for unchecked in others {
        let _ = writeln!(text, "not checked: {}: {}", unchecked.what, unchecked.why);
    }
    if !report.notes.is_empty() || !report.unchecked.is_empty() {
        text.push('\n');
    }
    match report.applied {
        Some(true) => {}
        Some(false) => {
            text.push_str("The stack is not in the cluster: only its prerequisites were checked.\n");
        }
        None => text.push_str("Whether the stack is in the cluster could not be found out.\n"),
    }
    let _ = writeln!(text, "checked: {}", report.checked.join("; "));
    let consequences: usize = report.problems.iter().map(|problem| problem.consequences.len()).sum();
    let _ = match (report.problems.len(), consequences) {
        (0, _) if report.unchecked.is_empty() => writeln!(text, "no problems"),
        (0, _) => writeln!(text, "no problems in what could be checked"),
        (count, 0) => writeln!(text, "{}", counted(count, "problem")),
        (count, more) => {
            writeln!(text, "{} with {}", counted(count, "problem"), counted(more, "consequence"))
        }
    };
    text
}

/// The object and what is wrong with it.
fn line(finding: &Finding) -> String {
    let others = finding.also.len();
    let named: Vec<_> = finding.also.iter().take(NAMED).map(|object| object.name.as_str()).collect();
    let more = if others > NAMED { format!(" and {} more", others - NAMED) } else { String::new() };
    // The finding about several objects names them by itself, or they are alike.
    let also = if others > 0 && !finding.finding.starts_with("and ") {
        format!(" (also {}{more})", named.join(", "))
    } else {
        String::new()
    };
    format!("{}{also}: {}", finding.object, finding.finding).replace(": and ", " and ")
}
