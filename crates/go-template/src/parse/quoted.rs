//! What strings say: `strconv.Unquote`.

/// `strconv.Unquote` of a string in double quotes or backquotes.
pub(super) fn unquote(quoted: &str) -> Option<Vec<u8>> {
    if let Some(raw) = quoted.strip_prefix('`') {
        let raw = raw.strip_suffix('`')?;
        return Some(raw.bytes().filter(|&byte| byte != b'\r').collect());
    }
    let mut rest = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        if c != '\\' {
            bytes.extend_from_slice(&rest.as_bytes()[..c.len_utf8()]);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (meaning, after) = escape(rest, '"')?;
        match meaning {
            Meaning::Byte(byte) => bytes.push(byte),
            Meaning::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = after;
    }
    Some(bytes)
}

/// What an escape stands for.
pub(super) enum Meaning {
    Byte(u8),
    Char(char),
}

/// An escape, and what follows it.
pub(super) fn escape(text: &str, quote: char) -> Option<(Meaning, &str)> {
    let mut chars = text.strip_prefix('\\')?.chars();
    let c = chars.next()?;
    let rest = chars.as_str();
    let simple = |c: char| Some((Meaning::Char(c), rest));
    match c {
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        '\\' => simple('\\'),
        '\'' | '"' if c == quote => simple(c),
        'x' | 'u' | 'U' => {
            let length = match c {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let digits = rest.get(..length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let code = u32::from_str_radix(digits, 16).ok()?;
            let meaning = match c {
                'x' => Meaning::Byte(u8::try_from(code).ok()?),
                _ => Meaning::Char(char::from_u32(code)?),
            };
            Some((meaning, &rest[length..]))
        }
        '0'..='7' => {
            let digits =
                text.get(1..4).filter(|digits| digits.bytes().all(|b| (b'0'..=b'7').contains(&b)))?;
            let code = u32::from_str_radix(digits, 8).ok()?;
            Some((Meaning::Byte(u8::try_from(code).ok()?), &text[4..]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        assert_eq!(unquote(r#""a\tb\x41\u00e9\101""#), Some("a\tbA\u{e9}A".into()));
        assert_eq!(unquote("`a\\n`"), Some(b"a\\n".to_vec()));
        assert_eq!(unquote(r#""\'""#), None);
    }
}
