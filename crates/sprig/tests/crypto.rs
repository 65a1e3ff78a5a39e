//! What the random functions make, read back.

#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use go_template::{FunctionTable, Limits, Templates, Value};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::signature::Verifier as _;
use x509_cert::Certificate;
use x509_cert::der::{DecodePem as _, Encode as _};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, SubjectAltName, SubjectKeyIdentifier};

fn execute(template: &str) -> String {
    let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
    templates.parse("t", template).unwrap();
    let output = templates.execute("t", &Value::map([]), &Limits::default(), &()).unwrap();
    String::from_utf8(output).unwrap()
}

/// The blocks of PEM in a text.
fn blocks(text: &str) -> Vec<String> {
    text.split_inclusive("-----\n")
        .collect::<Vec<_>>()
        .chunks(2)
        .map(<[&str]>::concat)
        .filter(|block| block.starts_with("-----BEGIN"))
        .collect()
}

#[test]
fn bcrypt_verifies() {
    let line = execute(r#"{{ htpasswd "user" "secret" }}"#);
    let hash = line.strip_prefix("user:").unwrap();
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(bcrypt::verify("secret", hash).unwrap());
    assert!(!bcrypt::verify("other", hash).unwrap());
}

#[test]
fn aes_is_never_the_same() {
    let template = r#"{{ $a := encryptAES "k" "hello" }}{{ $b := encryptAES "k" "hello" }}{{ eq $a $b }} {{ decryptAES "k" $a }}"#;
    assert_eq!(execute(template), "false hello");
}

#[test]
fn authority_signs() {
    let text = execute(
        r#"{{ $ca := genCA "the ca" 365 }}{{ $ca.Cert }}{{ $ca.Key }}
        {{- $c := genSignedCertWithKey "name*" (list "10.0.0.1" "::1") (list "a.example") 36500 $ca (genPrivateKey "ecdsa") -}}
        {{ $c.Cert }}{{ $c.Key }}"#,
    );
    let [authority, key, signed, own_key] = blocks(&text).try_into().unwrap();
    assert!(own_key.starts_with("-----BEGIN EC PRIVATE KEY-----"), "{own_key}");
    let [authority, signed] = [authority, signed].map(|pem| Certificate::from_pem(pem).unwrap());
    let (parent, child) = (&authority.tbs_certificate, &signed.tbs_certificate);
    assert_eq!(parent.issuer, parent.subject);
    assert_eq!(child.issuer, parent.subject);
    assert_eq!(child.subject.to_string(), "CN=name*");

    let key = rsa::RsaPrivateKey::from_pkcs1_pem(&key).unwrap();
    let verifier = rsa::pkcs1v15::VerifyingKey::<rsa::sha2::Sha256>::new(key.to_public_key());
    for certificate in [&authority, &signed] {
        let signature = rsa::pkcs1v15::Signature::try_from(certificate.signature.raw_bytes()).unwrap();
        verifier.verify(&certificate.tbs_certificate.to_der().unwrap(), &signature).unwrap();
    }

    assert!(parent.get::<BasicConstraints>().unwrap().unwrap().1.ca);
    assert!(!child.get::<BasicConstraints>().unwrap().unwrap().1.ca);
    let id = parent.get::<SubjectKeyIdentifier>().unwrap().unwrap().1.0;
    assert_eq!(child.get::<AuthorityKeyIdentifier>().unwrap().unwrap().1.key_identifier, Some(id));
    assert_eq!(child.get::<SubjectAltName>().unwrap().unwrap().1.0.len(), 3);
    let days = |certificate: &Certificate| {
        let validity = certificate.tbs_certificate.validity;
        (validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration()).as_secs() / 86_400
    };
    assert_eq!((days(&authority), days(&signed)), (365, 36_500));
}

#[test]
fn keys_are_read_back() {
    for kind in ["ecdsa", "ed25519"] {
        let template = format!(
            r#"{{{{ $k := genPrivateKey "{kind}" }}}}{{{{ $c := genSelfSignedCertWithKey "x" nil nil 1 $k }}}}{{{{ eq $c.Key $k }}}}"#
        );
        assert_eq!(execute(&template), "true");
    }
}
