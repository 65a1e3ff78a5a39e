//! `monstack.lock`: which archives are rendered.

use std::collections::BTreeSet;
use std::path::Path;

use helm_chart::Chart;
use helm_repository::Digest;
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::stream;

/// The largest lock file.
const MOST: usize = 1 << 20;

/// What this program reads and writes.
const FORMAT: u32 = 1;

const HEAD: &str =
    "# Written by `monstack charts lock`. Commit it: `render` uses these archives and no others.\n";

/// The lock file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Lock {
    /// Which format this is: 1.
    lock_version: u32,
    /// The charts, by name.
    pub(crate) charts: Vec<Pin>,
}

/// One archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pin {
    /// Name of the chart.
    pub(crate) name: String,
    /// Exact version.
    pub(crate) version: String,
    /// Version of what it installs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) app_version: String,
    /// Repository that it is fetched from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) repository: Option<String>,
    /// Path of the archive, if the config names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// SHA-256 of the archive.
    pub(crate) digest: Digest,
    /// The charts within it, those within them after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) dependencies: Vec<Subchart>,
}

/// A chart within another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subchart {
    /// Path of names from the outermost chart, with slashes.
    pub(crate) name: String,
    /// Exact version.
    pub(crate) version: String,
}

impl Lock {
    /// A lock of these charts.
    pub(crate) fn new(mut charts: Vec<Pin>) -> Self {
        charts.sort_by(|left, right| left.name.cmp(&right.name));
        Lock { lock_version: FORMAT, charts }
    }

    /// Reads the lock file, if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be read or understood: the place in it.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Problem> {
        let name = path.display();
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Problem::new(format!("{name} cannot be read: {error}"))),
        };
        let again =
            |problem: Problem| problem.with_help("`monstack charts lock` writes it anew once it is gone");
        let limits = go_yaml::Limits { max_bytes: MOST, ..go_yaml::Limits::default() };
        let nodes = go_yaml::read(&text, &limits).map_err(|problems| {
            let message = problems.first().map(ToString::to_string).unwrap_or_default();
            again(Problem::new(format!("{name}: {message}")))
        })?;
        let [node] = nodes.as_slice() else {
            return Err(again(Problem::new(format!("{name} is no single YAML document"))));
        };
        let lock = Lock::deserialize(node).map_err(|error| {
            let place = error.span().map(|span| format!(":{}", span.start)).unwrap_or_default();
            again(Problem::new(format!("{name}{place}: {error}")))
        })?;
        if lock.lock_version != FORMAT {
            let message =
                format!("{name} has the format {}, and this program knows {FORMAT}", lock.lock_version);
            return Err(
                Problem::new(message).with_help("use the version of monstack that wrote it, or a later one")
            );
        }
        let mut names = BTreeSet::new();
        for pin in &lock.charts {
            let is_plain =
                |text: &str| !text.is_empty() && !text.starts_with('.') && !text.contains(['/', '\\', '\0']);
            if !is_plain(&pin.name) || !is_plain(&pin.version) {
                return Err(again(Problem::new(format!("{name}: {:?} is no chart", pin.name))));
            }
            if !names.insert(&pin.name) {
                return Err(again(Problem::new(format!("{name} pins {} twice", pin.name))));
            }
        }
        Ok(Some(lock))
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// When it cannot be serialised.
    pub(crate) fn text(&self) -> anyhow::Result<String> {
        Ok(format!("{HEAD}{}", stream::document(&serde_json::to_value(self)?)))
    }

    /// What is pinned of a chart.
    pub(crate) fn pin(&self, chart: &str) -> Option<&Pin> {
        self.charts.iter().find(|pin| pin.name == chart)
    }
}

impl Pin {
    /// What an archive is pinned as.
    pub(crate) fn new(
        chart: &Chart,
        digest: Digest,
        repository: Option<String>,
        path: Option<String>,
    ) -> Self {
        let mut dependencies = Vec::new();
        collect(chart, "", &mut dependencies);
        dependencies.sort();
        let metadata = &chart.metadata;
        Pin {
            name: metadata.name.clone(),
            version: metadata.version.clone(),
            app_version: metadata.app_version.clone(),
            repository,
            path,
            digest,
            dependencies,
        }
    }

    /// The name of the archive, as helm gives it.
    pub(crate) fn file_name(&self) -> String {
        format!("{}-{}.tgz", self.name, self.version)
    }
}

fn collect(chart: &Chart, above: &str, into: &mut Vec<Subchart>) {
    for inner in &chart.dependencies {
        let name = format!("{above}{}", inner.metadata.name);
        collect(inner, &format!("{name}/"), into);
        into.push(Subchart { name, version: inner.metadata.version.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Lock>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("monstack.lock");
        std::fs::write(&path, text).unwrap();
        let shown = path.display().to_string();
        Lock::read(&path).map_err(|problem| problem.to_string().replace(&shown, "monstack.lock"))
    }

    #[test]
    fn what_is_written_is_read() {
        let pin = |name: &str| Pin {
            name: name.to_owned(),
            version: "1.10".to_owned(),
            app_version: "1.0".to_owned(),
            repository: Some("https://charts.example.com".to_owned()),
            path: None,
            digest: Digest::of(name.as_bytes()),
            dependencies: vec![Subchart { name: "crds".to_owned(), version: "0.0.0".to_owned() }],
        };
        let lock = Lock::new(vec![pin("loki"), pin("alloy")]);
        let text = lock.text().unwrap();
        assert_eq!(read(&text).unwrap(), Some(lock));
        assert!(text.find("alloy") < text.find("loki"), "{text}");
        assert!(text.contains("version: \"1.10\""), "{text}");
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let pin = "- {name: a, version: 1.0.0, digest: \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}\n";
        for (text, message) in [
            (
                "lockVersion: 1\ncharts:\n- name: a\n  version: 1.0.0\n  digest: md5\n",
                "monstack.lock:3:3: expected `sha256:`",
            ),
            ("lockVersion: 2\ncharts: []\n", "has the format 2"),
            ("lockVersion: 1\ncharts: [\n", "monstack.lock: "),
            ("", "no single YAML document"),
            (&format!("lockVersion: 1\ncharts:\n{pin}{pin}"), "pins a twice"),
            (&format!("lockVersion: 1\ncharts:\n{}", pin.replace("a,", "../a,")), "is no chart"),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains(message) && error.contains("charts lock") | error.contains("later one"),
                "{error}"
            );
        }
    }
}
