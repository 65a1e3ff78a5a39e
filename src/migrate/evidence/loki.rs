//! Values of Loki.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::release::{Chart, Release};
use super::super::report::{Findings, Outcome};
use super::Evidence;
use super::table::{self, Row};

const TEXTS: &[Row] = &[
    (&["loki", "image", "tag"], &["versions", "loki"]),
    (&["loki", "storage", "bucketNames", "chunks"], &["objectStorage", "buckets", "logs"]),
    (&["loki", "storage", "s3", "region"], &["objectStorage", "region"]),
    (&["loki", "limits_config", "retention_period"], &["retention", "logs"]),
    (&["global", "clusterDomain"], &["clusterDomain"]),
    (&["global", "priorityClassName"], &["priorityClass", "name"]),
    (&["write", "persistence", "size"], &["storage", "loki", "write"]),
    (&["backend", "persistence", "size"], &["storage", "loki", "backend"]),
    (&["write", "persistence", "storageClass"], &["storage", "class"]),
    (&["backend", "persistence", "storageClass"], &["storage", "class"]),
];

const VALUES: &[Row] = &[
    (&["write", "replicas"], &["replicas", "loki", "write"]),
    (&["read", "replicas"], &["replicas", "loki", "read"]),
    (&["backend", "replicas"], &["replicas", "loki", "backend"]),
    (&["gateway", "replicas"], &["replicas", "loki", "gateway"]),
    (&["loki", "commonConfig", "replication_factor"], &["loki", "replicationFactor"]),
    (&["write", "tolerations"], &["tolerations"]),
];

const RESOURCES: &[Row] = &[
    (&["write", "resources"], &["loki", "write"]),
    (&["read", "resources"], &["loki", "read"]),
    (&["backend", "resources"], &["loki", "backend"]),
    (&["gateway", "resources"], &["loki", "gateway"]),
];

/// Offers what the values say.
pub(super) fn collect(evidence: &Evidence, release: &Release, draft: &mut Draft, findings: &mut Findings) {
    endpoint(release, draft, findings);
    table::texts(TEXTS, release, draft, findings);
    table::values(VALUES, release, draft, findings);
    table::resources(RESOURCES, evidence, release, draft, findings);
    let retention = release.at(&["loki", "compactor", "retention_enabled"]);
    if let Some(retention) = retention.filter(|retention| retention.flag(&[]) == Some(false)) {
        if release.at(&["loki", "limits_config", "retention_period"]).is_none() {
            draft.offer(&["retention", "logs"], "0".into(), retention.place(), findings);
        }
    } else if retention.is_none()
        && let Some(period) = release.at(&["loki", "limits_config", "retention_period"])
    {
        let message = "`retention_period` alone deleted nothing; with monstack Loki's compactor applies it";
        findings.add(Outcome::Differs, Some(period.place()), release.manifest.to_string(), message);
    }
    schema(release, draft, findings);
}

/// Offers the endpoint with `http://` where the connection is not encrypted.
fn endpoint(release: &Release, draft: &mut Draft, findings: &mut Findings) {
    let Some(endpoint) = release.at(&["loki", "storage", "s3", "endpoint"]) else { return };
    let text = endpoint.text(&[]).unwrap_or_default().trim_end_matches('/');
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    let insecure =
        text.starts_with("http://") || release.flag(&["loki", "storage", "s3", "insecure"]) == Some(true);
    let value = if insecure { format!("http://{host}") } else { host.to_owned() };
    draft.offer(&["objectStorage", "endpoint"], value.into(), endpoint.place(), findings);
}

/// Offers the day from which the index schema applies. Another schema than monstack's describes data that are
/// there already, so it is kept as it is.
fn schema(release: &Release, draft: &mut Draft, findings: &mut Findings) {
    let Some(configs) = release.at(&["loki", "schemaConfig", "configs"]) else { return };
    let periods: Vec<_> = configs.items(&[]).collect();
    if let [period] = periods.as_slice() {
        let mut schema = period.json();
        let from = schema.as_object_mut().and_then(|schema| schema.shift_remove("from"));
        if let Some(Value::String(from)) = from
            && schema
                == json!({
                    "store": "tsdb", "object_store": "s3", "schema": "v13",
                    "index": { "prefix": "loki_index_", "period": "24h" },
                })
        {
            draft.offer(&["loki", "schemaFrom"], from.into(), period.place(), findings);
            return;
        }
    }
    let key = ["charts", Chart::Loki.key(), "values", "loki", "schemaConfig", "configs"];
    draft.offer(&key, configs.json(), configs.place(), findings);
    let message = "the index schema is another one than monstack's and is kept, since it describes the logs that are stored";
    findings
        .add(Outcome::Differs, Some(configs.place()), "loki.schemaFrom", message)
        .help("retention needs an index period of 24h in all of its parts");
}
