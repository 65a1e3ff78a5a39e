//! `monstack argocd`: the config management plugin.

mod deadline;
mod env;
mod folder;
mod generate;
mod install;
mod parameters;
mod told;

use std::process::ExitCode;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  monstack argocd generate                         # what plugin.yaml runs, in the Application's folder
  monstack argocd generate --app application.yaml  # the same on your machine, with what ArgoCD would set
  monstack argocd env --app application.yaml       # what is seen, what it is used for
  monstack argocd install --print patch --image registry.example.com/monstack:0.1.0

An Application sets keys by parameters (`name: replicas.prometheus, string: \"3\"`) and by entries of
`plugin.env` (`name: REPLICAS_PROMETHEUS, value: \"3\"`). `config` and `overlays` choose files in its folder; without
them the config is monstack.yaml, or else config.yaml. Parameters win over entries, both over files.";

/// Run as a config management plugin of ArgoCD
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ArgoCd {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Generate(generate::Generate),
    Parameters(parameters::Parameters),
    Env(env::Env),
    Install(install::Install),
}

impl ArgoCd {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.verb {
            Verb::Generate(verb) => verb.run(),
            Verb::Parameters(verb) => verb.run(),
            Verb::Env(verb) => verb.run(),
            Verb::Install(verb) => verb.run(),
        }
    }
}
