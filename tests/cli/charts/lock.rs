//! Pinning, fetching, and rendering what is pinned.

use predicates::prelude::*;
use predicates::str::contains;

use super::{ALL, cached, monstack, place, repository};
use crate::support::packed::{self, CHARTS};
use crate::support::server::{Answer, Server};

#[test]
fn what_is_pinned_is_fetched_vendored_verified_and_rendered() {
    let server = repository();
    let place = place(&format!("{}/stable/", server.url));
    monstack(&place, &["charts", "lock", "config.yaml"])
        .assert()
        .success()
        .stderr(contains("monstack:").not());
    let lock = std::fs::read_to_string(place.path("monstack.lock")).unwrap();
    let loki = format!(
        "- name: loki\n  version: 6.24.0\n  appVersion: 1.0.0\n  repository: {}/stable/\n  digest: sha256:{}\n  \
         dependencies:\n  - name: inner\n    version: 0.1.0\n",
        server.url,
        packed::sha256(&packed::chart("loki", "6.24.0"))
    );
    assert!(lock.contains(&loki), "{lock}");
    assert_eq!(cached(&place), ALL);
    assert_eq!(server.paths().iter().filter(|path| path.ends_with("index.yaml")).count(), 1);

    // Locking again asks nobody and changes nothing.
    let before = server.paths().len();
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    assert_eq!(server.paths().len(), before);
    assert_eq!(std::fs::read_to_string(place.path("monstack.lock")).unwrap(), lock);

    let from_cache =
        monstack(&place, &["render", "config.yaml"]).assert().success().stdout(contains("name: loki"));
    std::fs::remove_dir_all(place.path("cache")).unwrap();
    monstack(&place, &["render", "config.yaml"]).assert().code(1).stdout("").stderr(
        contains("there is no archive of loki 6.24.0, which monstack.lock pins")
            .and(contains("`monstack charts pull config.yaml` fetches it into the cache")),
    );
    monstack(&place, &["charts", "pull", "config.yaml"]).assert().success();
    assert_eq!(cached(&place), ALL);
    monstack(&place, &["charts", "vendor", "charts", "config.yaml", "--offline"]).assert().success();
    std::fs::remove_dir_all(place.path("cache")).unwrap();
    monstack(&place, &["charts", "verify", "config.yaml"])
        .assert()
        .success()
        .stdout(contains("loki 6.24.0: charts/loki-6.24.0.tgz is what is pinned"));
    // Neither a home nor a cache is needed.
    let vendored = place.monstack(&["render", "config.yaml"]).env_clear().assert().success();
    assert_eq!(vendored.get_output().stdout, from_cache.get_output().stdout);
}

