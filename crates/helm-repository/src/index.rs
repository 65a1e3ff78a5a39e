//! `index.yaml` of a chart repository, of which only the charts asked for are read.
//!
//! An index holds every version of every chart and may have tens of megabytes. It passes by line by line: helm
//! writes one chart after the other in block style, so lines of others are told by their indentation alone and never
//! parsed. An index in JSON (`helm repo index --json`) is read as it streams, too.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::digest::Digest;

/// The most bytes of a line, and of one chart's versions.
const MOST: usize = 64 << 20;

const LIMITS: go_yaml::Limits = go_yaml::Limits { max_bytes: MOST, max_depth: 64, max_nodes: 1_000_000 };

/// A version of a chart, as an index lists it (helm, pkg/repo/index.go).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Listed {
    pub(crate) version: String,
    pub(crate) app_version: Option<String>,
    pub(crate) urls: Vec<String>,
    digest: Option<String>,
    pub(crate) deprecated: Option<bool>,
}

impl Listed {
    pub(crate) fn digest(&self) -> Option<Digest> {
        Digest::parse(self.digest.as_deref()?)
    }
}

/// The versions of charts by the charts' names.
pub(crate) type Versions = BTreeMap<String, Vec<Listed>>;

/// Why an index cannot be read.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Its bytes do not come.
    Read(io::Error),
    /// It is no index.
    Corrupt(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Read(error)
    }
}

fn corrupt<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Corrupt(message.into()))
}

/// Reads the versions of some charts. A chart that the index does not know is missing.
pub(crate) fn read(mut index: impl BufRead, charts: &[&str]) -> Result<Versions, Failure> {
    loop {
        match index.fill_buf()?.first() {
            Some(b' ' | b'\t' | b'\r' | b'\n') => index.consume(1),
            Some(b'{') => return json(index, charts),
            Some(_) => return Lines::new(charts).read(index),
            None => return corrupt("it is empty"),
        }
    }
}

/// Reads block style.
struct Lines<'a> {
    charts: &'a [&'a str],
    number: usize,
    has_api_version: bool,
    entries: Entries,
    /// The chart that is read, and its lines.
    open: Option<(String, Vec<u8>)>,
    versions: Versions,
}

enum Entries {
    Before,
    /// Inside, with the indentation of the charts once it is known.
    Inside(Option<usize>),
    Behind,
}

