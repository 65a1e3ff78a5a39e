//! Helm's `repositories.yaml`.

use std::path::Path;

use serde::Deserialize;

use super::{Credential, read};
use crate::error::Error;
use crate::url::Url;

/// Where helm keeps its configuration, below the home folder (helm, pkg/helmpath).
#[cfg(target_os = "macos")]
pub(super) const FOLDER: &str = "Library/Preferences/helm";
/// Where helm keeps its configuration, below the home folder (helm, pkg/helmpath).
#[cfg(not(target_os = "macos"))]
pub(super) const FOLDER: &str = ".config/helm";

/// `repositories.yaml` (helm, pkg/repo/repo.go).
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    repositories: Option<Vec<Entry>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    url: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

/// The credentials of the repository with the longest address that this one begins with.
pub(super) fn find(path: &Path, repository: &Url) -> Result<Option<Credential>, Error> {
    let Some(text) = read(path)? else { return Ok(None) };
    let wrong = || Error::new(format!("{} is no list of helm's repositories", path.display()));
    let node = go_yaml::read_first(&text, &go_yaml::Limits::default()).map_err(|_| wrong())?;
    let Some(node) = &node else { return Ok(None) };
    let file = File::deserialize(node).map_err(|_| wrong())?;
    let mut best: Option<(usize, Credential)> = None;
    for entry in file.repositories.unwrap_or_default() {
        let Some(url) = entry.url.and_then(|url| Url::parse(&url).ok()) else { continue };
        let (inner, outer) = (repository.path().trim_end_matches('/'), url.path().trim_end_matches('/'));
        let below = inner.strip_prefix(outer);
        let is_below = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_better = best.as_ref().is_none_or(|(length, _)| outer.len() > *length);
        if let (true, true, Some(user), Some(password)) =
            (url.origin() == repository.origin() && is_below, is_better, entry.username, entry.password)
            && !user.is_empty()
        {
            best = Some((outer.len(), Credential::Basic { user, password }));
        }
    }
    Ok(best.map(|(_, credential)| credential))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_repository_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("repositories.yaml");
        let text = "apiVersion: \"\"\nrepositories:\n- name: a\n  url: https://c.example.com\n  username: u\n  password: outer\n\
            - name: b\n  url: https://c.example.com/stable/\n  username: u\n  password: inner\n- name: c\n  url: oci://x\n";
        std::fs::write(&path, text).unwrap();
        let password = |url: &str| match find(&path, &Url::parse(url).unwrap()).unwrap() {
            Some(Credential::Basic { password, .. }) => password,
            _ => String::new(),
        };
        assert_eq!(password("https://c.example.com/stable"), "inner");
        assert_eq!(password("https://c.example.com/stable2"), "outer");
        assert_eq!(password("https://c.example.com:8443/stable"), "");
        assert_eq!(password("http://c.example.com/stable"), "");
        assert!(find(&folder.path().join("none"), &Url::parse("https://a").unwrap()).unwrap().is_none());
    }
}
