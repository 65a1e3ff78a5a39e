//! The images that the Prometheus Operator takes where a custom resource names none: a repository from its arguments, and
//! the version of the custom resource or its own default (prometheus-operator cmd/operator/main.go, pkg/operator/image.go,
//! `BuildImagePath`).

use serde_json::Value;

use super::reference::Reference;
use crate::k8s::Identity;

/// What the operator runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Prometheus,
    Alertmanager,
    Thanos,
}

/// The argument that says where each program comes from, and where it comes from if nothing says so.
const REPOSITORIES: [(Program, &str, &str); 3] = [
    (Program::Prometheus, "prometheus-default-base-image", "quay.io/prometheus/prometheus"),
    (Program::Alertmanager, "alertmanager-default-base-image", "quay.io/prometheus/alertmanager"),
    (Program::Thanos, "thanos-default-base-image", "quay.io/thanos/thanos"),
];

/// Versions of the operator, and the versions of Prometheus, Alertmanager and Thanos that they take where none is given
/// (pkg/operator/defaults.go at the tag of each of them). Of others nothing is known.
const VERSIONS: [(&[&str], [&str; 3]); 19] = [
    (&["v0.75.0", "v0.75.1", "v0.75.2"], ["v2.53.0", "v0.27.0", "v0.35.1"]),
    (&["v0.76.0", "v0.76.1", "v0.76.2"], ["v2.54.0", "v0.27.0", "v0.36.0"]),
    (&["v0.77.0", "v0.77.1", "v0.77.2"], ["v2.54.1", "v0.27.0", "v0.36.1"]),
    (&["v0.78.0", "v0.78.1", "v0.78.2"], ["v2.55.0", "v0.27.0", "v0.36.1"]),
    (&["v0.79.0", "v0.79.1", "v0.79.2"], ["v3.0.1", "v0.27.0", "v0.37.2"]),
    (&["v0.80.0", "v0.80.1"], ["v3.1.0", "v0.28.0", "v0.37.2"]),
    (&["v0.81.0"], ["v3.2.1", "v0.28.0", "v0.37.2"]),
    (&["v0.82.0", "v0.82.1", "v0.82.2"], ["v3.2.1", "v0.28.1", "v0.38.0"]),
    (&["v0.83.0"], ["v3.4.0", "v0.28.1", "v0.38.0"]),
    (&["v0.84.0", "v0.84.1"], ["v3.4.2", "v0.28.1", "v0.39.1"]),
    (&["v0.85.0"], ["v3.5.0", "v0.28.1", "v0.39.2"]),
    (&["v0.86.0", "v0.86.1", "v0.86.2"], ["v3.6.0", "v0.28.1", "v0.39.2"]),
    (&["v0.87.0", "v0.87.1"], ["v3.7.3", "v0.29.0", "v0.39.2"]),
    (&["v0.88.0", "v0.88.1"], ["v3.9.1", "v0.30.0", "v0.40.1"]),
    (&["v0.89.0"], ["v3.9.1", "v0.31.0", "v0.40.1"]),
    (&["v0.90.0", "v0.90.1"], ["v3.10.0", "v0.31.1", "v0.41.0"]),
    (&["v0.91.0"], ["v3.11.3", "v0.32.1", "v0.41.0"]),
    (&["v0.92.0", "v0.92.1"], ["v3.12.0", "v0.33.0", "v0.41.0"]),
    (&["v0.93.0"], ["v3.13.1", "v0.33.1", "v0.42.2"]),
];

/// The operator of a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operator {
    /// Whether there is one.
    is_there: bool,
    /// Its version, as its image is tagged.
    version: Option<String>,
    /// Flags that name repositories, with their values.
    repositories: Vec<(Program, String)>,
}

/// An image that an operator takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Default {
    /// The field of the custom resource that does not name it.
    pub(super) field: &'static str,
    /// The image, or why it cannot be known.
    pub(super) image: Result<String, String>,
}

