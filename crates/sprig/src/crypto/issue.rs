//! Certificates: what is in them, and who signs it.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use go_template::{Error, Value, to_text};
use sha2::{Digest as _, Sha256};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::der::asn1::{
    Any, BitString, GeneralizedTime, Ia5String, ObjectIdentifier, OctetString, SetOfVec, UtcTime,
};
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode as _, Encode, Tag};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use super::key::PrivateKey;
use super::object::{Certificate, parse};
use super::pem;
use crate::arguments::{int, text, value};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERVER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// What a certificate says of its subject.
struct Subject {
    name: Name,
    alternatives: Vec<GeneralName>,
    days: i64,
    is_authority: bool,
}

/// Whose name and key a certificate is signed with.
struct Issuer {
    name: Name,
    public_key: SubjectPublicKeyInfoOwned,
    key_id: Option<OctetString>,
    key: PrivateKey,
}

/// `genCA`, and `genCAWithKey` if there is a third argument.
pub(super) fn authority(args: &[Value]) -> Result<Value, Error> {
    let key = own_key(args, 2)?;
    let name = common_name(text(args, 0)?)?;
    let subject = Subject { name, alternatives: Vec::new(), days: int(args, 1)?, is_authority: true };
    issue(&subject, &key, None)
}

/// `genSelfSignedCert`, and `genSelfSignedCertWithKey` if there is a fifth argument.
pub(super) fn self_signed(args: &[Value]) -> Result<Value, Error> {
    let key = own_key(args, 4)?;
    issue(&subject(args)?, &key, None)
}

/// `genSignedCert`, and `genSignedCertWithKey` if there is a sixth argument.
pub(super) fn signed(args: &[Value]) -> Result<Value, Error> {
    let key = own_key(args, 5)?;
    let authority = match value(args, 4) {
        Value::Object(object) => object.as_any().downcast_ref::<Certificate>(),
        _ => None,
    };
    let authority =
        authority.ok_or_else(|| Error::new("wrong type for value; expected sprig.certificate"))?;
    let issuer = Issuer::of(authority)?;
    issue(&subject(args)?, &key, Some(&issuer))
}

/// The key that an argument holds, or a new one if there is no such argument.
fn own_key(args: &[Value], index: usize) -> Result<PrivateKey, Error> {
    if args.len() <= index {
        return PrivateKey::generate_rsa(2048);
    }
    PrivateKey::from_pem(text(args, index)?).map_err(|error| Error(format!("parsing private key: {error}")))
}

fn subject(args: &[Value]) -> Result<Subject, Error> {
    // Go checks the addresses before the names, and writes them behind.
    let addresses: Result<Vec<_>, _> = list(args, 1).iter().map(address).collect();
    let addresses = addresses?;
    let names: Result<Vec<_>, _> = list(args, 2).iter().map(dns_name).collect();
    Ok(Subject {
        name: common_name(text(args, 0)?)?,
        alternatives: names?.into_iter().chain(addresses).collect(),
        days: int(args, 3)?,
        is_authority: false,
    })
}

fn list(args: &[Value], index: usize) -> &[Value] {
    match value(args, index) {
        Value::List(list) => &list.items,
        _ => &[],
    }
}

fn address(item: &Value) -> Result<GeneralName, Error> {
    let Value::String(text) = item else {
        return Err(Error(format!("error parsing ip: {} is not a string", to_text(item)?.to_str())));
    };
    let address: IpAddr =
        text.to_str().parse().map_err(|_| Error(format!("error parsing ip: {}", text.to_str())))?;
    let bytes = match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    Ok(GeneralName::IpAddress(OctetString::new(bytes).map_err(creating)?))
}

fn dns_name(item: &Value) -> Result<GeneralName, Error> {
    let Value::String(text) = item else {
        let shown = to_text(item)?;
        return Err(Error(format!(
            "error processing alternate dns name: {} is not a string",
            shown.to_str()
        )));
    };
    let name = Ia5String::new(text.as_bytes()).map_err(|_| {
        let name = go_fmt::quote(text.to_str().as_ref());
        Error(format!("error creating certificate: x509: {name} cannot be encoded as an IA5String"))
    })?;
    Ok(GeneralName::DnsName(name))
}

fn common_name(text: &[u8]) -> Result<Name, Error> {
    if text.is_empty() {
        return Ok(RdnSequence::default());
    }
    if std::str::from_utf8(text).is_err() {
        return Err(Error::new("error creating certificate: asn1: string not valid UTF-8"));
    }
    let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b"'()+,-./ :=?".contains(byte);
    let tag = if text.iter().all(is_printable) { Tag::PrintableString } else { Tag::Utf8String };
    let value = Any::new(tag, text).map_err(creating)?;
    let attributes = SetOfVec::try_from(vec![AttributeTypeAndValue { oid: COMMON_NAME, value }]);
    Ok(RdnSequence(vec![RelativeDistinguishedName(attributes.map_err(creating)?)]))
}

