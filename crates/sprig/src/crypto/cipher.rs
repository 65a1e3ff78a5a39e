//! AES-256 in CBC mode, the initialisation vector in front and all of it in base64.

use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use data_encoding::BASE64;
use go_template::{Error, Value};

use super::base64::decode_base64;
use crate::arguments::text;

const BLOCK: usize = 16;

pub(super) fn encrypt_aes(args: &[Value]) -> Result<Value, Error> {
    let (password, plain) = (text(args, 0)?, text(args, 1)?);
    if plain.is_empty() {
        return Ok(Value::string(""));
    }
    let mut vector = [0; BLOCK];
    getrandom::fill(&mut vector).map_err(|error| Error(error.to_string()))?;
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &vector.into());
    let encrypted = cipher.encrypt_padded_vec::<Pkcs7>(plain);
    Ok(Value::string(BASE64.encode(&[&vector, &encrypted[..]].concat())))
}

/// The errors are those that Go's runtime has for the original, which checks nothing.
pub(super) fn decrypt_aes(args: &[Value]) -> Result<Value, Error> {
    let (password, source) = (text(args, 0)?, text(args, 1)?);
    if source.is_empty() {
        return Ok(Value::string(""));
    }
    let bytes = decode_base64(source)?;
    let Some((vector, encrypted)) = bytes.split_first_chunk::<BLOCK>() else {
        let capacity = source.len() / 4 * 3;
        return Err(Error(if capacity < BLOCK {
            format!("runtime error: slice bounds out of range [:{BLOCK}] with capacity {capacity}")
        } else {
            format!("runtime error: slice bounds out of range [{BLOCK}:{}]", bytes.len())
        }));
    };
    let cipher = cbc::Decryptor::<Aes256>::new(&key(password).into(), vector.into());
    let plain = cipher
        .decrypt_padded_vec::<NoPadding>(encrypted)
        .map_err(|_| Error::new("crypto/cipher: input not full blocks"))?;
    let Some(&padding) = plain.last() else {
        return Err(Error::new("runtime error: index out of range [-1]"));
    };
    match plain.len().checked_sub(usize::from(padding)) {
        Some(length) => Ok(Value::string(&plain[..length])),
        None => {
            let below = usize::from(padding) - plain.len();
            Err(Error(format!("runtime error: slice bounds out of range [:-{below}]")))
        }
    }
}

/// The password itself, cut or filled with zeros.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(key.len());
    key[..length].copy_from_slice(&password[..length]);
    key
}
