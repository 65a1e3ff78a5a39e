//! Requests: encrypted, bounded, tried again, and with credentials for one origin only.

mod body;
mod retry;
mod tls;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{Response, header};

pub(crate) use self::body::Body;
use crate::error::{Error, Refusal};
use crate::url::Url;

const MOST_REDIRECTS: usize = 10;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// How to reach servers.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether to talk to hosts other than this machine without encryption.
    pub plain_http: bool,
    /// Certificates of authorities, in PEM, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long a server may be silent.
    pub timeout: Duration,
    /// How often to try again after a failure that may pass.
    pub retries: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options { plain_http: false, ca_file: None, timeout: Duration::from_secs(30), retries: 3 }
    }
}

/// Is told how downloads go on.
pub trait Progress: Send + Sync {
    /// A body begins: from where, and how many bytes it has if that is known.
    fn begin(&self, name: &str, bytes: Option<u64>);
    /// So many bytes more have come.
    fn advance(&self, bytes: u64);
    /// The body has ended, in whatever way.
    fn end(&self);
    /// Something is tried again, for a reason, after a time.
    fn retry(&self, reason: &str, wait: Duration);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _name: &str, _bytes: Option<u64>) {}
    fn advance(&self, _bytes: u64) {}
    fn end(&self) {}
    fn retry(&self, _reason: &str, _wait: Duration) {}
}

/// What to ask for.
#[derive(Clone)]
pub(crate) struct Request<'a> {
    pub(crate) url: Url,
    /// Media types.
    pub(crate) accept: &'a str,
    /// `Authorization`, for the origin of the URL.
    pub(crate) authorization: Option<String>,
    /// The most bytes that the body may have.
    pub(crate) most: u64,
    /// Whether the body may come packed.
    pub(crate) may_be_packed: bool,
    /// A form to post.
    pub(crate) form: Option<String>,
}

impl<'a> Request<'a> {
    pub(crate) fn get(url: Url, accept: &'a str, most: u64) -> Self {
        Request { url, accept, authorization: None, most, may_be_packed: false, form: None }
    }

    #[must_use]
    pub(crate) fn authorized(mut self, authorization: Option<String>) -> Self {
        self.authorization = authorization;
        self
    }
}

