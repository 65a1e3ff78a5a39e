//! The folder of an Application: its config files, which must lie in its repository.

use std::path::{Component, Path, PathBuf};

use crate::argocd::SOURCE_PATH;
use crate::argocd::environment::Environment;
use crate::argocd::overrides::{Chosen, Overrides};
use crate::cli::input;
use crate::config::{Diagnostic, Report, Source};

/// The names of a config file, the first of which counts.
const NAMES: [&str; 2] = ["monstack.yaml", "config.yaml"];

/// The folder of an Application.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// As it is opened.
    pub(super) path: PathBuf,
    /// The root of its repository, with links followed.
    pub(super) root: PathBuf,
    /// Its path in the repository, for messages.
    in_repository: PathBuf,
}

impl Folder {
    /// A folder, of which ArgoCD says where in its repository it is.
    pub(super) fn new(path: &Path, environment: &Environment) -> std::io::Result<Self> {
        let real = if path.as_os_str().is_empty() { Path::new(".") } else { path }.canonicalize()?;
        let given = environment.get(SOURCE_PATH).unwrap_or_default();
        let normal = |component: &Component| matches!(component, Component::Normal(_));
        let in_repository: PathBuf = Path::new(given).components().filter(normal).collect();
        let mut root = real.clone();
        if real.ends_with(&in_repository) {
            in_repository.components().for_each(|_| {
                root.pop();
            });
        }
        Ok(Self { path: path.to_owned(), root, in_repository })
    }

    /// The config file and its overlays: those that the Application names, or else the file that is there.
    pub(super) fn choose(&self, overrides: &Overrides) -> Vec<Chosen> {
        let config = overrides.config.clone().unwrap_or_else(|| {
            let there = NAMES.into_iter().find(|name| self.path.join(name).exists());
            let [first, _] = NAMES;
            Chosen { file: there.unwrap_or(first).to_owned(), by: "the default".to_owned() }
        });
        std::iter::once(config).chain(overrides.overlays.iter().cloned()).collect()
    }

    /// Reads files.
    ///
    /// # Errors
    ///
    /// All of them that are not there, not files, or not in the repository.
    pub(super) fn read(&self, files: &[Chosen]) -> Result<Vec<Source>, Box<Report>> {
        let mut sources = Vec::new();
        let mut problems = Vec::new();
        for (index, chosen) in files.iter().enumerate() {
            let bytes = self.read_one(chosen).unwrap_or_else(|(message, help)| {
                let problem = Diagnostic::of_source(index, None, message);
                problems.push(match help {
                    Some(help) => problem.with_help(help),
                    None => problem,
                });
                Vec::new()
            });
            sources.push(Source { name: self.name(&chosen.file), bytes });
        }
        if problems.is_empty() { Ok(sources) } else { Err(Box::new(Report::new(sources, problems))) }
    }

    /// A file by its path in the repository.
    pub(super) fn name(&self, file: &str) -> String {
        let mut name = PathBuf::new();
        for component in self.in_repository.join(file).components() {
            match component {
                Component::ParentDir if name.file_name().is_some() => {
                    name.pop();
                }
                Component::CurDir => {}
                component => name.push(component),
            }
        }
        name.display().to_string()
    }

    fn read_one(&self, chosen: &Chosen) -> Result<Vec<u8>, (String, Option<String>)> {
        let path = self.path.join(&chosen.file);
        let real = path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                (format!("there is no such file ({})", chosen.by), Some(self.others()))
            }
            _ => (format!("cannot be read: {error}"), None),
        })?;
        if !real.starts_with(&self.root) {
            return Err((format!("is outside of the repository ({})", chosen.by), None));
        }
        if !real.is_file() {
            return Err((format!("is no file ({})", chosen.by), None));
        }
        input::file(&real).map_err(|error| (format!("cannot be read: {error}"), None))
    }

    /// What is in the folder instead.
    fn others(&self) -> String {
        let folder = if self.path.as_os_str().is_empty() { Path::new(".") } else { &self.path };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> =
            names.filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
        names.sort();
        names.truncate(10);
        let named = "the parameters `config` and `overlays` choose files in the Application's folder";
        if names.is_empty() {
            format!("{named}; there is no YAML file in it")
        } else {
            format!("{named}; there are {}", names.join(", "))
        }
    }
}
