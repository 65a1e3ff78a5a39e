//! Private keys.

use go_template::{Error, Value, spend};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _, PrivateKeyInfo};
use rsa::rand_core::OsRng;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::{RsaPrivateKey, traits::PublicKeyParts as _};
use x509_cert::der::asn1::{Any, Null, ObjectIdentifier, UintRef};
use x509_cert::der::{Decode as _, Encode as _, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::pem;
use crate::arguments::text;

const RSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// DER around the parts of keys whose lengths are fixed.
const ED25519_PRIVATE: &[u8] = b"\x30\x2e\x02\x01\0\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
const ED25519_PUBLIC: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\0";
const P256_PRIVATE: &[u8] = b"\x30\x77\x02\x01\x01\x04\x20";
const P256_CURVE: &[u8] = b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\xa1\x44\x03\x42\0";
const P256_PUBLIC: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\
                             \x07\x03\x42\0";

#[derive(Debug)]
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::SecretKey),
    Ed25519(ed25519_dalek::SigningKey),
    /// Only read and written: it signs no certificates in Go.
    Dsa(Vec<u8>),
}

/// `genPrivateKey`; a failure is text too, as in the original.
pub(super) fn generate(args: &[Value]) -> Result<Value, Error> {
    let kind = text(args, 0)?;
    let key = match kind {
        b"" | b"rsa" => PrivateKey::generate_rsa(4096),
        b"dsa" => generate_dsa(),
        b"ecdsa" => {
            spend(SHORT);
            Ok(PrivateKey::P256(p256::SecretKey::random(&mut OsRng)))
        }
        b"ed25519" => {
            spend(SHORT);
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(|error| Error(error.to_string()))?;
            Ok(PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)))
        }
        _ => return Ok(Value::string([b"Unknown type ", kind].concat())),
    };
    Ok(Value::string(match key.and_then(|key| key.to_pem()) {
        Ok(pem) => pem,
        Err(error) => format!("failed to generate private key: {error}"),
    }))
}

/// Steps that count for what is done with a key of an elliptic curve.
const SHORT: u64 = 2_000;
/// Steps that count for the making of a key which takes seconds.
const LONG: u64 = 10_000_000;

fn generate_dsa() -> Result<PrivateKey, Error> {
    spend(LONG);
    let components = dsa::Components::generate(&mut OsRng, dsa::KeySize::DSA_2048_256);
    let key = dsa::SigningKey::generate(&mut OsRng, components);
    let public = key.verifying_key();
    let components = public.components();
    let mut body = Vec::new();
    UintRef::new(&[0]).and_then(|version| version.encode_to_vec(&mut body)).map_err(shown)?;
    for number in [components.p(), components.q(), components.g(), public.y(), key.x()] {
        let bytes = number.to_bytes_be();
        UintRef::new(&bytes).and_then(|number| number.encode_to_vec(&mut body)).map_err(shown)?;
    }
    Ok(PrivateKey::Dsa(Any::new(Tag::Sequence, body).and_then(|all| all.to_der()).map_err(shown)?))
}

impl PrivateKey {
    pub(super) fn generate_rsa(bits: usize) -> Result<Self, Error> {
        // Ten times as long for twice the bits.
        spend(if bits > 2048 { LONG } else { LONG / 10 });
        let key = RsaPrivateKey::new(&mut OsRng, bits);
        Ok(PrivateKey::Rsa(Box::new(
            key.map_err(|error| Error(format!("error generating rsa key: {error}")))?,
        )))
    }

