//! What a plugin is told: by ArgoCD's environment, or by an Application on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;

use super::folder::Folder;
use crate::argocd::application::{Application, Facts};
use crate::argocd::environment::Environment;
use crate::argocd::overrides::{Chosen, Overrides};
use crate::charts::Places;
use crate::cli::{report, surroundings, tell};
use crate::config::{Loaded, Report, load_with};
use crate::delivery::Surroundings;

/// The most bytes of an Application.
const MOST: u64 = 4 << 20;

/// Where to hear from.
#[derive(Clone, Debug, Args)]
pub(super) struct Of {
    /// Do on this machine what ArgoCD would do for the Application in this file
    #[arg(long, value_name = "FILE")]
    app: Option<PathBuf>,
    /// Root of the Application's repository [default: the repository that the current folder is in]
    #[arg(long, value_name = "DIR", requires = "app")]
    repo: Option<PathBuf>,
}

/// What a plugin is told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) environment: Environment,
    pub(super) overrides: Overrides,
    pub(super) folder: Folder,
    pub(super) files: Vec<Chosen>,
}

impl Of {
    /// Hears, or reports why that cannot be.
    pub(super) fn hear(&self) -> anyhow::Result<Result<Told, ExitCode>> {
        let heard = match &self.app {
            None => Ok((process(), PathBuf::new())),
            Some(app) => application(app, self.repo.as_deref()),
        };
        let (environment, path) = match heard {
            Ok(heard) => heard,
            Err(message) => {
                tell(&format!("monstack: {message}\n"));
                return Ok(Err(ExitCode::FAILURE));
            }
        };
        let folder = match Folder::new(&path, &environment) {
            Ok(folder) => folder,
            Err(error) => {
                tell(&format!("monstack: the Application's folder {}: {error}\n", path.display()));
                return Ok(Err(ExitCode::FAILURE));
            }
        };
        let overrides = Overrides::read(&environment)?;
        let files = folder.choose(&overrides);
        Ok(Ok(Told { environment, overrides, folder, files }))
    }
}

impl Told {
    /// Loads the config.
    pub(super) fn load(&self) -> Result<Loaded, Box<Report>> {
        load_with(self.folder.read(&self.files)?, &self.overrides.texts, &[])
    }

    /// The config files by their paths in the repository.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.iter().map(|chosen| self.folder.name(&chosen.file)).collect()
    }

    /// Where charts are, and the cluster.
    pub(super) fn surroundings(&self) -> Surroundings {
        let places = surroundings::places(self.folder.path.clone(), self.names().join(" -f "));
        let text = |name: &str| self.environment.get(name).map(str::to_owned);
        Surroundings {
            places: Places { root: Some(self.folder.root.clone()), ..places },
            kube_version: text("KUBE_VERSION"),
            api_versions: text("KUBE_API_VERSIONS"),
        }
    }
}

/// Reports why a config cannot be loaded.
pub(super) fn refuse(report: &Report, consequence: &str) -> ExitCode {
    tell(&report::failure(report, consequence));
    ExitCode::FAILURE
}

fn process() -> Environment {
    let variables = std::env::vars_os();
    // A variable that is no UTF-8 is none of ArgoCD's.
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The environment that ArgoCD would make of an Application, and its folder.
fn application(path: &Path, repository: Option<&Path>) -> Result<(Environment, PathBuf), String> {
    let read = |path: &Path| crate::charts::find::bounded(path, MOST).map_err(|problem| problem.to_string());
    let mut application =
        Application::read(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let root = match repository {
        Some(root) => root.to_owned(),
        None => repository_of_current().unwrap_or_default(),
    };
    let folder = root.join(application.path());
    if !folder.is_dir() {
        let help = "help: run this in the repository, or name it by --repo";
        return Err(format!("{} is no folder (spec.source.path)\n  {help}", folder.display()));
    }
    for name in [".argocd-source.yaml".to_owned(), format!(".argocd-source-{}.yaml", application.name())] {
        let path = folder.join(name);
        if !path.is_file() {
            continue;
        }
        let nodes = go_yaml::read(&read(&path)?, &go_yaml::Limits::default());
        let patch = nodes.map(|nodes| nodes.first().map(go_yaml::Node::to_json).transpose());
        match patch {
            Ok(Ok(patch)) => application.patch(&patch.unwrap_or_default()),
            Ok(Err(problem)) => return Err(format!("{}:{problem}", path.display())),
            Err(problems) => {
                let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
                return Err(format!("{}:{}", path.display(), problems.join("\n")));
            }
        }
    }
    let text = |name: &str| std::env::var(name).unwrap_or_default();
    let facts = Facts {
        revision: revision(&root),
        kube_version: text("KUBE_VERSION"),
        api_versions: text("KUBE_API_VERSIONS"),
    };
    Ok((application.environment(&facts), folder))
}

/// The nearest folder with a `.git`, seen from the current one.
fn repository_of_current() -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    current.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// The commit, for entries that use it; empty where there is no git.
fn revision(root: &Path) -> String {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "HEAD"]).output();
    let output = output.ok().filter(|output| output.status.success());
    output
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(String::new, |text| text.trim().to_owned())
}
