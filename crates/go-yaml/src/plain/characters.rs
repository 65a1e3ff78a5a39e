//! Which texts hold nothing but ordinary characters.

/// Bytes that are looked at together.
const CHUNK: usize = 64;

/// Whether a text has only line feeds, printable ASCII and characters beyond it that mean nothing to YAML. Tabs
/// are let through here, and looked at where they stand.
pub(super) fn are_plain(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = behind_ordinary(rest);
        match beyond_ascii(rest) {
            Some(length) => rest = &rest[length..],
            None => return rest.is_empty(),
        }
    }
}

/// What is left from the first byte on that is not ordinary.
fn behind_ordinary(text: &[u8]) -> &[u8] {
    // Without a way out in the middle of a chunk, its bytes are looked at all at once.
    let is_odd = |chunk: &[u8]| chunk.iter().fold(false, |odd, &byte| odd | !is_ordinary(byte));
    let ordinary: usize = text.chunks(CHUNK).take_while(|chunk| !is_odd(chunk)).map(<[u8]>::len).sum();
    let rest = &text[ordinary..];
    let odd = rest.iter().position(|&byte| !is_ordinary(byte)).unwrap_or(rest.len());
    &rest[odd..]
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
