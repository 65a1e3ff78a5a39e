//! Hashes of passwords, and passwords derived from a secret.

use go_template::{Error, Value, spend};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::arguments::{int, text};

/// Steps that count for a hash which is slow on purpose: some tenths of a second.
const SLOW: u64 = 500_000;

/// Go's `DefaultCost`.
const COST: u32 = 10;

pub(super) fn bcrypt(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::string(hash(text(args, 0)?)?))
}

pub(super) fn htpasswd(args: &[Value]) -> Result<Value, Error> {
    let (user, password) = (text(args, 0)?, text(args, 1)?);
    if user.contains(&b':') {
        return Ok(Value::string([b"invalid username: ", user].concat()));
    }
    Ok(Value::string([user, b":", hash(password)?.as_bytes()].concat()))
}

/// A failure is text too, as in the original.
fn hash(password: &[u8]) -> Result<String, Error> {
    const LIMIT: usize = 72;
    let failed = |reason: &str| format!("failed to encrypt string with bcrypt: {reason}");
    if password.len() > LIMIT {
        return Ok(failed("bcrypt: password length exceeds 72 bytes"));
    }
    spend(SLOW);
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| Error(error.to_string()))?;
    Ok(match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(bcrypt::Version::TwoA),
        Err(error) => failed(&error.to_string()),
    })
}

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// What passwords of a kind look like: each letter stands for one of [`characters`].
fn templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn characters(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm: the same secret, user and site have the same password everywhere.
pub(super) fn derive_password(args: &[Value]) -> Result<Value, Error> {
    let counter = u32::try_from(int(args, 0)?).map_err(|_| Error::new("the counter overflows uint32"))?;
    let (kind, password, user, site) = (text(args, 1)?, text(args, 2)?, text(args, 3)?, text(args, 4)?);
    let Some(templates) = templates(kind) else {
        return Ok(Value::string([b"cannot find password template ", kind].concat()));
    };
    let failed = |reason: String| Error(format!("failed to derive password: {reason}"));
    let mut key = [0; 64];
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|error| failed(error.to_string()))?;
    spend(SLOW);
    let salt = [SEED, &length(user), user].concat();
    scrypt::scrypt(password, &salt, &parameters, &mut key).map_err(|error| failed(error.to_string()))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| failed(error.to_string()))?;
    mac.update(&[SEED, &length(site), site, &counter.to_be_bytes()].concat());
    let seed = mac.finalize().into_bytes();
    let template = templates[usize::from(seed[0]) % templates.len()];
    let pick = |(letter, random): (u8, &u8)| {
        let characters = characters(letter);
        characters[usize::from(*random) % characters.len()]
    };
    Ok(Value::string(template.bytes().zip(&seed[1..]).map(pick).collect::<Vec<u8>>()))
}

fn length(bytes: &[u8]) -> [u8; 4] {
    // Go converts to 32 bits too.
    (bytes.len() as u32).to_be_bytes()
}
