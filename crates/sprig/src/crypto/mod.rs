//! Hashes of passwords, ciphers, keys and certificates.

mod base64;
mod cipher;
mod issue;
mod key;
mod object;
mod password;
mod pem;

use go_template::Param::{Int, List, Named, String as Str};

use crate::arguments::{Entry, pure};

/// sprig's type of a certificate with its key.
const CERTIFICATE: &str = "sprig.certificate";

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("bcrypt", pure(&[Str], None, password::bcrypt)),
        ("buildCustomCert", pure(&[Str, Str], None, object::build_custom)),
        ("decryptAES", pure(&[Str, Str], None, cipher::decrypt_aes)),
        // The counter is a uint32 in Go, which takes the same literals.
        ("derivePassword", pure(&[Int, Str, Str, Str, Str], None, password::derive_password)),
        ("encryptAES", pure(&[Str, Str], None, cipher::encrypt_aes)),
        ("genCA", pure(&[Str, Int], None, issue::authority)),
        ("genCAWithKey", pure(&[Str, Int, Str], None, issue::authority)),
        ("genPrivateKey", pure(&[Str], None, key::generate)),
        ("genSelfSignedCert", pure(&[Str, List, List, Int], None, issue::self_signed)),
        ("genSelfSignedCertWithKey", pure(&[Str, List, List, Int, Str], None, issue::self_signed)),
        ("genSignedCert", pure(&[Str, List, List, Int, Named(CERTIFICATE)], None, issue::signed)),
        ("genSignedCertWithKey", pure(&[Str, List, List, Int, Named(CERTIFICATE), Str], None, issue::signed)),
        ("htpasswd", pure(&[Str, Str], None, password::htpasswd)),
    ]
}
