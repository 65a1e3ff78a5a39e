//! The patterns of Go's `filepath.Match`.

/// Whether a pattern is well-formed.
pub(super) fn is_valid(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '[' => match class(rest, '\0') {
                Some((_, behind)) => behind,
                None => return false,
            },
            '\\' => match tail(rest).chars().next() {
                Some(_) => tail(tail(rest)),
                None => return false,
            },
            _ => tail(rest),
        };
    }
    true
}

/// Whether a well-formed pattern matches a whole name; `*` and `?` do not match slashes.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern;
    let mut name = name;
    // Where to go on if what follows the last star does not fit.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let step = match (pattern.chars().next(), name.chars().next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                pattern = tail(pattern);
                retry = Some((pattern, name));
                continue;
            }
            (Some('?'), Some(one)) if one != '/' => Some((tail(pattern), tail(name))),
            (Some('['), Some(one)) if one != '/' => match class(pattern, one) {
                Some((true, behind)) => Some((behind, tail(name))),
                _ => None,
            },
            (Some('\\'), Some(one)) if tail(pattern).starts_with(one) => {
                Some((tail(tail(pattern)), tail(name)))
            }
            (Some(literal), Some(one)) if literal == one && !matches!(literal, '?' | '[' | '\\') => {
                Some((tail(pattern), tail(name)))
            }
            _ => None,
        };
        match (step, retry) {
            (Some(next), _) => (pattern, name) = next,
            (None, Some((after, from))) => match from.chars().next() {
                Some(skipped) if skipped != '/' => {
                    (pattern, name) = (after, tail(from));
                    retry = Some((after, tail(from)));
                }
                _ => return false,
            },
            (None, None) => return false,
        }
    }
}

fn tail(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// Whether `[...]` at the start of a pattern has a character, and what follows it. None if it is malformed.
fn class(pattern: &str, one: char) -> Option<(bool, &str)> {
    let mut rest = pattern.strip_prefix('[')?;
    let negated = rest.starts_with('^');
    if negated {
        rest = tail(rest);
    }
    let mut found = false;
    let mut ranges = 0;
    loop {
        if let Some(behind) = rest.strip_prefix(']')
            && ranges > 0
        {
            return Some((found != negated, behind));
        }
        let (low, behind) = member(rest)?;
        rest = behind;
        let mut high = low;
        if let Some(behind) = rest.strip_prefix('-') {
            (high, rest) = member(behind)?;
        }
        found |= low <= one && one <= high;
        ranges += 1;
    }
}

fn member(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let mut first = chars.next()?;
    if first == '-' || first == ']' {
        return None;
    }
    if first == '\\' {
        first = chars.next()?;
    }
    // Something must follow, if only the bracket.
    (!chars.as_str().is_empty()).then_some((first, chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        for (pattern, name, expected) in [
            ("*", "a.txt", true),
            ("*", "a/b", false),
            ("*.bak", "x.bak", true),
            ("a*b*c", "axxbxbyc", true),
            ("a*/b", "aX/b", true),
            ("a*/b", "a/X/b", false),
            ("?", "/", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[\\]]", "]", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("templates/.?*", "templates/.x", true),
            ("templates/.?*", "templates/.", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} and {name}");
        }
        for (pattern, expected) in
            [("[", false), ("[]", false), ("[a", false), ("\\", false), ("[a-]", false), ("[a]", true)]
        {
            assert_eq!(is_valid(pattern), expected, "{pattern}");
        }
    }
}
