//! What is in a file of a chart, read when it is first asked for.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use go_fmt::quote;

use crate::error::Error;

/// The largest file, as in helm.
pub(crate) const MAX_FILE: u64 = 5 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The bytes of a file, without a byte order mark. Cloning it is cheap, and threads may share it.
///
/// Charts hold much that nothing looks at: notes, dashboards of charts that are disabled, resource definitions
/// that are only printed. So a file of a directory is read when its bytes are first asked for.
#[derive(Clone)]
pub struct Content(Arc<Place>);

struct Place {
    /// Where it can be read, and how long it was when the chart was loaded; nothing if it came from an archive.
    file: Option<(PathBuf, usize)>,
    bytes: OnceLock<Arc<[u8]>>,
}

impl Content {
    /// The content of a file that has been read.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        Content(Arc::new(Place { file: None, bytes: OnceLock::from(Arc::from(bytes)) }))
    }

    /// The content that a reader gives, so many bytes of it.
    ///
    /// # Errors
    ///
    /// When there are fewer.
    pub(crate) fn from_reader(reader: impl Read, length: usize) -> io::Result<Self> {
        let bytes = read_exactly(reader, length)?;
        Ok(Content(Arc::new(Place { file: None, bytes: OnceLock::from(bytes) })))
    }

    /// The content of the file at a path.
    ///
    /// # Errors
    ///
    /// When it is larger than helm allows.
    pub(crate) fn at(path: PathBuf, size: u64) -> Result<Self, Error> {
        match usize::try_from(size) {
            Ok(length) if size <= MAX_FILE => {
                Ok(Content(Arc::new(Place { file: Some((path, length)), bytes: OnceLock::new() })))
            }
            _ => {
                let base = path.file_name().unwrap_or_default().to_string_lossy();
                let base = quote(&base);
                Err(Error::new(format!("chart file {base} is larger than the maximum file size {MAX_FILE}")))
            }
        }
    }

    /// Whether both are the same file, and not only equal ones.
    pub(crate) fn is(&self, other: &Content) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The bytes, which are kept.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is shorter than it was when the chart was loaded.
    pub fn read(&self) -> Result<&Arc<[u8]>, Error> {
        if let (None, Some((path, length))) = (self.0.bytes.get(), &self.0.file) {
            let file = File::open(path).map_err(|error| failed(path, &error))?;
            let bytes = read_exactly(file, *length).map_err(|error| failed(path, &error))?;
            // Another thread may have been faster, with the same bytes.
            let _ = self.0.bytes.set(bytes);
        }
        self.0.bytes.get().ok_or_else(|| Error::new("a file has no content"))
    }
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(format!("error reading {}: {error}", path.display()))
}

/// Bytes, read to where they stay.
fn read_exactly(mut reader: impl Read, length: usize) -> io::Result<Arc<[u8]>> {
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    if let Some(bytes) = Arc::get_mut(&mut bytes) {
        reader.read_exact(bytes)?;
    }
    Ok(match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.into(),
        None => bytes,
    })
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.bytes.get(), &self.0.file) {
            (None, Some((path, _))) => path.fmt(f),
            (bytes, _) => write!(f, "{} bytes", bytes.map_or(0, |bytes| bytes.len())),
        }
    }
}
