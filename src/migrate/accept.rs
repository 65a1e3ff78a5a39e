//! Takes out of a draft what monstack refuses.

use std::collections::HashSet;

use super::draft::{Draft, path};
use super::report::{Findings, Outcome};
use crate::config::diagnostic::{Diagnostic, Severity};
use crate::config::path::Path;
use crate::config::{Config, MAX_BYTES, Source, load};
use crate::stream;

/// Loads the draft as `monstack validate` would. What is refused is taken out and listed, until the rest is
/// valid.
///
/// # Errors
///
/// When there is nothing to take out: the problem is the size of the whole, or a default.
pub(super) fn accept(draft: &mut Draft, findings: &mut Findings) -> Result<Config, Vec<Diagnostic>> {
    loop {
        let bytes = stream::document(&draft.tree()).into_bytes();
        if bytes.len() > MAX_BYTES {
            return Err(vec![Diagnostic::of_source(0, None, "the config would be larger than 1 MiB")]);
        }
        let source = Source { name: String::new(), bytes };
        let diagnostics = match load(vec![source], &[]) {
            Ok(loaded) => return Ok(loaded.config),
            Err(report) => report.diagnostics,
        };
        let errors = || diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let mut removed: HashSet<Path> = HashSet::new();
        let places: Vec<_> = errors().map(|found| draft.place(&found.path)).collect();
        // From the last one, so that the items of a list keep their numbers.
        for found in errors().rev() {
            let is_gone = found.path.and_above().any(|path| removed.contains(&path));
            if !is_gone {
                removed.extend(draft.remove(&found.path));
            }
        }
        for (found, place) in errors().zip(places) {
            findings.add(Outcome::LeftOut, place, found.path.to_string(), found.message.clone());
            if found.path == path(&["podSecurity", "enforce"]) {
                findings.help("monstack computes the strictest level at which all of its pods run");
            } else if let Some(help) = &found.help {
                findings.help(help.clone());
            }
        }
        if removed.is_empty() {
            let place = |found: &Diagnostic| Diagnostic { source: 0, span: None, ..found.clone() };
            return Err(errors().map(place).collect());
        }
    }
}