#[test]
fn a_changed_archive_is_not_rendered() {
    let server = repository();
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    monstack(&place, &["charts", "vendor", "charts", "config.yaml"]).assert().success();
    let mut bytes = packed::chart("loki", "6.24.0");
    let pinned = packed::sha256(&bytes);
    *bytes.last_mut().unwrap() ^= 1;
    place.file("charts/loki-6.24.0.tgz", &bytes);
    let message = format!(
        "monstack: charts/loki-6.24.0.tgz is not the loki 6.24.0 that is pinned\n  pinned sha256:{pinned}\n  found  \
         sha256:{}\n  help: `monstack charts vendor charts config.yaml` mends it\n",
        packed::sha256(&bytes)
    );
    monstack(&place, &["render", "config.yaml"]).assert().code(1).stdout("").stderr(contains(&*message));
    monstack(&place, &["charts", "verify", "config.yaml"]).assert().code(1).stderr(contains(&*message));
    monstack(&place, &["charts", "vendor", "charts", "config.yaml"]).assert().success();
    monstack(&place, &["render", "config.yaml"]).assert().success();

    // The same in the cache, which `pull` mends.
    std::fs::remove_dir_all(place.path("charts")).unwrap();
    let name = format!("cache/charts/loki-6.24.0-{pinned}.tgz");
    place.file(&name, &bytes);
    monstack(&place, &["render", "config.yaml"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("help: `monstack charts pull config.yaml` mends it"));
    monstack(&place, &["charts", "pull", "config.yaml"]).assert().success();
    monstack(&place, &["render", "config.yaml"]).assert().success();
}

#[test]
fn without_a_current_lock_no_archive_is_rendered() {
    let place = place("https://charts.invalid");
    monstack(&place, &["render", "config.yaml"]).assert().code(1).stdout("").stderr(
        contains("monstack: loki 6.24.0 is not pinned: there is no monstack.lock\n")
            .and(contains("`monstack charts lock config.yaml` pins and fetches it")),
    );
    for verb in ["pull", "verify", "list", "outdated"] {
        let code = if verb == "outdated" { 2 } else { 1 };
        monstack(&place, &["charts", verb, "config.yaml"]).assert().code(code).stdout("").stderr(
            contains("there is no monstack.lock").and(contains("`monstack charts lock config.yaml`")),
        );
    }
    for (name, version) in CHARTS {
        place.file(&format!("archives/{name}-{version}.tgz"), packed::chart(name, version));
    }
    let render = ["render", "config.yaml", "--charts", "archives"];
    monstack(&place, &render).assert().code(1).stdout("").stderr(contains("loki 6.24.0 is not pinned"));
    // Archives at hand are pinned without any server.
    monstack(&place, &["charts", "lock", "config.yaml", "--charts", "archives", "--offline"])
        .assert()
        .success();
    monstack(&place, &render).assert().success();
    monstack(
        &place,
        &["render", "config.yaml", "--charts", "archives", "--set", "charts.loki.version=6.25.0"],
    )
    .assert()
    .code(1)
    .stdout("")
    .stderr(contains("`charts.loki.version` is 6.25.0, but monstack.lock pins loki 6.24.0"));
    place.file("monstack.lock", "lockVersion: 1\ncharts: []\n");
    monstack(&place, &render).assert().code(1).stderr(contains("it is not in monstack.lock"));
}

#[test]
fn constraints_are_pinned_at_the_newest_and_move_with_upgrade_alone() {
    let versions = [("loki", "6.24.0"), ("loki", "6.24.3"), ("loki", "6.30.0"), ("loki", "7.0.0-rc.1")];
    let server = Server::new(move |request| {
        let mut all = CHARTS.to_vec();
        // What has been published by the time of the second look.
        all.extend(&versions[..if request.times == 1 { 2 } else { 4 }]);
        if !request.path.ends_with("index.yaml") {
            all.extend(versions);
        }
        packed::file(&request.path, &all).map_or_else(|| Answer::status(404, ""), Answer::ok)
    });
    let place = place(&server.url);
    let set = ["--set", "charts.loki.version=6.x"];
    let lock = |more: &[&str]| {
        let arguments = [&["charts", "lock", "config.yaml"], &set[..], more].concat();
        monstack(&place, &arguments).assert()
    };
    lock(&[]).success().stdout(contains("loki 6.24.3 sha256:"));
    monstack(&place, &[&["render", "config.yaml"], &set[..]].concat()).assert().success();
    lock(&[]).success().stdout(contains("loki 6.24.3 sha256:"));
    lock(&["--upgrade"]).success().stdout(contains("loki 6.30.0 sha256:").and(contains("(was 6.24.3)")));
    monstack(&place, &["charts", "outdated", "config.yaml"]).assert().success().stdout("");
    lock(&["--set", "charts.loki.version=~6.24.0"]).success().stdout(contains("loki 6.24.3"));
    monstack(&place, &["charts", "outdated", "config.yaml"])
        .assert()
        .code(1)
        .stdout("CHART   PINNED   NEWEST   APP VERSION\nloki    6.24.3   6.30.0   1.0.0\n");
    monstack(&place, &["charts", "list", "config.yaml", "-o", "json"])
        .assert()
        .success()
        .stdout(contains("\"newest\": \"6.30.0\"").and(contains("\"isHere\": true")));
    lock(&["--set", "charts.loki.version=^9"])
        .code(1)
        .stderr(contains("there is no version ^9 of loki").and(contains("the newest ones are")));
}

#[test]
fn the_path_of_the_config_is_pinned_as_it_is() {
    let server = repository();
    let place = place(&server.url);
    place.file("own/loki.tgz", packed::chart("loki", "6.24.0"));
    let set = ["--set", "charts.loki.path=own/loki.tgz"];
    monstack(&place, &[&["charts", "lock", "config.yaml"], &set[..]].concat()).assert().success();
    let lock = std::fs::read_to_string(place.path("monstack.lock")).unwrap();
    assert!(lock.contains("path: own/loki.tgz\n"), "{lock}");
    monstack(&place, &[&["render", "config.yaml"], &set[..]].concat()).assert().success();
    place.file("own/loki.tgz", packed::chart("loki", "6.24.1"));
    monstack(&place, &[&["render", "config.yaml"], &set[..]].concat())
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("own/loki.tgz is not the loki 6.24.0 that is pinned"));
}

#[test]
fn parts_of_charts_are_shown() {
    let server = repository();
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    let show =
        |part: &str, chart: &str| monstack(&place, &["charts", "show", part, chart, "config.yaml"]).assert();
    show("values", "loki").success().stdout("of: loki\n\n");
    show("readme", "kubePrometheusStack").success().stdout("# kube-prometheus-stack\n\n");
    show("crds", "alloy").success().stdout("").stderr(contains("alloy has none"));
    show("values", "tempo").code(1).stderr(contains("its charts are kube-prometheus-stack, loki, alloy"));
}

#[test]
fn signatures_are_verified_with_a_keyring() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/helm-repository/tests/provenance");
    let read = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
    let (archive, signature) = (read("loki-6.24.0.tgz"), read("loki-6.24.0.tgz.prov"));
    let digest = packed::sha256(&packed::chart("loki", "6.24.0"));
    let server = Server::new(move |request| match request.path.as_str() {
        "/loki-6.24.0.tgz" => Answer::ok(archive.clone()),
        "/loki-6.24.0.tgz.prov" => Answer::ok(signature.clone()),
        "/index.yaml" => Answer::ok(packed::index(&CHARTS).replace(&digest, &packed::sha256(&archive))),
        path => super::whole(path),
    });
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    let verify = |keyring: &str| {
        let keyring = format!("{folder}/{keyring}");
        monstack(&place, &["charts", "verify", "config.yaml", "--keyring", &keyring]).assert()
    };
    verify("pubring.gpg")
        .code(1)
        .stdout(contains(" is what is pinned, signed by Chart Signer <signer@example.com> ("))
        .stderr(contains("alloy 0.10.1 is not signed: there is no .prov file"));
    verify("other.gpg")
        .code(1)
        .stdout("")
        .stderr(contains("loki 6.24.0: the signature is of nobody in the keyring"));
    verify("none").code(1).stderr(contains("/none cannot be read: "));
    // The signature is kept, and found without a network.
    let keyring = format!("{folder}/pubring.gpg");
    monstack(&place, &["charts", "verify", "config.yaml", "--offline", "--keyring", &keyring])
        .assert()
        .stdout(contains("loki 6.24.0: ").and(contains("signed by Chart Signer")));
}
