//! References of images.

/// The parts of a reference (distribution/reference, `ParseNormalizedNamed`).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) registry: String,
    pub(super) repository: String,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<String>,
}

impl Reference {
    pub(super) fn of(image: &str) -> Self {
        let (name, digest) = match image.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (image, None),
        };
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
            _ => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path.to_owned()),
            Some(_) => ("docker.io", name.to_owned()),
            None => ("docker.io", format!("library/{name}")),
        };
        Self { registry: registry.to_owned(), repository, tag, digest }
    }
}

/// Whether a text has the form of an image with a host or a path, and a tag or digest. An address or a file has not.
pub(super) fn is_reference(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    let Reference { repository, tag, digest, .. } = Reference::of(text);
    !text.is_empty()
        && !text.contains("://")
        && !text.starts_with('/')
        && text.chars().all(plain)
        && text.contains('/')
        && !repository.is_empty()
        && (tag.is_some() || digest.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_the_parts_that_container_runtimes_see() {
        for (image, registry, repository, tag, digest) in [
            ("busybox", "docker.io", "library/busybox", None, None),
            ("grafana/loki:3.3.2", "docker.io", "grafana/loki", Some("3.3.2"), None),
            ("r.io:5000/a/b:1@sha256:0", "r.io:5000", "a/b", Some("1"), Some("sha256:0")),
            ("localhost/a", "localhost", "a", None, None),
            ("r.io:5000/a", "r.io:5000", "a", None, None),
        ] {
            let expected = Reference {
                registry: registry.to_owned(),
                repository: repository.to_owned(),
                tag: tag.map(str::to_owned),
                digest: digest.map(str::to_owned),
            };
            assert_eq!(Reference::of(image), expected, "{image}");
        }
    }
}
