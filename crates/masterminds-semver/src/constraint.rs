//! Constraints: groups of conditions.

use std::fmt;
use std::str::FromStr;

use crate::condition::Condition;
use crate::error::Error;
use crate::pattern::{self, Parts, is_pattern_digit, skip_space};
use crate::version::Version;

/// What a version has to satisfy.
#[derive(Clone, Debug)]
pub struct Constraint {
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct Group {
    conditions: Vec<Condition>,
    /// Whether a condition asks for pre-releases, which lets them through all the others.
    takes_prereleases: bool,
}

impl Constraint {
    /// Reads a constraint: Go's `NewConstraint`.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        const BYTES: usize = 512;
        const GROUPS: usize = 32;
        if text.len() > BYTES {
            return Err(Error::new(format!("constraint string is too long (max {BYTES} bytes)")));
        }
        let text = without_ranges(text);
        if text.split("||").count() > GROUPS {
            return Err(Error::new(format!("too many constraint groups (max {GROUPS})")));
        }
        let groups: Result<_, _> = text.split("||").map(Group::parse).collect();
        Ok(Constraint { groups: groups? })
    }

    /// Whether a version satisfies it.
    #[must_use]
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let holds = |condition: &Condition| condition.check(version, group.takes_prereleases).is_ok();
            group.conditions.iter().all(holds)
        })
    }

    /// Whether a version satisfies it, and if not, why not.
    ///
    /// # Errors
    ///
    /// One for each condition that does not hold. That the version is a pre-release is said once.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<Error>> {
        let mut reasons = Vec::new();
        let mut is_prerelease_said = false;
        for group in &self.groups {
            let mut holds = true;
            for condition in &group.conditions {
                let Err(reason) = condition.check(version, group.takes_prereleases) else { continue };
                holds = false;
                if !version.prerelease.is_empty() && !group.takes_prereleases {
                    if is_prerelease_said {
                        continue;
                    }
                    is_prerelease_said = true;
                }
                reasons.push(reason);
            }
            if holds {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

impl FromStr for Constraint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Constraint::parse(text)
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.groups.iter().enumerate() {
            f.write_str(if index > 0 { " || " } else { "" })?;
            for (index, condition) in group.conditions.iter().enumerate() {
                f.write_str(if index > 0 { " " } else { "" })?;
                write!(f, "{condition}")?;
            }
        }
        Ok(())
    }
}

impl Group {
    fn parse(text: &str) -> Result<Self, Error> {
        let tokens = conditions(text).ok_or_else(|| Error::improper_constraint(text))?;
        let conditions: Result<Vec<_>, _> =
            tokens.iter().map(|(operator, parts)| Condition::new(operator, parts)).collect();
        let conditions = conditions?;
        let takes_prereleases = conditions.iter().any(Condition::has_prerelease);
        Ok(Group { conditions, takes_prereleases })
    }
}

/// The operators and patterns of a group. Space or a comma has to part them.
fn conditions(text: &str) -> Option<Vec<(&str, Parts<'_>)>> {
    let mut conditions = Vec::new();
    let mut rest = skip_space(text);
    loop {
        let end = rest.bytes().position(|byte| !b"=!<>~^".contains(&byte)).unwrap_or(rest.len());
        let (operator, after) = rest.split_at(end);
        let (parts, after) = pattern::split(skip_space(after), is_pattern_digit)?;
        conditions.push((operator, parts));
        let next = skip_space(after);
        if next.is_empty() {
            return known(conditions);
        }
        rest = match next.strip_prefix(',') {
            Some(next) => skip_space(next),
            None if next.len() < after.len() => next,
            None => return None,
        };
    }
}

fn known<'a>(conditions: Vec<(&'a str, Parts<'a>)>) -> Option<Vec<(&'a str, Parts<'a>)>> {
    conditions.iter().all(|(operator, _)| Condition::is_operator(operator)).then_some(conditions)
}

/// The text with each `a - b` turned into two conditions.
fn without_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    let mut rest = text;
    while let Some((range, conditions, after)) = find_range(rest) {
        // The original replaces the first text that looks the same, be it the one found or not.
        out = out.replacen(range, &conditions, 1);
        rest = after;
    }
    out
}

/// The first range: its text, its conditions, and what follows.
fn find_range(text: &str) -> Option<(&str, String, &str)> {
    text.char_indices().find_map(|(at, _)| {
        let start = &text[at..];
        let (low, rest) = pattern::split(skip_space(start), is_pattern_digit)?;
        let rest = skip_some_space(skip_some_space(rest)?.strip_prefix('-')?)?;
        let (high, rest) = pattern::split(rest, is_pattern_digit)?;
        let rest = skip_space(rest);
        let range = &start[..start.len() - rest.len()];
        Some((range, format!(">= {}, <= {} ", low.text, high.text), rest))
    })
}

fn skip_some_space(text: &str) -> Option<&str> {
    let rest = skip_space(text);
    (rest.len() < text.len()).then_some(rest)
}
