//! Where the chart of a release is, and whether it is the one that the lock pins.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use helm_repository::Digest;
use masterminds_semver::Version;

use super::{Lock, Pin, Places, Problem, cache};
use crate::constructs::Release;

/// The largest archive.
const MOST: u64 = 100 << 20;

/// A chart that may be rendered.
#[derive(Debug)]
pub(crate) enum Source {
    /// A folder that the user names.
    Folder(PathBuf),
    /// An archive that the lock pins.
    Archive {
        /// Where it is.
        path: PathBuf,
        /// What is in it.
        bytes: Vec<u8>,
        /// Its name and version.
        pin: Pin,
    },
}

/// A place at which a chart may be.
struct Candidate {
    path: PathBuf,
    /// Whether the user has named it, so that a folder will do.
    is_named: bool,
    /// Whether it is the config that says where it is.
    is_of_config: bool,
    /// The verb that puts a pinned archive there.
    verb: String,
}

/// The chart of a release: in the folder of charts, where the config says, in the vendored folder, or in the cache.
///
/// # Errors
///
/// When it is not there, not pinned, or not what is pinned: what is there instead, and the command that mends it.
pub(crate) fn chart(places: &Places, lock: Option<&Lock>, release: &Release) -> Result<Source, Problem> {
    let key = super::key(release.chart);
    let pin = lock.and_then(|lock| lock.pin(release.chart));
    let is_current = pin.is_some_and(|pin| release.source.version.allows(&pin.version));
    let candidates = candidates(places, release, pin.filter(|_| is_current));
    for candidate in &candidates {
        if candidate.is_of_config {
            places.check(&candidate.path)?;
        }
        if candidate.is_named && candidate.path.join("Chart.yaml").is_file() {
            return Ok(Source::Folder(candidate.path.clone()));
        }
        if !candidate.path.is_file() {
            continue;
        }
        return match pin {
            Some(pin) if is_current => pinned(&candidate.path, pin, || places.command(&candidate.verb)),
            pin => Err(stale(places, lock, pin, release, &key)
                .with_help(format!("found: {}", candidate.path.display()))),
        };
    }
    let Some(pin) = pin.filter(|_| is_current) else {
        let mut problem = stale(places, lock, pin, release, &key);
        if places.charts.is_some() || release.source.path.is_some() {
            problem = problem.with_help(looked_for(&candidates));
        }
        if let Some(others) = others(places, release.chart) {
            problem =
                problem.with_help(format!("there is {others}: set `charts.{key}.version` to its version"));
        }
        return Err(problem);
    };
    let message = format!(
        "there is no archive of {} {}, which {} pins",
        release.chart,
        pin.version,
        places.lock.display()
    );
    let fetch = if pin.path.is_some() {
        format!("put it back, or pin another one: `{}`", places.command("lock"))
    } else {
        format!("`{}` fetches it into the cache", places.command("pull"))
    };
    let problem = Problem::new(message).with_help(fetch).with_help(looked_for(&candidates));
    Err(match &places.cache {
        Some(_) => problem,
        None => problem.with_help("there is no cache: neither XDG_CACHE_HOME nor HOME is set"),
    })
}

/// The chart that the user has named for a release, by a folder of charts or in the config: a folder or an archive.
pub(crate) fn named(places: &Places, release: &Release) -> Option<PathBuf> {
    let named = candidates(places, release, None).into_iter().filter(|candidate| candidate.is_named);
    let mut paths = named.map(|candidate| candidate.path);
    let found = paths.find(|path| path.is_file() || path.join("Chart.yaml").is_file());
    // Of a constraint the newest archive in the folder is meant, as in a repository.
    found.or_else(|| newest(places.charts.as_deref()?, release))
}

/// The newest archive in a folder that a constraint allows.
fn newest(folder: &Path, release: &Release) -> Option<PathBuf> {
    let allowed = versions(folder, release.chart).filter(|version| release.source.version.allows(version));
    let versions = allowed.filter_map(|version| Version::parse(&version).ok());
    let best = versions.reduce(|best, next| if next.compare(&best).is_gt() { next } else { best })?;
    Some(folder.join(format!("{}-{}.tgz", release.chart, best.original)))
}

/// What stands for the version in the names of a chart's archives in a folder.
fn versions(folder: &Path, name: &str) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter_map(move |file| {
        Some(file.strip_prefix(name)?.strip_prefix('-')?.strip_suffix(".tgz")?.to_owned())
    })
}

