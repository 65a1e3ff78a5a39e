//! OCI registries.

use predicates::prelude::*;
use predicates::str::contains;

use super::{ALL, cached, monstack, place};
use crate::support::packed::{self, CHARTS};
use crate::support::server::{Answer, Server};

/// A registry that gives tokens, to those with a password if there is one, and sends blobs from elsewhere.
fn registry(password: Option<&'static str>) -> Server {
    let blobs = Server::new(|request| {
        assert_eq!(request.authorization, None);
        let charts = CHARTS.iter().map(|(name, version)| packed::chart(name, version));
        let found = charts.into_iter().find(|chart| request.path.ends_with(&packed::sha256(chart)));
        found.map_or_else(|| Answer::status(404, ""), Answer::ok)
    });
    let url = std::sync::OnceLock::<String>::new();
    let url = std::sync::Arc::new(url);
    let own = std::sync::Arc::clone(&url);
    let server = Server::new(move |request| {
        let own = own.get().map(String::as_str).unwrap_or_default();
        if request.path.starts_with("/token") {
            assert!(request.path.contains("service=charts"), "{}", request.path);
            return match password {
                Some(password) if request.authorization.as_deref() != Some(password) => {
                    Answer::status(401, "")
                }
                _ => Answer::ok("{\"token\": \"of-mine\"}"),
            };
        }
        if request.authorization.as_deref() != Some("Bearer of-mine") {
            let challenge = format!("WWW-Authenticate: Bearer realm=\"{own}/token\",service=\"charts\"");
            return Answer::status(401, &challenge);
        }
        let rest = request.path.strip_prefix("/v2/team/charts/").unwrap_or_default();
        let Some((name, rest)) = rest.split_once('/') else { return Answer::status(404, "") };
        let version = CHARTS.iter().find(|(chart, _)| *chart == name).map_or("", |(_, version)| version);
        if rest == "tags/list?n=1000" {
            let next = format!("Link: </v2/team/charts/{name}/tags/list?last=0>; rel=\"next\"\r\n");
            return Answer::Whole(200, next, b"{\"tags\": [\"0.0.1_old\"]}".to_vec());
        }
        if rest == "tags/list?last=0" {
            return Answer::ok(format!("{{\"tags\": [\"{version}\", \"latest\"]}}"));
        }
        if rest == format!("manifests/{version}") {
            let digest = packed::sha256(&packed::chart(name, version));
            return Answer::ok(format!(
                "{{\"layers\": [{{\"mediaType\": \"application/vnd.cncf.helm.chart.content.v1.tar+gzip\", \"digest\": \
                 \"sha256:{digest}\", \"size\": 1}}]}}"
            ));
        }
        if rest.starts_with("blobs/") {
            return Answer::status(307, &format!("Location: {}/{rest}", blobs.url));
        }
        Answer::status(404, "")
    });
    url.set(server.url.clone()).unwrap();
    server
}

#[test]
fn charts_come_from_a_registry_with_a_token() {
    let server = registry(None);
    let place = place(&format!("oci://{}/team/charts", server.host()));
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    assert_eq!(cached(&place), ALL);
    monstack(&place, &["render", "config.yaml"]).assert().success();
    std::fs::remove_dir_all(place.path("cache")).unwrap();
    monstack(&place, &["charts", "pull", "config.yaml"]).assert().success();
    monstack(&place, &["charts", "outdated", "config.yaml"]).assert().success().stdout("");
    monstack(&place, &["charts", "lock", "config.yaml", "--set", "charts.loki.version=~6", "--upgrade"])
        .assert()
        .success()
        .stdout(contains("loki 6.24.0"));
    monstack(&place, &["charts", "lock", "config.yaml", "--set", "charts.loki.version=6.0.0"])
        .assert()
        .code(1)
        .stderr(contains("/v2/team/charts/loki/manifests/6.0.0 answers 404"));
}

#[test]
fn a_registry_may_want_a_password() {
    let server = registry(Some("Basic bWU6c2VjcmV0"));
    let place = place(&format!("oci://{}/team/charts", server.host()));
    let lock = || monstack(&place, &["charts", "lock", "config.yaml"]);
    lock().assert().code(1).stderr(contains("answers 401"));
    let auths = format!("{{\"auths\": {{\"{}\": {{\"auth\": \"bWU6c2VjcmV0\"}}}}}}", server.host());
    place.file("docker/config.json", auths);
    lock().env("DOCKER_CONFIG", place.path("docker")).assert().success();
}

#[cfg(unix)]
#[test]
fn a_credential_helper_is_asked() {
    use std::os::unix::fs::PermissionsExt;

    let server = registry(Some("Basic bWU6c2VjcmV0"));
    let place = place(&format!("oci://{}/team/charts", server.host()));
    let host = server.host();
    place.file("docker/config.json", format!("{{\"credHelpers\": {{\"{host}\": \"test\"}}}}"));
    let answer = "{\"ServerURL\": \"x\", \"Username\": \"me\", \"Secret\": \"secret\"}";
    let helper = place.file(
        "bin/docker-credential-test",
        format!("#!/bin/sh\nread host\n[ \"$1 $host\" = 'get {host}' ] && echo '{answer}'\n"),
    );
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let lock = |path: &str| {
        let mut command = monstack(&place, &["charts", "lock", "config.yaml"]);
        command.env("DOCKER_CONFIG", place.path("docker")).env("PATH", place.path(path));
        command
    };
    lock("bin").assert().success();
    std::fs::remove_dir_all(place.path("cache")).unwrap();
    lock("none")
        .assert()
        .code(1)
        .stderr(contains("docker-credential-test gives no credentials").and(contains("secret").not()));
}
