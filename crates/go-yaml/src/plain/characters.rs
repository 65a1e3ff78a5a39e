//! Which texts hold nothing but ordinary characters.

/// Whether a text has only line feeds, printable ASCII and characters beyond it that mean nothing to YAML. Tabs
/// are let through here, and looked at where they stand.
pub(super) fn are_plain(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        let Some(odd) = rest.iter().position(|&byte| !is_ordinary(byte)) else { return true };
        let Some(length) = beyond_ascii(&rest[odd..]) else { return false };
        rest = &rest[odd + length..];
    }
}

fn is_ordinary(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t')
}

/// Bytes of a character beyond ASCII, if it is an ordinary one: no control, no line break of YAML 1.1, no byte
/// order mark, none for private use, which the general way has a use for.
fn beyond_ascii(text: &[u8]) -> Option<usize> {
    match text {
        [0xc2, second, ..] => (*second >= 0xa0).then_some(2),
        [0xc3..=0xdf, _, ..] => Some(2),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => None,
        [0xee | 0xef, ..] => None,
        [0xe0..=0xed, _, _, ..] => Some(3),
        _ => None,
    }
}
