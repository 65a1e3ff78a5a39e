//! Charts as archives and repositories of them.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The charts of the stack in the versions of the default config.
pub(crate) const CHARTS: [(&str, &str); 3] =
    [("kube-prometheus-stack", "66.7.1"), ("loki", "6.24.0"), ("alloy", "0.10.1")];

/// A chart with one ConfigMap, as `helm package` packs it.
pub(crate) fn chart(name: &str, version: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (path, text) in [
        ("Chart.yaml", format!("apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: 1.0.0\n")),
        ("values.yaml", format!("of: {name}\n")),
        ("README.md", format!("# {name}\n")),
        ("charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 0.1.0\n".to_owned()),
        ("templates/config.yaml", format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("{name}/{path}"), text.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

/// The hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// An index of versions of charts, as `helm repo index` writes it.
pub(crate) fn index(charts: &[(&str, &str)]) -> String {
    let mut names: Vec<_> = charts.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let mut text = "apiVersion: v1\nentries:\n".to_owned();
    for name in names {
        let _ = writeln!(text, "  {name}:");
        for (_, version) in charts.iter().filter(|(other, _)| *other == name) {
            let digest = sha256(&chart(name, version));
            let _ = write!(
                text,
                "  - apiVersion: v2\n    appVersion: 1.0.0\n    digest: {digest}\n    name: {name}\n    urls:\n    \
                 - {name}-{version}.tgz\n    version: {version}\n"
            );
        }
    }
    text + "generated: \"2026-01-01T00:00:00Z\"\n"
}

/// What a repository with these charts answers.
pub(crate) fn file(path: &str, charts: &[(&str, &str)]) -> Option<Vec<u8>> {
    if path.ends_with("/index.yaml") {
        return Some(index(charts).into_bytes());
    }
    let name = path.rsplit('/').next()?;
    let (name, version) = charts.iter().find(|(chart, version)| name == format!("{chart}-{version}.tgz"))?;
    Some(chart(name, version))
}

/// A config whose charts all are in one repository.
pub(crate) fn config(repository: &str) -> String {
    format!(
        "delivery: inline\ncharts:\n  kubePrometheusStack: {{repository: '{repository}'}}\n  loki: {{repository: \
         '{repository}'}}\n  alloy: {{repository: '{repository}'}}\n"
    )
}
