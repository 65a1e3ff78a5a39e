//! `monstack charts lock`

use std::process::ExitCode;

use clap::Args;
use helm_repository::{Client, Digest, Wanted};

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::network::Network;
use super::{fetch, finish, problem_of_all};
use crate::charts::{Lock, Pin, Places, Problem, find};
use crate::constructs::Release;
use crate::stack;

const EXAMPLES: &str = "\
Examples:
  monstack charts lock config.yaml
  monstack charts lock config.yaml --upgrade
  monstack charts lock config.yaml --charts ./archives

What is pinned stays pinned while the config allows it. A version may be a constraint, such as ~66.7 or 6.x: the newest
that satisfies it is pinned. Archives in --charts and in charts.<chart>.path are pinned as they are. Folders are not
pinned: they are rendered as they are.";

/// Pin the charts that a config needs in monstack.lock, and fetch them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LockCharts {
    #[command(flatten)]
    input: Input,
    /// Look for newer versions that the config allows, and take an archive that has changed in its repository
    #[arg(long)]
    upgrade: bool,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    network: Network,
}

/// What becomes of a chart.
enum Plan {
    Keep(Pin),
    /// An archive of the user's.
    Take(Vec<u8>),
    Resolve,
    /// A folder.
    Leave(String),
}

impl LockCharts {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = match self.input.load_for("nothing was pinned") {
            Ok(loaded) => loaded.config,
            Err(code) => return Ok(code),
        };
        let places = self.charts.places(&self.input);
        let before = match Lock::read(&places.lock) {
            Ok(before) => before,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let releases = stack::releases(&config)?;
        let client = match self.network.client() {
            Ok(client) => client,
            Err(error) => return Ok(finish(vec![problem_of_all(&error)])),
        };
        let (pins, lines) = match self.pins(&places, before.as_ref(), &releases, client.as_ref()) {
            Ok(done) => done,
            Err(problems) => return Ok(finish(problems)),
        };
        let lock = Lock::new(pins);
        if before.as_ref() != Some(&lock)
            && let Err(problem) = fetch::write(&places.lock, lock.text()?.as_bytes())
        {
            return Ok(finish(vec![problem]));
        }
        print(lines.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    /// Pins, and what to tell of them. Nothing is pinned if something cannot be.
    fn pins(
        &self,
        places: &Places,
        before: Option<&Lock>,
        releases: &[Release],
        client: Option<&Client>,
    ) -> Result<(Vec<Pin>, String), Vec<Problem>> {
        let plans: Vec<_> =
            releases.iter().map(|release| (release, self.plan(places, before, release))).collect();
        let unresolved: Vec<_> = plans
            .iter()
            .filter(|(_, plan)| matches!(plan, Ok(Plan::Resolve)))
            .map(|(release, _)| {
                let source = &release.source;
                (
                    source.repository.as_str(),
                    Wanted { chart: release.chart, version: source.version.as_str() },
                )
            })
            .collect();
        let mut found =
            client.map(|client| fetch::versions(client, &unresolved)).unwrap_or_default().into_iter();
        let kept: Vec<_> = plans
            .iter()
            .filter_map(|(_, plan)| match plan {
                Ok(Plan::Keep(pin)) => Some(pin.clone()),
                _ => None,
            })
            .collect();
        let mut kept_bytes = fetch::pinned(places, client, &kept).into_iter();
        let (mut pins, mut problems) = (Vec::new(), Vec::new());
        let mut lines = String::new();
        for (release, plan) in plans {
            let name = release.chart;
            let missing = || Problem::new(format!("{name}: nothing was found"));
            let result = plan.and_then(|plan| match plan {
                Plan::Leave(path) => {
                    lines.push_str(&format!("{name}: {path} is a folder, which is rendered as it is\n"));
                    Ok(None)
                }
                Plan::Keep(pin) => kept_bytes.next().unwrap_or_else(|| Err(missing())).and_then(|bytes| {
                    if pin.path.is_none() {
                        fetch::keep(places, &pin, &bytes)?;
                    }
                    Ok(Some(pin))
                }),
                Plan::Take(bytes) => new_pin(release, &bytes).map(Some),
                Plan::Resolve => match client {
                    Some(client) => {
                        let found = found.next().unwrap_or_else(|| Err(missing()));
                        resolved(places, client, release, found).map(Some)
                    }
                    None => Err(Problem::new(format!(
                        "{name} {} is not pinned yet, and --offline asks no repository",
                        release.source.version
                    ))),
                },
            });
            match result {
                Ok(None) => {}
                Ok(Some(pin)) => {
                    lines.push_str(&line(before, &pin));
                    pins.push(pin);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok((pins, lines)) } else { Err(problems) }
    }

    fn plan(&self, places: &Places, before: Option<&Lock>, release: &Release) -> Result<Plan, Problem> {
        if let Some(path) = find::named(places, release) {
            return if path.is_dir() {
                Ok(Plan::Leave(path.display().to_string()))
            } else {
                find::read(&path).map(Plan::Take)
            };
        }
        if let Some(path) = &release.source.path {
            let path = places.folder.join(path.as_str());
            return Err(Problem::new(format!("{}: {} is not there", release.chart, path.display())));
        }
        let source = &release.source;
        let pin = before.and_then(|lock| lock.pin(release.chart));
        let is_good = |pin: &&Pin| {
            !self.upgrade
                && source.version.allows(&pin.version)
                && pin.repository.as_deref() == Some(source.repository.as_str())
        };
        Ok(pin.filter(is_good).map_or(Plan::Resolve, |pin| Plan::Keep(pin.clone())))
    }
}

/// Pins an archive.
fn new_pin(release: &Release, bytes: &[u8]) -> Result<Pin, Problem> {
    let source = &release.source;
    let chart = fetch::load(release.chart, bytes)?;
    let (version, wanted) = (&chart.metadata.version, &source.version);
    if !wanted.allows(version) {
        let key = crate::charts::key(release.chart);
        let what = if wanted.is_exact() { "is" } else { "asks for" };
        return Err(Problem::new(format!(
            "the archive of {} is version {version}, but `charts.{key}.version` {what} {wanted}",
            release.chart
        )));
    }
    let path = source.path.as_ref().map(ToString::to_string);
    let repository = path.is_none().then(|| source.repository.to_string());
    Ok(Pin::new(&chart, Digest::of(bytes), repository, path))
}

/// Fetches what was found, pins it, and keeps it.
fn resolved(
    places: &Places,
    client: &Client,
    release: &Release,
    found: Result<helm_repository::Found, Problem>,
) -> Result<Pin, Problem> {
    let (found, bytes) = fetch::archive(client, release.chart, found)?;
    let pin = new_pin(release, &bytes)?;
    if pin.version != found.version {
        let (name, listed, actual) = (release.chart, &found.version, &pin.version);
        return Err(Problem::new(format!("{name} {listed} is {actual} according to its own Chart.yaml")));
    }
    fetch::keep(places, &pin, &bytes)?;
    Ok(pin)
}

/// What became of a chart.
fn line(before: Option<&Lock>, pin: &Pin) -> String {
    let was = before.and_then(|lock| lock.pin(&pin.name));
    let change = match was {
        None => " (new)".to_owned(),
        Some(was) if was.version != pin.version => format!(" (was {})", was.version),
        Some(was) if was.digest != pin.digest => format!(" (its archive has changed: was {})", was.digest),
        Some(_) => String::new(),
    };
    format!("{} {} {}{change}\n", pin.name, pin.version, pin.digest)
}