impl Issuer {
    fn of(authority: &Certificate) -> Result<Self, Error> {
        let certificate = parse(authority.cert.as_bytes()).map_err(|Error(message)| {
            Error(message.replace("decodedCert.Bytes", "decodedSignerCert.Bytes"))
        })?;
        let key = PrivateKey::from_pem(authority.key.as_bytes())
            .map_err(|error| Error(format!("error parsing private key: {error}")))?;
        let certificate = certificate.tbs_certificate;
        let key_id = certificate.get::<SubjectKeyIdentifier>().map_err(creating)?;
        Ok(Issuer {
            name: certificate.subject,
            public_key: certificate.subject_public_key_info,
            key_id: key_id.map(|(_, id)| id.0),
            key,
        })
    }
}

/// Signs a certificate; without an issuer, with the subject's own key.
fn issue(subject: &Subject, key: &PrivateKey, issuer: Option<&Issuer>) -> Result<Value, Error> {
    let signer = issuer.map_or(key, |issuer| &issuer.key);
    let algorithm = signer.algorithm()?;
    let public_key = SubjectPublicKeyInfoOwned::from_der(&key.public_key()?).map_err(creating)?;
    if let Some(issuer) = issuer {
        let own = SubjectPublicKeyInfoOwned::from_der(&signer.public_key()?).map_err(creating)?;
        if own.subject_public_key != issuer.public_key.subject_public_key {
            return Err(creating("x509: provided PrivateKey doesn't match parent's PublicKey"));
        }
    }
    let tbs_certificate = TbsCertificate {
        version: Version::V3,
        serial_number: serial_number()?,
        signature: algorithm.clone(),
        issuer: issuer.map_or_else(|| subject.name.clone(), |issuer| issuer.name.clone()),
        validity: validity(subject.days)?,
        subject: subject.name.clone(),
        extensions: Some(extensions(subject, &public_key, issuer)?),
        subject_public_key_info: public_key,
        issuer_unique_id: None,
        subject_unique_id: None,
    };
    let signature = signer.sign(&tbs_certificate.to_der().map_err(creating)?)?;
    let signature = BitString::from_bytes(&signature).map_err(creating)?;
    let certificate = x509_cert::Certificate { tbs_certificate, signature_algorithm: algorithm, signature };
    let cert = pem::encode("CERTIFICATE", &certificate.to_der().map_err(creating)?);
    Ok(Certificate::value(cert, key.to_pem()?))
}

/// The extensions, in Go's order.
fn extensions(
    subject: &Subject,
    public_key: &SubjectPublicKeyInfoOwned,
    issuer: Option<&Issuer>,
) -> Result<Vec<Extension>, Error> {
    let mut usages = KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment;
    if subject.is_authority {
        usages |= KeyUsages::KeyCertSign;
    }
    let mut extensions = vec![
        extension(true, &KeyUsage(usages))?,
        extension(false, &ExtendedKeyUsage(vec![SERVER, CLIENT]))?,
        extension(true, &BasicConstraints { ca: subject.is_authority, path_len_constraint: None })?,
    ];
    if subject.is_authority {
        // The first method of RFC 7093, which Go has used since 1.25.
        let digest = Sha256::digest(public_key.subject_public_key.raw_bytes());
        let id = OctetString::new(&digest[..20]).map_err(creating)?;
        extensions.push(extension(false, &SubjectKeyIdentifier(id))?);
    }
    if let Some(issuer) = issuer.filter(|issuer| issuer.name != subject.name)
        && let Some(id) = &issuer.key_id
    {
        let id = AuthorityKeyIdentifier { key_identifier: Some(id.clone()), ..Default::default() };
        extensions.push(extension(false, &id)?);
    }
    if !subject.alternatives.is_empty() {
        let is_critical = subject.name.is_empty();
        extensions.push(extension(is_critical, &SubjectAltName(subject.alternatives.clone()))?);
    }
    Ok(extensions)
}

fn extension<T: AssociatedOid + Encode>(critical: bool, content: &T) -> Result<Extension, Error> {
    let der = content.to_der().map_err(creating)?;
    let extn_value = OctetString::new(der).map_err(creating)?;
    Ok(Extension { extn_id: T::OID, critical, extn_value })
}

fn serial_number() -> Result<SerialNumber, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(creating)?;
    SerialNumber::new(&bytes).map_err(creating)
}

fn validity(days: i64) -> Result<Validity, Error> {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000_000;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(creating)?;
    // A Go duration overflows after 292 years.
    let length = DAY.wrapping_mul(days);
    let end = if length < 0 {
        now.checked_sub(Duration::from_nanos(length.unsigned_abs()))
    } else {
        now.checked_add(Duration::from_nanos(length.unsigned_abs()))
    };
    let end = end.ok_or_else(|| creating("x509: the certificate would expire before 1970"))?;
    Ok(Validity { not_before: time(now)?, not_after: time(end)? })
}

fn time(since_epoch: Duration) -> Result<Time, Error> {
    let seconds = Duration::from_secs(since_epoch.as_secs());
    // The short form ends with 2049.
    match UtcTime::from_unix_duration(seconds) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => Ok(Time::GeneralTime(GeneralizedTime::from_unix_duration(seconds).map_err(creating)?)),
    }
}

fn creating(error: impl std::fmt::Display) -> Error {
    Error(format!("error creating certificate: {error}"))
}
