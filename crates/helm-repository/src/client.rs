//! Charts of repositories and registries, seen alike.

use std::io::BufReader;
use std::sync::Arc;

use masterminds_semver::{Constraint, Version};

use crate::credentials::{Credential, Credentials};
use crate::digest::Digest;
use crate::error::Error;
use crate::http::{Body, Http, Options, Progress, Request};
use crate::index::{self, Failure, Listed};
use crate::registry::Registry;
use crate::url::Url;

/// The most bytes of an index. The largest public ones have some 30 MB.
const MOST_INDEX: u64 = 512 << 20;

/// The most bytes of an archive, and of its signature.
const MOST_ARCHIVE: u64 = 100 << 20;
const MOST_PROVENANCE: u64 = 1 << 20;

/// Buffer for an index on its way.
const BUFFER: usize = 64 << 10;

/// Asks repositories for charts.
#[derive(Debug)]
pub struct Client {
    http: Http,
    credentials: Credentials,
}

/// A chart to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Its name.
    pub chart: &'a str,
    /// A version, or a constraint as helm understands it.
    pub version: &'a str,
}

/// A version of a chart, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The version.
    pub version: String,
    /// The version of what it installs, if that is known without its archive.
    pub app_version: Option<String>,
    /// The digest of the archive, if the repository says it.
    pub digest: Option<Digest>,
    /// Whether its maintainers have given it up.
    pub is_deprecated: bool,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Addresses, of which one is enough.
    Repository {
        base: Url,
        urls: Vec<String>,
    },
    Registry {
        folder: Url,
        chart: String,
        tag: String,
    },
}

