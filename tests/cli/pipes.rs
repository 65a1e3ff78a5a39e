//! What happens when standard output does not take everything.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::support::Place;

fn render(place: &Place, stdout: Stdio) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_monstack"))
        .args(["render", "-q"])
        .arg(place.path("config.yaml"))
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let place = Place::with("config.yaml", "{}");
    let mut child = render(&place, Stdio::piped());
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 4];
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"---\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn differences_that_nobody_reads_are_no_failure() {
    let place = Place::with("config.yaml", "{}");
    place.file("new.yaml", "cluster: other");
    let mut child = Command::new(env!("CARGO_BIN_EXE_monstack"))
        .args(["diff", "config.yaml", "new.yaml"])
        .current_dir(place.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = render(&Place::with("config.yaml", "{}"), full.into()).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("monstack: cannot write to standard output: "), "{stderr}");
}
