//! docker's `config.json`, which helm's registry configuration is, too, and credential helpers.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use data_encoding::BASE64;
use serde::Deserialize;
use wait_timeout::ChildExt as _;

use super::{Credential, read};
use crate::error::Error;

/// Docker's own registry is named by its old address.
const DOCKER_HUB: [&str; 3] = ["registry-1.docker.io", "docker.io", "index.docker.io"];

/// How long a helper may take: it may ask a person.
const PATIENCE: Duration = Duration::from_secs(60);

const MOST_ANSWER: u64 = 1 << 20;

/// `config.json` (docker/cli, cli/config/configfile/file.go).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: BTreeMap<String, Auth>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

/// What a helper answers (docker/docker-credential-helpers).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// The credentials for a host.
pub(super) fn find(path: &Path, host: &str, may_ask_store: bool) -> Result<Option<Credential>, Error> {
    let Some(text) = read(path)? else { return Ok(None) };
    // A message of the parser could quote a secret.
    let config: Config = serde_json::from_slice(&text).map_err(|error| {
        Error::new(format!("{}:{}: this is no configuration of docker", path.display(), error.line()))
    })?;
    let is_host = |key: &str| {
        let key = key.split_once("://").map_or(key, |(_, rest)| rest);
        let key = key.split('/').next().unwrap_or_default();
        key == host || (DOCKER_HUB.contains(&host) && DOCKER_HUB.contains(&key))
    };
    if let Some((key, helper)) = config.cred_helpers.iter().find(|(key, _)| is_host(key)) {
        return ask(helper, key);
    }
    let found = config.auths.iter().find(|(key, _)| is_host(key));
    if let Some(credential) = found.and_then(|(_, auth)| auth.credential()) {
        return Ok(Some(credential));
    }
    match (&config.creds_store, found) {
        (Some(helper), Some((key, _))) => ask(helper, key),
        (Some(helper), None) if may_ask_store => ask(helper, host),
        _ => Ok(None),
    }
}

impl Auth {
    fn credential(&self) -> Option<Credential> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Some(Credential::Refresh(token));
        }
        if let Some(auth) = filled(&self.auth) {
            let text = String::from_utf8(BASE64.decode(auth.trim().as_bytes()).ok()?).ok()?;
            let (user, password) = text.split_once(':')?;
            let password = password.trim_end_matches('\0').to_owned();
            return Some(Credential::Basic { user: user.to_owned(), password });
        }
        Some(Credential::Basic { user: filled(&self.username)?, password: filled(&self.password)? })
    }
}

/// Asks a credential helper. None if it does not know the server.
fn ask(helper: &str, server: &str) -> Result<Option<Credential>, Error> {
    let name = format!("docker-credential-{helper}");
    let fail = |reason: String| Error::new(format!("{name} gives no credentials for {server}: {reason}"));
    if helper.contains(['/', '\\', '\0']) {
        return Err(fail("this is no name of a credential helper".to_owned()));
    }
    let mut child = Command::new(&name)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fail(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not listen answers without it or not at all.
        let _ = writeln!(stdin, "{server}");
    }
    let output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        let read = output.map(|output| output.take(MOST_ANSWER).read_to_end(&mut answer));
        read.transpose().map(|_| answer)
    });
    let status = child.wait_timeout(PATIENCE).map_err(|error| fail(error.to_string()))?;
    let Some(status) = status else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(fail(format!("no answer within {} seconds", PATIENCE.as_secs())));
    };
    let answer = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    if !status.success() {
        // Helpers say so in words on standard output and with the code 1.
        let is_unknown = String::from_utf8_lossy(&answer).contains("credentials not found");
        return if is_unknown { Ok(None) } else { Err(fail(status.to_string())) };
    }
    let answer: Answer =
        serde_json::from_slice(&answer).map_err(|_| fail("its answer is no JSON".to_owned()))?;
    Ok(Some(if answer.username == "<token>" {
        Credential::Refresh(answer.secret)
    } else {
        Credential::Basic { user: answer.username, password: answer.secret }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(config: &str, host: &str) -> Result<Option<Credential>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, config).unwrap();
        find(&path, host, true)
    }

    #[test]
    fn hosts_are_found_however_they_are_written() {
        let config = "{\"auths\": {\"https://r.example.com/v2/\": {\"auth\": \"bWU6YTpi\"}, \
            \"https://index.docker.io/v1/\": {\"identitytoken\": \"t\", \"auth\": \"bWU6\"}, \"empty:5000\": {}}}";
        let basic = Credential::Basic { user: "me".to_owned(), password: "a:b".to_owned() };
        assert!(found(config, "r.example.com").unwrap() == Some(basic));
        assert!(found(config, "registry-1.docker.io").unwrap() == Some(Credential::Refresh("t".to_owned())));
        assert!(found(config, "r.example.com:5000").unwrap().is_none());
        assert!(found(config, "empty:5000").unwrap().is_none());
    }

    #[test]
    fn a_broken_file_is_named_without_what_is_in_it() {
        let error = found("{\"auths\": {\"a\": {\"auth\": \"secret\"]}}", "a").unwrap_err().to_string();
        assert!(error.contains("config.json:1") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn a_helper_that_is_missing_is_named() {
        let error = found("{\"credHelpers\": {\"a\": \"of-nobody\"}}", "a").unwrap_err().to_string();
        assert!(error.contains("docker-credential-of-nobody"), "{error}");
        let error = found("{\"credsStore\": \"../x\"}", "a").unwrap_err().to_string();
        assert!(error.contains("no name of a credential helper"), "{error}");
    }
}
