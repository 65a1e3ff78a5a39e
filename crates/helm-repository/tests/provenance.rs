//! A chart that real helm has signed; `provenance/regenerate.sh` makes it anew.

#![allow(clippy::unwrap_used, reason = "a failing helper fails its test")]

use helm_repository::{Digest, Keyring};

const FILE: &str = "loki-6.24.0.tgz";
const ARCHIVE: &[u8] = include_bytes!("provenance/loki-6.24.0.tgz");
const SIGNED: &str = include_str!("provenance/loki-6.24.0.tgz.prov");
const KEYS: &[u8] = include_bytes!("provenance/pubring.gpg");

fn verify(keys: &[u8], provenance: &str, file: &str, archive: &[u8]) -> Result<String, String> {
    let keyring = Keyring::parse(keys).map_err(|error| error.to_string())?;
    let signer = keyring.verify(provenance.as_bytes(), file, &Digest::of(archive));
    signer.map(|signer| format!("{} {}", signer.name, signer.fingerprint)).map_err(|error| error.to_string())
}

#[test]
fn what_helm_signs_is_verified() {
    let signer = verify(KEYS, SIGNED, FILE, ARCHIVE).unwrap();
    assert!(signer.starts_with("Chart Signer <signer@example.com> "), "{signer}");
    assert_eq!(signer.rsplit(' ').next().unwrap().len(), 40);
    let armored = include_bytes!("provenance/pubring.asc");
    assert_eq!(verify(armored, SIGNED, FILE, ARCHIVE).unwrap(), signer);
    let both = [include_bytes!("provenance/other.gpg").as_slice(), KEYS].concat();
    assert_eq!(verify(&both, SIGNED, FILE, ARCHIVE).unwrap(), signer);
}

#[test]
fn what_was_not_signed_is_refused() {
    let other = include_bytes!("provenance/other.gpg");
    let revoked = include_bytes!("provenance/revoked.gpg");
    let changed = SIGNED.replace("version: 6.24.0", "version: 6.24.1");
    for (keys, provenance, file, archive, message) in [
        (&other[..], SIGNED, FILE, ARCHIVE, "of nobody in the keyring"),
        (revoked, SIGNED, FILE, ARCHIVE, "is revoked"),
        (KEYS, &changed, FILE, ARCHIVE, "or of another text"),
        (KEYS, SIGNED, FILE, b"else", "another loki-6.24.0.tgz is signed\n  signed sha256:"),
        (KEYS, SIGNED, "alloy-1.0.0.tgz", ARCHIVE, "alloy-1.0.0.tgz is not what is signed"),
        (KEYS, "no signature", FILE, ARCHIVE, "no signed text"),
        (b"no keys", SIGNED, FILE, ARCHIVE, "keyring"),
        (b"", SIGNED, FILE, ARCHIVE, "holds no key"),
    ] {
        let error = verify(keys, provenance, file, archive).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
