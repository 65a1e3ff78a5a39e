//! Go strings.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// A Go string: bytes that are UTF-8 as a rule but need not be (`trunc 2 "h\u{e9}llo"`). Cloning it is cheap.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Text(Rc<[u8]>);

impl Text {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, with U+FFFD in the place of what is not UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Cow<'_, str> {
        // Much faster where nothing has to be replaced.
        std::str::from_utf8(&self.0).map_or_else(|_| String::from_utf8_lossy(&self.0), Cow::Borrowed)
    }

    /// Bytes of the text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Bytes that it takes if nothing else holds it.
    pub(crate) fn fresh_bytes(&self) -> usize {
        const HEADER: usize = 32;
        if Rc::strong_count(&self.0) == 1 { self.0.len() + HEADER } else { 0 }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The order of the bytes. Keys of a map are compared all the time, and most differ in their first byte.
impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0.first(), other.0.first()) {
            (Some(own), Some(others)) if own != others => own.cmp(others),
            _ => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(text.as_bytes().into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(text.into_bytes().into())
    }
}

impl From<Rc<[u8]>> for Text {
    fn from(bytes: Rc<[u8]>) -> Self {
        Text(bytes)
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Text(bytes.into())
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Text(bytes.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str(), f)
    }
}
