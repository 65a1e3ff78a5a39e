//! Addresses of repositories and of what is in them.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use crate::error::Error;

/// An absolute address with the scheme `https`, `http` or `oci`, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    uri: Uri,
}

/// Whom a request goes to. Credentials are for one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let uri: Uri = text.parse().map_err(|error| Error::new(format!("{text:?} is no URL: {error}")))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        if !["https", "http", "oci"].contains(&scheme) {
            return Err(Error::new(format!("{text:?} is no URL with https://, http:// or oci://")));
        }
        if uri.host().is_none_or(str::is_empty) {
            return Err(Error::new(format!("the URL {text:?} has no host")));
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            // The address itself would show them.
            let error = Error::new(format!("a URL of {} holds credentials", uri.host().unwrap_or_default()));
            return Err(error.with_help("put them into MONSTACK_CREDENTIALS"));
        }
        Ok(Url { uri })
    }

    pub(crate) fn scheme(&self) -> &str {
        self.uri.scheme_str().unwrap_or_default()
    }

    pub(crate) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Host and port as they are written.
    pub(crate) fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn origin(&self) -> Origin {
        let port = self.uri.port_u16().unwrap_or(if self.scheme() == "http" { 80 } else { 443 });
        Origin { scheme: self.scheme().to_owned(), host: self.host().to_ascii_lowercase(), port }
    }

    /// Whether the host is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host().trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// The address that a reference in a document at this address means (RFC 3986, section 5.2).
    pub(crate) fn join(&self, reference: &str) -> Result<Self, Error> {
        let reference = reference.split('#').next().unwrap_or_default();
        if reference.contains("://") {
            return Url::parse(reference);
        }
        let start = format!("{}://{}", self.scheme(), self.authority());
        if let Some(rest) = reference.strip_prefix("//") {
            return Url::parse(&format!("{}://{rest}", self.scheme()));
        }
        let (path, query) = match reference.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (reference, String::new()),
        };
        let folder = self.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = match path {
            "" => self.path().to_owned(),
            path if path.starts_with('/') => path.to_owned(),
            path => format!("{folder}/{path}"),
        };
        Url::parse(&format!("{start}{}{query}", without_dots(&whole)))
    }

    /// The address of what is in the folder at this address.
    pub(crate) fn within(&self, reference: &str) -> Result<Self, Error> {
        let folder =
            format!("{}://{}{}/", self.scheme(), self.authority(), self.path().trim_end_matches('/'));
        let inner = Url::parse(&folder)?.join(reference)?;
        // A query of a repository, such as a signature, is one of all that is in it.
        match self.uri.query() {
            Some(query) if inner.uri.query().is_none() && inner.origin() == self.origin() => {
                Url::parse(&format!("{inner}?{query}"))
            }
            _ => Ok(inner),
        }
    }

    /// The address without its query, which may hold a signature.
    pub(crate) fn shown(&self) -> String {
        format!("{}://{}{}", self.scheme(), self.authority(), self.path())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}

fn without_dots(path: &str) -> String {
    let mut parts = Vec::new();
    let mut is_folder = false;
    for part in path.split('/').skip(1) {
        is_folder = matches!(part, "" | "." | "..");
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let slash = if is_folder && parts.last().is_none_or(|last| !last.is_empty()) { "/" } else { "" };
    let inner = parts.join("/");
    if inner.is_empty() { "/".to_owned() } else { format!("/{inner}{slash}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        let base = Url::parse("https://charts.example.com:8443/a/b/index.yaml").unwrap();
        for (reference, address) in [
            ("x.tgz", "https://charts.example.com:8443/a/b/x.tgz"),
            ("../x.tgz", "https://charts.example.com:8443/a/x.tgz"),
            ("../../../x.tgz", "https://charts.example.com:8443/x.tgz"),
            ("./c/./x.tgz?s=1", "https://charts.example.com:8443/a/b/c/x.tgz?s=1"),
            ("/x.tgz", "https://charts.example.com:8443/x.tgz"),
            ("//other/x.tgz", "https://other/x.tgz"),
            ("http://other/x.tgz#f", "http://other/x.tgz"),
        ] {
            assert_eq!(base.join(reference).unwrap().to_string(), address, "{reference}");
        }
        let repository = Url::parse("https://charts.example.com/stable").unwrap();
        assert_eq!(
            repository.within("index.yaml").unwrap().to_string(),
            "https://charts.example.com/stable/index.yaml"
        );
        let signed = Url::parse("https://charts.example.com/stable/?sig=1").unwrap();
        assert_eq!(
            signed.within("x.tgz").unwrap().to_string(),
            "https://charts.example.com/stable/x.tgz?sig=1"
        );
        assert_eq!(signed.within("x.tgz").unwrap().shown(), "https://charts.example.com/stable/x.tgz");
    }

    #[test]
    fn origins_tell_ports_and_schemes_apart() {
        let origin = |text: &str| Url::parse(text).unwrap().origin();
        assert_eq!(origin("https://A.example.com/x"), origin("https://a.example.com:443"));
        assert_ne!(origin("http://a.example.com"), origin("https://a.example.com"));
        assert_ne!(origin("http://127.0.0.1:1"), origin("http://127.0.0.1:2"));
        assert!(Url::parse("http://[::1]:80/").unwrap().is_loopback());
        assert!(!Url::parse("http://localhost.example.com/").unwrap().is_loopback());
    }

    #[test]
    fn credentials_in_a_url_are_refused_unshown() {
        let error = Url::parse("https://me:secret@charts.example.com/").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        assert!(Url::parse("file:///etc/passwd").is_err());
    }
}
