//! Manifests of charts (helm, pkg/registry/constants.go).

use serde::Deserialize;

use crate::digest::Digest;

pub(super) const ACCEPTED: &str =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

const CHART: [&str; 2] = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];

const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// Where a chart's archive is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) archive: Digest,
    pub(crate) provenance: Option<Digest>,
}

#[derive(Deserialize)]
struct Image {
    layers: Option<Vec<Layer>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    media_type: String,
    digest: Digest,
}

impl Manifest {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let image: Image =
            serde_json::from_slice(bytes).map_err(|error| format!("this is no manifest: {error}"))?;
        let layers = image.layers.ok_or("this is no manifest of a chart: it has no layers")?;
        let layer = |types: &[&str]| layers.iter().find(|layer| types.contains(&layer.media_type.as_str()));
        let archive = layer(&CHART).ok_or("this is no manifest of a chart: no layer is one")?.digest;
        Ok(Manifest { archive, provenance: layer(&[PROVENANCE]).map(|layer| layer.digest) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_told_by_their_types() {
        let digest = Digest::of(b"x");
        let text = format!(
            "{{\"layers\": [{{\"mediaType\": \"{PROVENANCE}\", \"digest\": \"{0}\"}}, {{\"mediaType\": \"{1}\", \"digest\": \"{2}\"}}]}}",
            Digest::of(b"p"),
            CHART[0],
            digest
        );
        let manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!(manifest, Manifest { archive: digest, provenance: Some(Digest::of(b"p")) });
        for (text, message) in [
            ("[", "no manifest: EOF"),
            ("{\"manifests\": []}", "no layers"),
            ("{\"layers\": []}", "no layer is one"),
            ("{\"layers\": [{\"mediaType\": \"x\", \"digest\": \"sha512:0\"}]}", "expected `sha256:`"),
        ] {
            assert!(Manifest::parse(text.as_bytes()).unwrap_err().contains(message), "{text}");
        }
    }
}
