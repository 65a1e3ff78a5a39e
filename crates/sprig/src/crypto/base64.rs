//! Base64 that may have line breaks in it.

use data_encoding::{BASE64, DecodeError, Encoding, Specification};
use go_template::Error;

/// Go's `base64.StdEncoding.DecodeString`.
pub(super) fn decode_base64(source: &[u8]) -> Result<Vec<u8>, Error> {
    let is_newline = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let decoded = if source.iter().any(is_newline) {
        lenient().and_then(|encoding| encoding.decode(source).ok().ok_or(source.len()))
    } else {
        BASE64.decode(source).map_err(|DecodeError { position, .. }| position)
    };
    decoded.map_err(|at| Error(format!("illegal base64 data at input byte {at}")))
}

fn lenient() -> Result<Encoding, usize> {
    let mut specification: Specification = BASE64.specification();
    specification.ignore.push_str("\r\n");
    specification.encoding().map_err(|_| 0)
}
