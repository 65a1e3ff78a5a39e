//! Conditions: an operator and a pattern.

use std::cmp::Ordering;
use std::fmt;

use crate::error::{Error, quote};
use crate::pattern::Parts;
use crate::version::{Version, compare_prereleases};

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

/// From which part on a pattern is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Open {
    Major,
    Minor,
    Patch,
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct Condition {
    operator: Operator,
    open: Open,
    /// The pattern with zeros in the place of what is open.
    version: Version,
    written_operator: String,
    written_pattern: String,
}

impl Condition {
    pub(crate) fn is_operator(text: &str) -> bool {
        operator(text).is_some()
    }

    pub(crate) fn new(written_operator: &str, parts: &Parts<'_>) -> Result<Self, Error> {
        let is_open = |part: Option<&str>| matches!(part, None | Some("x" | "X" | "*"));
        let zeros = |open, numbers: &[Option<&str>]| {
            let mut numbers: Vec<_> = numbers.iter().copied().flatten().collect();
            numbers.resize(3, "0");
            (open, numbers.join("."))
        };
        let (open, mut version) = if is_open(Some(parts.major)) {
            zeros(Open::Major, &[])
        } else if is_open(parts.minor) {
            zeros(Open::Minor, &[Some(parts.major)])
        } else if is_open(parts.patch) {
            zeros(Open::Patch, &[Some(parts.major), parts.minor])
        } else {
            zeros(Open::Nothing, &[Some(parts.major), parts.minor, parts.patch])
        };
        if let Some(prerelease) = parts.prerelease {
            version.push('-');
            version.push_str(prerelease);
        }
        let refused = |_| Error::new("constraint parser error");
        Ok(Condition {
            operator: operator(written_operator)
                .ok_or_else(|| Error::improper_constraint(written_operator))?,
            open,
            version: Version::parse(&version).map_err(refused)?,
            written_operator: written_operator.to_owned(),
            written_pattern: parts.text.to_owned(),
        })
    }

    pub(crate) fn has_prerelease(&self) -> bool {
        !self.version.prerelease.is_empty()
    }

    /// Nothing if a version satisfies the condition, else why not.
    pub(crate) fn check(&self, version: &Version, takes_prereleases: bool) -> Result<(), Error> {
        if !version.prerelease.is_empty() && !takes_prereleases {
            let version = quote(&version.to_string());
            return Err(Error::new(format!(
                "{version} is a prerelease version and the constraint is only looking for release versions"
            )));
        }
        match self.operator {
            Operator::Equal if self.open == Open::Nothing => {
                self.require(version, version.compare(&self.version).is_eq(), "is not equal to")
            }
            Operator::Equal | Operator::Tilde => self.check_tilde(version),
            Operator::NotEqual => self.require(version, self.differs(version), "is equal to"),
            Operator::Greater => {
                self.require(version, self.is_less_than(version), "is less than or equal to")
            }
            Operator::Less => {
                let is_less = version.compare(&self.version).is_lt();
                self.require(version, is_less, "is greater than or equal to")
            }
            Operator::GreaterOrEqual => {
                self.require(version, version.compare(&self.version).is_ge(), "is less than")
            }
            Operator::LessOrEqual => self.require(version, self.is_at_least(version), "is greater than"),
            Operator::Caret => self.check_caret(version),
        }
    }

    fn require(&self, version: &Version, holds: bool, otherwise: &str) -> Result<(), Error> {
        if holds {
            return Ok(());
        }
        let (version, pattern) = (quote(&version.to_string()), quote(&self.written_pattern));
        // One message of the original goes on behind the pattern.
        Err(Error::new(match otherwise.split_once("{}") {
            Some((before, behind)) => format!("{version} {before}{pattern}{behind}"),
            None => format!("{version} {otherwise} {pattern}"),
        }))
    }

    fn differs(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.open == Open::Nothing {
            return version.compare(own).is_ne();
        }
        if own.major != version.major {
            return true;
        }
        match self.open {
            Open::Minor => false,
            _ if own.minor != version.minor => true,
            Open::Patch => compare_prereleases(&version.prerelease, &own.prerelease).is_ne(),
            // The original forgot that all may be open, and compares with 0.0.0.
            _ => own.patch != version.patch || version.compare(own).is_ne(),
        }
    }

    fn is_less_than(&self, version: &Version) -> bool {
        let own = &self.version;
        match (self.open, version.major.cmp(&own.major)) {
            (Open::Nothing, _) | (Open::Major, Ordering::Equal) => version.compare(own).is_gt(),
            (_, Ordering::Greater) => true,
            (_, Ordering::Less) | (Open::Minor, _) => false,
            (Open::Patch, _) => version.minor > own.minor,
        }
    }

    fn is_at_least(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.open == Open::Nothing {
            return version.compare(own).is_le();
        }
        match version.major.cmp(&own.major) {
            Ordering::Greater => false,
            Ordering::Equal => self.open == Open::Minor || version.minor <= own.minor,
            Ordering::Less => true,
        }
    }

    fn check_tilde(&self, version: &Version) -> Result<(), Error> {
        let own = &self.version;
        self.require(version, version.compare(own).is_ge(), "is less than")?;
        let is_zero = (own.major, own.minor, own.patch) == (0, 0, 0);
        if is_zero && matches!(self.open, Open::Major | Open::Nothing) {
            return Ok(());
        }
        self.require(version, version.major == own.major, "does not have same major version as")?;
        let same_minor = version.minor == own.minor || self.open == Open::Minor;
        self.require(version, same_minor, "does not have same major and minor version as")
    }

    fn check_caret(&self, version: &Version) -> Result<(), Error> {
        let own = &self.version;
        self.require(version, version.compare(own).is_ge(), "is less than")?;
        self.require(version, version.major == own.major, "does not have same major version as")?;
        if own.major > 0 || self.open == Open::Minor {
            return Ok(());
        }
        if own.minor > 0 || self.open == Open::Patch {
            let otherwise = "does not have same minor version as {}. Expected minor versions to match when \
                             constraint major version is 0";
            return self.require(version, version.minor == own.minor, otherwise);
        }
        self.require(version, version.minor == 0, "does not have same minor version as")?;
        let otherwise =
            "does not equal {}. Expect version and constraint to equal when major and minor versions are 0";
        self.require(version, version.patch == own.patch, otherwise)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.written_operator, self.written_pattern)
    }
}

fn operator(text: &str) -> Option<Operator> {
    Some(match text {
        "" | "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        "<" => Operator::Less,
        ">=" | "=>" => Operator::GreaterOrEqual,
        "<=" | "=<" => Operator::LessOrEqual,
        "~" | "~>" => Operator::Tilde,
        "^" => Operator::Caret,
        _ => return None,
    })
}
