//! `monstack charts verify`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use helm_repository::{Client, Keyring, Wanted};

use super::super::input::Input;
use super::super::print;
use super::super::surroundings::Charts;
use super::network::Network;
use super::{fetch, finish, locked, problem, problem_of_all};
use crate::charts::{Pin, Places, Problem, Source, cache, find};
use crate::stack;

const EXAMPLES: &str = "\
Examples:
  monstack charts verify config.yaml
  monstack charts verify config.yaml --keyring signers.gpg

With --keyring each chart has to be signed by a key in it. Signatures are looked for beside the archives, in the cache,
and in the repositories.";

/// The largest keyring and signature.
const MOST: u64 = 4 << 20;

/// Verify that each chart that a config needs is there and is what monstack.lock pins
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    #[command(flatten)]
    input: Input,
    /// Public keys of those who may sign charts, as `gpg --export` writes them
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    #[command(flatten)]
    charts: Charts,
    #[command(flatten)]
    network: Network,
}

impl Verify {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = match self.input.load_for("nothing was verified") {
            Ok(loaded) => loaded.config,
            Err(code) => return Ok(code),
        };
        let places = self.charts.places(&self.input);
        let locked = match locked(&places) {
            Ok(locked) => locked,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let signatures = match self.signatures(&places) {
            Ok(signatures) => signatures,
            Err(problem) => return Ok(finish(vec![problem])),
        };
        let mut problems = Vec::new();
        let mut lines = String::new();
        for release in stack::releases(&config)? {
            let name = release.chart;
            let line = find::chart(&places, Some(&locked), &release).and_then(|source| match source {
                Source::Folder(path) if signatures.is_some() => Err(Problem::new(format!(
                    "{name}: {} is a folder, which nobody can sign",
                    path.display()
                ))),
                Source::Folder(path) => {
                    Ok(format!("{name}: {} is a folder, which nothing pins\n", path.display()))
                }
                Source::Archive { path, bytes, pin } => {
                    fetch::load(&pin.name, &bytes)?;
                    let place = path.display();
                    let line = format!("{name} {}: {place} is what is pinned", pin.version);
                    match &signatures {
                        Some(signatures) => {
                            let signer = signatures.verify(&path, &pin)?;
                            Ok(format!("{line}, signed by {} ({})\n", signer.name, signer.fingerprint))
                        }
                        None => Ok(format!("{line}\n")),
                    }
                }
            });
            match line {
                Ok(line) => lines.push_str(&line),
                Err(problem) => problems.push(problem),
            }
        }
        print(lines.as_bytes())?;
        Ok(finish(problems))
    }

    /// What signatures are verified with, if they are.
    fn signatures<'a>(&self, places: &'a Places) -> Result<Option<Signatures<'a>>, Problem> {
        let Some(path) = &self.keyring else { return Ok(None) };
        let name = path.display().to_string();
        let bytes = find::bounded(path, MOST)?;
        let keyring = Keyring::parse(&bytes).map_err(|error| problem(&name, &error))?;
        let client = self.network.client().map_err(|error| problem_of_all(&error))?;
        Ok(Some(Signatures { keyring, client, places }))
    }
}

/// Verifies who has signed archives.
struct Signatures<'a> {
    keyring: Keyring,
    client: Option<Client>,
    places: &'a Places,
}

impl Signatures<'_> {
    fn verify(&self, archive: &Path, pin: &Pin) -> Result<helm_repository::Signer, Problem> {
        let provenance = self.provenance(archive, pin)?.ok_or_else(|| {
            Problem::new(format!("{} {} is not signed: there is no .prov file", pin.name, pin.version))
        })?;
        let verified = self.keyring.verify(&provenance, &pin.file_name(), &pin.digest);
        verified.map_err(|error| problem(&format!("{} {}", pin.name, pin.version), &error))
    }

    /// The signature: beside the archive, in the cache, or in the repository.
    fn provenance(&self, archive: &Path, pin: &Pin) -> Result<Option<Vec<u8>>, Problem> {
        let cached = self.places.cache.as_ref().map(|folder| signature(&cache::path(folder, pin)));
        for path in [Some(signature(archive)), cached.clone()].into_iter().flatten() {
            if let Ok(bytes) = find::bounded(&path, MOST) {
                return Ok(Some(bytes));
            }
        }
        let (Some(client), Some(repository)) = (&self.client, &pin.repository) else { return Ok(None) };
        let wanted = Wanted { chart: &pin.name, version: &pin.version };
        let found = fetch::versions(client, &[(repository, wanted)]).into_iter().next();
        let Some(found) = found.transpose()? else { return Ok(None) };
        let bytes = client.provenance(&found).map_err(|error| problem(&pin.name, &error))?;
        if let (Some(bytes), Some(path)) = (&bytes, cached) {
            fetch::write(&path, bytes)?;
        }
        Ok(bytes)
    }
}

fn signature(archive: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    path.into()
}
