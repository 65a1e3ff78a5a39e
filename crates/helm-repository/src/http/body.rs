//! What a server sends: no more than is asked for, and not slower than it makes sense.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;
use ureq::BodyReader;
use ureq::http::{Response, header};

use super::{Progress, Request, failure};
use crate::error::Error;

/// The least bytes per second over a period: what is slower is taken for an attempt to hold us up, or for a broken line.
const LEAST: u64 = 1024;

/// A body as it comes.
pub(crate) struct Body {
    reader: BodyReader<'static>,
    place: String,
    most: u64,
    read: u64,
    length: Option<u64>,
    next_page: Option<String>,
    is_packed: bool,
    timeout: Duration,
    period: Period,
    progress: Arc<dyn Progress>,
}

/// A part of the time in which enough has to come.
struct Period {
    since: Instant,
    bytes: u64,
}

impl Body {
    pub(super) fn new(
        response: Response<ureq::Body>,
        request: &Request,
        timeout: Duration,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let length = response.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let link = response.headers().get(header::LINK).and_then(|link| link.to_str().ok());
        let next_page = link.and_then(next_page).map(str::to_owned);
        let encoding = response.headers().get(header::CONTENT_ENCODING);
        let is_packed = request.may_be_packed && encoding.is_some_and(|encoding| encoding == "gzip");
        let place = request.url.shown();
        progress.begin(place.rsplit('/').next().unwrap_or(&place), length);
        Body {
            reader: response.into_body().into_with_config().limit(u64::MAX).reader(),
            place,
            most: request.most,
            read: 0,
            length,
            next_page,
            is_packed,
            timeout,
            period: Period { since: Instant::now(), bytes: 0 },
            progress,
        }
    }

    /// Where it comes from.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Where the next page is (`Link`, RFC 8288).
    pub(crate) fn next_page(&self) -> Option<&str> {
        self.next_page.as_deref()
    }

    /// All of it.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        match self.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(self.failure(error)),
        }
    }

    /// It as it is unpacked, which is bounded as it is.
    pub(crate) fn unpacked(&mut self) -> Box<dyn Read + '_> {
        if !self.is_packed {
            return Box::new(self);
        }
        let (left, place) = (self.most, self.place.clone());
        Box::new(Unpacked { inner: MultiGzDecoder::new(self), left, place })
    }

    /// What reading it failed with.
    pub(crate) fn failure(&self, error: io::Error) -> Error {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(own) => own.clone(),
            None => failure(&self.place, self.timeout, ureq::Error::from(error)),
        }
    }

    fn check(&mut self, count: usize) -> Result<(), Error> {
        self.read += count as u64;
        self.period.bytes += count as u64;
        if self.read > self.most {
            return Err(Error::new(format!("{} sends more than {} bytes", self.place, self.most)));
        }
        if count == 0 {
            return match self.length {
                Some(length) if self.read < length => Err(Error::passing(format!(
                    "{} sends {} bytes of {length} and then ends",
                    self.place, self.read
                ))),
                _ => Ok(()),
            };
        }
        if self.period.since.elapsed() >= self.timeout {
            if self.period.bytes < LEAST * self.timeout.as_secs() {
                let (bytes, seconds) = (self.period.bytes, self.timeout.as_secs());
                return Err(Error::new(format!(
                    "{} sends too slowly: {bytes} bytes in {seconds} seconds",
                    self.place
                )));
            }
            self.period = Period { since: Instant::now(), bytes: 0 };
        }
        Ok(())
    }
}

fn next_page(link: &str) -> Option<&str> {
    let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    parameters.replace('"', "").contains("rel=next").then_some(address)
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer).map_err(|error| {
            let cut = error.kind() == io::ErrorKind::UnexpectedEof;
            if !cut {
                return error;
            }
            io::Error::other(Error::passing(format!("{} ends after {} bytes", self.place, self.read)))
        })?;
        self.check(count).map_err(io::Error::other)?;
        self.progress.advance(count as u64);
        Ok(count)
    }
}

/// What a packed body holds: it may be a bomb.
struct Unpacked<R> {
    inner: R,
    left: u64,
    place: String,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other(Error::new(format!("{} is too large when it is unpacked", self.place)))
        })?;
        Ok(count)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.progress.end();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn what_is_unpacked_is_bounded() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[b'x'; 1000]).unwrap();
        let packed = packed.finish().unwrap();
        let read = |left| {
            let inner = MultiGzDecoder::new(&packed[..]);
            Unpacked { inner, left, place: "x".to_owned() }.read_to_end(&mut Vec::new())
        };
        assert_eq!(read(1000).unwrap(), 1000);
        assert!(read(999).unwrap_err().to_string().contains("too large when it is unpacked"));
    }

    #[test]
    fn the_next_page_is_found() {
        assert_eq!(next_page("</v2/a/tags/list?last=x>; rel=\"next\""), Some("/v2/a/tags/list?last=x"));
        assert_eq!(next_page("</v2/a>; rel=prev"), None);
    }
}