impl Client {
    /// A client that tells a progress how it goes.
    ///
    /// # Errors
    ///
    /// When the certificates of authorities cannot be read.
    pub fn new(
        options: Options,
        credentials: Credentials,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, Error> {
        Ok(Client { http: Http::new(options, progress)?, credentials })
    }

    /// The newest versions that satisfy what is wanted of one repository, in the order of `wanted`.
    ///
    /// # Errors
    ///
    /// For all of them, when the repository cannot be read; for one, when no version satisfies what is wanted.
    pub fn find(&self, repository: &str, wanted: &[Wanted]) -> Result<Vec<Result<Found, Error>>, Error> {
        let url = Url::parse(repository)?;
        if url.scheme() == "oci" {
            return Ok(wanted.iter().map(|wanted| self.find_in_registry(&url, wanted)).collect());
        }
        let charts: Vec<_> = wanted.iter().map(|wanted| wanted.chart).collect();
        let index_url = url.within("index.yaml")?;
        let mut request = Request::get(index_url.clone(), "*/*", MOST_INDEX);
        request.may_be_packed = true;
        request.authorization = self.authorization(&url, &index_url)?;
        let versions = self.http.send(&request, |body| {
            let place = body.place().to_owned();
            index::read(BufReader::with_capacity(BUFFER, body.unpacked()), &charts).map_err(|failure| {
                match failure {
                    Failure::Read(error) => body.failure(error),
                    Failure::Corrupt(message) => {
                        Error::new(format!("{place} is no index of charts: {message}"))
                    }
                }
            })
        })?;
        Ok(wanted
            .iter()
            .map(|wanted| {
                let listed = versions.get(wanted.chart).ok_or_else(|| {
                    Error::new(format!("there is no chart {} in {}", wanted.chart, index_url.shown()))
                })?;
                let best = newest(wanted, listed.iter().map(|listed| listed.version.as_str()), &url.shown())?;
                let listed = listed.get(best).cloned().unwrap_or_default();
                if listed.urls.is_empty() {
                    return Err(Error::new(format!(
                        "{} says of {} {} not where it is",
                        index_url.shown(),
                        wanted.chart,
                        listed.version
                    )));
                }
                Ok(found_in_repository(&url, listed))
            })
            .collect())
    }

    fn find_in_registry(&self, folder: &Url, wanted: &Wanted) -> Result<Found, Error> {
        let mut registry = Registry::new(&self.http, &self.credentials, folder, wanted.chart)?;
        // A registry need not list tags.
        let version = if Version::parse_strict(wanted.version.trim_start_matches('v')).is_ok() {
            wanted.version.to_owned()
        } else {
            let tags: Vec<_> = registry.tags()?.into_iter().map(|tag| tag.replace('_', "+")).collect();
            let best = newest(wanted, tags.iter().map(String::as_str), &folder.shown())?;
            tags.get(best).cloned().unwrap_or_default()
        };
        let tag = version.replace('+', "_");
        let manifest = registry.manifest(&tag)?;
        Ok(Found {
            version,
            app_version: None,
            digest: Some(manifest.archive),
            is_deprecated: false,
            place: Place::Registry { folder: folder.clone(), chart: wanted.chart.to_owned(), tag },
        })
    }

    /// The archive of a version, with the digest that the repository says.
    ///
    /// # Errors
    ///
    /// When it cannot be fetched or is another one.
    pub fn archive(&self, found: &Found) -> Result<Vec<u8>, Error> {
        match &found.place {
            Place::Repository { base, urls } => {
                let mut failures = Vec::new();
                for url in urls {
                    match self.file(base, url, MOST_ARCHIVE).and_then(|bytes| verified(bytes, found, url)) {
                        Ok(bytes) => return Ok(bytes),
                        Err(error) => failures.push(error),
                    }
                }
                // All of them are told, of which the first counts.
                let mut all = failures.into_iter();
                let first = all.next().unwrap_or_else(|| Error::new("no address of an archive"));
                Err(all.fold(first, |error, other| {
                    error.with_help(format!("nor was it at the next address: {}", other.message()))
                }))
            }
            Place::Registry { folder, chart, .. } => {
                let mut registry = Registry::new(&self.http, &self.credentials, folder, chart)?;
                let digest = found.digest.ok_or_else(|| Error::new("no digest of an archive"))?;
                registry.blob(&digest, MOST_ARCHIVE)
            }
        }
    }

    /// The signature of a version, if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be fetched.
    pub fn provenance(&self, found: &Found) -> Result<Option<Vec<u8>>, Error> {
        match &found.place {
            Place::Repository { base, urls } => {
                for url in urls {
                    match self.file(base, &format!("{url}.prov"), MOST_PROVENANCE) {
                        Ok(bytes) => return Ok(Some(bytes)),
                        Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 404) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(None)
            }
            Place::Registry { folder, chart, tag } => {
                let mut registry = Registry::new(&self.http, &self.credentials, folder, chart)?;
                let digest = registry.manifest(tag)?.provenance;
                digest.map(|digest| registry.blob(&digest, MOST_PROVENANCE)).transpose()
            }
        }
    }

    /// A file of a repository.
    fn file(&self, base: &Url, reference: &str, most: u64) -> Result<Vec<u8>, Error> {
        let url = base.within(reference)?;
        let authorization = self.authorization(base, &url)?;
        self.http.send(&Request::get(url, "*/*", most).authorized(authorization), Body::bytes)
    }

    /// The credentials of a repository for an address, which has to be of the same origin.
    fn authorization(&self, repository: &Url, url: &Url) -> Result<Option<String>, Error> {
        if repository.origin() != url.origin() {
            return Ok(None);
        }
        Ok(self.credentials.of_repository(repository)?.as_ref().and_then(Credential::basic))
    }
}

fn found_in_repository(base: &Url, listed: Listed) -> Found {
    Found {
        digest: listed.digest(),
        is_deprecated: listed.deprecated.unwrap_or_default(),
        version: listed.version,
        app_version: listed.app_version,
        place: Place::Repository { base: base.clone(), urls: listed.urls },
    }
}

fn verified(bytes: Vec<u8>, found: &Found, url: &str) -> Result<Vec<u8>, Error> {
    let actual = Digest::of(&bytes);
    match found.digest {
        Some(expected) if expected != actual => Err(Error::new(format!(
            "{} is not what its repository lists: its digest is {actual}, not {expected}",
            url.split('?').next().unwrap_or_default()
        ))),
        _ => Ok(bytes),
    }
}

/// The place of the newest version that satisfies what is wanted; the very one if it is there.
fn newest<'v>(
    wanted: &Wanted,
    versions: impl Iterator<Item = &'v str> + Clone,
    place: &str,
) -> Result<usize, Error> {
    if let Some(index) = versions.clone().position(|version| version == wanted.version) {
        return Ok(index);
    }
    let constraint = Constraint::parse(wanted.version).map_err(|error| {
        Error::new(format!("{:?} is no version of {}: {error}", wanted.version, wanted.chart))
    })?;
    let parsed =
        || versions.clone().enumerate().filter_map(|(index, text)| Some((index, Version::parse(text).ok()?)));
    let best = parsed()
        .filter(|(_, version)| constraint.check(version))
        .reduce(|best, next| if next.1.compare(&best.1).is_gt() { next } else { best });
    best.map(|(index, _)| index).ok_or_else(|| {
        let message = format!("there is no version {} of {} at {place}", wanted.version, wanted.chart);
        let mut all: Vec<_> = parsed().collect();
        all.sort_by(|left, right| right.1.compare(&left.1));
        let names: Vec<_> = all.iter().take(5).map(|(_, version)| version.original.as_str()).collect();
        match names.is_empty() {
            true => Error::new(message),
            false => Error::new(message).with_help(format!("the newest ones are {}", names.join(", "))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_satisfies_counts() {
        let versions = ["1.2.0", "1.10.0-rc.1", "nonsense", "1.9.3+b", "2.0.0", "v1.9.4"];
        let best = |version| {
            newest(&Wanted { chart: "c", version }, versions.iter().copied(), "x")
                .map(|index| versions[index])
        };
        assert_eq!(best("~1"), Ok("v1.9.4"));
        assert_eq!(best("1.9.3"), Ok("1.9.3+b"));
        assert_eq!(best("1.10.0-rc.1"), Ok("1.10.0-rc.1"));
        assert_eq!(best("*"), Ok("2.0.0"));
        assert_eq!(best(">=1.10-0 <2"), Ok("1.10.0-rc.1"));
        let error = best("^3").unwrap_err().to_string();
        assert!(error.contains("no version ^3 of c") && error.contains("2.0.0, 1.10.0-rc.1, "), "{error}");
        assert!(best("latest").unwrap_err().to_string().contains("is no version of c"));
    }
}
