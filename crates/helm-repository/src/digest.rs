//! The SHA-256 of an archive.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "sha256:";

/// A SHA-256, written `sha256:` and 64 hexadecimal digits, as OCI writes it (image-spec, descriptor.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// Reads a digest; an index leaves `sha256:` out.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(ALGORITHM).unwrap_or(text);
        let bytes = HEXLOWER.decode(digits.to_ascii_lowercase().as_bytes()).ok()?;
        Some(Digest(bytes.try_into().ok()?))
    }

    /// The hexadecimal digits alone.
    pub fn digits(&self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}{}", self.digits())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digest = text.starts_with(ALGORITHM).then(|| Digest::parse(&text)).flatten();
        digest.ok_or_else(|| de::Error::custom("expected `sha256:` and 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = Digest::of(b"");
        let text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest.to_string(), text);
        assert_eq!(Digest::parse(text), Some(digest));
        assert_eq!(Digest::parse(&digest.digits().to_uppercase()), Some(digest));
        assert_eq!(Digest::parse("sha256:e3b0"), None);
        assert_eq!(Digest::parse(&text.replace('b', "x")), None);
    }
}
