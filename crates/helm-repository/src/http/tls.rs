//! Whom to believe that it is who it says.

use std::path::Path;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::error::Error;

/// Certificates of authorities are small, even hundreds of them.
const MOST: u64 = 4 << 20;

/// Believes the authorities of the system (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others), and those in a file.
pub(super) fn config(ca_file: Option<&Path>) -> Result<TlsConfig, Error> {
    // What is wrong with one certificate of the system is no reason not to use the others.
    let system = rustls_native_certs::load_native_certs().certs;
    let mut all: Vec<_> =
        system.iter().map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned()).collect();
    if let Some(path) = ca_file {
        let name = path.display();
        let about = std::fs::metadata(path).map_err(|error| Error::new(format!("{name}: {error}")))?;
        if about.len() > MOST {
            return Err(Error::new(format!("{name} is larger than {MOST} bytes")));
        }
        let text = std::fs::read(path).map_err(|error| Error::new(format!("{name}: {error}")))?;
        let before = all.len();
        for item in parse_pem(&text) {
            match item {
                Ok(PemItem::Certificate(certificate)) => all.push(certificate),
                Ok(_) => {}
                Err(error) => return Err(Error::new(format!("{name} is no PEM file: {error}"))),
            }
        }
        if all.len() == before {
            return Err(Error::new(format!("{name} holds no certificate in PEM")));
        }
    }
    Ok(TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(all))).build())
}

pub(super) fn failure(place: &str, error: &rustls::Error) -> Error {
    let failure = Error::new(format!("{place} cannot be reached safely: {error}"));
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => failure
            .of_distrust()
            .with_help("name the certificate of its authority with --ca-file or SSL_CERT_FILE"),
        rustls::Error::InvalidMessage(_) => {
            failure.with_help("if it is meant to be unencrypted, use http:// or --plain-http")
        }
        _ => failure.of_distrust(),
    }
}