/// Sends requests.
pub(crate) struct Http {
    agent: Agent,
    options: Options,
    progress: Arc<dyn Progress>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Http {
    pub(crate) fn new(options: Options, progress: Arc<dyn Progress>) -> Result<Self, Error> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(options.timeout))
            .timeout_per_read(Some(options.timeout))
            .tls_config(tls::config(options.ca_file.as_deref())?)
            .user_agent(concat!("monstack/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .build();
        Ok(Http { agent: config.new_agent(), options, progress })
    }

    /// Asks for something and reads it with `read`, which begins anew each time that it is tried.
    pub(crate) fn send<T>(
        &self,
        request: &Request,
        mut read: impl FnMut(&mut Body) -> Result<T, Error>,
    ) -> Result<T, Error> {
        retry::until_done(self.options.retries, self.progress.as_ref(), || {
            let response = self.follow(request)?;
            let mut body = Body::new(response, request, self.options.timeout, Arc::clone(&self.progress));
            read(&mut body)
        })
    }

    /// The whole body.
    pub(crate) fn bytes(&self, request: &Request) -> Result<Vec<u8>, Error> {
        self.send(request, Body::bytes)
    }

    /// Whether there is an answer of whatever kind.
    pub(crate) fn probe(&self, request: &Request) -> Result<(), Error> {
        self.once(request, &request.url, true).map(|_| ())
    }

    /// Sends a request, and again to wherever it is told to.
    fn follow(&self, request: &Request) -> Result<Response<ureq::Body>, Error> {
        let mut url = request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let is_first = url.origin() == request.url.origin();
            let response = self.once(request, &url, is_first)?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let location = response.headers().get(header::LOCATION);
            if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) || location.is_none() {
                return Err(refused(&url, request, &response));
            }
            if request.form.is_some() {
                return Err(Error::new(format!("{} wants credentials to be sent elsewhere", url.shown())));
            }
            let location = location.and_then(|location| location.to_str().ok()).unwrap_or_default();
            let next = url.join(location)?;
            if url.scheme() == "https" && next.scheme() != "https" {
                return Err(Error::new(format!(
                    "{} redirects to {}, which is not encrypted",
                    url.shown(),
                    next.shown()
                )));
            }
            url = next;
        }
        Err(Error::new(format!("{} redirects more than {MOST_REDIRECTS} times", request.url.shown())))
    }

    fn once(&self, request: &Request, url: &Url, is_first: bool) -> Result<Response<ureq::Body>, Error> {
        self.check_encryption(url)?;
        let failed = |error| failure(&url.shown(), self.options.timeout, error);
        let address = url.to_string();
        let authorization = request.authorization.as_ref().filter(|_| is_first);
        if let Some(form) = &request.form {
            let post = self.agent.post(&address).header(header::ACCEPT, request.accept);
            return post.content_type("application/x-www-form-urlencoded").send(form).map_err(failed);
        }
        let mut get = self.agent.get(&address).header(header::ACCEPT, request.accept);
        if request.may_be_packed {
            get = get.header(header::ACCEPT_ENCODING, "gzip");
        }
        if let Some(authorization) = authorization {
            get = get.header(header::AUTHORIZATION, authorization);
        }
        get.call().map_err(failed)
    }

    /// Refuses to send what others on the way could read and change.
    fn check_encryption(&self, url: &Url) -> Result<(), Error> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.options.plain_http || url.is_loopback() => Ok(()),
            "http" => Err(Error::new(format!("{} is not encrypted", url.shown()))
                .with_help("use its https:// address, or allow this with --plain-http")),
            scheme => Err(Error::new(format!("{} cannot be fetched by {scheme}", url.shown()))),
        }
    }

    /// Whether hosts other than this machine may be talked to without encryption.
    pub(crate) fn plain_http(&self) -> bool {
        self.options.plain_http
    }
}

/// What a server answers instead of what it was asked for.
fn refused(url: &Url, request: &Request, response: &Response<ureq::Body>) -> Error {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = response.status();
    let message = format!("{} answers {status}", url.shown());
    let refusal = Refusal { status: status.as_u16(), challenge: text(header::WWW_AUTHENTICATE) };
    let error = Error::new(message).with_refusal(refusal);
    match status.as_u16() {
        401 | 403 if request.authorization.is_some() => {
            error.with_help(format!("the credentials for {} are not accepted", url.authority()))
        }
        401 | 403 => error.with_help(format!(
            "give credentials for {}: `docker login`, `helm registry login`, `helm repo add`, or MONSTACK_CREDENTIALS",
            url.authority()
        )),
        408 | 425 | 429 | 500 | 502 | 503 | 504 => {
            error.after(text(header::RETRY_AFTER).and_then(|text| retry::after(&text)).unwrap_or_default())
        }
        _ => error,
    }
}

/// What goes wrong before there is an answer, or while it comes.
fn failure(place: &str, timeout: Duration, error: ureq::Error) -> Error {
    let seconds = timeout.as_secs();
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => Error::passing(format!(
            "{place} cannot be reached: no connection within {} seconds",
            CONNECT.as_secs()
        )),
        ureq::Error::Timeout(_) => Error::new(format!("{place} is silent for {seconds} seconds")),
        ureq::Error::HostNotFound => {
            Error::passing(format!("{place} cannot be reached: there is no such host"))
        }
        ureq::Error::Rustls(error) => tls::failure(place, &error),
        ureq::Error::Io(error) => {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(error) => tls::failure(place, error),
                None if error.to_string().contains("failed to lookup") => {
                    Error::passing(format!("{place} cannot be reached: there is no such host"))
                }
                None => Error::passing(format!("{place} cannot be reached: {error}")),
            }
        }
        ureq::Error::ConnectionFailed => Error::passing(format!("{place} cannot be reached")),
        ureq::Error::Protocol(error) => Error::passing(format!("{place} does not speak HTTP: {error}")),
        error => Error::new(format!("{place} cannot be fetched: {error}")),
    }
}
