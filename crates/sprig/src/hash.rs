//! Checksums.

use data_encoding::HEXLOWER;
use go_template::Param::String as Str;
use go_template::{Error, Value};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};

use crate::arguments::{Entry, pure, text};

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("adler32sum", pure(&[Str], None, adler32sum)),
        ("sha1sum", pure(&[Str], None, |args| hex(&Sha1::digest(text(args, 0)?)))),
        ("sha256sum", pure(&[Str], None, |args| hex(&Sha256::digest(text(args, 0)?)))),
        ("sha512sum", pure(&[Str], None, |args| hex(&Sha512::digest(text(args, 0)?)))),
    ]
}

fn hex(digest: &[u8]) -> Result<Value, Error> {
    Ok(Value::string(HEXLOWER.encode(digest)))
}

fn adler32sum(args: &[Value]) -> Result<Value, Error> {
    const MODULUS: u32 = 65521;
    let (mut low, mut high) = (1, 0);
    for &byte in text(args, 0)? {
        low = (low + u32::from(byte)) % MODULUS;
        high = (high + low) % MODULUS;
    }
    Ok(Value::string((high << 16 | low).to_string()))
}
