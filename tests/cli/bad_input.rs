//! Input that is no config at all: an error, never a panic, a hang or a blow-up.

use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use predicates::str::contains;

use crate::support::{Place, refused};

#[test]
fn no_yaml() {
    refused("a: [1, 2\n", &["<stdin>:", ": error: "]);
    refused("a: b: c\n", &["<stdin>:1:5: error: "]);
    refused("'open\n", &["<stdin>:", ": error: "]);
    refused("cluster: @here\n", &["<stdin>:1:10: error: ", "help: a value that begins with `@`"]);
}

#[test]
fn no_utf8() {
    refused(b"cluster: caf\xe9\n".to_vec(), &["<stdin>:1:13: error: ", "UTF-8"]);
    refused(b"\xff\xfea\0:\0 \x001\0".to_vec(), &["<stdin>:1:1: error: "]);
    refused(b"cluster: a\0b\n".to_vec(), &["<stdin>:1:11: error: "]);
}

#[test]
fn a_list_or_a_scalar_at_the_root() {
    refused(
        "- a\n- b\n",
        &["<stdin>:1:1: error: expected a mapping such as `namespace: monitoring`, found a list"],
    );
    refused("just text\n", &["<stdin>:1:1: error: expected a mapping", "found \"just text\""]);
    refused("42\n", &["<stdin>:1:1: error: expected a mapping", "found the number 42"]);
}

#[test]
fn nothing() {
    for config in ["", "\n\n", "# only a comment\n", "---\n", "null\n"] {
        refused(config, &["<stdin>:1:1: error: the config is empty; `{}` renders the default stack"]);
    }
    refused("", &["help: it was read from standard input: to read a file, name it"]);
}

#[test]
fn several_documents() {
    refused("namespace: a\n---\nnamespace: b\n", &["<stdin>:3:1: error: ", "second one", "-f base.yaml"]);
}

#[test]
fn keys_set_twice() {
    refused("namespace: a\ncluster: b\nnamespace: c\n", &["<stdin>:3:1: error: ", "namespace"]);
}

#[test]
fn wrong_types() {
    refused(
        "namespace: [a]\nreplicas: 3\ntolerations: none\n",
        &[
            "<stdin>:1:12: error: namespace: expected a DNS label such as monitoring, found a list",
            "<stdin>:2:11: error: replicas: expected a mapping, found the number 3",
            "<stdin>:3:14: error: tolerations: expected a list, found \"none\"",
            "monstack: 3 problems in <stdin>, nothing was rendered",
        ],
    );
}

#[test]
fn tabs() {
    refused(
        "replicas:\n\tprometheus: 2\n",
        &["<stdin>:2:1: error: found a tab where indentation must be spaces"],
    );
}

#[test]
fn an_alias_bomb() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", [alias.as_str(); 10].join(", "));
    }
    refused(bomb, &["<stdin>:", ": error: "]);
}

#[test]
fn ten_thousand_levels() {
    refused("[".repeat(10_000), &["<stdin>:1:", ": error: "]);
    refused("{a: ".repeat(10_000), &["<stdin>:1:", ": error: "]);
    let mut block = String::new();
    for level in 0..1000 {
        let _ = writeln!(block, "{}a:", " ".repeat(level));
    }
    refused(block, &["<stdin>:", ": error: "]);
    refused("- ".repeat(10_000), &["<stdin>:1:", ": error: "]);
}

#[test]
fn a_hundred_thousand_keys() {
    let keys: String = (0..110_000).map(|n| format!("k{n}: 1\n")).collect();
    refused(&keys.as_bytes()[..1_000_000], &["<stdin>:", ": error: "]);
}

#[test]
fn a_hundred_megabytes() {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_monstack"))
        .arg("render")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let chunk = "# filling\n".repeat(1 << 16);
    let mut written = 0;
    // The pipe closes once the command has read more than enough.
    while written < 100_000_000 && stdin.write_all(chunk.as_bytes()).is_ok() {
        written += chunk.len();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(written < 10_000_000, "{written} bytes were read");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("<stdin>:1:1: error: the config is larger than 1 MiB"), "{stderr}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_long_line_is_not_repeated() {
    let place = Place::with("config.yaml", format!("cluster: \"{}\"\n", "x".repeat(500_000)));
    let output = place.monstack(&["render", "config.yaml"]).assert().code(1).stdout("").get_output().clone();
    assert!(output.stderr.len() < 1000, "{}", output.stderr.len());
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let place = Place::with("config.yaml", "cluster: \"\\e[31mred\"\n");
    let output = place.monstack(&["render", "config.yaml"]).assert().code(1).get_output().clone();
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_directory() {
    let place = Place::with("stack/config.yaml", "{}");
    place
        .monstack(&["render", "stack"])
        .assert()
        .code(1)
        .stdout("")
        .stderr("stack: error: this is a directory, not a config file\n  help: did you mean stack/config.yaml?\nmonstack: 1 problem in stack, nothing was rendered\n");
}

#[test]
fn missing_files_are_named_all_at_once() {
    Place::new()
        .monstack(&["render", "one.yaml", "-f", "two.yaml"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("one.yaml: error: cannot be read: No such file"))
        .stderr(contains("two.yaml: error: cannot be read: No such file"));
}

/// A file that opens and cannot be read, whoever runs the test.
#[test]
#[cfg(target_os = "linux")]
fn an_unreadable_file() {
    Place::new()
        .monstack(&["render", "/proc/self/mem"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("/proc/self/mem: error: cannot be read: "));
}

#[test]
fn tens_of_thousands_of_problems_take_no_time() {
    let keys: String = (0..20_000).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "k{n}: 1");
        text
    });
    let indented = keys.replace("k", "  k");
    for (config, count) in [
        (keys.clone(), "20000 problems"),
        (
            format!("grafana:\n ingress:\n  host: a.b\n  annotations:\n{}", keys.replace("k", "   k")),
            "20000 problems",
        ),
        (format!("tolerations:\n{}", "- {effect: x}\n".repeat(30_000)), "30000 problems"),
        (format!("images:\n  pullSecrets:\n{}", "  - A_B\n".repeat(20_000)), "20000 problems"),
        (format!("replicas:\n{}", indented.replace(": 1", ": ~")), "20000 problems"),
    ] {
        refused(config, &[count]);
    }
}

#[test]
fn a_long_path_of_keys_is_refused() {
    let path = vec!["a"; 30_000].join(".");
    Place::with("config.yaml", "{}")
        .monstack(&["render", "config.yaml", "--set", &format!("{path}=1")])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("more than 64 keys"));
}

#[test]
fn standard_input_is_read_once() {
    crate::support::piped(&["render", "-", "-f", "-"], "{}")
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("<stdin>: error: standard input is named twice"));
}
