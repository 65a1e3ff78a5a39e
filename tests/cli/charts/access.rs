//! Credentials: found, sent to whom they are for, and to nobody else.

use predicates::prelude::*;
use predicates::str::contains;

use super::{monstack, place, repository, whole};
use crate::support::packed::{self, CHARTS};
use crate::support::server::{Answer, Server};

/// `me:secret`
const BASIC: &str = "Basic bWU6c2VjcmV0";

/// A repository for those who know the password.
fn closed() -> Server {
    Server::new(|request| match request.authorization.as_deref() {
        Some(BASIC) => whole(&request.path),
        _ => Answer::status(401, "WWW-Authenticate: Basic realm=\"charts\""),
    })
}

#[test]
fn the_environment_docker_and_helm_know_credentials() {
    let server = closed();
    let place = place(&server.url);
    let lock = || {
        let mut command = monstack(&place, &["charts", "lock", "config.yaml", "--upgrade"]);
        command.env("HOME", place.path("home"));
        command
    };
    lock()
        .assert()
        .code(1)
        .stderr(contains("answers 401 Unauthorized").and(contains("MONSTACK_CREDENTIALS")));
    let said = server.url.replace("//", "//me:secret@");
    lock().env("MONSTACK_CREDENTIALS", &said).assert().success();
    lock()
        .env("MONSTACK_CREDENTIALS", said.replace("secret", "wrong"))
        .assert()
        .code(1)
        .stderr(contains("are not accepted").and(contains("wrong").not()));
    let other = said.replace("127.0.0.1", "localhost");
    lock().env("MONSTACK_CREDENTIALS", other).assert().code(1);

    let repositories = format!(
        "apiVersion: \"\"\nrepositories:\n- name: mine\n  url: {}\n  username: me\n  password: secret\n",
        server.url
    );
    place.file("home/.config/helm/repositories.yaml", &repositories);
    lock().assert().success();
    std::fs::remove_dir_all(place.path("home")).unwrap();
    place.file("elsewhere.yaml", &repositories);
    lock().env("HELM_REPOSITORY_CONFIG", place.path("elsewhere.yaml")).assert().success();

    let auths = format!("{{\"auths\": {{\"{}\": {{\"auth\": \"bWU6c2VjcmV0\"}}}}}}", server.host());
    place.file("home/.docker/config.json", auths);
    lock().assert().success();
    let lock_file = std::fs::read_to_string(place.path("monstack.lock")).unwrap();
    assert!(!lock_file.contains("secret"), "{lock_file}");
}

#[test]
fn nobody_else_gets_them() {
    let open = repository();
    let elsewhere = open.url.clone();
    let server = Server::new(move |request| match request.authorization.as_deref() {
        Some(BASIC) if request.path.ends_with("index.yaml") => {
            // Loki is said to be elsewhere, and the others redirect there.
            let index = packed::index(&CHARTS);
            Answer::ok(index.replace("- loki-", &format!("- {elsewhere}/loki-")))
        }
        Some(BASIC) => Answer::status(302, &format!("Location: {elsewhere}{}", request.path)),
        _ => Answer::status(401, ""),
    });
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"])
        .env("MONSTACK_CREDENTIALS", server.url.replace("//", "//me:secret@"))
        .assert()
        .success();
    assert_eq!(open.requests().len(), 3);
    assert!(open.requests().iter().all(|request| request.authorization.is_none()));
}

#[test]
fn credentials_in_the_config_are_refused() {
    let place = place("https://me:secret@charts.example.com");
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().code(1).stdout("").stderr(
        contains("holds credentials").and(contains("MONSTACK_CREDENTIALS")).and(contains("secret").not()),
    );
}
