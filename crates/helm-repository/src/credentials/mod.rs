//! Who we are: what the environment, docker and helm know. Nothing here is ever printed.

mod docker;
mod environment;
mod helm;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;

use crate::error::Error;
use crate::url::{Origin, Url};

/// The largest file with credentials.
const MOST: u64 = 4 << 20;

/// A user and a password, or a token.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    Basic {
        user: String,
        password: String,
    },
    /// A token with which a registry makes others (docker's `identitytoken`).
    Refresh(String),
}

impl Credential {
    /// `Authorization`, if it can be sent as it is.
    pub(crate) fn basic(&self) -> Option<String> {
        match self {
            Credential::Basic { user, password } => {
                Some(format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes())))
            }
            Credential::Refresh(_) => None,
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// Where credentials are looked for.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    environment: Vec<(Origin, Credential)>,
    /// Files like `~/.docker/config.json`.
    docker: Vec<PathBuf>,
    /// Helm's `repositories.yaml`.
    repositories: Option<PathBuf>,
}

impl Credentials {
    /// Those that environment variables say or name:
    ///
    /// - `MONSTACK_CREDENTIALS`: URLs with user and password, with spaces or line breaks between, such as
    ///   `https://me:secret@charts.example.com oci://me:secret@registry.example.com`.
    /// - `HELM_REPOSITORY_CONFIG`, or `repositories.yaml` in helm's configuration folder.
    /// - `HELM_REGISTRY_CONFIG`, or `registry/config.json` in helm's configuration folder.
    /// - `DOCKER_CONFIG`, or `~/.docker`: the folder of docker's `config.json`.
    ///
    /// # Errors
    ///
    /// When `MONSTACK_CREDENTIALS` cannot be read.
    pub fn from_environment(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = path("HOME");
        let helm = path("HELM_CONFIG_HOME")
            .or_else(|| path("XDG_CONFIG_HOME").map(|folder| folder.join("helm")))
            .or_else(|| home.as_ref().map(|home| home.join(helm::FOLDER)));
        let in_helm = |name: &str| helm.as_ref().map(|folder| folder.join(name));
        let docker = path("DOCKER_CONFIG").or_else(|| home.as_ref().map(|home| home.join(".docker")));
        let registry = path("HELM_REGISTRY_CONFIG").or_else(|| in_helm("registry/config.json"));
        Ok(Credentials {
            environment: environment::read(variable("MONSTACK_CREDENTIALS"))?,
            docker: registry.into_iter().chain(docker.map(|folder| folder.join("config.json"))).collect(),
            repositories: path("HELM_REPOSITORY_CONFIG").or_else(|| in_helm("repositories.yaml")),
        })
    }

    /// Those for what is at an address of a chart repository.
    pub(crate) fn of_repository(&self, repository: &Url) -> Result<Option<Credential>, Error> {
        if let Some(found) = self.said(&repository.origin()) {
            return Ok(Some(found));
        }
        if let Some(path) = &self.repositories
            && let Some(found) = helm::find(path, repository)?
        {
            return Ok(Some(found));
        }
        self.of_docker(repository, false)
    }

    /// Those for a registry, from credential helpers too.
    pub(crate) fn of_registry(&self, registry: &Url) -> Result<Option<Credential>, Error> {
        match self.said(&registry.origin()) {
            Some(found) => Ok(Some(found)),
            None => self.of_docker(registry, true),
        }
    }

    fn said(&self, origin: &Origin) -> Option<Credential> {
        let is_same = |said: &Origin| {
            // Only registries are named without saying whether they encrypt.
            said.host == origin.host
                && said.port == origin.port
                && (said.scheme == origin.scheme || said.scheme == "oci")
        };
        self.environment.iter().find(|(said, _)| is_same(said)).map(|(_, found)| found.clone())
    }

    fn of_docker(&self, url: &Url, may_ask_store: bool) -> Result<Option<Credential>, Error> {
        for path in &self.docker {
            if let Some(found) = docker::find(path, url.authority(), may_ask_store)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// A file, if it is there.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let fail = |error: std::io::Error| Error::new(format!("{} cannot be read: {error}", path.display()));
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(_) => return Ok(None),
    };
    if !about.is_file() || about.len() > MOST {
        return Err(Error::new(format!("{} is no file of at most {MOST} bytes", path.display())));
    }
    std::fs::read(path).map(Some).map_err(fail)
}
