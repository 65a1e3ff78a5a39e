//! OCI registries (distribution-spec): tags, manifests, blobs.

mod authorization;
mod manifest;

use serde::Deserialize;

use self::authorization::Authorization;
pub(crate) use self::manifest::Manifest;
use crate::credentials::Credentials;
use crate::digest::Digest;
use crate::error::Error;
use crate::http::{Body, Http, Request};
use crate::url::Url;

/// The most bytes of a manifest (distribution-spec asks for 4 MiB) and of a page of tags.
const MOST: u64 = 4 << 20;

const MOST_PAGES: usize = 1000;

const MOST_TAGS: usize = 100_000;

/// The repository of a chart in a registry.
#[derive(Debug)]
pub(crate) struct Registry<'a> {
    http: &'a Http,
    authorization: Authorization<'a>,
    /// `https://HOST/v2/NAME`
    base: Url,
    /// The name of the repository.
    name: String,
}

#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

impl<'a> Registry<'a> {
    /// The repository of a chart at `oci://HOST/FOLDER`.
    pub(crate) fn new(
        http: &'a Http,
        credentials: &'a Credentials,
        folder: &Url,
        chart: &str,
    ) -> Result<Self, Error> {
        let name = format!("{}/{chart}", folder.path().trim_matches('/'));
        let name = name.trim_start_matches('/').to_owned();
        let host =
            if folder.authority() == "docker.io" { "registry-1.docker.io" } else { folder.authority() };
        let base = |scheme: &str| Url::parse(&format!("{scheme}://{host}/v2/{name}"));
        let mut base_url = base(if http.plain_http() { "http" } else { "https" })?;
        if !http.plain_http() && folder.is_loopback() {
            // A registry of this machine often does not encrypt.
            let probe = Request::get(base_url.join("/v2/")?, "*/*", MOST);
            if http.probe(&probe).is_err_and(|error| !error.is_distrust()) {
                base_url = base("http")?;
            }
        }
        Ok(Registry { http, authorization: Authorization::new(credentials), base: base_url, name })
    }

    /// All tags.
    pub(crate) fn tags(&mut self) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        let mut url = self.url("tags/list?n=1000")?;
        for _ in 0..MOST_PAGES {
            let (bytes, next) = self.send(&url, "application/json", MOST, |body| {
                let next = body.next_page().map(str::to_owned);
                Ok((body.bytes()?, next))
            })?;
            let page: Tags = serde_json::from_slice(&bytes)
                .map_err(|error| Error::new(format!("{} is no list of tags: {error}", url.shown())))?;
            all.extend(page.tags.unwrap_or_default());
            if all.len() > MOST_TAGS {
                return Err(Error::new(format!("{} has more than {MOST_TAGS} tags", self.base.shown())));
            }
            match next {
                // A token is for this registry.
                Some(next) if url.join(&next)?.origin() == url.origin() => url = url.join(&next)?,
                _ => return Ok(all),
            }
        }
        Err(Error::new(format!("{} has more than {MOST_PAGES} pages", self.base.shown())))
    }

    /// The manifest with a tag.
    pub(crate) fn manifest(&mut self, tag: &str) -> Result<Manifest, Error> {
        let url = self.url(&format!("manifests/{tag}"))?;
        let bytes = self.send(&url, manifest::ACCEPTED, MOST, Body::bytes)?;
        Manifest::parse(&bytes).map_err(|message| Error::new(format!("{}: {message}", url.shown())))
    }

    /// A blob, whose digest is checked.
    pub(crate) fn blob(&mut self, digest: &Digest, most: u64) -> Result<Vec<u8>, Error> {
        let url = self.url(&format!("blobs/{digest}"))?;
        let bytes = self.send(&url, "*/*", most, Body::bytes)?;
        let actual = Digest::of(&bytes);
        if actual != *digest {
            let message = format!("{} sends something else: its digest is {actual}", url.shown());
            return Err(Error::new(message));
        }
        Ok(bytes)
    }

    fn url(&self, inner: &str) -> Result<Url, Error> {
        self.base.within(inner)
    }

    /// Sends a request, with a token once the registry has asked for one.
    fn send<T>(
        &mut self,
        url: &Url,
        accept: &str,
        most: u64,
        mut read: impl FnMut(&mut Body) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let authorization = &mut self.authorization;
        let request = Request::get(url.clone(), accept, most);
        let error = match self.http.send(&request.clone().authorized(authorization.header()), &mut read) {
            Err(error) => error,
            done => return done,
        };
        let challenge = error.refusal().filter(|refusal| refusal.status == 401);
        let Some(challenge) = challenge.and_then(|refusal| refusal.challenge.as_deref()) else {
            return Err(error);
        };
        if !authorization.answer(self.http, &self.base, &self.name, challenge)? {
            return Err(error);
        }
        self.http.send(&request.authorized(authorization.header()), read)
    }
}
