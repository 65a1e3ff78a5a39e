//! Whatever the schema and the rules accept renders, always to the same bytes, and a YAML 1.1 reader reads
//! back what was meant.

use monstack::config::{self, Config, Source};
use monstack::delivery::Surroundings;
use monstack::{stack, stream};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Texts that YAML 1.1, YAML 1.2, Helm's `tpl` or a block scalar could take for something else.
const TRICKY: &[&str] = &[
    "",
    " ",
    "~",
    "y",
    "n",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "null",
    "0777",
    "0o7",
    "0x1F",
    "0b11",
    "1e3",
    "1_000",
    "12:30:45",
    "2024-04-01",
    ".5",
    "5.",
    ".inf",
    "NaN",
    "=",
    "<<",
    "-",
    "--- a",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a #b",
    "#a",
    "a:",
    "'a'",
    "\"a\"",
    "[a",
    "{a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%YAML 1.2",
    "@a",
    "`a`",
    "a\tb",
    "\ta",
    "a ",
    " a",
    "a\n",
    "\na",
    "a\nb",
    "a\n\nb\n",
    "a\n  b\n c",
    "  a\nb",
    "a\r\nb",
    "a\u{85}b",
    "a\u{2028}b",
    "\u{feff}a",
    "😀",
    "a\u{7f}b",
    "a\u{1}b",
    "{{ .Values }}",
    "{{`x`}}",
    "$(VAR)",
    "+1",
    "-0",
    "1e400",
    "...",
    "---",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(TRICKY).prop_map(str::to_owned),
        "[ -~]{0,40}",
        "[a-z:#\\-\\[{|>&*!%@`'\" \\n\\t]{0,24}",
        "\\PC{0,12}",
        "[a-z ]{60,140}",
    ]
}

fn free_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1.0e12..1.0e12_f64).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn free_values() -> impl Strategy<Value = Value> {
    prop::collection::vec((text(), free_value()), 0..4)
        .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>()))
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(Value::from)
}

