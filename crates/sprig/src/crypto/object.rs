//! Certificates with their keys, as templates see them.

use std::any::Any;
use std::rc::Rc;

use go_template::{Error, Object, Text, Value};
use x509_cert::der::Decode as _;

use super::base64::decode_base64;
use super::key::PrivateKey;
use super::{CERTIFICATE, pem};
use crate::arguments::text;

/// sprig's `certificate`: both in PEM.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) cert: Text,
    pub(super) key: Text,
}

impl Certificate {
    pub(super) fn value(cert: impl Into<Text>, key: impl Into<Text>) -> Value {
        Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.into() }))
    }
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        CERTIFICATE
    }

    fn kind(&self) -> &str {
        "struct"
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.cert.to_str(), self.key.to_str())
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(Value::String(self.cert.clone())),
            "Key" => Some(Value::String(self.key.clone())),
            _ => None,
        }
    }

    fn to_plain(&self) -> Value {
        let field = |text: &Text| Value::String(text.clone());
        Value::map([("Cert".into(), field(&self.cert)), ("Key".into(), field(&self.key))])
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Reads a certificate in PEM.
pub(super) fn parse(text: &[u8]) -> Result<x509_cert::Certificate, Error> {
    let block = pem::decode(text).ok_or_else(|| Error::new("unable to decode certificate"))?;
    let failed = |error| Error(format!("error parsing certificate: decodedCert.Bytes: {error}"));
    x509_cert::Certificate::from_der(&block.bytes).map_err(failed)
}

/// `buildCustomCert`
pub(super) fn build_custom(args: &[Value]) -> Result<Value, Error> {
    let decoded = |index, name: &str| {
        decode_base64(text(args, index)?).map_err(|_| Error(format!("unable to decode base64 {name}")))
    };
    let (cert, key) = (decoded(0, "certificate")?, decoded(1, "private key")?);
    parse(&cert)?;
    PrivateKey::from_pem(&key).map_err(|error| Error(format!("error parsing private key: {error}")))?;
    Ok(Certificate::value(cert, key))
}
