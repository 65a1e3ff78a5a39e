//! Whatever an object of the stream refers to is there: in the stream, or among what the charts are known to
//! make. `scripts/check-charts.sh` holds the latter against the real charts.

use std::collections::{BTreeMap, BTreeSet};

use monstack::config::{self, Source};
use monstack::delivery::Surroundings;
use monstack::stack;
use serde_json::Value;

const CONFIGS: &[&str] = &[
    "{}",
    "{namespace: obs, clusterDomain: k8s.example, cluster: Prod_1}",
    "charts: {kubePrometheusStack: {release: kps}, loki: {release: logs}, alloy: {release: agent}}",
    "{replicas: {prometheus: 3, thanosQuery: 1, thanosStore: 1, loki: {write: 1}}, priorityClass: {name: important}}",
    "features: {logs: false}",
    "features: {longTermMetrics: false}",
    "objectStorage: {buckets: {metrics: blocks, logs: chunks}, providerConfig: {create: true, name: own}}",
    "objectStorage: {credentials: {format: ini}}",
];

/// The objects of a config, in both deliveries.
fn each_stack(check: impl Fn(&str, &[Value])) {
    for text in CONFIGS {
        for delivery in ["helmchart", "application"] {
            let source = Source { name: "config.yaml".into(), bytes: text.as_bytes().to_vec() };
            let config = config::load(vec![source], &[format!("delivery={delivery}")]).unwrap().config;
            let objects = stack::render(&config, &Surroundings::default(), |_| true).unwrap().objects;
            let values: Vec<_> = objects.into_iter().map(|object| object.object.value).collect();
            check(&format!("{text} as {delivery}"), &values);
        }
    }
}

fn of<'a>(objects: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |object| object["kind"] == kind)
}

fn names<'a>(objects: &'a [Value], kind: &'a str) -> BTreeSet<&'a str> {
    of(objects, kind).map(|object| object["metadata"]["name"].as_str().unwrap()).collect()
}

fn labels(value: &Value) -> BTreeMap<&str, &str> {
    value.as_object().unwrap().iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect()
}

fn selects(selector: &Value, own: &Value) -> bool {
    let own = labels(own);
    labels(selector).iter().all(|(key, value)| own.get(key) == Some(value))
}

/// The values of each release, under the name of its chart.
fn releases(objects: &[Value]) -> BTreeMap<&str, (&str, Value)> {
    let chart = |object: &Value| {
        let text = object["spec"]["valuesContent"].as_str().unwrap().to_owned();
        go_yaml::read(text.as_bytes(), &go_yaml::Limits::default()).unwrap()[0].to_json().unwrap()
    };
    let charts = of(objects, "HelmChart").map(|object| {
        let name = object["metadata"]["name"].as_str().unwrap();
        (object["spec"]["chart"].as_str().unwrap(), (name, chart(object)))
    });
    let applications = of(objects, "Application").map(|object| {
        let source = &object["spec"]["source"];
        let helm = &source["helm"];
        let name = helm["releaseName"].as_str().unwrap();
        (source["chart"].as_str().unwrap(), (name, helm["valuesObject"].clone()))
    });
    charts.chain(applications).collect()
}

/// Every text in a value.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[test]
fn every_object_has_the_recommended_labels() {
    each_stack(|case, objects| {
        for object in objects {
            for label in ["name", "instance", "component", "part-of", "managed-by"] {
                let value = &object["metadata"]["labels"][format!("app.kubernetes.io/{label}")];
                let (kind, name) = (&object["kind"], &object["metadata"]["name"]);
                assert!(value.is_string(), "{case}: {kind} {name} has no {label}");
            }
        }
    });
}

#[test]
fn selectors_select_pods_and_never_by_version() {
    each_stack(|case, objects| {
        let workloads = ["Deployment", "StatefulSet"];
        let pods: Vec<_> = workloads
            .iter()
            .flat_map(|kind| of(objects, kind))
            .map(|workload| &workload["spec"]["template"]["metadata"]["labels"])
            .collect();
        for object in objects {
            let selector = match object["kind"].as_str().unwrap() {
                "Service" => &object["spec"]["selector"],
                "Deployment" | "StatefulSet" | "PodDisruptionBudget" => {
                    &object["spec"]["selector"]["matchLabels"]
                }
                _ => continue,
            };
            let name = &object["metadata"]["name"];
            assert_eq!(pods.iter().filter(|pod| selects(selector, pod)).count(), 1, "{case}: {name}");
            assert!(selector.get("app.kubernetes.io/version").is_none(), "{case}: {name}");
        }
        for set in of(objects, "StatefulSet") {
            assert!(names(objects, "Service").contains(set["spec"]["serviceName"].as_str().unwrap()));
        }
    });
}

