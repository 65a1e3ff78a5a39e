//! What a registry wants to be shown (distribution, docs/content/spec/auth).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::credentials::{Credential, Credentials};
use crate::error::Error;
use crate::http::{Http, Request};
use crate::url::Url;

/// The most bytes of the answer of a token server.
const MOST: u64 = 1 << 20;

const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How requests to one registry are authorized.
#[derive(Debug)]
pub(super) struct Authorization<'a> {
    credentials: &'a Credentials,
    header: Option<String>,
    has_answered: bool,
}

/// `WWW-Authenticate`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl<'a> Authorization<'a> {
    pub(super) fn new(credentials: &'a Credentials) -> Self {
        Authorization { credentials, header: None, has_answered: false }
    }

    pub(super) fn header(&self) -> Option<String> {
        self.header.clone()
    }

    /// Gets what a challenge asks for. False if there is nothing to show.
    pub(super) fn answer(
        &mut self,
        http: &Http,
        registry: &Url,
        name: &str,
        challenge: &str,
    ) -> Result<bool, Error> {
        if std::mem::replace(&mut self.has_answered, true) {
            return Ok(false);
        }
        let challenge = Challenge::parse(challenge);
        let credential = self.credentials.of_registry(registry)?;
        self.header = match challenge.scheme.as_str() {
            "basic" => credential.as_ref().and_then(Credential::basic),
            "bearer" => {
                Some(format!("Bearer {}", token(http, registry, name, &challenge, credential.as_ref())?))
            }
            scheme => {
                let message = format!("{} wants {scheme:?} credentials, which is unknown", registry.shown());
                return Err(Error::new(message));
            }
        };
        Ok(self.header.is_some())
    }
}

/// Gets a token from the server that the registry names.
fn token(
    http: &Http,
    registry: &Url,
    name: &str,
    challenge: &Challenge,
    credential: Option<&Credential>,
) -> Result<String, Error> {
    let realm = challenge.get("realm").unwrap_or_default();
    let realm = Url::parse(realm)
        .map_err(|_| Error::new(format!("{} names no server of tokens: {realm:?}", registry.shown())))?;
    if credential.is_some() && registry.scheme() == "https" && realm.scheme() != "https" {
        let message =
            format!("{} wants credentials to be sent unencrypted to {}", registry.shown(), realm.shown());
        return Err(Error::new(message));
    }
    let scope = challenge.get("scope").map_or_else(|| format!("repository:{name}:pull"), str::to_owned);
    let mut query = format!("scope={}", utf8_percent_encode(&scope, IN_QUERY));
    if let Some(service) = challenge.get("service") {
        query.push_str(&format!("&service={}", utf8_percent_encode(service, IN_QUERY)));
    }
    let mut request = Request::get(realm.clone(), "application/json", MOST);
    if let Some(Credential::Refresh(token)) = credential {
        let token = utf8_percent_encode(token, IN_QUERY);
        request.form =
            Some(format!("grant_type=refresh_token&client_id=monstack&refresh_token={token}&{query}"));
    } else {
        let separator = if realm.to_string().contains('?') { '&' } else { '?' };
        request.url = Url::parse(&format!("{realm}{separator}{query}"))?;
        request.authorization = credential.and_then(Credential::basic);
    }
    let bytes = http.bytes(&request)?;
    let wrong = || Error::new(format!("{} answers without a token", realm.shown()));
    // A message of the parser could quote the token.
    let answer: Token = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    let token = answer.token.or(answer.access_token).filter(|token| !token.is_empty()).ok_or_else(wrong)?;
    if token.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(wrong());
    }
    Ok(token)
}

impl Challenge {
    /// Reads the first challenge (RFC 9110, section 11.6.1).
    fn parse(text: &str) -> Self {
        let (scheme, mut rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let mut parameters = Vec::new();
        while let Some((name, value)) = rest.split_once('=') {
            let name = name.trim_matches([' ', ',']).to_ascii_lowercase();
            let (value, behind) = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => value.split_once(',').unwrap_or((value, "")),
            };
            parameters.push((name, value.trim().to_owned()));
            rest = behind;
        }
        Challenge { scheme: scheme.to_ascii_lowercase(), parameters }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_taken_apart() {
        let challenge = Challenge::parse(
            "Bearer realm=\"https://auth.example.com/token\", service=registry,scope=\"repository:a/b:pull,push\"",
        );
        assert_eq!(challenge.scheme, "bearer");
        assert_eq!(challenge.get("realm"), Some("https://auth.example.com/token"));
        assert_eq!(challenge.get("service"), Some("registry"));
        assert_eq!(challenge.get("scope"), Some("repository:a/b:pull,push"));
        assert_eq!(Challenge::parse("Basic").scheme, "basic");
        assert_eq!(Challenge::parse("Basic realm=\"open").get("realm"), Some("open"));
    }
}
