//! Thanos from within: the stores that Query has, and whether the Compactor has halted.

use serde_json::Value;

use super::component;
use super::expected::Expected;
use super::finding::{Finding, Unchecked};
use super::observed::{Answer, Observed, Question, label, list, one_line, text};
use crate::k8s::Identity;
use crate::names::Names;

/// What Thanos Query cannot do without, as its `/api/v1/stores` calls it, and whose Service it asks
/// (thanos v0.37.2, `pkg/api/query/v1.go`, `pkg/component/component.go`).
struct Source {
    kind: &'static str,
    service: &'static str,
    who: String,
}

fn sources(expected: &Expected) -> Vec<Source> {
    let prometheus = format!("prometheus-{}", expected.names.prometheus());
    let mut all = vec![Source { kind: "sidecar", service: Names::PROMETHEUS_OPERATED, who: prometheus }];
    if expected.config.features.long_term_metrics {
        let who = Names::THANOS_STORE.to_owned();
        all.push(Source { kind: "store", service: Names::THANOS_STORE, who });
    }
    all
}

/// A store as Query lists it.
struct Store<'a> {
    kind: &'a str,
    name: &'a str,
    /// Why it does not answer; nothing when it does.
    error: String,
}

/// Looks at Query's stores.
#[must_use]
pub fn query(expected: &Expected, observed: &Observed, unchecked: &mut Vec<Unchecked>) -> Option<Finding> {
    let answers: Vec<_> =
        observed.answers.iter().filter(|answer| answer.question == Question::Stores).collect();
    let lists: Vec<_> = answers
        .iter()
        .filter_map(|answer| match stores_of(answer) {
            Ok(stores) => Some((*answer, stores)),
            Err(why) => {
                unchecked
                    .push(Unchecked { what: format!("{}, {}", answer.question.what(), answer.from), why });
                None
            }
        })
        .collect();
    let causes = causes(expected, observed);
    let listed: Vec<_> = lists.iter().map(|(answer, body)| (*answer, stores(body))).collect();
    let mut worst: Option<(String, Vec<String>, Vec<&Source>)> = None;
    let sources = sources(expected);
    for (answer, stores) in &listed {
        let lacking: Vec<_> = sources
            .iter()
            .filter(|source| !stores.iter().any(|store| store.kind == source.kind && store.error.is_empty()))
            .collect();
        let failing: Vec<_> = stores.iter().filter(|store| !store.error.is_empty()).collect();
        if lacking.is_empty() && failing.is_empty() {
            continue;
        }
        let what = match (stores.is_empty(), lacking.is_empty()) {
            (true, _) => "has no stores".to_owned(),
            (false, false) if stores.iter().all(|store| !store.error.is_empty()) => {
                "has no stores that answer".to_owned()
            }
            (false, false) => {
                let kinds: Vec<_> = lacking.iter().map(|source| source.kind).collect();
                format!("has no {} that answers", kinds.join(" and no "))
            }
            (false, true) => format!("has {} of {} stores that do not answer", failing.len(), stores.len()),
        };
        let mut evidence = vec![format!("{}: {}", answer.address, summary(stores))];
        evidence.extend(
            failing.iter().take(4).map(|store| format!("{} {}: {}", store.kind, store.name, store.error)),
        );
        let is_worse = worst.as_ref().is_none_or(|(_, _, before)| lacking.len() > before.len());
        if is_worse {
            worst = Some((what, evidence, lacking));
        }
    }
    // Where Query could not be asked, what it looks up tells.
    let hints: Vec<_> = causes.iter().filter(|cause| cause.is_certain).collect();
    let (what, evidence, lacking) = match worst {
        Some(worst) => worst,
        None if listed.is_empty() && !hints.is_empty() => {
            ("finds no stores to ask".to_owned(), Vec::new(), Vec::new())
        }
        None => return None,
    };
    let mut finding = Finding::new(expected.here("apps", "Deployment", Names::THANOS_QUERY), what);
    finding.evidence = evidence;
    for cause in &causes {
        // What Query itself says is missing is explained; what it could not say has to be certain.
        let explains = if listed.is_empty() {
            cause.is_certain
        } else {
            lacking.iter().any(|source| source.service == cause.service)
        };
        if explains {
            finding = finding.evidence(cause.words.clone()).fix(cause.fix.clone());
        }
    }
    for source in &lacking {
        let pods =
            observed.of("", "Pod").filter(|pod| component::begins(text(pod, "/metadata/name"), &source.who));
        let pods: Vec<_> = pods.map(Identity::of).collect();
        finding = finding.because(pods).because([expected.here("apps", "StatefulSet", &source.who)]);
        if source.service == Names::PROMETHEUS_OPERATED {
            finding = finding
                .because([expected.here(
                    super::definitions::MONITORING,
                    "Prometheus",
                    &expected.names.prometheus(),
                )])
                .because(expected.bringer(expected.names.prometheus_release()));
        }
    }
    if !hints.is_empty() {
        return Some(finding);
    }
    let services: Vec<_> = if lacking.is_empty() {
        sources.iter().map(|source| source.service).collect()
    } else {
        lacking.iter().map(|source| source.service).collect()
    };
    finding = finding.fix(format!(
        "see whether there are addresses: {} get endpointslices -l 'kubernetes.io/service-name in ({})'",
        expected.kubectl_here(),
        services.join(", ")
    ));
    finding =
        finding.fix(format!("{} logs deployment/{} --tail=50", expected.kubectl_here(), Names::THANOS_QUERY));
    Some(finding)
}

