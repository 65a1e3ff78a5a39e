//! Go's view of strings as runes.

use go_template::{Error, Text, TextBuilder, ensure_items_fit};

/// The code points of a text; every byte that is not UTF-8 is a U+FFFD of its own.
pub(crate) fn runes(text: &[u8]) -> impl Iterator<Item = char> {
    text.utf8_chunks().flat_map(|chunk| {
        let invalid = chunk.invalid().len();
        chunk.valid().chars().chain(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, invalid))
    })
}

/// The pieces of a text that hold one rune each; a byte that is not UTF-8 stays as it is.
pub(crate) fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid();
        let runes = valid.char_indices().map(move |(at, rune)| &valid.as_bytes()[at..at + rune.len_utf8()]);
        runes.chain(chunk.invalid().chunks(1))
    })
}

/// `unicode.ToUpper`, which never makes two characters of one.
pub(crate) fn to_upper(rune: char) -> char {
    single(rune, rune.to_uppercase())
}

/// `unicode.ToLower`.
pub(crate) fn to_lower(rune: char) -> char {
    if rune == '\u{130}' { 'i' } else { single(rune, rune.to_lowercase()) }
}

/// `unicode.ToTitle`.
pub(crate) fn to_title(rune: char) -> char {
    match rune {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => rune,
        _ => to_upper(rune),
    }
}

fn single(rune: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => rune,
    }
}

/// The position of `needle` in `text`.
pub(crate) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}

/// Every occurrence of `from` replaced. An empty `from` occurs before every rune and at the end.
pub(crate) fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Result<Text, Error> {
    let mut result = TextBuilder::with_capacity(text.len());
    if from.is_empty() {
        for piece in pieces(text) {
            result.push(to)?;
            result.push(piece)?;
        }
        result.push(to)?;
        return Ok(result.into());
    }
    let mut rest = text;
    while let Some(at) = find(rest, from) {
        result.push(&rest[..at])?;
        result.push(to)?;
        rest = &rest[at + from.len()..];
    }
    result.push(rest)?;
    Ok(result.into())
}

/// `strings.SplitN`: at most `limit` parts if it is not negative.
///
/// Each part is to become a value of its own.
pub(crate) fn split<'a>(text: &'a [u8], separator: &[u8], limit: i64) -> Result<Vec<&'a [u8]>, Error> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if limit == 0 {
        return Ok(parts);
    }
    let mut rest = text;
    if separator.is_empty() {
        for piece in pieces(text) {
            if parts.len() + 1 == limit {
                break;
            }
            ensure_items_fit(parts.len())?;
            parts.push(piece);
            rest = &rest[piece.len()..];
        }
        if !rest.is_empty() {
            parts.push(rest);
        }
        return Ok(parts);
    }
    while parts.len() + 1 < limit {
        let Some(at) = find(rest, separator) else { break };
        ensure_items_fit(parts.len())?;
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    Ok(parts)
}