/// Keys of the config by path, each with values of which most are acceptable.
fn setting() -> impl Strategy<Value = (Vec<&'static str>, Value)> {
    let at = |path: &'static str| path.split('/').collect::<Vec<_>>();
    let counts = || (1..5_u32).prop_map(Value::from);
    let memory = || one_of(&["128Mi", "1500Mi", "1.5Gi", "2G", "3000M", "1e9", "4Gi"]);
    let cpu = || one_of(&["25m", "0.5", "1", "1.50", ".25", "2e0"]);
    let durations = || one_of(&["40h", "10d", "5w", "1y", "0d", "744h", "1h30m", "36h"]);
    let flag = || any::<bool>().prop_map(Value::from);
    prop_oneof![
        one_of(&["monitoring", "obs", "a"]).prop_map(move |v| (at("namespace"), v)),
        one_of(&["kup6s", "Prod_1", "yes", "1e3", "0777"]).prop_map(move |v| (at("cluster"), v)),
        one_of(&["cluster.local", "k8s.example.com"]).prop_map(move |v| (at("clusterDomain"), v)),
        one_of(&["helmchart", "application"]).prop_map(move |v| (at("delivery"), v)),
        flag().prop_map(move |v| (at("features/logs"), v)),
        flag().prop_map(move |v| (at("features/longTermMetrics"), v)),
        flag().prop_map(move |v| (at("features/nodeMetrics"), v)),
        counts().prop_map(move |v| (at("replicas/prometheus"), v)),
        counts().prop_map(move |v| (at("replicas/loki/write"), v)),
        counts().prop_map(move |v| (at("replicas/thanosStore"), v)),
        memory().prop_map(move |v| (at("resources/prometheus/requests/memory"), v)),
        memory().prop_map(move |v| (at("resources/thanosStore/limits/memory"), v)),
        cpu().prop_map(move |v| (at("resources/loki/write/limits/cpu"), v)),
        cpu().prop_map(move |v| (at("resources/alloy/requests/cpu"), v)),
        memory().prop_map(move |v| (at("storage/prometheus"), v)),
        one_of(&["longhorn", "local-path", "null"]).prop_map(move |v| (at("storage/class"), v)),
        durations().prop_map(move |v| (at("retention/metrics/raw"), v)),
        durations().prop_map(move |v| (at("retention/metrics/1h"), v)),
        durations().prop_map(move |v| (at("retention/logs"), v)),
        one_of(&["minio.minio:9000", "http://s3.local", "nbg1.your-objectstorage.com"])
            .prop_map(move |v| (at("objectStorage/endpoint"), v)),
        one_of(&["ini", "keys"]).prop_map(move |v| (at("objectStorage/credentials/format"), v)),
        one_of(&["Disabled", "Enabled", "Suspended"]).prop_map(move |v| (at("objectStorage/versioning"), v)),
        flag().prop_map(move |v| (at("objectStorage/providerConfig/create"), v)),
        (1..2000_u32).prop_map(move |v| (at("objectStorage/lifecycle/expireMetricsDays"), v.into())),
        text().prop_map(move |v| (
            at("alerting/email"),
            json!({
                "to": "ops@example.com", "from": "m@example.com", "smarthost": "smtp.example.com:25",
                "username": v, "passwordSecret": "smtp",
            })
        )),
        text().prop_map(move |v| (
            at("grafana/ingress"),
            json!({
                "host": "grafana.example.com", "annotations": {"example.com/note": v},
            })
        )),
        flag().prop_map(move |v| (at("grafana/persistence"), v)),
        free_values().prop_map(move |v| (at("charts/kubePrometheusStack/values"), v)),
        free_values().prop_map(move |v| (at("charts/loki/values"), v)),
        free_values().prop_map(move |v| (at("charts/alloy/values"), v)),
        one_of(&["registry.example.com", "localhost:5000/mirror"])
            .prop_map(move |v| (at("images/registry"), v)),
        Just((at("images/pullSecrets"), json!(["pull"]))),
        Just((at("tolerations"), json!([{"operator": "Exists"}]))),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    prop::collection::vec(setting(), 0..12).prop_map(|settings| {
        let mut root = json!({});
        for (path, value) in settings {
            let slot = path.iter().fold(&mut root, |node, key| &mut node[*key]);
            *slot = value;
        }
        root
    })
}

fn load(document: &Value) -> Option<Config> {
    let source = Source { name: "config.json".into(), bytes: serde_json::to_vec(document).unwrap() };
    config::load(vec![source], &[]).ok().map(|loaded| loaded.config)
}

/// Numbers are equal by value: YAML writes no difference between 1 and 1.0 that JSON would keep.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

fn limits() -> go_yaml::Limits {
    go_yaml::Limits { max_bytes: 16 << 20, ..go_yaml::Limits::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepted_configs_render_to_yaml_that_reads_back_equal(document in document()) {
        let Some(config) = load(&document) else { return Ok(()) };
        let objects = stack::render(&config, &Surroundings::default(), |_| true).unwrap().objects;
        let values: Vec<_> = objects.iter().map(|object| &object.object.value).collect();
        let bytes = stream::yaml(objects.iter().map(|object| &object.object));

        let again = stack::render(&load(&document).unwrap(), &Surroundings::default(), |_| true).unwrap().objects;
        prop_assert_eq!(&bytes, &stream::yaml(again.iter().map(|object| &object.object)));

        prop_assert!(bytes.starts_with(b"---\n"));
        prop_assert!(bytes.ends_with(b"\n") && !bytes.ends_with(b"\n\n"));
        let read = go_yaml::read(&bytes, &limits()).unwrap();
        prop_assert_eq!(read.len(), values.len());
        for (node, value) in read.iter().zip(values) {
            let read = node.to_json().unwrap();
            prop_assert!(same(&read, value), "wrote {value}\nread {read}");
        }
    }

    #[test]
    fn any_value_written_is_read_back_equal(value in free_value()) {
        let text = stream::document(&value);
        let read = go_yaml::read(text.as_bytes(), &limits()).unwrap();
        prop_assert_eq!(read.len(), 1);
        let read = read[0].to_json().unwrap();
        prop_assert!(same(&read, &value), "wrote {value} as {text}\nread {read}");
    }
}

#[test]
fn most_generated_configs_are_accepted() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let accepted = (0..200)
        .filter(|_| {
            let tree = document().new_tree(&mut runner).unwrap();
            load(&tree.current()).is_some()
        })
        .count();
    assert!(accepted > 60, "only {accepted} of 200 configs reach the renderer");
}
