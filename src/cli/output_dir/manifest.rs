//! The list of the files that monstack wrote, so that it never removes one of somebody else's.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;

use super::replace;

const NAME: &str = ".monstack-files";

/// A list that is longer was not written by us.
const MAX_BYTES: u64 = 1 << 20;

/// Names of files below the output directory, `construct/file`.
#[derive(Debug, Default)]
pub(super) struct Manifest(BTreeSet<String>);

impl Manifest {
    /// The list of an earlier run; empty without one. Whatever somebody else wrote into it is left out.
    pub(super) fn read(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join(NAME);
        if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(Self::default());
        }
        let mut bytes = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {}", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().filter(|line| is_ours(line)).map(str::to_owned).collect())
    }

    /// This list and more names.
    pub(super) fn joined(&self, names: &BTreeSet<String>) -> Self {
        Self(self.0.union(names).cloned().collect())
    }

    /// The names that `wanted` picks, and the others.
    pub(super) fn split(self, wanted: impl Fn(&str) -> bool) -> (BTreeSet<String>, BTreeSet<String>) {
        self.0.into_iter().partition(|name| wanted(name))
    }

    pub(super) fn write(&self, directory: &Path) -> anyhow::Result<()> {
        let path = directory.join(NAME);
        let text: String = self.0.iter().map(|name| format!("{name}\n")).collect();
        replace(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl FromIterator<String> for Manifest {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

/// Whether a name has the form of ours: one directory, one file, neither of them hidden or a way out.
fn is_ours(name: &str) -> bool {
    let Some((construct, file)) = name.split_once('/') else { return false };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
    };
    plain(construct) && plain(file) && (file.ends_with(".yaml") || file.ends_with(".json"))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn names_that_lead_elsewhere_are_not_ours() {
        assert!(is_ours("thanos-query/deployment-thanos-query.yaml"));
        for name in [
            "",
            "/",
            "/etc/passwd.yaml",
            "../x.yaml",
            "a/../x.yaml",
            "a/../../x.yaml",
            "a/b/c.yaml",
            "a/.yaml",
            ".git/x.yaml",
            "a/x",
            "x.yaml",
            "a/x.yaml\0",
            "a\\..\\x.yaml",
            "a/..",
            "a//x.yaml",
            "C:/x.yaml",
        ] {
            assert!(!is_ours(name), "{name:?}");
        }
    }
}
