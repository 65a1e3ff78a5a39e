//! The containers that the Prometheus Operator adds to pods (prometheus-operator pkg/operator/config_reloader.go).

use serde_json::{Map, Value, json};

/// What the operator gives its sidecar `config-reloader`, by its arguments `--config-reloader-*` (cmd/operator/main.go).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloader {
    resources: Value,
}

impl Reloader {
    /// As the operator among the objects is told.
    #[must_use]
    pub fn of<'a>(objects: impl Iterator<Item = &'a Value>) -> Self {
        let mut resources = [("requests", Map::new()), ("limits", Map::new())];
        // The operator's defaults; 0 is none.
        let mut given = [["10m", "50Mi"], ["10m", "50Mi"]].map(|values| values.map(str::to_owned));
        for object in objects.filter(|object| object["kind"] == "Deployment") {
            let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
            let arguments =
                containers.into_iter().flatten().filter_map(|container| container["args"].as_array());
            for argument in arguments.flatten().filter_map(Value::as_str) {
                let Some((flag, value)) = argument.split_once('=') else { continue };
                let slot = match flag.trim_start_matches('-') {
                    "config-reloader-cpu-request" => &mut given[0][0],
                    "config-reloader-memory-request" => &mut given[0][1],
                    "config-reloader-cpu-limit" => &mut given[1][0],
                    "config-reloader-memory-limit" => &mut given[1][1],
                    _ => continue,
                };
                value.clone_into(slot);
            }
        }
        for ((_, map), values) in resources.iter_mut().zip(&given) {
            for (name, value) in ["cpu", "memory"].iter().zip(values).filter(|(_, value)| *value != "0") {
                map.insert((*name).to_owned(), value.as_str().into());
            }
        }
        let [(_, requests), (_, limits)] = resources;
        Self { resources: json!({"requests": requests, "limits": limits}) }
    }

    /// The pod that the operator makes of a custom resource, if it makes one: its spec, its number, and the claim of its
    /// volume.
    #[must_use]
    pub fn pod(&self, object: &Value) -> Option<Value> {
        let spec = &object["spec"];
        let main = match object["kind"].as_str()? {
            "Prometheus" | "PrometheusAgent" => "prometheus",
            "Alertmanager" => "alertmanager",
            "ThanosRuler" => "thanos-ruler",
            _ => return None,
        };
        let mut containers = vec![
            json!({"name": main, "resources": spec["resources"]}),
            json!({"name": "config-reloader", "resources": self.resources}),
        ];
        if spec["thanos"].is_object() {
            containers.push(json!({"name": "thanos-sidecar", "resources": spec["thanos"]["resources"]}));
        }
        // A container of the same name is merged into the operator's own.
        for added in spec["containers"].as_array().into_iter().flatten() {
            match containers.iter_mut().find(|container| container["name"] == added["name"]) {
                Some(container) if !added["resources"].is_null() => {
                    container["resources"] = added["resources"].clone()
                }
                Some(_) => {}
                None => containers.push(added.clone()),
            }
        }
        let init = json!([{"name": "init-config-reloader", "resources": self.resources}]);
        Some(json!({
            "containers": containers,
            "initContainers": init,
            "affinity": spec["affinity"],
            "topologySpreadConstraints": spec["topologySpreadConstraints"],
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_arguments_count() {
        let operator = json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": [{"args": [
            "--config-reloader-cpu-request=20m", "--config-reloader-cpu-limit=0", "--config-reloader-memory-request=32Mi",
        ]}]}}}});
        let reloader = Reloader::of([&operator].into_iter());
        assert_eq!(
            reloader.resources,
            json!({"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "50Mi"}})
        );
        let prometheus =
            json!({"kind": "Prometheus", "spec": {"thanos": {"resources": {"requests": {"cpu": "1"}}}}});
        let pod = reloader.pod(&prometheus).unwrap();
        let names: Vec<_> =
            pod["containers"].as_array().unwrap().iter().map(|container| &container["name"]).collect();
        assert_eq!(names, ["prometheus", "config-reloader", "thanos-sidecar"]);
        assert_eq!(reloader.pod(&json!({"kind": "Service"})), None);
    }
}
