//! Chart releases: their objects are named after them, and so are the claims with their data.

use serde_json::Value;

use super::super::evidence::Evidence;
use super::super::release::{Chart, Release};
use super::super::report::{Findings, Outcome};
use super::Rendered;
use super::claims::Volume;
use crate::config::{ByteQuantity, Config};

/// Says which releases and volumes of charts are new ones.
pub(super) fn compare(evidence: &Evidence, config: &Config, rendered: &Rendered, findings: &mut Findings) {
    for release in evidence.releases {
        object(release, rendered, findings);
        names(release, config, findings);
        match release.chart {
            Chart::PrometheusStack => prometheus_stack(release, config, findings),
            Chart::Loki => loki(release, config, findings),
            Chart::Alloy => {}
        }
    }
}

/// The HelmChart or Application itself.
fn object(release: &Release, rendered: &Rendered, findings: &mut Findings) {
    let manifest = release.manifest;
    if rendered.twin(manifest).is_some() {
        return;
    }
    let is_same_chart = |object: &Value| {
        let spec = &object["spec"];
        let chart = spec["chart"].as_str().or_else(|| spec["source"]["chart"].as_str()).unwrap_or_default();
        chart.rsplit('/').next() == Some(release.chart.name())
    };
    let Some(new) = rendered.of(manifest.kind(), is_same_chart) else { return };
    let message = format!("becomes {}", super::place_of(new));
    let help = if manifest.kind() == "HelmChart" {
        "deleting the former uninstalls its release, but leaves the claims of its StatefulSets; do that before the \
         new one is applied, since both would own the same objects"
    } else {
        "delete the former without its finalizer, so that nothing that it deployed is deleted; the new one adopts \
         objects of the same names"
    };
    findings.add(Outcome::NotAdopted, Some(manifest.place()), manifest.to_string(), message).help(help);
}

/// The names of the chart's objects.
fn names(release: &Release, config: &Config, findings: &mut Findings) {
    let new = match release.chart {
        Chart::PrometheusStack => &config.charts.kube_prometheus_stack.release,
        Chart::Loki => &config.charts.loki.release,
        Chart::Alloy => &config.charts.alloy.release,
    };
    let old = release.fullname();
    if old == new.as_str() {
        return;
    }
    let message =
        format!("objects of the chart named {old}-... become {new}-..., as monstack sets `fullnameOverride`");
    findings
        .add(Outcome::NotAdopted, Some(release.manifest.place()), release.manifest.to_string(), message)
        .help(
            "whoever refers to the former Services by name has to be changed; their objects are created anew",
        );
}

fn prometheus_stack(release: &Release, config: &Config, findings: &mut Findings) {
    let (old, new) = (release.fullname(), &config.charts.kube_prometheus_stack.release);
    // `cleanPrometheusOperatorObjectNames` leaves the kind out of the name.
    let clean = release.flag(&["cleanPrometheusOperatorObjectNames"]) == Some(true);
    let named = |fullname: &str, kind: &str, clean: bool| {
        let object = if clean { fullname.to_owned() } else { format!("{fullname}-{kind}") };
        format!("{kind}-{object}-db-{kind}-{object}")
    };
    for (kind, keys, size, help) in [
        (
            "prometheus",
            ["prometheus", "prometheusSpec", "storageSpec"],
            &config.storage.prometheus,
            "what was uploaded is in the bucket; of the last two hours only the former volumes know. Let both run \
             side by side until the next upload, or bind the former volumes (PersistentVolume `claimRef`) to the new names",
        ),
        (
            "alertmanager",
            ["alertmanager", "alertmanagerSpec", "storage"],
            &config.storage.alertmanager,
            "silences are lost: export them with `amtool silence query -o json` and import them",
        ),
    ] {
        let Some(claim) = release.at(&keys).and_then(|storage| storage.at(&["volumeClaimTemplate"])) else {
            continue;
        };
        let old = Volume {
            claims: named(&old, kind, clean),
            size: claim.text(&["spec", "resources", "requests", "storage"]).map(str::to_owned),
            class: claim.text(&["spec", "storageClassName"]).map(str::to_owned),
        };
        let new = volume(named(new.as_str(), kind, clean), size, config);
        told(release, kind, &old, &new, help, findings);
    }
    if release.flag(&["grafana", "persistence", "enabled"]) == Some(true) && config.grafana.persistence {
        let old = match release.text(&["grafana", "fullnameOverride"]) {
            Some(name) => name.to_owned(),
            None if release.name.contains("grafana") => release.name.to_owned(),
            None => format!("{}-grafana", release.name),
        };
        let class = release.text(&["grafana", "persistence", "storageClassName"]).map(str::to_owned);
        let size = release.text(&["grafana", "persistence", "size"]).map(str::to_owned);
        let old = Volume { claims: old, size, class };
        let new = volume(format!("{new}-grafana"), &config.storage.grafana, config);
        let help = "dashboards and users that are only in Grafana's database are lost: export them, or copy \
                    `grafana.db`; Helm deletes the former claim with its release";
        told(release, "grafana", &old, &new, help, findings);
    }
}

fn loki(release: &Release, config: &Config, findings: &mut Findings) {
    let (old, new) = (release.fullname(), &config.charts.loki.release);
    for (component, size) in
        [("write", &config.storage.loki.write), ("backend", &config.storage.loki.backend)]
    {
        let text = |key| release.text(&[component, "persistence", key]).map(str::to_owned);
        let old = Volume {
            claims: format!("data-{old}-{component}"),
            size: text("size"),
            class: text("storageClass"),
        };
        let new = volume(format!("data-{new}-{component}"), size, config);
        let help = if old.claims == new.claims {
            "a claim template cannot be changed: delete the StatefulSet with `--cascade=orphan` before the upgrade. \
             Its claims stay as they are"
        } else {
            "chunks are in the bucket; before the former pods end, let them flush (`POST /flush` on each writer), or \
             the last lines are lost with their volumes"
        };
        told(release, component, &old, &new, help, findings);
    }
}

fn volume(claims: String, size: &ByteQuantity, config: &Config) -> Volume {
    let class = config.storage.class.as_ref().map(ToString::to_string);
    Volume { claims, size: Some(size.to_string()), class }
}

fn told(release: &Release, what: &str, old: &Volume, new: &Volume, help: &str, findings: &mut Findings) {
    let changes = old.changes(new);
    if !changes.is_empty() {
        let message = format!("volumes of {what}: {}", changes.join(", "));
        findings
            .add(Outcome::NotAdopted, Some(release.manifest.place()), release.manifest.to_string(), message)
            .help(help);
    }
}
