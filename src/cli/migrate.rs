//! `monstack migrate`

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::input::bounded;
use super::{USAGE, print, print_json, report, tell};
use crate::config::diagnostic::{Diagnostic, Report, Source};
use crate::config::{STDIN, wording};
use crate::k8s::object::CHART_LIMITS;
use crate::migrate::{Item, Migration, Outcome, migrate};

const EXAMPLES: &str = "\
Examples:
  monstack migrate config.yaml manifests/ > monstack.yaml
  monstack migrate manifests/monitoring.k8s.yaml --report report.json > monstack.yaml
  monstack render old.yaml | monstack migrate - -o json | jq .report";

/// The most lines of one outcome that are worth reading on a terminal.
const MAX_SHOWN: usize = 100;

/// The most files of a directory.
const MAX_FILES: usize = 1000;

/// Make a config from the original cdk8s program's config, from its rendered manifests, or from both
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Migrate {
    /// Config or manifests of the original; of a directory its `config.yaml` and `manifests`, else every YAML file;
    /// `-` or nothing reads standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Format on standard output: the config with comments, or config and report as JSON
    #[arg(short, long, value_enum, default_value_t = Format::Yaml)]
    output: Format,
    /// Write the report as JSON to this file, and not as text to standard error
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Do not write the report
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The config as YAML; the report as text on standard error
    Yaml,
    /// Config and report in one JSON document
    Json,
}

const TERMINAL_HINT: &str = "\
monstack: nothing to migrate: standard input is a terminal
  help: name the original's config or manifests: `monstack migrate config.yaml manifests/`
";

