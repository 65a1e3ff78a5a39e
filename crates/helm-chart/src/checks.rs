//! What helm refuses to render though it could be loaded.

use crate::chart::{Chart, Metadata};
use crate::error::Error;
use masterminds_semver::{Constraint, Version};

const MAX_RELEASE_NAME: usize = 53;

/// Checks that a release may have a name.
///
/// # Errors
///
/// If it is empty, longer than 53 bytes or not made of DNS labels.
pub fn check_release_name(name: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::new("no name provided"));
    }
    if name.len() > MAX_RELEASE_NAME || !name.split('.').all(is_label) {
        return Err(Error::new(
            "invalid release name, must match regex \
             ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ \
             and the length must not be longer than 53",
        ));
    }
    Ok(())
}

fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether a version satisfies a constraint. Nothing satisfies a malformed constraint, such as an empty one.
#[must_use]
pub fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Constraint::parse(constraint), Version::parse(version)) {
        (Ok(constraint), Ok(version)) => constraint.check(&version),
        _ => false,
    }
}

/// Checks that a chart takes a version of Kubernetes, such as `v1.34.0`. Helm checks only the root chart, once
/// values are computed.
///
/// # Errors
///
/// If the version does not satisfy `kubeVersion` of Chart.yaml.
pub fn check_kube_version(metadata: &Metadata, kubernetes: &str) -> Result<(), Error> {
    let wanted = &metadata.kube_version;
    if wanted.is_empty() || is_compatible(wanted, kubernetes) {
        return Ok(());
    }
    Err(Error::new(format!(
        "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {kubernetes}"
    )))
}

/// Checks that a chart can be rendered by itself.
///
/// # Errors
///
/// If it is a library.
pub fn check_installable(chart: &Chart) -> Result<(), Error> {
    match chart.metadata.chart_type.as_str() {
        "" | "application" => Ok(()),
        other => Err(Error::new(format!("{other} charts are not installable"))),
    }
}

/// Checks that the charts which Chart.yaml lists are in charts/, before values are computed. Versions do not
/// count, nor does what is in the charts below.
///
/// # Errors
///
/// If one is missing.
pub fn check_dependencies(chart: &Chart) -> Result<(), Error> {
    let is_there = |name: &str| chart.dependencies.iter().any(|dependency| dependency.name() == name);
    let listed = chart.metadata.dependencies().iter().map(|dependency| dependency.name.as_str());
    let missing: Vec<&str> = listed.filter(|name| !is_there(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` \
         to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_names_are_dns_names() {
        for name in ["a", "a-b.c1", "0"] {
            assert_eq!(check_release_name(name), Ok(()), "{name}");
        }
        for name in ["", "A", "-a", "a-", "a..b", "a_b", &"a".repeat(54)] {
            assert!(check_release_name(name).is_err(), "{name}");
        }
    }
}
