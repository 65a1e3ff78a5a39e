//! `monstack charts`

mod access;
mod faults;
mod lock;
mod registry;

use assert_cmd::Command;

use crate::support::Place;
use crate::support::packed::{self, CHARTS};
use crate::support::server::{Answer, Server};

/// A server that is a repository of the charts of the stack.
fn repository() -> Server {
    Server::new(|request| whole(&request.path))
}

/// What a repository in order answers.
fn whole(path: &str) -> Answer {
    packed::file(path, &CHARTS).map_or_else(|| Answer::status(404, ""), Answer::ok)
}

/// A folder with a config whose charts are all in one repository.
fn place(repository: &str) -> Place {
    Place::with("config.yaml", packed::config(repository))
}

/// The command, which sees no environment but its own cache.
fn monstack(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.monstack(arguments);
    command.env_clear().env("MONSTACK_CACHE", place.path("cache"));
    command
}

/// The archives in the cache; what has another name is listed as it is.
fn cached(place: &Place) -> Vec<String> {
    if !place.path("cache").exists() {
        return Vec::new();
    }
    let names = place.files("cache").into_iter();
    names.map(|name| name.rsplit_once("-").map_or(name.clone(), |(name, _)| name.to_owned())).collect()
}

const ALL: [&str; 3] = ["charts/alloy-0.10.1", "charts/kube-prometheus-stack-66.7.1", "charts/loki-6.24.0"];