impl<'a> Lines<'a> {
    fn new(charts: &'a [&'a str]) -> Self {
        let entries = Entries::Before;
        Lines { charts, number: 0, has_api_version: false, entries, open: None, versions: Versions::new() }
    }

    fn read(mut self, mut index: impl BufRead) -> Result<Versions, Failure> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let count = index.by_ref().take(MOST as u64 + 1).read_until(b'\n', &mut line)?;
            if count == 0 {
                break;
            }
            self.number += 1;
            if line.len() > MOST {
                return corrupt(format!("line {} is longer than {MOST} bytes", self.number));
            }
            self.line(&line)?;
        }
        self.close()?;
        if matches!(self.entries, Entries::Before) {
            return corrupt("it has no `entries`");
        }
        if !self.has_api_version {
            return corrupt("it has no `apiVersion`");
        }
        Ok(self.versions)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Failure> {
        let indentation = line.iter().take_while(|byte| **byte == b' ').count();
        let content = line.trim_ascii();
        if content.is_empty() || content.starts_with(b"#") {
            return self.keep(line);
        }
        if indentation == 0 && !(content.starts_with(b"-") && self.is_inside()) {
            return self.top(content);
        }
        let Entries::Inside(charts) = &mut self.entries else { return Ok(()) };
        let expected = *charts.get_or_insert(indentation);
        if indentation > expected || (indentation == expected && content.starts_with(b"-")) {
            return self.keep(line);
        }
        if indentation < expected {
            return corrupt(format!("line {}: expected the name of a chart", self.number));
        }
        self.close()?;
        let Some((name, rest)) = key(content) else {
            return corrupt(format!("line {}: expected the name of a chart", self.number));
        };
        if self.charts.contains(&name.as_str()) {
            let mut text = b"versions:".to_vec();
            text.extend_from_slice(rest);
            text.push(b'\n');
            self.open = Some((name, text));
        }
        Ok(())
    }

    fn is_inside(&self) -> bool {
        matches!(self.entries, Entries::Inside(_))
    }

    /// A key of the index itself.
    fn top(&mut self, content: &[u8]) -> Result<(), Failure> {
        if matches!(content, b"---" | b"...") || content.starts_with(b"%") {
            return Ok(());
        }
        self.close()?;
        let Some((name, rest)) = key(content) else {
            return corrupt(format!("line {}: expected a key such as `entries:`", self.number));
        };
        if self.is_inside() {
            self.entries = Entries::Behind;
        }
        match name.as_str() {
            "apiVersion" => self.has_api_version = true,
            "entries" => {
                let rest = rest.trim_ascii();
                if !(rest.is_empty() || rest.starts_with(b"#") || matches!(rest, b"{}" | b"null" | b"~")) {
                    return corrupt(format!("line {}: `entries` is not written in block style", self.number));
                }
                self.entries = Entries::Inside(None);
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, line: &[u8]) -> Result<(), Failure> {
        let Some((name, text)) = &mut self.open else { return Ok(()) };
        if text.len() + line.len() > MOST {
            return corrupt(format!("the versions of {name} have more than {MOST} bytes"));
        }
        text.extend_from_slice(line);
        Ok(())
    }

    /// Parses the lines of a chart.
    fn close(&mut self) -> Result<(), Failure> {
        let Some((name, text)) = self.open.take() else { return Ok(()) };
        let wrong = |message: String| Failure::Corrupt(format!("the versions of {name}: {message}"));
        let nodes = go_yaml::read_last_of_equal_keys(&text, &LIMITS)
            .map_err(|problems| wrong(problems.first().map(ToString::to_string).unwrap_or_default()))?;
        let versions = nodes.first().and_then(|node| node.get("versions"));
        if let Some(versions) = versions {
            let versions = Option::deserialize(&versions.value).map_err(|error| wrong(error.to_string()))?;
            self.versions.entry(name).or_default().extend(versions.unwrap_or_else(Vec::new));
        }
        Ok(())
    }
}

/// A key, plain or quoted, and what is behind its colon.
fn key(content: &[u8]) -> Option<(String, &[u8])> {
    let quote = content.first().filter(|byte| matches!(byte, b'"' | b'\''));
    let (name, rest) = match quote {
        Some(quote) => {
            let inner = content.get(1..)?;
            let end = inner.iter().position(|byte| byte == quote)?;
            (inner.get(..end)?, inner.get(end + 1..)?)
        }
        None => content.split_at_checked(content.iter().position(|byte| *byte == b':')?)?,
    };
    let rest = rest.trim_ascii_start().strip_prefix(b":")?;
    let is_key = rest.is_empty() || rest.starts_with(b" ") || rest.starts_with(b"\t");
    let name = std::str::from_utf8(name).ok()?.trim_end();
    (is_key && !name.is_empty() && !name.contains(['<', '{', '['])).then(|| (name.to_owned(), rest))
}

/// Reads an index in JSON.
fn json(index: impl Read, charts: &[&str]) -> Result<Versions, Failure> {
    let mut deserializer = serde_json::Deserializer::from_reader(index);
    let read = Index(charts).deserialize(&mut deserializer).and_then(|index| {
        deserializer.end()?;
        Ok(index)
    });
    match read {
        Ok(Some(versions)) => Ok(versions),
        Ok(None) => corrupt("it has no `entries`"),
        Err(error) if error.is_io() => Err(Failure::Read(error.into())),
        Err(error) => corrupt(error.to_string()),
    }
}

struct Index<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Index<'_> {
    type Value = Option<Versions>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Index<'_> {
    type Value = Option<Versions>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an index of charts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut versions = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "entries" {
                versions = Some(map.next_value_seed(Charts(self.0))?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(versions)
    }
}

struct Charts<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Charts<'_> {
    type Value = Versions;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Versions, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Charts<'_> {
    type Value = Versions;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("charts by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Versions, A::Error> {
        let mut versions = Versions::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.0.contains(&name.as_str()) {
                let listed: Option<Vec<Listed>> = map.next_value()?;
                versions.insert(name, listed.unwrap_or_default());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(versions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "apiVersion: v1\nentries:\n  alloy:\n  - apiVersion: v2\n    appVersion: v1.5.1\n    \
        created: \"2024-01-01T00:00:00Z\"\n    description: |-\n      loki:\n      - no\n    digest: \
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n    urls:\n    - https://x/alloy-0.10.1.tgz\n    \
        version: 0.10.1\n  # between\n  \"loki\":\n  - urls: [a.tgz, b.tgz]\n    version: 6.24.0\n    appVersion: 3.0\n  \
        - version: 6.23.0\n    deprecated: true\n  tempo: []\ngenerated: \"2024-01-01T00:00:00Z\"\n";

    fn versions(index: &str, charts: &[&str]) -> Result<Versions, String> {
        read(index.as_bytes(), charts).map_err(|failure| match failure {
            Failure::Read(error) => error.to_string(),
            Failure::Corrupt(message) => message,
        })
    }

    #[test]
    fn only_what_is_asked_for_is_read() {
        let found = versions(INDEX, &["loki", "other"]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["loki"][0].urls, ["a.tgz", "b.tgz"]);
        assert_eq!(found["loki"][0].app_version.as_deref(), Some("3.0"));
        assert_eq!(found["loki"][1].deprecated, Some(true));
        let found = versions(INDEX, &["alloy", "tempo"]).unwrap();
        assert_eq!(found["alloy"][0].digest(), Some(Digest::of(b"")));
        assert!(found["tempo"].is_empty());
    }

    #[test]
    fn json_and_other_indentation_are_read_too() {
        let index = INDEX.replace("3.0", "\"3.0\"");
        let nodes = go_yaml::read(index.as_bytes(), &LIMITS).unwrap();
        let json = nodes[0].to_json().unwrap().to_string();
        let names = ["alloy", "loki", "tempo"];
        assert_eq!(versions(&json, &names).unwrap(), versions(&index, &names).unwrap());
        let wide = "apiVersion: v1\r\nentries:\r\n    loki:\r\n        - version: 1.0.0\r\n          urls:\r\n              - a\r\n";
        assert_eq!(versions(wide, &["loki"]).unwrap()["loki"][0].urls, ["a"]);
        let flush = "entries:\n loki:\n - version: 1.0.0\napiVersion: v1\n";
        assert_eq!(versions(flush, &["loki"]).unwrap()["loki"].len(), 1);
    }

    #[test]
    fn what_is_no_index_is_refused() {
        for (index, message) in [
            ("", "it is empty"),
            ("<html>\n<body>Log in</body>\n", "line 1: expected a key"),
            ("apiVersion: v1\n", "it has no `entries`"),
            ("entries:\n  loki: []\n", "it has no `apiVersion`"),
            ("apiVersion: v1\nentries: [\n", "not written in block style"),
            ("apiVersion: v1\nentries:\n  loki:\n  - version: [\n", "the versions of loki: "),
            ("apiVersion: v1\nentries:\n  loki:\n  - version: {a: b}\n", "the versions of loki: "),
            ("apiVersion: v1\nentries:\n    a: []\n  loki: []\n", "line 4: expected the name of a chart"),
            ("{\"entries\": {\"loki\": [", "EOF"),
            ("{\"apiVersion\": \"v1\"}", "it has no `entries`"),
        ] {
            let error = versions(index, &["loki"]).unwrap_err();
            assert!(error.contains(message), "{index:?}: {error}");
        }
    }
}