/// Where charts were not.
fn looked_for(candidates: &[Candidate]) -> String {
    let paths: Vec<_> =
        candidates.iter().map(|candidate| format!("\n    {}", candidate.path.display())).collect();
    format!("looked for{}", paths.concat())
}

/// Why the lock does not help.
fn stale(places: &Places, lock: Option<&Lock>, pin: Option<&Pin>, release: &Release, key: &str) -> Problem {
    let (name, wanted) = (release.chart, release.source.version.as_str());
    let file = places.lock.display();
    let message = match (lock, pin) {
        (None, _) => format!("{name} {wanted} is not pinned: there is no {file}"),
        (_, None) => format!("{name} {wanted} is not pinned: it is not in {file}"),
        (_, Some(pin)) => {
            format!("`charts.{key}.version` is {wanted}, but {file} pins {name} {}", pin.version)
        }
    };
    Problem::new(message).with_help(format!("`{}` pins and fetches it", places.command("lock")))
}

/// The places at which a chart may be, in the order in which they are tried.
fn candidates(places: &Places, release: &Release, pin: Option<&Pin>) -> Vec<Candidate> {
    let name = release.chart;
    let version = pin.map(|pin| pin.version.as_str());
    let wanted = &release.source.version;
    let version = version.or(wanted.is_exact().then_some(wanted.as_str()));
    let mut all = Vec::new();
    if let Some(folder) = &places.charts {
        let verb = format!("vendor {}", folder.display());
        let named = |inner: String| Candidate {
            path: folder.join(inner),
            is_named: true,
            is_of_config: false,
            verb: verb.clone(),
        };
        if let Some(version) = version {
            all.extend([named(format!("{name}-{version}.tgz")), named(format!("{name}-{version}"))]);
        }
        all.extend([named(name.to_owned()), named(format!("{name}.tgz"))]);
    }
    if let Some(path) = &release.source.path {
        let path = places.folder.join(path.as_str());
        all.push(Candidate { path, is_named: true, is_of_config: true, verb: "lock".to_owned() });
    }
    if let Some(version) = version {
        let folder = places.vendored();
        let verb = format!("vendor {}", folder.display());
        let path = folder.join(format!("{name}-{version}.tgz"));
        if all.iter().all(|candidate| candidate.path != path) {
            all.push(Candidate { path, is_named: false, is_of_config: true, verb });
        }
    }
    if let (Some(folder), Some(pin)) = (&places.cache, pin) {
        let path = cache::path(folder, pin);
        all.push(Candidate { path, is_named: false, is_of_config: false, verb: "pull".to_owned() });
    }
    all
}

/// The archive at a path, if it is the one that is pinned.
fn pinned(path: &Path, pin: &Pin, command: impl FnOnce() -> String) -> Result<Source, Problem> {
    let bytes = read(path)?;
    let found = Digest::of(&bytes);
    if found != pin.digest {
        let message = format!(
            "{} is not the {} {} that is pinned\n  pinned {}\n  found  {found}",
            path.display(),
            pin.name,
            pin.version,
            pin.digest
        );
        return Err(Problem::new(message).with_help(format!("`{}` mends it", command())));
    }
    Ok(Source::Archive { path: path.to_owned(), bytes, pin: pin.clone() })
}

/// An archive as it is on disk.
///
/// # Errors
///
/// When it cannot be read or is too large.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    bounded(path, MOST)
}

/// A file of at most so many bytes.
///
/// # Errors
///
/// When it cannot be read or is larger.
pub(crate) fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let fail = |error: std::io::Error| Problem::new(format!("{} cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(fail)?;
    let size = file.metadata().map_err(fail)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or_default() + 1);
    file.take(most + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > most {
        return Err(Problem::new(format!("{} is larger than {most} bytes", path.display())));
    }
    Ok(bytes)
}

/// Archives of other versions.
fn others(places: &Places, name: &str) -> Option<String> {
    let folders = places.charts.clone().into_iter().chain([places.vendored()]);
    let mut names: Vec<_> = folders
        .flat_map(|folder| versions(&folder, name).collect::<Vec<_>>())
        .filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        .map(|version| format!("{name}-{version}.tgz"))
        .collect();
    names.sort();
    names.dedup();
    names.truncate(5);
    (!names.is_empty()).then(|| names.join(" and "))
}
