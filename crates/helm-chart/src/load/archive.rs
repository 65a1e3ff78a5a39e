//! Reads `.tgz` archives, which may be hostile.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use go_fmt::quote;
use tar::{Archive, Entry, EntryType};

use super::Raw;
use super::budget::{Budget, MAX_BYTES, too_large};
use crate::content::{Content, MAX_FILE};
use crate::error::Error;

/// The largest archive that is read at all.
const MAX_PACKED: u64 = MAX_BYTES;

/// What headers and padding may add to the bytes of the files.
const MAX_OVERHEAD: u64 = 64 << 20;

const MAX_NAME: usize = 4096;

const GZIP: &[u8] = b"\x1F\x8B\x08";

/// Reads the archive at a path.
pub(super) fn read_file(path: &Path, budget: &mut Budget) -> Result<Vec<Raw>, Error> {
    let name = path.display();
    let fail = |error: io::Error| Error::new(format!("file '{name}' cannot be read: {error}"));
    let file = std::fs::File::open(path).map_err(fail)?;
    let mut packed = Vec::new();
    file.take(MAX_PACKED + 1).read_to_end(&mut packed).map_err(fail)?;
    if packed.len() as u64 > MAX_PACKED {
        return Err(Error::new(format!("file '{name}' is larger than {MAX_PACKED} bytes")));
    }
    if !packed.starts_with(GZIP) {
        let end = path.extension().unwrap_or_default();
        return Err(Error::new(if end == "yml" || end == "yaml" {
            format!("file '{name}' seems to be a YAML file, but expected a gzipped archive")
        } else {
            let start = packed.get(..512).unwrap_or(&packed);
            let is_text = !start.iter().any(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31));
            let kind = if is_text { "text/plain; charset=utf-8" } else { "application/octet-stream" };
            format!("file '{name}' does not appear to be a gzipped archive; got '{kind}'")
        }));
    }
    read(&packed, budget)
}

/// Reads the files of an archive.
pub(super) fn read(packed: &[u8], budget: &mut Budget) -> Result<Vec<Raw>, Error> {
    if !packed.starts_with(GZIP) {
        return Err(Error::new("gzip: invalid header"));
    }
    let unpacked = Bounded { inner: MultiGzDecoder::new(packed), left: MAX_BYTES + MAX_OVERHEAD };
    let mut archive = Archive::new(unpacked);
    let mut raws: Vec<Raw> = Vec::new();
    let mut names = HashSet::new();
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        budget.take_entry()?;
        if let Some(raw) = read_entry(&mut entry, budget)? {
            // Which of two is meant depends on who reads it.
            if !names.insert(raw.name.clone()) {
                return Err(Error::new(format!("chart contains {} twice", quote(&raw.name))));
            }
            raws.push(raw);
        }
    }
    if raws.is_empty() {
        return Err(Error::new("no files in chart archive"));
    }
    Ok(raws)
}

fn unreadable(error: io::Error) -> Error {
    // The bound of the stream speaks for itself.
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(own) => own.clone(),
        None if error.to_string().contains("larger than the maximum") => too_large(),
        None => Error::new(format!("chart archive cannot be read: {error}")),
    }
}

fn read_entry(entry: &mut Entry<'_, impl Read>, budget: &mut Budget) -> Result<Option<Raw>, Error> {
    let full = entry.path_bytes().into_owned();
    let full = String::from_utf8(full).map_err(|error| {
        let name = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Error::new(format!("chart contains a path that is not UTF-8: {}", quote(&name)))
    })?;
    if full.contains(['\0', '\\']) {
        return Err(Error::new(format!(
            "chart contains a path with a zero byte or a backslash: {}",
            quote(&full)
        )));
    }
    let kind = entry.header().entry_type();
    match kind {
        EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => return Ok(None),
        EntryType::Regular | EntryType::Continuous => {}
        EntryType::Symlink | EntryType::Link => {
            return Err(Error::new(format!("chart illegally contains a link: {}", quote(&full))));
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            return Err(Error::new(format!("chart illegally contains a device or pipe: {}", quote(&full))));
        }
        _ => {
            let kind = char::from(kind.as_byte());
            return Err(Error::new(format!(
                "chart contains an entry of unknown type {kind:?}: {}",
                quote(&full)
            )));
        }
    }
    if full.ends_with('/') {
        return Ok(None);
    }
    let name = inner_name(&full)?;
    let size = entry.size();
    let length = usize::try_from(size).ok().filter(|_| size <= MAX_FILE).ok_or_else(|| {
        Error::new(format!(
            "decompressed chart file {} is larger than the maximum file size {MAX_FILE}",
            quote(&full)
        ))
    })?;
    budget.take_bytes(size)?;
    let content = Content::from_reader(entry, length).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::new(format!("chart archive cannot be read: {} is cut off", quote(&full)))
        }
        _ => unreadable(error),
    })?;
    Ok(Some(Raw { name, content }))
}

/// The path inside the chart, that is without the directory all is in.
fn inner_name(full: &str) -> Result<String, Error> {
    if full.len() > MAX_NAME {
        return Err(Error::new(format!("chart contains a path of more than {MAX_NAME} bytes")));
    }
    let (top, inner) = full.split_once('/').unwrap_or((full, ""));
    if inner.starts_with('/') {
        return Err(Error::new("chart illegally contains absolute paths"));
    }
    let name = clean(inner);
    if name.is_empty() {
        let message = "chart illegally contains content outside the base directory";
        return Err(Error::new(format!("{message}: {}", quote(full))));
    }
    if name.starts_with("..") {
        return Err(Error::new("chart illegally references parent directory"));
    }
    let bytes = name.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1..3) == Some(b":/") {
        return Err(Error::new("chart contains illegally named files"));
    }
    if top == "Chart.yaml" {
        return Err(Error::new("chart yaml not in base directory"));
    }
    Ok(name)
}

/// Go's `path.Clean` of a relative path, but the empty text for what is not below.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// A stream that fails where it gets too long, whatever is in it: a header may be a bomb, too.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other(too_large()))?;
        Ok(count)
    }
}
