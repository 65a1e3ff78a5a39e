//! Golden streams: each case of `tests/golden` is rendered as a user would, in both deliveries.
//!
//! `UPDATE_GOLDEN=1 cargo test` rewrites them; the review is `git diff`.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// Name of a case and the config files that are overlaid for it.
const CASES: &[(&str, &[&str])] = &[
    ("defaults", &["tests/configs/defaults.yaml"]),
    ("original", &["tests/configs/original.yaml"]),
    ("kup6s", &["examples/kup6s/config.yaml"]),
    ("minimal", &["examples/minimal/config.yaml"]),
    ("staging", &["examples/overlays/base.yaml", "examples/overlays/staging.yaml"]),
    ("production", &["examples/overlays/base.yaml", "examples/overlays/production.yaml"]),
];

fn golden(name: &str, actual: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 cargo test writes it", path.display()));
    let actual = String::from_utf8_lossy(actual);
    if expected != actual {
        let diff = similar::TextDiff::from_lines(expected.as_str(), actual.as_ref());
        panic!("{} differs:\n{}", path.display(), diff.unified_diff().context_radius(3));
    }
}

fn render(files: &[&str], delivery: &str) -> (Vec<u8>, Vec<u8>) {
    let mut command = Command::cargo_bin("monstack").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("render");
    for file in files {
        command.args(["-f", file]);
    }
    let output = command.args(["--set", &format!("delivery={delivery}")]).assert().success();
    (output.get_output().stdout.clone(), output.get_output().stderr.clone())
}

#[test]
fn every_case_renders_as_before_in_every_delivery() {
    for (name, files) in CASES {
        for delivery in ["helmchart", "application"] {
            let (stdout, stderr) = render(files, delivery);
            golden(&format!("{name}/{delivery}.yaml"), &stdout);
            golden(&format!("{name}/stderr.txt"), &stderr);
        }
    }
}

#[test]
fn every_example_is_a_case() {
    let mut examples: Vec<PathBuf> = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in std::fs::read_dir(root.join("examples")).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            examples.push(file.unwrap().path());
        }
    }
    for example in examples {
        let name = example.strip_prefix(root).unwrap().to_str().unwrap();
        // Those are for the cluster that runs ArgoCD, and no configs.
        if name.ends_with(".yaml") && !name.starts_with("examples/argocd/") {
            assert!(CASES.iter().any(|(_, files)| files.contains(&name)), "{name} is rendered by no case");
        }
    }
}