#[test]
fn service_monitors_select_a_service_with_that_port() {
    each_stack(|case, objects| {
        let loki = releases(objects).get("loki").map(|(name, _)| *name);
        for monitor in of(objects, "ServiceMonitor") {
            let selector = &monitor["spec"]["selector"]["matchLabels"];
            if monitor["metadata"]["name"].as_str() == loki {
                // The chart's own labels.
                assert_eq!(selector["app.kubernetes.io/name"], "loki", "{case}");
                assert_eq!(selector["app.kubernetes.io/instance"].as_str(), loki, "{case}");
                continue;
            }
            let port = &monitor["spec"]["endpoints"][0]["port"];
            let found = of(objects, "Service").any(|service| {
                selects(selector, &service["metadata"]["labels"])
                    && service["metadata"]["namespace"] == monitor["metadata"]["namespace"]
                    && service["spec"]["ports"].as_array().unwrap().iter().any(|known| known["name"] == *port)
            });
            assert!(found, "{case}: {}", monitor["metadata"]["name"]);
        }
    });
}

#[test]
fn addresses_are_those_of_services_and_pods() {
    each_stack(|case, objects| {
        let releases = releases(objects);
        let (prometheus, stack) = &releases["kube-prometheus-stack"];
        let mut known: BTreeSet<String> = names(objects, "Service").into_iter().map(str::to_owned).collect();
        known.extend(["prometheus-operated".to_owned(), format!("{prometheus}-prometheus")]);
        for ordinal in 0..stack["prometheus"]["prometheusSpec"]["replicas"].as_u64().unwrap() {
            known.insert(format!("prometheus-{prometheus}-prometheus-{ordinal}.prometheus-operated"));
        }
        known.extend(releases.get("loki").map(|(name, _)| format!("{name}-gateway")));
        // Headless, with a port of that name; the operator opens it since the sidecar is on.
        known.extend(["_grpc._tcp.prometheus-operated".into(), "_grpc._tcp.thanos-store".into()]);

        let namespace = names(objects, "Namespace").into_iter().next().unwrap();
        let mut found = Vec::new();
        objects.iter().for_each(|object| texts(object, &mut found));
        let separator = |character: char| !(character.is_ascii_alphanumeric() || "._-".contains(character));
        let hosts: BTreeSet<_> = found
            .iter()
            .flat_map(|text| text.split(separator))
            .filter_map(|word| word.split_once(&format!(".{namespace}.svc.")))
            .collect();
        assert!(hosts.len() >= 3, "{case}: {hosts:?}");
        let domains: BTreeSet<_> = hosts.iter().map(|(_, domain)| *domain).collect();
        assert_eq!(domains.len(), 1, "{case}: {domains:?}");
        for (host, _) in hosts {
            assert!(known.contains(host), "{case}: nothing is called {host}");
            let store = host == "_grpc._tcp.thanos-store";
            assert!(!store || names(objects, "StatefulSet").contains("thanos-store"), "{case}: {host}");
        }
    });
}

#[test]
fn secrets_classes_and_buckets_are_there() {
    each_stack(|case, objects| {
        let secrets: BTreeSet<_> = of(objects, "ExternalSecret")
            .map(|secret| secret["spec"]["target"]["name"].as_str().unwrap())
            .collect();
        let classes = names(objects, "PriorityClass");
        let accounts = names(objects, "ServiceAccount");
        for workload in of(objects, "Deployment").chain(of(objects, "StatefulSet")) {
            let pod = &workload["spec"]["template"]["spec"];
            assert!(classes.contains(pod["priorityClassName"].as_str().unwrap()), "{case}");
            assert!(accounts.contains(pod["serviceAccountName"].as_str().unwrap()), "{case}");
            for volume in pod["volumes"].as_array().into_iter().flatten() {
                assert!(secrets.contains(volume["secret"]["secretName"].as_str().unwrap()), "{case}");
            }
        }
        let buckets = names(objects, "Bucket");
        let providers = names(objects, "ProviderConfig");
        for object in objects {
            if let Some(bucket) = object["spec"]["forProvider"]["bucketRef"]["name"].as_str() {
                assert!(buckets.contains(bucket), "{case}: {bucket}");
            }
            if let Some(provider) = object["spec"]["providerConfigRef"]["name"].as_str() {
                assert!(providers.is_empty() || providers.contains(provider), "{case}: {provider}");
            }
        }
        let releases = releases(objects);
        let sidecar = &releases["kube-prometheus-stack"].1["prometheus"]["prometheusSpec"]["thanos"];
        if let Some(secret) = sidecar["objectStorageConfig"]["existingSecret"]["name"].as_str() {
            assert!(secrets.contains(secret), "{case}: {secret}");
        }
        if let Some((_, loki)) = releases.get("loki") {
            for component in ["write", "read", "backend"] {
                let secret = loki[component]["extraEnvFrom"][0]["secretRef"]["name"].as_str().unwrap();
                assert!(secrets.contains(secret), "{case}: {secret}");
            }
            for bucket in ["chunks", "ruler", "admin"] {
                let bucket = loki["loki"]["storage"]["bucketNames"][bucket].as_str().unwrap();
                assert!(buckets.contains(bucket), "{case}: {bucket}");
            }
        }
        for secret in of(objects, "ExternalSecret") {
            let template = &secret["spec"]["target"]["template"]["data"]["objstore.yml"];
            if let Some(text) = template.as_str() {
                assert!(
                    buckets.iter().any(|bucket| text.contains(&format!("bucket: \"{bucket}\"\n"))),
                    "{case}: {text}"
                );
            }
        }
    });
}
