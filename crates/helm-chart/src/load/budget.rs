//! How much a chart may use up while it is loaded.

use crate::error::Error;

/// The largest chart, unpacked. Helm allows as much for each archive.
pub(super) const MAX_BYTES: u64 = 100 << 20;

const MAX_ENTRIES: usize = 20_000;

/// What is left, for a chart and all archives within it.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: u64,
    entries: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { bytes: MAX_BYTES, entries: MAX_ENTRIES }
    }
}

impl Budget {
    /// Takes an entry of whatever type.
    pub(super) fn take_entry(&mut self) -> Result<(), Error> {
        self.take_entries(1)
    }

    fn take_entries(&mut self, count: usize) -> Result<(), Error> {
        self.entries = self.entries.checked_sub(count).ok_or_else(|| {
            Error::new(format!("chart holds more than {MAX_ENTRIES} files and directories"))
        })?;
        Ok(())
    }

    /// Takes the bytes of a file.
    pub(super) fn take_bytes(&mut self, bytes: u64) -> Result<(), Error> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }

    /// Takes what another one has lost.
    pub(super) fn take_lost(&mut self, other: &Budget) -> Result<(), Error> {
        self.take_entries(MAX_ENTRIES - other.entries)?;
        self.take_bytes(MAX_BYTES - other.bytes)
    }
}

pub(super) fn too_large() -> Error {
    Error::new(format!("decompressed chart is larger than the maximum file size {MAX_BYTES}"))
}
