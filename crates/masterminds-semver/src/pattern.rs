//! The shape that versions and the patterns of constraints share.

/// The parts of a version or a pattern, as they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    /// All of it.
    pub(crate) text: &'a str,
    pub(crate) major: &'a str,
    pub(crate) minor: Option<&'a str>,
    pub(crate) patch: Option<&'a str>,
    pub(crate) prerelease: Option<&'a str>,
    pub(crate) metadata: Option<&'a str>,
}

/// Reads the longest version that a text begins with, given what its numbers are made of, and returns what
/// follows it too.
///
/// The longest is what the original's regular expressions find: no part can begin with what another may
/// continue with, so they have nothing to go back to.
pub(crate) fn split(text: &str, is_digit: fn(u8) -> bool) -> Option<(Parts<'_>, &str)> {
    let start = text.strip_prefix('v').unwrap_or(text);
    let (major, rest) = run(start, is_digit)?;
    let number = |rest| prefixed(rest, '.', |rest| run(rest, is_digit));
    let (minor, rest) = number(rest);
    let (patch, rest) = if minor.is_some() { number(rest) } else { (None, rest) };
    let (prerelease, rest) = prefixed(rest, '-', words);
    let (metadata, rest) = prefixed(rest, '+', words);
    let text = &text[..text.len() - rest.len()];
    Some((Parts { text, major, minor, patch, prerelease, metadata }, rest))
}

/// The digits of a pattern. The `|` slipped into the original's character class.
pub(crate) fn is_pattern_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

/// What Go's `\s` matches.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

pub(crate) fn skip_space(text: &str) -> &str {
    text.trim_start_matches(|rune: char| rune.is_ascii() && is_space(rune as u8))
}

fn run(text: &str, accepts: fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !accepts(byte)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn words(text: &str) -> Option<(&str, &str)> {
    let word = |text| run(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (_, mut rest) = word(text)?;
    while let Some((_, after)) = rest.strip_prefix('.').and_then(word) {
        rest = after;
    }
    Some(text.split_at(text.len() - rest.len()))
}

/// What a reader makes of the text behind a prefix, if both are there, and what follows.
fn prefixed<'a>(
    text: &'a str,
    prefix: char,
    read: impl Fn(&'a str) -> Option<(&'a str, &'a str)>,
) -> (Option<&'a str>, &'a str) {
    match text.strip_prefix(prefix).and_then(read) {
        Some((part, rest)) => (Some(part), rest),
        None => (None, text),
    }
}
