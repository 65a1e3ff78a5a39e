//! The volumes of an object's pods.

use serde::Serialize;
use serde_json::Value;

use crate::config::quantity;

/// A volume that is claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// Name of the claim, or of its template.
    pub name: String,
    /// Bytes of each.
    pub bytes: u128,
    /// Storage class; the cluster's default where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// How many there are.
    pub count: u64,
}

/// The claims of an object with so many pods.
pub(super) fn of(object: &Value, count: u64) -> Vec<Volume> {
    let spec = &object["spec"];
    let templates = spec["volumeClaimTemplates"].as_array().into_iter().flatten();
    let operators = ["storage", "storageSpec"].map(|key| &spec[key]["volumeClaimTemplate"]);
    let claims = templates.chain(operators.into_iter().filter(|claim| claim.is_object()));
    claims.map(|claim| volume(claim, count)).collect()
}

/// The volume of a claim that is an object of its own.
pub(super) fn claim(object: &Value) -> Option<Volume> {
    (object["kind"] == "PersistentVolumeClaim").then(|| volume(object, 1))
}

fn volume(claim: &Value, count: u64) -> Volume {
    let size = claim.pointer("/spec/resources/requests/storage");
    let bytes = match size {
        Some(Value::String(text)) => quantity::bytes(text),
        Some(Value::Number(number)) => quantity::bytes(&number.to_string()),
        _ => None,
    };
    Volume {
        name: claim["metadata"]["name"].as_str().unwrap_or("data").to_owned(),
        bytes: bytes.unwrap_or_default(),
        class: claim["spec"]["storageClassName"].as_str().map(str::to_owned),
        count,
    }
}
