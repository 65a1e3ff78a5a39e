//! `monstack charts list`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::super::table::table;
use super::super::{print, print_json};
use super::pinned::{Opened, Pinned};
use super::{fetch, finish, outdated};

/// List the charts that monstack.lock pins, with the newest versions there are
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    pinned: Pinned,
    /// Format of the list
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
}

/// Format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns
    Table,
    /// A JSON list
    Json,
}

/// A row. What is not known is left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    pinned: String,
    app_version: String,
    newest: Option<String>,
    newest_app_version: Option<String>,
    is_here: bool,
    source: String,
}

impl List {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Opened { places, lock, client } = match self.pinned.open() {
            Ok(opened) => opened,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let remote: Vec<_> = lock.charts.iter().filter(|pin| pin.repository.is_some()).collect();
        let found = client.as_ref().map(|client| outdated::newest(client, &remote)).unwrap_or_default();
        let mut problems = Vec::new();
        let mut found = found.into_iter();
        let rows: Vec<_> = lock
            .charts
            .iter()
            .map(|pin| {
                let newest = pin.repository.as_ref().and_then(|_| found.next());
                let newest = newest.and_then(|found| found.map_err(|problem| problems.push(problem)).ok());
                Row {
                    name: pin.name.clone(),
                    pinned: pin.version.clone(),
                    app_version: pin.app_version.clone(),
                    newest: newest.as_ref().map(|found| found.version.clone()),
                    newest_app_version: newest.and_then(|found| found.app_version),
                    is_here: fetch::local(&places, pin).is_some(),
                    source: pin.repository.clone().or_else(|| pin.path.clone()).unwrap_or_default(),
                }
            })
            .collect();
        match self.output {
            Format::Json => print_json(&rows)?,
            Format::Table => print(columns(rows).as_bytes())?,
        }
        Ok(finish(problems))
    }
}

fn columns(rows: Vec<Row>) -> String {
    let unknown = || "?".to_owned();
    let cells: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let here = if row.is_here { "yes" } else { "no" };
            [
                row.name,
                row.pinned,
                row.app_version,
                row.newest.unwrap_or_else(unknown),
                row.newest_app_version.unwrap_or_else(unknown),
                here.to_owned(),
                row.source,
            ]
        })
        .collect();
    table(["CHART", "PINNED", "APP VERSION", "NEWEST", "NEWEST APP", "CACHED", "SOURCE"], &cells)
}
