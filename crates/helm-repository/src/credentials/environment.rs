//! `MONSTACK_CREDENTIALS`.

use std::ffi::OsString;

use percent_encoding::percent_decode_str;

use super::Credential;
use crate::error::Error;
use crate::url::{Origin, Url};

const HELP: &str = "MONSTACK_CREDENTIALS holds URLs such as https://user:password@charts.example.com, \
with spaces between; write special characters with %";

pub(super) fn read(text: Option<OsString>) -> Result<Vec<(Origin, Credential)>, Error> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let text = text.to_str().ok_or_else(|| Error::new("MONSTACK_CREDENTIALS is no UTF-8"))?;
    text.split_whitespace().enumerate().map(|(index, word)| entry(word).ok_or_else(|| wrong(index))).collect()
}

/// The word itself stays unsaid.
fn wrong(index: usize) -> Error {
    Error::new(format!("MONSTACK_CREDENTIALS: word {} is no URL with user and password", index + 1))
        .with_help(HELP)
}

fn entry(word: &str) -> Option<(Origin, Credential)> {
    let (scheme, rest) = word.split_once("://")?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (who, host) = rest.get(..end)?.rsplit_once('@')?;
    let (user, password) = who.split_once(':')?;
    let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    let origin = Url::parse(&format!("{scheme}://{host}/")).ok()?.origin();
    Some((origin, Credential::Basic { user: decoded(user)?, password: decoded(password)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_their_hosts() {
        let all = read(Some("https://me:a%40b@charts.example.com:8443\n oci://x:y@r.example.com/z".into()))
            .unwrap();
        assert_eq!(all[0].0, Url::parse("https://charts.example.com:8443").unwrap().origin());
        assert!(
            matches!(&all[0].1, Credential::Basic { user, password } if user == "me" && password == "a@b")
        );
        assert_eq!(all[1].0.host, "r.example.com");
        assert!(read(None).unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_not_shown() {
        let error =
            read(Some("https://ok:ok@a.example.com me:secret@b.example.com".into())).unwrap_err().to_string();
        assert!(error.contains("word 2") && !error.contains("secret"), "{error}");
    }
}
