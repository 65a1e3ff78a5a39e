//! Signatures of archives: `.prov` files (helm, pkg/provenance/sign.go).
//!
//! Such a file is a clear-signed text: Chart.yaml, a line `...`, and the digests of files by their names.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use pgp::composed::{CleartextSignedMessage, Deserializable, SignedPublicKey};
use pgp::packet::Signature;
use pgp::types::KeyDetails;
use serde::Deserialize;

use crate::digest::Digest;
use crate::error::Error;

const ARMOR: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";

/// The keys of those who may sign charts.
#[derive(Debug)]
pub struct Keyring(Vec<SignedPublicKey>);

/// Who has signed an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Names of the key, the first of which counts.
    pub name: String,
    /// Fingerprint of the key, in upper case.
    pub fingerprint: String,
}

#[derive(Deserialize)]
struct Sums {
    files: BTreeMap<String, String>,
}

impl Keyring {
    /// Reads public keys, as `gpg --export` writes them, with or without `--armor`.
    ///
    /// # Errors
    ///
    /// When there is none, or something else.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |error: pgp::errors::Error| {
            Error::new(format!("this is no keyring: {error}")).with_help("`gpg --export` writes one")
        };
        let is_armored = bytes.trim_ascii_start().starts_with(ARMOR);
        let keys: Result<Vec<_>, _> = if is_armored {
            SignedPublicKey::from_armor_many(bytes).map_err(wrong)?.0.collect()
        } else {
            SignedPublicKey::from_bytes_many(bytes).map_err(wrong)?.collect()
        };
        let keys = keys.map_err(wrong)?;
        if keys.is_empty() {
            return Err(Error::new("this keyring holds no key").with_help("`gpg --export` writes one"));
        }
        Ok(Keyring(keys))
    }

    /// Verifies that somebody in this keyring has signed a file of this name with this digest.
    ///
    /// # Errors
    ///
    /// When nobody has: what was signed instead, or by whom it was not.
    pub fn verify(&self, provenance: &[u8], file: &str, digest: &Digest) -> Result<Signer, Error> {
        let (message, _) = CleartextSignedMessage::from_armor(provenance)
            .map_err(|error| Error::new(format!("the provenance is no signed text: {error}")))?;
        let signer = self.0.iter().find_map(|key| signer(key, &message));
        let Some(signer) = signer else {
            return Err(Error::new("the signature is of nobody in the keyring, or of another text"));
        };
        let signer = signer?;
        let text = message.signed_text().replace("\r\n", "\n");
        let sums = text.split_once("\n...\n").map(|(_, sums)| sums);
        let sums = sums.ok_or_else(|| Error::new("the provenance names no files"))?;
        let wrong = |reason: String| Error::new(format!("the provenance names no files: {reason}"));
        let node = go_yaml::read_first(sums.as_bytes(), &go_yaml::Limits::default())
            .map_err(|problems| wrong(problems.first().map(ToString::to_string).unwrap_or_default()))?
            .ok_or_else(|| wrong("there is nothing".to_owned()))?;
        let sums = Sums::deserialize(&node).map_err(|error| wrong(error.to_string()))?;
        let signed =
            sums.files.get(file).ok_or_else(|| Error::new(format!("{file} is not what is signed")))?;
        if Digest::parse(signed) != Some(*digest) {
            return Err(Error::new(format!(
                "another {file} is signed\n  signed {signed}\n  found  {digest}"
            )));
        }
        Ok(signer)
    }
}

/// Who has signed a message, if it is this key; an error if the key is not to be used any more.
fn signer(key: &SignedPublicKey, message: &CleartextSignedMessage) -> Option<Result<Signer, Error>> {
    let of_primary = message.verify(&key.primary_key).ok();
    let subkey = || {
        key.public_subkeys.iter().find(|subkey| {
            let may_sign = subkey.signatures.iter().any(|binding| binding.key_flags().sign());
            may_sign
                && subkey.verify_bindings(&key.primary_key).is_ok()
                && message.verify(&subkey.key).is_ok()
        })
    };
    let (fingerprint, expires) = match (of_primary, subkey()) {
        (Some(_), _) => {
            let own = key.details.users.iter().flat_map(|user| &user.signatures);
            (key.primary_key.fingerprint(), expiry(key.primary_key.created_at().into(), own))
        }
        (None, Some(subkey)) => {
            (subkey.key.fingerprint(), expiry(subkey.key.created_at().into(), subkey.signatures.iter()))
        }
        (None, None) => return None,
    };
    let name = key.details.users.first().map(|user| String::from_utf8_lossy(user.id.id()).into_owned());
    let signer = Signer { name: name.unwrap_or_default(), fingerprint: format!("{fingerprint:X}") };
    let unusable = |reason: &str| Err(Error::new(format!("the key of {} {reason}", signer.name)));
    Some(if key.verify_bindings().is_err() {
        unusable("is not bound to its names")
    } else if !key.details.revocation_signatures.is_empty() {
        unusable("is revoked")
    } else if expires.is_some_and(|time| time < SystemTime::now()) {
        unusable("has expired")
    } else {
        Ok(signer)
    })
}

/// When a key expires, if it does: the latest that one of its own signatures says.
fn expiry<'a>(created: SystemTime, own: impl Iterator<Item = &'a Signature>) -> Option<SystemTime> {
    let mut latest = None;
    for signature in own {
        let seconds = signature.key_expiration_time().map_or(0, |time| time.as_secs());
        if seconds == 0 {
            return None;
        }
        latest = latest.max(created.checked_add(Duration::from_secs(u64::from(seconds))));
    }
    latest
}