impl Operator {
    /// The operator among objects: the first container that has arguments of its, or its image.
    pub(super) fn of<'a>(objects: impl Iterator<Item = &'a Value>) -> Self {
        let containers = objects.filter(|object| object["kind"] == "Deployment").flat_map(|object| {
            let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
            containers.into_iter().flatten()
        });
        containers.filter_map(Self::of_container).next().unwrap_or_default()
    }

    fn of_container(container: &Value) -> Option<Self> {
        let arguments = container["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut repositories = Vec::new();
        let mut has_reloader = false;
        for (flag, value) in arguments.filter_map(|argument| argument.split_once('=')) {
            let flag = flag.trim_start_matches('-');
            has_reloader |= flag == "prometheus-config-reloader";
            if let Some((program, ..)) = REPOSITORIES.iter().find(|(_, known, _)| *known == flag) {
                repositories.push((*program, value.to_owned()));
            }
        }
        let image = container["image"].as_str().map(Reference::of);
        let is_operator =
            image.as_ref().is_some_and(|image| image.repository.ends_with("/prometheus-operator"));
        (is_operator || has_reloader || !repositories.is_empty()).then(|| Self {
            is_there: true,
            version: image.and_then(|image| image.tag),
            repositories,
        })
    }

    /// The images that it takes for a custom resource.
    pub(super) fn defaults(&self, object: &Value) -> Vec<Default> {
        let identity = Identity::of(object);
        if identity.group != "monitoring.coreos.com" {
            return Vec::new();
        }
        let spec = &object["spec"];
        let mut wanted = match identity.kind.as_str() {
            "Prometheus" | "PrometheusAgent" => vec![("spec.image", spec, Program::Prometheus)],
            "Alertmanager" => vec![("spec.image", spec, Program::Alertmanager)],
            "ThanosRuler" => vec![("spec.image", spec, Program::Thanos)],
            _ => return Vec::new(),
        };
        // An agent has no sidecar.
        if identity.kind == "Prometheus" && spec["thanos"].is_object() {
            wanted.push(("spec.thanos.image", &spec["thanos"], Program::Thanos));
        }
        wanted.retain(|(_, spec, _)| text(spec, "image").is_none());
        let default = |(field, spec, program)| {
            let image = self.image(spec, program).map_err(|why| {
                format!("{identity} has no {field}, {why}: the operator's default image is not listed")
            });
            Default { field, image }
        };
        wanted.into_iter().map(default).collect()
    }

    /// `BuildImagePath`
    fn image(&self, spec: &Value, program: Program) -> Result<String, String> {
        if !self.is_there {
            return Err("and there is no Prometheus Operator in the stack".to_owned());
        }
        let given = self.repositories.iter().find(|(known, _)| *known == program).map(|(_, value)| value);
        let own = REPOSITORIES.iter().find(|(known, ..)| *known == program).map(|(.., own)| *own);
        let repository = text(spec, "baseImage").or(given.map(String::as_str)).or(own).unwrap_or_default();
        let Reference { tag, digest, .. } = Reference::of(repository);
        if tag.is_some() || digest.is_some() {
            return Ok(repository.to_owned());
        }
        if let Some(digest) = text(spec, "sha") {
            return Ok(format!("{repository}@sha256:{digest}"));
        }
        if let Some(tag) = text(spec, "tag") {
            return Ok(format!("{repository}:{tag}"));
        }
        let version = match text(spec, "version").or_else(|| self.default_version(program)) {
            // It is read as a version and written anew.
            Some(version) if program == Program::Prometheus => {
                format!("v{}", version.strip_prefix('v').unwrap_or(version))
            }
            Some(version) => version.to_owned(),
            None => {
                let operator = self.version.as_deref().unwrap_or("an unknown version");
                return Err(format!(
                    "nor a version, and which one prometheus-operator {operator} takes is not known"
                ));
            }
        };
        Ok(format!("{repository}:{version}"))
    }

    fn default_version(&self, program: Program) -> Option<&'static str> {
        let version = self.version.as_deref()?;
        let (_, [prometheus, alertmanager, thanos]) =
            VERSIONS.iter().find(|(versions, _)| versions.contains(&version))?;
        Some(match program {
            Program::Prometheus => prometheus,
            Program::Alertmanager => alertmanager,
            Program::Thanos => thanos,
        })
    }
}

