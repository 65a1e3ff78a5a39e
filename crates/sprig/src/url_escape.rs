//! Percent signs in the parts of a URL: `net/url`'s escape and unescape.

/// A part of a URL, each with characters of its own that are escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Fragment,
    Host,
    Path,
    User,
    Zone,
}

impl Part {
    /// `table` of Go's `encoding_table.go`.
    fn is_plain(self, byte: u8) -> bool {
        let others: &[u8] = match self {
            Part::Fragment => b"!$&()*+,-./:;=?@_~",
            Part::Host | Part::Zone => b"!\"$&'()*+,-.:;<=>[]_~",
            Part::Path => b"$&+,-./:;=@_~",
            Part::User => b"$&+,-.;=_~",
        };
        byte.is_ascii_alphanumeric() || others.contains(&byte)
    }
}

pub(crate) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for byte in text {
        if part.is_plain(*byte) {
            escaped.push(*byte);
        } else {
            escaped.extend(format!("%{byte:02X}").into_bytes());
        }
    }
    escaped
}

pub(crate) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            if matches!(part, Part::Host | Part::Zone) && first.is_ascii() && !part.is_plain(*first) {
                let character = go_fmt::quote(&char::from(*first).to_string());
                return Err(format!("invalid character {character} in host name"));
            }
            plain.push(*first);
            rest = after;
            continue;
        }
        let problem = || {
            let text = String::from_utf8_lossy(&rest[..rest.len().min(3)]).into_owned();
            Err(format!("invalid URL escape {}", go_fmt::quote(&text)))
        };
        let digits = (after.first().and_then(hex), after.get(1).and_then(hex));
        let (Some(high), Some(low)) = digits else { return problem() };
        let byte = high << 4 | low;
        let is_percent = byte == b'%';
        // In a host only what is not ASCII may be escaped, in a zone only what may stand there anyway.
        let is_allowed = match part {
            Part::Host => high >= 8 || is_percent,
            Part::Zone => is_percent || byte == b' ' || Part::Host.is_plain(byte),
            _ => true,
        };
        if !is_allowed {
            return problem();
        }
        plain.push(byte);
        rest = &after[2..];
    }
    Ok(plain)
}

fn hex(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
