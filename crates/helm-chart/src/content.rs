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
    /// Where it can be read; nothing if it came from an archive.
    path: Option<PathBuf>,
    bytes: OnceLock<Arc<[u8]>>,
}

impl Content {
    /// The content of a file that has been read.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        Content(Arc::new(Place { path: None, bytes: OnceLock::from(Arc::from(bytes)) }))
    }

    /// The content of the file at a path.
    pub(crate) fn at(path: PathBuf) -> Self {
        Content(Arc::new(Place { path: Some(path), bytes: OnceLock::new() }))
    }

    /// The bytes, which are kept.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or has grown too large since the chart was loaded.
    pub fn read(&self) -> Result<&Arc<[u8]>, Error> {
        if let (None, Some(path)) = (self.0.bytes.get(), &self.0.path) {
            let mut buffer = Vec::new();
            self.open()?.read_into(&mut buffer).map_err(|error| failed(path, &error))?;
            // Another thread may have been faster, with the same bytes.
            let _ = self.0.bytes.set(buffer.into());
        }
        self.0.bytes.get().ok_or_else(|| Error::new("a file has no content"))
    }

    /// The bytes once more, which are not kept.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub fn open(&self) -> Result<Opened<'_>, Error> {
        Ok(Opened(match (self.0.bytes.get(), &self.0.path) {
            (None, Some(path)) => Source::File(path, File::open(path).map_err(|error| failed(path, &error))?),
            (bytes, _) => Source::Bytes(bytes.map(|bytes| &**bytes).unwrap_or_default()),
        }))
    }
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(format!("error reading {}: {error}", path.display()))
}

/// A content that can be read without a further question.
#[derive(Debug)]
pub struct Opened<'a>(Source<'a>);

#[derive(Debug)]
enum Source<'a> {
    Bytes(&'a [u8]),
    File(&'a Path, File),
}

impl Opened<'_> {
    /// Puts the bytes into a buffer, in place of what is in it.
    ///
    /// # Errors
    ///
    /// When reading fails.
    pub fn read_into(self, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        match self.0 {
            Source::Bytes(bytes) => buffer.extend_from_slice(bytes),
            Source::File(path, mut file) => {
                let size = file.metadata()?.len();
                check_size(path, size).map_err(io::Error::other)?;
                // One byte more tells the end of the file.
                buffer.reserve(usize::try_from(size).unwrap_or_default() + 1);
                (&mut file).take(MAX_FILE + 1).read_to_end(buffer)?;
                check_size(path, buffer.len() as u64).map_err(io::Error::other)?;
                if buffer.starts_with(BYTE_ORDER_MARK) {
                    buffer.drain(..BYTE_ORDER_MARK.len());
                }
            }
        }
        Ok(())
    }
}

/// Refuses a file that helm finds too large.
pub(crate) fn check_size(path: &Path, size: u64) -> Result<(), Error> {
    if size <= MAX_FILE {
        return Ok(());
    }
    let base = path.file_name().unwrap_or_default().to_string_lossy();
    Err(Error::new(format!("chart file {} is larger than the maximum file size {MAX_FILE}", quote(&base))))
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.bytes.get(), &self.0.path) {
            (None, Some(path)) => path.fmt(f),
            (bytes, _) => write!(f, "{} bytes", bytes.map_or(0, |bytes| bytes.len())),
        }
    }
}
