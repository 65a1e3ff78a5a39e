//! Versions and their order.

use std::cmp::Ordering;
use std::fmt;

use crate::error::Error;
use crate::pattern;

/// A version.
///
/// It has no `==` and `<` of its own: [`Version::compare`] finds versions equal that differ in metadata.
#[derive(Clone, Debug)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number; 0 if it was left out.
    pub minor: u64,
    /// The third number; 0 if it was left out.
    pub patch: u64,
    /// What followed the `-`.
    pub prerelease: String,
    /// What followed the `+`.
    pub metadata: String,
    /// How the version was written.
    pub original: String,
}

impl Version {
    /// Reads a version, which may begin with a `v` and leave numbers out: Go's `NewVersion`.
    ///
    /// # Errors
    ///
    /// If it is no version.
    pub fn parse(text: &str) -> Result<Self, Error> {
        check_length(text)?;
        let (parts, rest) =
            pattern::split(text, |byte| byte.is_ascii_digit()).ok_or_else(Error::invalid_version)?;
        if !rest.is_empty() {
            return Err(Error::invalid_version());
        }
        let number = |part: Option<&str>| match part {
            Some(digits) => {
                number(digits).map_err(|error| Error::new(format!("error parsing version segment: {error}")))
            }
            None => Ok(0),
        };
        let version = Version {
            major: number(Some(parts.major))?,
            minor: number(parts.minor)?,
            patch: number(parts.patch)?,
            prerelease: parts.prerelease.unwrap_or_default().to_owned(),
            metadata: parts.metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        };
        if parts.prerelease.is_some() {
            check_prerelease(&version.prerelease)?;
        }
        Ok(version)
    }

    /// Reads a version that follows the specification to the letter: Go's `StrictNewVersion`.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn parse_strict(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::new("version string empty"));
        }
        check_length(text)?;
        let mut numbers = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (numbers.next(), numbers.next(), numbers.next()) else {
            return Err(Error::invalid_version());
        };
        let (rest, metadata) = match rest.split_once('+') {
            Some((rest, metadata)) => {
                check_metadata(metadata)?;
                (rest, metadata)
            }
            None => (rest, ""),
        };
        let (patch, prerelease) = match rest.split_once('-') {
            Some((patch, prerelease)) => {
                check_prerelease(prerelease)?;
                (patch, prerelease)
            }
            None => (rest, ""),
        };
        for part in [major, minor, patch] {
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::new("invalid characters in version"));
            }
            if part.len() > 1 && part.starts_with('0') {
                return Err(Error::leading_zero());
            }
        }
        Ok(Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        })
    }

    /// The order of two versions by precedence, which leaves the metadata out.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
            }
        })
    }

    /// The release after this one; of a pre-release, the release that it precedes.
    ///
    /// # Errors
    ///
    /// If the number has no successor.
    pub fn next_patch(&self) -> Result<Self, Error> {
        let patch = if self.prerelease.is_empty() { successor(self.patch, "patch")? } else { self.patch };
        Ok(self.followed_by(self.major, self.minor, patch))
    }

    /// The next minor version.
    ///
    /// # Errors
    ///
    /// If the number has no successor.
    pub fn next_minor(&self) -> Result<Self, Error> {
        Ok(self.followed_by(self.major, successor(self.minor, "minor")?, 0))
    }

    /// The next major version.
    ///
    /// # Errors
    ///
    /// If the number has no successor.
    pub fn next_major(&self) -> Result<Self, Error> {
        Ok(self.followed_by(successor(self.major, "major")?, 0, 0))
    }

    /// The version with another pre-release, or with none.
    ///
    /// # Errors
    ///
    /// If it is no pre-release.
    pub fn with_prerelease(&self, prerelease: &str) -> Result<Self, Error> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(Version { prerelease: prerelease.to_owned(), ..self.clone() }.written_anew())
    }

    /// The version with other metadata, or with none.
    ///
    /// # Errors
    ///
    /// If it is no metadata.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(Version { metadata: metadata.to_owned(), ..self.clone() }.written_anew())
    }

    fn followed_by(&self, major: u64, minor: u64, patch: u64) -> Self {
        let original = self.original.clone();
        let (prerelease, metadata) = (String::new(), String::new());
        Version { major, minor, patch, prerelease, metadata, original }.written_anew()
    }

    fn written_anew(mut self) -> Self {
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{prefix}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn check_length(text: &str) -> Result<(), Error> {
    const LIMIT: usize = 256;
    if text.len() <= LIMIT {
        return Ok(());
    }
    Err(Error::new(format!("version string is too long (max {LIMIT} bytes)")))
}

fn successor(number: u64, name: &str) -> Result<u64, Error> {
    let message = || Error::new(format!("{name} version increment would overflow uint64"));
    number.checked_add(1).ok_or_else(message)
}

/// Go's `ParseUint` of a text that has nothing but digits.
fn number(digits: &str) -> Result<u64, Error> {
    digits.parse().map_err(|_| {
        let reason = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
        Error::new(format!("strconv.ParseUint: parsing \"{digits}\": {reason}"))
    })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn check_prerelease(text: &str) -> Result<(), Error> {
    for word in text.split('.') {
        if !is_word(word) {
            return Err(Error::invalid_prerelease());
        }
        if word.len() > 1 && word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::leading_zero());
        }
    }
    Ok(())
}

fn check_metadata(text: &str) -> Result<(), Error> {
    if text.split('.').all(is_word) { Ok(()) } else { Err(Error::invalid_metadata()) }
}

/// The order of two pre-releases, of which either may be empty.
pub(crate) fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => {
                let order = compare_words(left.unwrap_or_default(), right.unwrap_or_default());
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

fn compare_words(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    if left.is_empty() || right.is_empty() {
        return left.len().cmp(&right.len());
    }
    match (number(left), number(right)) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        // Numbers that are too large for Go are among these.
        (Err(_), Err(_)) => left.cmp(right),
    }
}
