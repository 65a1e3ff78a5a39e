//! Volume claims: their names follow from those of their owners.

use std::fmt;

/// A volume as a claim asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volume {
    /// The name of its claims, without the number of the pod.
    pub(super) claims: String,
    /// Its size, where it is known.
    pub(super) size: Option<String>,
    /// Its storage class; `None` is the cluster's default class.
    pub(super) class: Option<String>,
}

impl Volume {
    /// How two volumes differ, or nothing.
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.claims != new.claims {
            changes.push(format!("the claims {}-* become {}-*", self.claims, new.claims));
        }
        if self.class != new.class {
            changes.push(format!("the storage class {} becomes {}", Class(&self.class), Class(&new.class)));
        }
        if let (Some(old), Some(new)) = (&self.size, &new.size)
            && old != new
        {
            changes.push(format!("the size {old} becomes {new}"));
        }
        changes
    }
}

struct Class<'a>(&'a Option<String>);

impl fmt::Display for Class<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("(the cluster's default)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_differ_is_a_change() {
        let volume = |claims: &str, size: Option<&str>, class: Option<&str>| Volume {
            claims: claims.to_owned(),
            size: size.map(str::to_owned),
            class: class.map(str::to_owned),
        };
        let old = volume("data-loki-write", None, None);
        assert!(old.changes(&volume("data-loki-write", Some("10Gi"), None)).is_empty());
        let changes = old.changes(&volume("data-logs-write", Some("10Gi"), Some("longhorn")));
        assert_eq!(
            changes,
            [
                "the claims data-loki-write-* become data-logs-write-*",
                "the storage class (the cluster's default) becomes longhorn"
            ]
        );
    }
}