fn stores_of(answer: &Answer) -> Result<Value, String> {
    let body: Value = serde_json::from_str(&answer.text)
        .map_err(|_| format!("{} answered something else than JSON", answer.address))?;
    if text(&body, "/status") == "success" && body["data"].is_object() {
        return Ok(body);
    }
    // Without any store, `data` may be null.
    if text(&body, "/status") == "success" && body["data"].is_null() {
        return Ok(body);
    }
    let error = one_line(text(&body, "/error"));
    Err(format!(
        "{} answered {}",
        answer.address,
        if error.is_empty() { "nothing about stores" } else { &error }
    ))
}

fn stores(body: &Value) -> Vec<Store<'_>> {
    let kinds = body["data"].as_object().into_iter().flatten();
    kinds
        .flat_map(|(kind, stores)| {
            stores.as_array().into_iter().flatten().map(move |store| Store {
                kind,
                name: text(store, "/name"),
                error: match &store["lastError"] {
                    Value::Null => String::new(),
                    Value::String(error) => one_line(error),
                    other => one_line(&other.to_string()),
                },
            })
        })
        .collect()
}

/// `2 sidecar, 1 store (1 fails)`.
fn summary(stores: &[Store]) -> String {
    if stores.is_empty() {
        return "no stores".to_owned();
    }
    let mut kinds: Vec<_> = stores.iter().map(|store| store.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let counts = kinds.iter().map(|kind| {
        let of_kind = stores.iter().filter(|store| store.kind == *kind);
        let failing = of_kind.clone().filter(|store| !store.error.is_empty()).count();
        let failing = if failing > 0 { format!(" ({failing} with an error)") } else { String::new() };
        format!("{} {kind}{failing}", of_kind.count())
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// Why Query might find nothing at a Service.
struct Cause {
    service: &'static str,
    words: String,
    fix: String,
    /// Whether Query can find nothing there.
    is_certain: bool,
}

fn causes(expected: &Expected, observed: &Observed) -> Vec<Cause> {
    let mut causes = Vec::new();
    let kubectl = expected.kubectl_here();
    for source in sources(expected) {
        let service = source.service;
        if let Some(endpoint) = missing_endpoint(expected, observed, service) {
            causes.push(Cause {
                service,
                words: format!("Deployment {} has no argument {endpoint}", Names::THANOS_QUERY),
                fix: expected.apply(),
                is_certain: true,
            });
        }
        let pods = format!("{kubectl} get pods | grep {}", source.who);
        let object = observed.get("", "Service", expected.names.namespace(), service);
        let has_grpc = object.is_some_and(|object| {
            list(object, "/spec/ports").iter().any(|port| text(port, "/name") == "grpc")
        });
        if object.is_some() && !has_grpc {
            let fix = if service == Names::PROMETHEUS_OPERATED {
                "Prometheus runs without Thanos' sidecar: charts.kubePrometheusStack.values must not override \
                 prometheus.prometheusSpec.thanos"
                    .to_owned()
            } else {
                expected.apply()
            };
            let words = format!("Service {service} has no port grpc, which Query looks up");
            causes.push(Cause { service, words, fix, is_certain: true });
        }
        if let Some(words) = without_endpoints(observed, service) {
            let fix = format!("make its pods ready: {pods}");
            causes.push(Cause { service, words, fix, is_certain: true });
        } else if object.is_none() {
            let complete = observed.lacks(&expected.here("", "Service", service));
            if complete {
                let words = format!("there is no Service {service}");
                let fix = format!("make its pods be there: {pods}");
                causes.push(Cause { service, words, fix, is_certain: false });
            }
        }
    }
    causes
}

/// The argument by which Query is told of a Service, when the Deployment in the cluster lacks it.
fn missing_endpoint(expected: &Expected, observed: &Observed, service: &str) -> Option<String> {
    let arguments = |deployment: &Value| -> Vec<String> {
        let containers = list(deployment, "/spec/template/spec/containers").iter();
        let words = containers.flat_map(|one| list(one, "/args").iter().chain(list(one, "/command")));
        words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let rendered =
        expected.of("Deployment").find(|object| text(object, "/metadata/name") == Names::THANOS_QUERY)?;
    let part = format!(".{service}.");
    let endpoint = arguments(rendered)
        .into_iter()
        .find(|word| word.starts_with("--endpoint=") && word.contains(&part))?;
    let deployment = observed.get("apps", "Deployment", expected.names.namespace(), Names::THANOS_QUERY)?;
    let there = arguments(deployment);
    let is_told = there.iter().any(|word| *word == endpoint || word.contains(".sd-config"));
    (!is_told && !there.is_empty()).then_some(endpoint)
}

/// What says that a Service has no pod that is ready; nothing where nobody says it.
fn without_endpoints(observed: &Observed, service: &str) -> Option<String> {
    let slices: Vec<_> = observed
        .of("discovery.k8s.io", "EndpointSlice")
        .filter(|slice| label(slice, "kubernetes.io/service-name") == service)
        .collect();
    if !slices.is_empty() {
        // A condition that is not given counts as fulfilled.
        let is_ready = |endpoint: &Value| endpoint["conditions"]["ready"] != false;
        let endpoints: Vec<_> = slices.iter().flat_map(|slice| list(slice, "/endpoints")).collect();
        if endpoints.iter().any(|endpoint| is_ready(endpoint)) {
            return None;
        }
        let unready = match endpoints.len() {
            0 => String::new(),
            count => format!(", but {count} that are not ready"),
        };
        return Some(format!("Service {service} has no ready endpoint{unready}"));
    }
    let endpoints =
        observed.of("", "Endpoints").find(|endpoints| text(endpoints, "/metadata/name") == service)?;
    let has_address = list(endpoints, "/subsets").iter().any(|subset| !list(subset, "/addresses").is_empty());
    (!has_address).then(|| format!("Service {service} has no ready endpoint"))
}

/// Thanos' words when it halts (thanos v0.37.2, `cmd/thanos/compact.go`).
const HALTING: &str = "critical error detected; halting";

/// Looks whether the Compactor has halted.
#[must_use]
pub fn compactor(
    expected: &Expected,
    observed: &Observed,
    unchecked: &mut Vec<Unchecked>,
) -> Option<Finding> {
    let mut evidence = Vec::new();
    let mut is_halted = false;
    let metric = "thanos_compact_halted";
    let mut log = None;
    for answer in &observed.answers {
        match answer.question {
            Question::Metrics => {
                let mut lines = answer.text.lines().filter(|line| is_metric(line, metric)).peekable();
                if lines.peek().is_none() {
                    let what = format!("{}, {}", answer.question.what(), answer.from);
                    let why = format!("{} has no metric {metric}", answer.address);
                    unchecked.push(Unchecked { what, why });
                }
                for line in lines {
                    // Values of labels may have spaces.
                    let behind = line.rsplit_once('}').map_or(line, |(_, behind)| behind);
                    let value = behind.split_whitespace().nth(usize::from(behind == line));
                    let value = value.and_then(|value| value.parse::<f64>().ok());
                    if value.is_some_and(|value| value >= 1.0) {
                        is_halted = true;
                        evidence.push(format!("{}: {}", answer.address, one_line(line)));
                    }
                }
            }
            Question::Log => {
                if let Some(line) = answer.text.lines().rev().find(|line| line.contains(HALTING)) {
                    log = Some(one_line(line));
                }
            }
            Question::Stores => {}
        }
    }
    // An old line does not tell of now when the metric was asked and says otherwise.
    let metrics = observed.answers.iter().any(|answer| answer.question == Question::Metrics);
    is_halted |= log.is_some() && !metrics;
    if !is_halted {
        return None;
    }
    let pod = expected.here("apps", "StatefulSet", Names::THANOS_COMPACTOR);
    let mut finding = Finding::new(pod, "has halted: nothing is compacted, downsampled or deleted any more");
    finding.evidence = evidence;
    let words = log.clone().unwrap_or_default().to_lowercase();
    finding = finding.evidence(log.map(|line| format!("log: {line}")).unwrap_or_default());
    let kubectl = expected.kubectl_here();
    let restart = format!("{kubectl} rollout restart statefulset {}", Names::THANOS_COMPACTOR);
    Some(if words.contains("overlap") {
        finding.fix(format!(
            "blocks overlap: find them with `thanos tools bucket verify --issues=overlapped_blocks`, mark the wrong ones \
             with `thanos tools bucket mark --marker=no-compact-mark.json --details=overlap --id=BLOCK`, then {restart}"
        ))
    } else {
        finding
            .fix(format!("see why: {kubectl} logs {}-0 | grep halting", Names::THANOS_COMPACTOR))
            .fix(format!("mend the block that it names, or mark it no-compact, then {restart}"))
    })
}

/// Whether a line of metrics is about one, whatever its labels are.
fn is_metric(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{', '\t']))
}

#[cfg(test)]
mod tests;
