//! Every document of `scalars.txt` reads as the Go library reads it.

use go_yaml::{Limits, read};
use serde_json::Value;

/// Documents read differently on purpose; see the crate's documentation.
const DIFFERENT: &[&str] = &[
    // Explicit keys win over merged ones, an earlier merge over a later one.
    "a: &x {k: 1, l: 2}\nb: {k: 3, <<: *x}",
    "a: &x {k: 1}\nb: {<<: *x, <<: {k: 2, l: 3}}",
    // A key set twice is an error.
    "a: &x a\n*x : b",
    "1: a\n1.0: b",
    // A plain scalar in a flow collection does not end in a colon, a tag not in
    // a comma.
    "{a:}",
    "[a:]",
    "[a:,b]",
    "v: [!!str, x]",
];

fn same(ours: &Value, go: &Value) -> bool {
    match (ours, go) {
        (Value::Number(ours), Value::Number(go)) => {
            ours == go || ours.as_f64() == go.as_f64() && (ours.is_f64() || go.is_f64())
        }
        (Value::Array(ours), Value::Array(go)) => {
            ours.len() == go.len() && ours.iter().zip(go).all(|(ours, go)| same(ours, go))
        }
        (Value::Object(ours), Value::Object(go)) => {
            ours.len() == go.len()
                && ours.iter().all(|(key, ours)| go.get(key).is_some_and(|go| same(ours, go)))
        }
        _ => ours == go,
    }
}

#[test]
fn reads_as_go_does() {
    let mut failures = Vec::new();
    for line in include_str!("scalars.txt").lines() {
        let (document, expected) = line.split_once('\t').unwrap();
        let document: String = serde_json::from_str(document).unwrap();
        if DIFFERENT.contains(&document.as_str()) {
            continue;
        }
        let ours = match read(document.as_bytes(), &Limits::default()) {
            Ok(nodes) => match nodes.first() {
                Some(node) => node.to_json().map_err(|problem| problem.to_string()),
                None => Ok(Value::Null),
            },
            Err(problems) => Err(problems[0].to_string()),
        };
        let matches = match (&ours, expected) {
            (Ok(_), "error") => false,
            (Ok(ours), go) => same(ours, &serde_json::from_str(go).unwrap()),
            (Err(_), go) => go == "error",
        };
        if !matches {
            failures.push(format!("{document:?}: Go {expected}, here {ours:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
