//! Gets the archives that are pinned.

use std::collections::BTreeMap;
use std::path::Path;

use helm_chart::Chart;
use helm_repository::{Client, Digest, Found, Wanted};

use super::{problem, problem_of_all};
use crate::charts::{Pin, Places, Problem, cache, find};

/// A version of a chart, found and fetched.
pub(super) type Fetched = Result<(Found, Vec<u8>), Problem>;

/// Asks repositories for charts, each repository once, in the order in which they are given.
pub(super) fn versions(client: &Client, wanted: &[(&str, Wanted<'_>)]) -> Vec<Result<Found, Problem>> {
    let mut repositories: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (repository, _)) in wanted.iter().enumerate() {
        repositories.entry(repository).or_default().push(index);
    }
    let mut all: Vec<_> = wanted.iter().map(|_| None).collect();
    for (repository, indices) in repositories {
        let charts: Vec<_> = indices.iter().filter_map(|index| Some(wanted.get(*index)?.1)).collect();
        let results: Vec<_> = match client.find(repository, &charts) {
            Ok(results) => {
                let of_chart = |(result, wanted): (Result<_, _>, &Wanted)| {
                    result.map_err(|error| problem(wanted.chart, &error))
                };
                results.into_iter().zip(&charts).map(of_chart).collect()
            }
            Err(error) => charts.iter().map(|_| Err(problem_of_all(&error))).collect(),
        };
        for (index, result) in indices.into_iter().zip(results) {
            all[index] = Some(result);
        }
    }
    all.into_iter().flatten().collect()
}

/// Fetches an archive.
pub(super) fn archive(client: &Client, name: &str, found: Result<Found, Problem>) -> Fetched {
    let found = found?;
    let bytes = client.archive(&found).map_err(|error| problem(name, &error))?;
    Ok((found, bytes))
}

/// The bytes of a pinned archive that is on this machine already.
pub(super) fn local(places: &Places, pin: &Pin) -> Option<Vec<u8>> {
    let named = pin.path.as_ref().map(|path| places.folder.join(path));
    let cached = places.cache.as_ref().map(|folder| cache::path(folder, pin));
    let vendored = places.vendored().join(pin.file_name());
    let given = places.charts.as_ref().map(|folder| folder.join(pin.file_name()));
    let paths = [cached, given, named, Some(vendored)];
    paths.into_iter().flatten().find_map(|path| {
        let bytes = find::read(&path).ok()?;
        (Digest::of(&bytes) == pin.digest).then_some(bytes)
    })
}

/// The bytes of pinned archives, from this machine or from where they come.
pub(super) fn pinned(
    places: &Places,
    client: Option<&Client>,
    pins: &[Pin],
) -> Vec<Result<Vec<u8>, Problem>> {
    let mut all: Vec<_> = pins.iter().map(|pin| local(places, pin).map(Ok)).collect();
    let missing: Vec<_> =
        pins.iter().zip(&all).filter(|(_, found)| found.is_none()).map(|(pin, _)| pin).collect();
    let mut fetched = remote(places, client, &missing).into_iter();
    for slot in &mut all {
        if slot.is_none() {
            *slot = fetched.next();
        }
    }
    all.into_iter().flatten().collect()
}

fn remote(places: &Places, client: Option<&Client>, pins: &[&Pin]) -> Vec<Result<Vec<u8>, Problem>> {
    let wanted: Vec<_> = pins
        .iter()
        .filter(|pin| pin.path.is_none())
        .filter_map(|pin| {
            let wanted = Wanted { chart: &pin.name, version: &pin.version };
            Some((pin.repository.as_deref()?, wanted))
        })
        .collect();
    let mut found = client.map(|client| versions(client, &wanted)).unwrap_or_default().into_iter();
    pins.iter()
        .map(|pin| {
            let missing = |reason: String| Problem::new(format!("{} {}: {reason}", pin.name, pin.version));
            if let Some(path) = &pin.path {
                let path = places.folder.join(path);
                return Err(missing(format!("{} is not the archive that is pinned", path.display())));
            }
            if pin.repository.is_none() {
                return Err(missing("the lock says not where it comes from".to_owned()));
            }
            let Some(client) = client else {
                return Err(missing("it is not here, and --offline fetches nothing".to_owned()));
            };
            let next = found.next().unwrap_or_else(|| Err(missing("nothing was found".to_owned())));
            let (_, bytes) = archive(client, &pin.name, next)?;
            let digest = Digest::of(&bytes);
            if digest != pin.digest {
                return Err(missing(format!(
                    "its repository has another archive now\n  pinned {}\n  found  {digest}",
                    pin.digest
                ))
                .with_help(format!(
                    "if that is meant to be, `{} --upgrade` pins it",
                    places.command("lock")
                )));
            }
            Ok(bytes)
        })
        .collect()
}

/// Keeps an archive in the cache.
pub(super) fn keep(places: &Places, pin: &Pin, bytes: &[u8]) -> Result<(), Problem> {
    let folder = places.cache.as_deref().ok_or_else(|| {
        Problem::new("there is no cache: neither XDG_CACHE_HOME nor HOME is set")
            .with_help("name a folder with --cache or MONSTACK_CACHE")
    })?;
    let path = cache::path(folder, pin);
    if find::read(&path).is_ok_and(|kept| Digest::of(&kept) == pin.digest) {
        return Ok(());
    }
    write(&path, bytes)
}

/// Writes a file whole.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    cache::write(path, bytes)
        .map_err(|error| Problem::new(format!("{} cannot be written: {error}", path.display())))
}

/// Loads an archive, which may be hostile.
pub(super) fn load(name: &str, bytes: &[u8]) -> Result<Chart, Problem> {
    let chart = Chart::from_archive(bytes)
        .map_err(|error| Problem::new(format!("the archive of {name} is refused: {error}")))?;
    if chart.name() != name {
        return Err(Problem::new(format!("the archive of {name} is the chart {}", chart.name())));
    }
    Ok(chart)
}