    pub(super) fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let block = pem::decode(text).ok_or_else(|| Error::new("no PEM data in input"))?;
        let (label, der) = (block.label.as_str(), &block.bytes);
        if label == "PRIVATE KEY" {
            return Self::from_pkcs8(der)
                .map_err(|reason| Error(format!("decoding PEM as PKCS#8: {reason}")));
        }
        let Some(kind) = label.strip_suffix(" PRIVATE KEY") else {
            return Err(Error(format!("no private key data in PEM block of type {label}")));
        };
        let key = match kind {
            "RSA" => RsaPrivateKey::from_pkcs1_der(der).map(rsa).map_err(|error| error.to_string()),
            "EC" => {
                p256::SecretKey::from_sec1_der(der).map(PrivateKey::P256).map_err(|error| error.to_string())
            }
            "DSA" => match Vec::<x509_cert::der::asn1::Uint>::from_der(der) {
                Ok(numbers) if numbers.len() == 6 => Ok(PrivateKey::Dsa(der.clone())),
                Ok(_) => Err("asn1: structure error: sequence truncated".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            _ => return Err(Error(format!("invalid private key type {label}"))),
        };
        key.map_err(|reason| Error(format!("parsing {kind} private key from PEM: {reason}")))
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, String> {
        let info = PrivateKeyInfo::try_from(der).map_err(|error| error.to_string())?;
        match info.algorithm.oid {
            ECDSA => {
                p256::SecretKey::from_pkcs8_der(der).map(PrivateKey::P256).map_err(|error| error.to_string())
            }
            ED25519 => match info.private_key {
                [0x04, 0x20, seed @ ..] if seed.len() == 32 => {
                    let seed = seed.try_into().map_err(|_| "invalid Ed25519 private key length")?;
                    Ok(PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)))
                }
                _ => Err("x509: invalid Ed25519 private key length".to_owned()),
            },
            _ => RsaPrivateKey::from_pkcs8_der(der).map(rsa).map_err(|error| error.to_string()),
        }
    }

    pub(super) fn to_pem(&self) -> Result<String, Error> {
        Ok(match self {
            PrivateKey::Rsa(key) => {
                pem::encode("RSA PRIVATE KEY", key.to_pkcs1_der().map_err(shown)?.as_bytes())
            }
            PrivateKey::P256(key) => {
                let point = key.public_key().to_encoded_point(false);
                let der = [P256_PRIVATE, &key.to_bytes(), P256_CURVE, point.as_bytes()].concat();
                pem::encode("EC PRIVATE KEY", &der)
            }
            PrivateKey::Ed25519(key) => {
                pem::encode("PRIVATE KEY", &[ED25519_PRIVATE, &key.to_bytes()].concat())
            }
            PrivateKey::Dsa(der) => pem::encode("DSA PRIVATE KEY", der),
        })
    }

    /// The DER of the `SubjectPublicKeyInfo`.
    pub(super) fn public_key(&self) -> Result<Vec<u8>, Error> {
        match self {
            PrivateKey::Rsa(key) => {
                Ok(key.to_public_key().to_public_key_der().map_err(shown)?.as_bytes().to_vec())
            }
            PrivateKey::P256(key) => {
                Ok([P256_PUBLIC, key.public_key().to_encoded_point(false).as_bytes()].concat())
            }
            PrivateKey::Ed25519(key) => Ok([ED25519_PUBLIC, &key.verifying_key().to_bytes()].concat()),
            PrivateKey::Dsa(_) => Err(no_signer()),
        }
    }

    pub(super) fn algorithm(&self) -> Result<AlgorithmIdentifierOwned, Error> {
        let (oid, parameters) = match self {
            PrivateKey::Rsa(_) => (RSA_WITH_SHA256, Some(Any::from(Null))),
            PrivateKey::P256(_) => (ECDSA_WITH_SHA256, None),
            PrivateKey::Ed25519(_) => (ED25519, None),
            PrivateKey::Dsa(_) => return Err(no_signer()),
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        spend(SHORT * 10);
        let failed = |error: rsa::signature::Error| Error(format!("error creating certificate: {error}"));
        match self {
            PrivateKey::Rsa(key) => {
                // Signing panics when the key is too small for the digest.
                if key.size() < 64 {
                    return Err(Error::new(
                        "error creating certificate: crypto/rsa: message too long for RSA key size",
                    ));
                }
                let key = rsa::pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(RsaPrivateKey::clone(key));
                Ok(key.try_sign(message).map_err(failed)?.to_vec())
            }
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    p256::ecdsa::SigningKey::from(key).try_sign(message).map_err(failed)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => Ok(key.try_sign(message).map_err(failed)?.to_bytes().to_vec()),
            PrivateKey::Dsa(_) => Err(no_signer()),
        }
    }
}

fn rsa(key: RsaPrivateKey) -> PrivateKey {
    PrivateKey::Rsa(Box::new(key))
}

fn no_signer() -> Error {
    Error::new("error creating certificate: x509: certificate private key does not implement crypto.Signer")
}

fn shown(error: impl std::fmt::Display) -> Error {
    Error(error.to_string())
}
