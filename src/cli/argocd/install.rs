//! `monstack argocd install`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::argocd::install;
use crate::cli::print;

const EXAMPLES: &str = "\
Examples:
  monstack argocd install --print
  monstack argocd install --print patch --image registry.example.com/monstack:0.1.0 > repo-server-patch.yaml
  monstack argocd install --print values --image registry.example.com/monstack:0.1.0 > values.yaml";

/// Print what brings the plugin to ArgoCD; nothing is installed
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Install {
    /// Print everything, or one part
    #[arg(long, value_enum, value_name = "PART", num_args = 0..=1, default_missing_value = "all", required = true)]
    print: Part,
    /// Image of the sidecar, with monstack and plugin.yaml in it
    #[arg(long, value_name = "IMAGE", value_parser = image)]
    image: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// All of them, as YAML documents
    All,
    /// plugin.yaml, which is in the image
    Plugin,
    /// Patch of argocd-repo-server, for kustomize and `kubectl patch`
    Patch,
    /// Values of the Helm chart argo-cd
    Values,
}

impl Install {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let image = self.image.as_deref();
        let patch = || install::patch(image);
        let values = || install::values(image).map_err(anyhow::Error::msg);
        let text = match self.print {
            Part::Plugin => install::PLUGIN.to_owned(),
            Part::Patch => patch(),
            Part::Values => values()?,
            Part::All => {
                let titled = |title: &str, text: &str| format!("---\n# {title}\n{text}");
                [
                    titled(
                        "plugin.yaml: /home/argocd/cmp-server/config/plugin.yaml in the image",
                        install::PLUGIN,
                    ),
                    titled("repo-server-patch.yaml: a patch for kustomize", &patch()),
                    titled("values.yaml: the same with the chart argo-cd", &values()?),
                ]
                .concat()
            }
        };
        print(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn image(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_/:@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err("expected an image such as registry.example.com/monstack:0.1.0".to_owned())
}
