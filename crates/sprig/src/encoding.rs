//! Base64 and base32. What cannot be decoded turns into the text of the error.

use data_encoding::{BASE32, BASE64};
use go_template::Param::String as Str;
use go_template::{Error, Value};

use crate::arguments::{Entry, pure, text};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("b32dec", pure(&[Str], None, b32dec)),
        ("b32enc", pure(&[Str], None, |args| Ok(Value::string(BASE32.encode(text(args, 0)?))))),
        ("b64dec", pure(&[Str], None, b64dec)),
        ("b64enc", pure(&[Str], None, |args| Ok(Value::string(BASE64.encode(text(args, 0)?))))),
    ]
}

fn b64dec(args: &[Value]) -> Result<Value, Error> {
    Ok(match decode_base64(text(args, 0)?) {
        Ok(bytes) => Value::string(bytes),
        Err(at) => Value::string(format!("illegal base64 data at input byte {at}")),
    })
}

fn b32dec(args: &[Value]) -> Result<Value, Error> {
    let source: Vec<u8> = text(args, 0)?.iter().copied().filter(|byte| !is_newline(*byte)).collect();
    Ok(match decode_base32(&source) {
        Ok(bytes) => Value::string(bytes),
        Err(at) => Value::string(format!("illegal base32 data at input byte {at}")),
    })
}

fn is_newline(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// The offset in the error is the one that Go reports, so this reads the text the way Go does.
fn decode_base64(source: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(source.len() / 4 * 3);
    let mut at = 0;
    loop {
        let (mut bits, mut count) = (0u32, 0);
        while count < 4 {
            let Some(&byte) = source.get(at) else {
                return if count == 0 { Ok(bytes) } else { Err(at - count) };
            };
            at += 1;
            if let Some(digit) = base64_digit(byte) {
                bits = bits << 6 | digit;
                count += 1;
            } else if is_newline(byte) {
                continue;
            } else if byte != b'=' || count < 2 {
                return Err(at - 1);
            } else {
                let skip = |at: usize| at + source[at..].iter().take_while(|byte| is_newline(**byte)).count();
                if count == 2 {
                    at = skip(at);
                    match source.get(at) {
                        None => return Err(source.len()),
                        Some(b'=') => at += 1,
                        Some(_) => return Err(at - 1),
                    }
                }
                at = skip(at);
                if at < source.len() {
                    return Err(at);
                }
                let full = (bits << (6 * (4 - count))).to_be_bytes();
                bytes.extend_from_slice(&full[1..count]);
                return Ok(bytes);
            }
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
}

fn base64_digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

fn decode_base32(source: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(source.len() / 8 * 5);
    let mut at = 0;
    while at < source.len() {
        let (mut bits, mut count) = (0u64, 0);
        let mut end = false;
        while count < 8 {
            let Some(&byte) = source.get(at) else { return Err(at - count) };
            at += 1;
            let left = source.len() - at;
            if byte == b'=' && count >= 2 && left < 8 {
                if left + count < 7 {
                    return Err(source.len());
                }
                for index in 0..7 - count {
                    if source.get(at + index).is_some_and(|byte| *byte != b'=') {
                        return Err(at + index - 1);
                    }
                }
                if matches!(count, 1 | 3 | 6) {
                    return Err(at - 1);
                }
                end = true;
                break;
            }
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'2'..=b'7' => byte - b'2' + 26,
                _ => return Err(at - 1),
            };
            bits = bits << 5 | u64::from(digit);
            count += 1;
        }
        let full = (bits << (5 * (8 - count))).to_be_bytes();
        bytes.extend_from_slice(&full[3..3 + count * 5 / 8]);
        if end {
            break;
        }
    }
    Ok(bytes)
}
