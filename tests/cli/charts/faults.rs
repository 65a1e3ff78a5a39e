//! Servers that fail, lie or stall. Whatever they do, the cache stays whole.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::prelude::*;
use predicates::str::contains;

use super::{ALL, cached, monstack, place, repository, whole};
use crate::support::packed::{self, CHARTS};
use crate::support::server::{Answer, Request, Server};

const LOKI: &str = "/loki-6.24.0.tgz";

/// A repository in which Loki is special.
fn with_loki(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
    Server::new(move |request| if request.path == LOKI { answer(request) } else { whole(&request.path) })
}

/// Locking fails with a message, and only whole archives are kept.
#[track_caller]
fn fails(server: &Server, arguments: &[&str], message: &str) {
    let place = place(&server.url);
    let all = [&["charts", "lock", "config.yaml", "--retries", "1"], arguments].concat();
    monstack(&place, &all)
        .timeout(Duration::from_secs(30))
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains(message).and(contains("panicked").not()));
    assert!(!place.path("monstack.lock").exists());
    assert!(
        cached(&place).iter().all(|name| ALL.contains(&&**name) && !name.contains("loki")),
        "{:?}",
        cached(&place)
    );
}

fn raw(write: impl Fn(&mut dyn Write) + Send + 'static) -> Answer {
    Answer::Raw(Box::new(move |stream| write(stream)))
}

#[test]
fn what_cannot_be_mended_is_said() {
    for (status, header, message) in [
        (
            401,
            "WWW-Authenticate: Basic realm=\"x\"",
            "answers 401 Unauthorized\n  help: give credentials for 127.0.0.1:",
        ),
        (403, "", "answers 403 Forbidden"),
        (404, "", "answers 404 Not Found"),
        (500, "", "answers 500 Internal Server Error"),
        (429, "Retry-After: 7200", "answers 429 Too Many Requests"),
        (302, "", "answers 302 Found"),
        (302, "Location: ftp://127.0.0.1/x", "is no URL with https://, http:// or oci://"),
        (302, "Location: /loki-6.24.0.tgz", "redirects more than 10 times"),
        (302, "Location: http://charts.example.com/x", "http://charts.example.com/x is not encrypted"),
    ] {
        fails(&with_loki(move |_| Answer::status(status, header)), &[], message);
    }
    let other = with_loki(|_| Answer::ok(packed::chart("loki", "6.24.1")));
    fails(&other, &[], "is not what its repository lists: its digest is sha256:");
    let index = Server::new(|_| Answer::ok("<html>Please log in</html>"));
    fails(&index, &[], "is no index of charts: line 1: expected a key");
    let missing = Server::new(|request| {
        packed::file(&request.path, &CHARTS[..1]).map_or_else(|| Answer::status(404, ""), Answer::ok)
    });
    fails(&missing, &[], "there is no chart loki in http://127.0.0.1:");
}

#[test]
fn what_may_pass_is_tried_again() {
    let servers = [
        with_loki(
            |request| if request.times == 1 { Answer::status(429, "Retry-After: 1") } else { whole(LOKI) },
        ),
        with_loki(|request| if request.times == 1 { Answer::status(503, "") } else { whole(LOKI) }),
        with_loki(|request| {
            if request.times > 1 {
                return whole(LOKI);
            }
            raw(|stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nbegun");
            })
        }),
        with_loki(|request| if request.times == 1 { raw(|_| {}) } else { whole(LOKI) }),
    ];
    for server in servers {
        let place = place(&server.url);
        let begin = Instant::now();
        monstack(&place, &["charts", "lock", "config.yaml"])
            .assert()
            .success()
            .stderr(contains("; trying again in "));
        assert!(begin.elapsed() >= Duration::from_millis(500));
        assert_eq!(cached(&place), ALL);
    }
}

#[test]
fn a_body_that_is_cut_off_is_no_archive() {
    let cut = with_loki(|_| {
        raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nbegun");
        })
    });
    fails(&cut, &[], "loki-6.24.0.tgz");
    let chunked = with_loki(|_| {
        raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n");
        })
    });
    fails(&chunked, &[], "loki-6.24.0.tgz");
}

#[test]
fn who_holds_up_is_given_up() {
    let drip = with_loki(|_| {
        raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
            while stream.write_all(b".").and_then(|()| stream.flush()).is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    });
    fails(&drip, &["--timeout", "1"], "sends too slowly");
    let silent = with_loki(|_| raw(|_| std::thread::sleep(Duration::from_secs(20))));
    fails(&silent, &["--timeout", "1"], "is silent for 1 seconds");
}

#[test]
fn a_body_without_end_is_cut() {
    let endless = with_loki(|_| {
        raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let block = vec![b'x'; 1 << 20];
            while stream.write_all(&block).is_ok() {}
        })
    });
    fails(&endless, &[], "sends more than 104857600 bytes");
}

