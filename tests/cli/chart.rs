//! `monstack chart template`, compared with what real helm printed (`tests/charts/regenerate.sh`).

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

use crate::support::Place;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts")
}

#[test]
fn a_chart_is_rendered_as_helm_does() {
    let cases = std::fs::read_to_string(folder().join("cases.txt")).unwrap();
    let mut count = 0;
    for line in cases.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_monstack"));
        command.current_dir(folder()).args(["chart", "template", "release", "everything"]).args(words);
        let output = command.output().unwrap();
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let expected = folder().join("expected");
        if let Ok(text) = std::fs::read_to_string(expected.join(format!("{name}.yaml"))) {
            assert!(output.status.success(), "{name}: {stderr}");
            assert!(stdout == text, "{name} differs:\n{stdout}");
        } else {
            let message = std::fs::read_to_string(expected.join(format!("{name}.err"))).unwrap();
            assert_eq!((output.status.code(), stdout.as_ref()), (Some(1), ""), "{name}");
            assert_eq!(stderr.trim_end(), format!("monstack: {}", message.trim_end()), "{name}");
        }
        count += 1;
    }
    assert!(count > 15);
}

#[test]
fn a_missing_chart_is_told() {
    Place::new()
        .monstack(&["chart", "template", "x", "nowhere"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("monstack: ").and(contains("nowhere")));
}
