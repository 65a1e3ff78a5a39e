//! How large a value may get, and how much work a function may do.
//!
//! Functions double texts and lists in a few bytes of template, and a value that holds another one several
//! times is exponentially larger in print than in memory.

use std::cell::Cell;

use crate::function::Error;
use crate::text::Text;

/// Bytes that a function may make at once: 64 MiB, a multiple of what Kubernetes stores. It is less than the
/// output may have, since a function has several copies of a text at work.
pub const MAX_VALUE_BYTES: usize = 64 << 20;

/// Collections within collections; a value that is nested deeper is taken to hold itself.
pub const MAX_NESTING: usize = 1000;

/// Bytes that an item of a list takes beside its own text, at least.
const ITEM_BYTES: usize = size_of::<crate::value::Value>();

/// Refuses what has more bytes than a function may make.
///
/// # Errors
///
/// If they are more than [`MAX_VALUE_BYTES`].
pub fn ensure_fits(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_VALUE_BYTES { Err(too_large()) } else { Ok(()) }
}

/// The same for the items of a list.
///
/// # Errors
///
/// If they take more than [`MAX_VALUE_BYTES`].
pub fn ensure_items_fit(items: usize) -> Result<(), Error> {
    ensure_fits(items.saturating_mul(ITEM_BYTES))
}

/// The error for what is larger than [`MAX_VALUE_BYTES`], for functions that take other errors lightly.
#[must_use]
pub fn too_large() -> Error {
    Error(format!("value is larger than {} MiB", MAX_VALUE_BYTES >> 20))
}

/// What Go's runtime dies of when a value holds itself.
#[must_use]
pub fn stack_overflow() -> Error {
    Error::new("stack overflow")
}

thread_local! {
    static WORK: Cell<u64> = const { Cell::new(0) };
}

/// Counts work of a function against [`Limits::steps`](crate::Limits::steps), beyond the step that its call is: a
/// step is some hundred nanoseconds.
pub fn spend(steps: u64) {
    WORK.set(WORK.get().saturating_add(steps));
}

/// What was spent since the last call.
pub(crate) fn take_spent() -> u64 {
    WORK.replace(0)
}

/// Counts the parts of values that a function visits, of which there may be exponentially many.
#[derive(Debug)]
pub struct Visits(usize);

impl Visits {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Visits(0)
    }

    /// One more.
    ///
    /// # Errors
    ///
    /// If there are so many that a copy of them would be too large.
    pub fn visit(&mut self) -> Result<(), Error> {
        self.0 += 1;
        ensure_items_fit(self.0)
    }
}

impl Default for Visits {
    fn default() -> Self {
        Visits::new()
    }
}

impl Drop for Visits {
    fn drop(&mut self) {
        spend(self.0 as u64 / 4);
    }
}

/// A text in the making, of at most [`MAX_VALUE_BYTES`].
#[derive(Debug, Default)]
pub struct TextBuilder(Vec<u8>);

impl TextBuilder {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text with room for so many bytes, as far as it may have them.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        TextBuilder(Vec::with_capacity(bytes.min(MAX_VALUE_BYTES)))
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// If the text gets too large.
    pub fn push(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let bytes = bytes.as_ref();
        ensure_fits(self.0.len().saturating_add(bytes.len()))?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends a byte some times.
    ///
    /// # Errors
    ///
    /// If the text gets too large.
    pub fn fill(&mut self, byte: u8, count: usize) -> Result<(), Error> {
        let length = self.0.len().saturating_add(count);
        ensure_fits(length)?;
        self.0.resize(length, byte);
        Ok(())
    }

    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<TextBuilder> for Text {
    fn from(builder: TextBuilder) -> Self {
        Text::from(builder.0)
    }
}