impl Migrate {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if self.paths.is_empty() && std::io::stdin().is_terminal() {
            tell(TERMINAL_HINT);
            return Ok(ExitCode::from(USAGE));
        }
        let migrated = read(&self.paths).and_then(|sources| migrate(sources).map_err(|report| *report));
        let migration = match migrated {
            Ok(migration) => migration,
            Err(problems) => {
                tell(&report::failure(&problems, "nothing was migrated"));
                return Ok(ExitCode::FAILURE);
            }
        };
        if let Some(path) = &self.report {
            let text = format!("{:#}\n", items(&migration));
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        match self.output {
            Format::Yaml => print(migration.text.as_bytes())?,
            Format::Json => {
                let all = json!({ "config": migration.config, "report": items(&migration) });
                print_json(&all)?;
            }
        }
        if self.output == Format::Yaml && self.report.is_none() && !self.quiet {
            tell(&text(&migration));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Sources as they are read, with what is left of the bytes that all of them may have.
struct Reader {
    sources: Vec<Source>,
    problems: Vec<Diagnostic>,
    left: u64,
}

/// The sources that paths name.
fn read(paths: &[PathBuf]) -> Result<Vec<Source>, Report> {
    let stdin = [PathBuf::from("-")];
    let left = CHART_LIMITS.max_bytes as u64;
    let mut reader = Reader { sources: Vec::new(), problems: Vec::new(), left };
    for path in if paths.is_empty() { &stdin } else { paths } {
        match files(path) {
            Ok(files) => files.iter().for_each(|file| reader.read(file)),
            Err(message) => reader.refuse(path, message),
        }
    }
    if reader.problems.is_empty() {
        Ok(reader.sources)
    } else {
        Err(Report::new(reader.sources, reader.problems))
    }
}

impl Reader {
    fn read(&mut self, path: &Path) {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin { STDIN.to_owned() } else { path.display().to_string() };
        if self.sources.iter().any(|source| source.name == name) {
            return self.refuse(path, "it is named twice".to_owned());
        }
        let read = if is_stdin {
            bounded(std::io::stdin().lock(), self.left)
        } else {
            File::open(path).and_then(|file| bounded(file, self.left))
        };
        match read.map(|bytes| (self.left.checked_sub(bytes.len() as u64), bytes)) {
            Ok((Some(left), bytes)) => {
                self.left = left;
                self.sources.push(Source { name, bytes });
            }
            Ok((None, _)) => self.refuse(path, "all files together are larger than 64 MiB".to_owned()),
            Err(error) => self.refuse(path, format!("cannot be read: {error}")),
        }
    }

    fn refuse(&mut self, path: &Path, message: String) {
        self.problems.push(Diagnostic::of_source(self.sources.len(), None, message));
        self.sources.push(Source { name: path.display().to_string(), bytes: Vec::new() });
    }
}

/// The files that a path stands for: of a directory with a `config.yaml` that one and its manifests, as in the
/// original program's repository; of another one every YAML file.
fn files(path: &Path) -> Result<Vec<PathBuf>, String> {
    if path.as_os_str() == "-" || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let config = path.join("config.yaml");
    if config.is_file() {
        let manifests = path.join("manifests");
        let mut files = vec![config];
        if manifests.is_dir() {
            files.extend(yaml_files(&manifests)?);
        }
        return Ok(files);
    }
    let files = yaml_files(path)?;
    if files.is_empty() { Err("there is no YAML file in this directory".to_owned()) } else { Ok(files) }
}

fn yaml_files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(directory).map_err(|error| format!("cannot be read: {error}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("cannot be read: {error}"))?.path();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if is_yaml && path.is_file() {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(format!("there are more than {MAX_FILES} YAML files in this directory"));
        }
    }
    files.sort();
    Ok(files)
}

/// The outcomes, each with its key in JSON and its title.
const OUTCOMES: [(Outcome, &str, &str); 4] = [
    (Outcome::CarriedOver, "carriedOver", "carried over"),
    (Outcome::Differs, "differs", "different, and why"),
    (Outcome::NotAdopted, "notAdopted", "cannot be adopted in place"),
    (Outcome::LeftOut, "leftOut", "left out"),
];

fn of(migration: &Migration, outcome: Outcome) -> impl Iterator<Item = &Item> {
    migration.items.iter().filter(move |item| item.outcome == outcome)
}

/// The report as JSON, a list for each outcome.
fn items(migration: &Migration) -> Value {
    let item = |item: &Item| {
        let place = item.place;
        json!({
            "file": place.and_then(|place| migration.sources.get(place.source)),
            "line": place.map(|place| place.position.line),
            "column": place.map(|place| place.position.column),
            "subject": item.subject,
            "message": item.message,
            "help": item.help,
            "isDefault": item.is_default,
        })
    };
    OUTCOMES
        .iter()
        .map(|(outcome, key, _)| ((*key).to_owned(), of(migration, *outcome).map(item).collect::<Value>()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The report as text, and a last line that counts.
fn text(migration: &Migration) -> String {
    let mut text = String::new();
    let mut counts = Vec::new();
    for (outcome, _, title) in OUTCOMES {
        let all: Vec<_> = of(migration, outcome).collect();
        counts.push(format!("{} {title}", all.len()));
        if all.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{title}:");
        let (defaults, told): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.is_default);
        let groups = alike(told);
        groups.iter().take(MAX_SHOWN).for_each(|group| text.push_str(&line(migration, group)));
        if groups.len() > MAX_SHOWN {
            let _ =
                writeln!(text, "  and {} more: `--report FILE` writes all of them", groups.len() - MAX_SHOWN);
        }
        if !defaults.is_empty() {
            let keys = report::counted(defaults.len(), "key");
            let _ = writeln!(text, "  and {keys} that monstack sets by default");
        }
    }
    let _ = writeln!(text, "monstack: {}", wording::join(&counts, "and"));
    text
}

/// Items that say the same of several subjects, together where the first of them is. Values that were carried
/// over are equal by chance only.
fn alike(items: Vec<&Item>) -> Vec<Vec<&Item>> {
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    let mut first_of = HashMap::new();
    for item in items {
        let key = (&item.message, &item.help);
        match first_of.get(&key).and_then(|index: &usize| groups.get_mut(*index)) {
            Some(group) if item.outcome != Outcome::CarriedOver => group.push(item),
            _ => {
                first_of.insert(key, groups.len());
                groups.push(vec![item]);
            }
        }
    }
    groups
}

/// `  file:line:column: subjects: message`, and an indented line of help.
fn line(migration: &Migration, group: &[&Item]) -> String {
    let Some(item) = group.first() else { return String::new() };
    let place = item.place.and_then(|place| {
        let name = migration.sources.get(place.source)?;
        Some(format!("{name}:{}:{}: ", place.position.line, place.position.column))
    });
    let mut subjects: Vec<_> = group.iter().map(|item| item.subject.clone()).collect();
    subjects.dedup();
    let subjects = wording::join(&subjects, "and");
    let mut line = format!("  {}{subjects}: {}\n", place.unwrap_or_default(), item.message);
    if let Some(help) = &item.help {
        let _ = writeln!(line, "    help: {}", help.replace('\n', "\n          "));
    }
    line
}
