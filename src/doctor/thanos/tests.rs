use serde_json::json;

use super::*;
use crate::doctor::testing::Case;

fn answer(question: Question, text: impl ToString) -> Answer {
    let pod = if question == Question::Stores { "thanos-query-5d-x" } else { "thanos-compactor-0" };
    let address = format!("/api/v1/namespaces/monitoring/pods/{pod}:9090/proxy");
    Answer { from: format!("Pod {pod}"), question, address, text: text.to_string() }
}

fn look(case: &Case) -> (Option<Finding>, Vec<Unchecked>) {
    let mut unchecked = Vec::new();
    let found =
        case.findings(|expected, observed| query(expected, observed, &mut unchecked).into_iter().collect());
    (found.into_iter().next(), unchecked)
}

fn stores_answer(data: Value) -> (Option<Finding>, Vec<Unchecked>) {
    let mut case = Case::healthy();
    case.observed.answers.push(answer(Question::Stores, json!({"status": "success", "data": data})));
    look(&case)
}

fn store(name: &str, error: Value) -> Value {
    json!({"name": name, "lastCheck": "2026-01-01T00:00:00Z", "lastError": error, "labelSets": [], "minTime": 0, "maxTime": 1})
}

#[test]
fn all_kinds_of_stores_are_fine() {
    let fine = json!({"sidecar": [store("a:10901", json!(null))], "store": [store("b:10901", json!(null))]});
    assert_eq!(stores_answer(fine), (None, Vec::new()));
    assert_eq!(look(&Case::healthy()), (None, Vec::new()));
}

#[test]
fn no_stores_failing_stores_and_missing_kinds_are_told_apart() {
    for (data, finding, evidence) in [
        (json!({}), "has no stores", "no stores"),
        (json!(null), "has no stores", "no stores"),
        (
            json!({"sidecar": [store("a:1", json!("dial tcp"))]}),
            "has no stores that answer",
            "sidecar a:1: dial tcp",
        ),
        (json!({"sidecar": [store("a:1", json!(null))]}), "has no store that answers", "1 sidecar"),
        (json!({"store": [store("a:1", json!(null))]}), "has no sidecar that answers", "1 store"),
        (
            json!({"sidecar": [store("a:1", json!(null)), store("b:1", json!("x"))], "store": [store("c:1", json!(null))]}),
            "has 1 of 3 stores that do not answer",
            "sidecar b:1: x",
        ),
    ] {
        let (found, unchecked) = stores_answer(data);
        let found = found.unwrap();
        assert_eq!(found.finding, finding);
        assert!(found.evidence.iter().any(|words| words.contains(evidence)), "{found:?}");
        assert!(!found.fix.is_empty() && unchecked.is_empty());
    }
}

#[test]
fn answers_that_make_no_sense_are_not_checked() {
    for text in ["<html>", "{}", r#"{"status":"error","error":"boom"}"#, "[]", "7"] {
        let mut case = Case::healthy();
        case.observed.answers.push(answer(Question::Stores, text));
        let (found, unchecked) = look(&case);
        assert!(found.is_none() && unchecked.len() == 1, "{text}");
    }
}

fn slice(endpoints: Value) -> Value {
    json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "endpoints": endpoints, "metadata":
        {"name": "x", "namespace": "monitoring", "labels": {"kubernetes.io/service-name": "thanos-store"}}})
}

#[test]
fn empty_endpoints_tell_without_asking_query() {
    for (endpoints, is_found) in [
        (json!([]), true),
        (json!(null), true),
        (json!([{"conditions": {"ready": false}}]), true),
        (json!([{"conditions": {"ready": true}}]), false),
        (json!([{"addresses": ["10.0.0.1"]}]), false),
    ] {
        let mut case = Case::healthy();
        case.add(slice(endpoints));
        let (found, _) = look(&case);
        assert_eq!(found.is_some(), is_found);
        if let Some(found) = found {
            assert_eq!(found.finding, "finds no stores to ask");
            assert!(found.evidence[0].contains("Service thanos-store has no ready endpoint"));
        }
    }
}

#[test]
fn a_service_without_the_port_means_no_sidecar() {
    let mut case = Case::healthy();
    case.add(json!({"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"name": "http-web"}]},
        "metadata": {"name": "prometheus-operated", "namespace": "monitoring"}}));
    let (found, _) = look(&case);
    assert!(found.unwrap().evidence[0].contains("Service prometheus-operated has no port grpc"));
}

#[test]
fn a_query_that_is_not_told_of_its_stores_is_found() {
    let mut case = Case::healthy();
    case.get("Deployment", "thanos-query")["spec"]["template"]["spec"]["containers"][0]["args"] =
        json!(["query", "--endpoint=dnssrv+_grpc._tcp.prometheus-operated.monitoring.svc.cluster.local"]);
    let (found, _) = look(&case);
    assert!(
        found.unwrap().evidence[0].contains("has no argument --endpoint=dnssrv+_grpc._tcp.thanos-store.")
    );
}

fn halted(answers: &[Answer]) -> Option<Finding> {
    let mut case = Case::healthy();
    case.observed.answers = answers.to_vec();
    case.findings(|expected, observed| compactor(expected, observed, &mut Vec::new()).into_iter().collect())
        .into_iter()
        .next()
}

#[test]
fn a_halted_compactor_is_told_by_its_metric() {
    let metrics = |value: &str| {
        answer(
            Question::Metrics,
            format!(
                "# HELP thanos_compact_halted Set to 1\nthanos_compact_halted_x 1\nthanos_compact_halted {value}\n"
            ),
        )
    };
    let found = halted(&[metrics("1")]).unwrap();
    assert!(found.evidence[0].ends_with("thanos_compact_halted 1"), "{found:?}");
    assert!(found.fix[1].contains("rollout restart statefulset thanos-compactor"));
    let labelled = "thanos_compact_halted{replica=\"a b\"} 1 1700000000\n";
    assert!(halted(&[answer(Question::Metrics, labelled)]).is_some());
    assert!(halted(&[metrics("0")]).is_none());
    assert!(
        halted(&[answer(Question::Metrics, "thanos_compact_halted NaN\nthanos_compact_halted\n")]).is_none()
    );
}

#[test]
fn the_log_tells_where_the_metric_cannot_be_asked() {
    let log = answer(
        Question::Log,
        "level=error msg=\"critical error detected; halting\" err=\"compaction: pre compaction overlap check: overlaps found\"\n",
    );
    let found = halted(std::slice::from_ref(&log)).unwrap();
    assert!(found.evidence[0].starts_with("log: level=error"));
    assert!(found.fix[0].contains("overlapped_blocks"));
    assert!(halted(&[answer(Question::Metrics, "thanos_compact_halted 0"), log]).is_none());
}
