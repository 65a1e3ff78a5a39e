//! The files of the container image, run as in the container: no environment, nothing to write to.

use std::path::Path;
use std::process::Command;

use crate::support::Place;
use crate::support::packed::{self, CHARTS};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_containerfile_needs_no_shell() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("Containerfile")).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.first(), Some(&"FROM scratch"));
    assert!(lines.contains(&"USER 999:999") && lines.contains(&"COPY image/ /"), "{text}");
    assert!(lines.iter().all(|line| !line.starts_with("RUN")), "{text}");
}

#[cfg(unix)]
#[test]
fn the_image_renders_what_its_archives_are() {
    let place = Place::with("cluster/monstack.yaml", "delivery: inline\n");
    for (name, version) in CHARTS {
        place.file(&format!("archives/{name}-{version}.tgz"), packed::chart(name, version));
    }
    let lock = ["charts", "lock", "cluster/monstack.yaml", "--charts", "archives", "--offline"];
    place.monstack(&lock).env_clear().assert().success();
    let made = Command::new("sh")
        .arg(Path::new(ROOT).join("scripts/image.sh"))
        .args(["image", "cluster/monstack.yaml"])
        .env("MONSTACK", env!("CARGO_BIN_EXE_monstack"))
        .env("MONSTACK_CHARTS", "archives")
        .current_dir(place.path("."))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(
        place.files("image"),
        [
            "charts/alloy-0.10.1.tgz",
            "charts/kube-prometheus-stack-66.7.1.tgz",
            "charts/loki-6.24.0.tgz",
            "etc/passwd",
            "home/argocd/cmp-server/config/plugin.yaml",
            "usr/local/bin/monstack",
        ]
    );
    std::fs::remove_dir_all(place.path("archives")).unwrap();
    let before = place.files(".");
    for folder in ["image", "cluster"] {
        assert!(
            Command::new("chmod")
                .args(["-R", "a-w", folder])
                .current_dir(place.path("."))
                .status()
                .unwrap()
                .success()
        );
    }
    let output = Command::new(place.path("image/usr/local/bin/monstack"))
        .args(["render", "monstack.yaml"])
        .env_clear()
        .env("MONSTACK_CHARTS", place.path("image/charts"))
        .current_dir(place.path("cluster"))
        .output()
        .unwrap();
    assert!(
        Command::new("chmod")
            .args(["-R", "u+w", "."])
            .current_dir(place.path("."))
            .status()
            .unwrap()
            .success()
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("name: loki"));
    assert_eq!(place.files("."), before);
}
