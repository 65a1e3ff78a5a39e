//! What README.md shows is true.

use std::path::Path;
use std::process::{Command, Stdio};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks of a language, without their indentation in lists.
fn blocks(language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for line in readme().lines() {
        match &mut block {
            None if line.trim_start() == format!("```{language}") => {
                block = Some((line.len() - line.trim_start().len(), String::new()));
            }
            None => {}
            Some(_) if line.trim_start() == "```" => found.extend(block.take().map(|(_, text)| text)),
            Some((indentation, text)) => {
                text.push_str(line.get(*indentation..).unwrap_or_default());
                text.push('\n');
            }
        }
    }
    found
}

/// Runs a line of a shell block in a copy of the repository's examples, with the binary on the path.
#[cfg(unix)]
fn run(line: &str, directory: &Path) -> std::process::Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_monstack")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(binary.to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    Command::new("sh")
        .args(["-c", line])
        .env("PATH", path.unwrap())
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[cfg(unix)]
#[test]
fn every_command_of_ours_runs_as_written() {
    let directory = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    std::os::unix::fs::symlink(examples, directory.path().join("examples")).unwrap();
    let others = ["kubectl", "cargo ", "git ", "argocd"];
    let mut ran = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        if others.iter().any(|program| line.contains(program)) {
            continue;
        }
        let line = line.replace("/tmp/rendered", "rendered");
        let output = run(&line, directory.path());
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        ran += 1;
    }
    assert!(ran >= 7, "only {ran} commands found");
}

#[test]
fn every_config_shown_is_valid() {
    let configs: Vec<_> =
        blocks("yaml").into_iter().filter(|block| block.starts_with("# a config\n")).collect();
    assert!(configs.len() >= 3);
    for config in configs {
        let mut command = assert_cmd::Command::cargo_bin("monstack").unwrap();
        command.arg("validate").write_stdin(config).assert().success();
    }
}

#[test]
fn the_error_shown_is_the_one_printed() {
    let shown = blocks("text").into_iter().find(|block| block.starts_with("config.yaml:")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let config = "namespace: monitoring\nresources:\n  thanosQuery:\n    reqests: {memory: 128Mi}\n";
    std::fs::write(directory.path().join("config.yaml"), config).unwrap();
    let mut command = assert_cmd::Command::cargo_bin("monstack").unwrap();
    let output =
        command.args(["render", "config.yaml"]).current_dir(directory.path()).assert().code(1).stdout("");
    assert_eq!(String::from_utf8_lossy(&output.get_output().stderr), shown);
}