#[test]
fn an_index_may_come_packed() {
    let packed_index = |text: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text).unwrap();
        Answer::Whole(200, "Content-Encoding: gzip\r\n".to_owned(), packed.finish().unwrap())
    };
    let server = Server::new(move |request| match request.path.as_str() {
        "/index.yaml" => packed_index(packed::index(&CHARTS).as_bytes()),
        path => whole(path),
    });
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    assert_eq!(cached(&place), ALL);
}

#[test]
fn one_of_several_addresses_is_enough() {
    let server = Server::new(|request| match request.path.as_str() {
        "/index.yaml" => {
            let index = packed::index(&CHARTS);
            Answer::ok(
                index.replace("    - loki-6.24.0.tgz\n", "    - gone/loki.tgz\n    - loki-6.24.0.tgz\n"),
            )
        }
        path => whole(path),
    });
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    assert!(server.paths().contains(&"/gone/loki.tgz".to_owned()));
    assert_eq!(cached(&place), ALL);
}

#[test]
fn a_hostile_archive_is_not_kept() {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    archive.append_link(&mut header, "loki/templates/x.yaml", "/etc/passwd").unwrap();
    let hostile = archive.into_inner().unwrap().finish().unwrap();
    let digest = packed::sha256(&packed::chart("loki", "6.24.0"));
    let server = Server::new(move |request| match request.path.as_str() {
        LOKI => Answer::ok(hostile.clone()),
        "/index.yaml" => Answer::ok(packed::index(&CHARTS).replace(&digest, &packed::sha256(&hostile))),
        path => whole(path),
    });
    fails(&server, &[], "the archive of loki is refused: chart illegally contains a link");
}

#[test]
fn a_huge_index_is_read() {
    let server = Server::new(|request| {
        if !request.path.ends_with("index.yaml") {
            return whole(&request.path);
        }
        let mut index = packed::index(&CHARTS);
        let other = "  other:\n".to_owned()
            + &"  - name: other\n    description: a chart of others\n    version: 1.0.0\n".repeat(1000);
        let others = other.repeat(1 + (50 << 20) / other.len());
        index.insert_str("apiVersion: v1\nentries:\n".len(), &others);
        Answer::ok(index)
    });
    let place = place(&server.url);
    monstack(&place, &["charts", "lock", "config.yaml"]).assert().success();
    assert_eq!(cached(&place), ALL);
}

#[test]
fn certificates_are_checked() {
    let server = Server::encrypted(|request| whole(&request.path));
    fails(&server, &[], "cannot be reached safely");
    let place = place(&server.url);
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tls/certificate.pem");
    monstack(&place, &["charts", "lock", "config.yaml", "--ca-file", ca]).assert().success();
    std::fs::remove_dir_all(place.path("cache")).unwrap();
    monstack(&place, &["charts", "pull", "config.yaml"]).env("SSL_CERT_FILE", ca).assert().success();
    let plain = repository();
    let https = super::place(&plain.url.replace("http:", "https:"));
    monstack(&https, &["charts", "lock", "config.yaml", "--retries", "0"])
        .assert()
        .code(1)
        .stderr(contains("if it is meant to be unencrypted, use http:// or --plain-http"));
}

#[test]
fn whoever_is_killed_leaves_nothing_behind() {
    let server = with_loki(|_| {
        raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nbegun");
            let _ = stream.flush();
            std::thread::sleep(Duration::from_secs(20));
        })
    });
    let place = place(&server.url);
    let mut child = Command::new(env!("CARGO_BIN_EXE_monstack"))
        .args(["charts", "lock", "config.yaml", "--cache", "cache"])
        .current_dir(place.path("."))
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !server.paths().iter().any(|path| path == LOKI) {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(cached(&place).iter().all(|name| ALL.contains(&&**name)), "{:?}", cached(&place));
    assert!(!place.path("monstack.lock").exists());
}

#[test]
fn two_at_once_do_the_same() {
    let server = repository();
    let place = place(&server.url);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| monstack(&place, &["charts", "lock", "config.yaml"]).assert().success());
        }
    });
    assert_eq!(cached(&place), ALL);
    monstack(&place, &["charts", "verify", "config.yaml"]).assert().success();
}

#[test]
fn without_a_network_the_reason_is_said() {
    let place = place("http://127.0.0.1:9");
    monstack(&place, &["charts", "lock", "config.yaml", "--retries", "0"])
        .assert()
        .code(1)
        .stderr(contains("http://127.0.0.1:9/index.yaml cannot be reached: "));
    monstack(&place, &["charts", "lock", "config.yaml", "--offline"])
        .assert()
        .code(1)
        .stderr(contains("loki 6.24.0 is not pinned yet, and --offline asks no repository"));
    let remote = super::place("http://charts.invalid");
    monstack(&remote, &["charts", "lock", "config.yaml"])
        .assert()
        .code(1)
        .stderr(contains("http://charts.invalid/index.yaml is not encrypted").and(contains("--plain-http")));
}