/// A text of a spec that is not blank.
fn text<'a>(spec: &'a Value, key: &str) -> Option<&'a str> {
    spec[key].as_str().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operator(version: &str, arguments: &[&str]) -> Operator {
        let image = format!("quay.io/prometheus-operator/prometheus-operator:{version}");
        let deployment = json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": [
            {"name": "other", "image": "r.io/other:1", "args": ["--x=y"]},
            {"name": "operator", "image": image, "args": arguments},
        ]}}}});
        Operator::of([&deployment].into_iter())
    }

    fn custom(kind: &str, spec: &Value) -> Value {
        let metadata = json!({"name": "x", "namespace": "y"});
        json!({"apiVersion": "monitoring.coreos.com/v1", "kind": kind, "metadata": metadata, "spec": spec})
    }

    #[track_caller]
    fn assert_defaults(operator: &Operator, object: &Value, expected: &[&str]) {
        let found: Vec<_> = operator
            .defaults(object)
            .into_iter()
            .map(|default| format!("{} {}", default.field, default.image.unwrap_or_else(|why| why)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_image_that_is_named_is_no_default() {
        let operator = operator("v0.79.0", &[]);
        assert_defaults(&operator, &custom("Prometheus", &json!({"image": "a:1"})), &[]);
        let with_thanos = json!({"image": "a:1", "thanos": {"image": "b:1"}});
        assert_defaults(&operator, &custom("Prometheus", &with_thanos), &[]);
        assert_defaults(&operator, &custom("ServiceMonitor", &json!({})), &[]);
        assert_defaults(&operator, &json!({"apiVersion": "example.org/v1", "kind": "Prometheus"}), &[]);
    }

    #[test]
    fn the_repository_comes_from_arguments_and_the_version_from_the_custom_resource() {
        let operator = operator(
            "v0.79.0",
            &["--prometheus-default-base-image=m.io/p/p", "--thanos-default-base-image=m.io/t/t:v1"],
        );
        for (kind, spec, expected) in [
            ("Prometheus", json!({"image": " "}), "spec.image m.io/p/p:v3.0.1"),
            ("Prometheus", json!({"version": "2.55.1"}), "spec.image m.io/p/p:v2.55.1"),
            ("PrometheusAgent", json!({"version": "v2.55.1", "thanos": {}}), "spec.image m.io/p/p:v2.55.1"),
            ("Prometheus", json!({"tag": "x", "version": "v1.0.0"}), "spec.image m.io/p/p:x"),
            ("Prometheus", json!({"sha": "00", "tag": "x"}), "spec.image m.io/p/p@sha256:00"),
            ("Prometheus", json!({"baseImage": "q.io/p:1", "sha": "00"}), "spec.image q.io/p:1"),
            ("Alertmanager", json!({}), "spec.image quay.io/prometheus/alertmanager:v0.27.0"),
            ("Alertmanager", json!({"version": "0.1.0"}), "spec.image quay.io/prometheus/alertmanager:0.1.0"),
            ("ThanosRuler", json!({"version": "v0.1.0"}), "spec.image m.io/t/t:v1"),
        ] {
            assert_defaults(&operator, &custom(kind, &spec), &[expected]);
        }
        let sidecar = custom("Prometheus", &json!({"image": "a:1", "thanos": {"version": "v0.1.0"}}));
        assert_defaults(&operator, &sidecar, &["spec.thanos.image m.io/t/t:v1"]);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let alertmanager = custom("Alertmanager", &json!({}));
        assert_defaults(
            &operator("v99.0.0", &[]),
            &alertmanager,
            &[
                "spec.image Alertmanager y/x has no spec.image, nor a version, and which one prometheus-operator v99.0.0 \
               takes is not known: the operator's default image is not listed",
            ],
        );
        assert_defaults(
            &Operator::of(std::iter::empty()),
            &alertmanager,
            &[
                "spec.image Alertmanager y/x has no spec.image, and there is no Prometheus Operator in the stack: the \
               operator's default image is not listed",
            ],
        );
    }
}
