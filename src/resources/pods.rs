//! The pods that an object makes.

use serde::Serialize;
use serde_json::Value;

use super::Amounts;
use super::operator::Reloader;
use super::volumes::{self, Volume};

/// The pods of one object, which are all alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pods {
    /// The construct that the object is a part of.
    pub construct: String,
    /// Kind of the object.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many there are.
    pub count: Count,
    /// What the scheduler reserves for one of them.
    pub requests: Amounts,
    /// The limits of its containers together.
    pub limits: Amounts,
    /// Its containers.
    pub containers: Vec<Container>,
    /// The volumes of all of them.
    pub volumes: Vec<Volume>,
    /// The most of them on one node, if that is limited.
    #[serde(skip)]
    pub spread: Spread,
}

/// How many pods there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Count {
    /// So many.
    Fixed(u64),
    /// One on each node.
    EachNode,
}

/// How pods of one object must be spread over nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Anyhow.
    #[default]
    Free,
    /// One on a node: a required anti-affinity.
    One,
    /// Nodes may differ by so many: a topology spread constraint that does not schedule otherwise.
    Skew(u64),
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What is reserved for it.
    pub requests: Amounts,
    /// What it may use; 0 is no limit.
    pub limits: Amounts,
    /// Whether it has neither a request for CPU nor one for memory.
    pub is_without_requests: bool,
}

impl Pods {
    /// The pods of an object, if it makes any.
    pub(super) fn of(construct: &str, object: &Value, reloader: &Reloader) -> Option<Self> {
        let kind = object["kind"].as_str()?;
        let made = reloader.pod(object);
        let template = match kind {
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => {
                &object["spec"]["template"]["spec"]
            }
            "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"]["spec"],
            "Pod" => &object["spec"],
            _ => made.as_ref()?,
        };
        let number = |key: &str| object["spec"][key].as_u64().unwrap_or(1);
        let count = match kind {
            "DaemonSet" => Count::EachNode,
            "Job" => Count::Fixed(number("parallelism")),
            "Prometheus" | "PrometheusAgent" => {
                Count::Fixed(number("replicas").saturating_mul(number("shards")))
            }
            _ => Count::Fixed(number("replicas")),
        };
        let list = |key: &str| template[key].as_array().map(Vec::as_slice).unwrap_or_default();
        let containers: Vec<_> = list("containers").iter().map(container).collect();
        let fixed = match count {
            Count::Fixed(count) => count,
            Count::EachNode => 1,
        };
        Some(Self {
            construct: construct.to_owned(),
            kind: kind.to_owned(),
            name: object["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
            count,
            requests: requests(&containers, list("initContainers"), &template["overhead"]),
            limits: containers.iter().fold(Amounts::default(), |sum, one| sum.plus(one.limits)),
            containers,
            volumes: volumes::of(object, fixed),
            spread: spread(template),
        })
    }
}

fn container(container: &Value) -> Container {
    let resources = &container["resources"];
    let requested = |key: &str| !resources["requests"][key].is_null() || !resources["limits"][key].is_null();
    let limits = Amounts::of(&resources["limits"]);
    let mut requests = Amounts::of(&resources["requests"]);
    // A limit without a request is a request, too (Kubernetes pkg/apis/core/v1/defaults.go).
    if resources["requests"]["cpu"].is_null() {
        requests.milli_cpu = limits.milli_cpu;
    }
    if resources["requests"]["memory"].is_null() {
        requests.memory_bytes = limits.memory_bytes;
    }
    Container {
        name: container["name"].as_str().unwrap_or_default().to_owned(),
        requests,
        limits,
        is_without_requests: !requested("cpu") && !requested("memory"),
    }
}

/// What the scheduler reserves (k8s.io/component-helpers resource/helpers.go): all containers at once, or the largest of
/// those that run before them, beside those before it that go on (sidecars).
fn requests(containers: &[Container], init: &[Value], overhead: &Value) -> Amounts {
    let (mut sidecars, mut largest) = (Amounts::default(), Amounts::default());
    for one in init {
        let requests = container(one).requests;
        if one["restartPolicy"] == "Always" {
            sidecars = sidecars.plus(requests);
            largest = largest.max(sidecars);
        } else {
            largest = largest.max(sidecars.plus(requests));
        }
    }
    let running = containers.iter().fold(sidecars, |sum, one| sum.plus(one.requests));
    running.max(largest).plus(Amounts::of(overhead))
}

fn spread(template: &Value) -> Spread {
    const HOST: &str = "kubernetes.io/hostname";
    let required =
        template.pointer("/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution");
    if required.and_then(Value::as_array).into_iter().flatten().any(|term| term["topologyKey"] == HOST) {
        return Spread::One;
    }
    let constraints = template["topologySpreadConstraints"].as_array().into_iter().flatten();
    let mut strict = constraints.filter(|constraint| {
        constraint["topologyKey"] == HOST && constraint["whenUnsatisfiable"] != "ScheduleAnyway"
    });
    strict.next().map_or(Spread::Free, |constraint| Spread::Skew(constraint["maxSkew"].as_u64().unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pods(spec: &Value) -> Pods {
        let object = json!({"kind": "Deployment", "spec": {"template": {"spec": spec}}});
        Pods::of("x", &object, &Reloader::of(std::iter::empty())).unwrap()
    }

    fn resources(memory: &str) -> Value {
        json!({"requests": {"memory": memory}})
    }

    #[test]
    fn init_containers_take_the_maximum_and_sidecars_add_up() {
        let spec = |init: Value| json!({"containers": [{"resources": resources("2Gi")}, {"resources": resources("1Gi")}], "initContainers": init});
        let memory = |init: Value| pods(&spec(init)).requests.memory_bytes >> 30;
        assert_eq!(memory(json!([])), 3);
        assert_eq!(memory(json!([{"resources": resources("1Gi")}, {"resources": resources("5Gi")}])), 5);
        let sidecar = json!({"resources": resources("2Gi"), "restartPolicy": "Always"});
        assert_eq!(memory(json!([sidecar])), 5);
        assert_eq!(memory(json!([sidecar, {"resources": resources("4Gi")}])), 6);
        assert_eq!(memory(json!([{"resources": resources("4Gi")}, sidecar])), 5);
    }

    #[test]
    fn a_limit_is_a_request_too() {
        let pods = pods(
            &json!({"containers": [{"name": "a", "resources": {"limits": {"memory": "1Gi"}}}, {"name": "b"}]}),
        );
        assert_eq!(pods.requests.memory_bytes, 1 << 30);
        assert_eq!(
            pods.containers.iter().map(|one| one.is_without_requests).collect::<Vec<_>>(),
            [false, true]
        );
    }

    #[test]
    fn rules_for_spreading_are_read() {
        let rule = |when: &str| json!({"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname", "maxSkew": 2, "whenUnsatisfiable": when}]});
        assert_eq!(pods(&rule("DoNotSchedule")).spread, Spread::Skew(2));
        assert_eq!(pods(&rule("ScheduleAnyway")).spread, Spread::Free);
        let affinity = json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]}}});
        assert_eq!(pods(&affinity).spread, Spread::One);
    }
}
