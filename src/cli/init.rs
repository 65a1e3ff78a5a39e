//! `monstack init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::{print, tell};

/// A config with every default written out, most of it commented out.
const TEMPLATE: &str = include_str!("init.yaml");

const EXAMPLES: &str = "\
Examples:
  monstack init
  monstack init - | less
  monstack init config.yaml && monstack render config.yaml";

/// Write a commented config to begin with; an existing file is never overwritten
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Init {
    /// File to write; `-` writes to standard output
    #[arg(value_name = "FILE", default_value = "monstack.yaml")]
    file: PathBuf,
}

impl Init {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if self.file.as_os_str() == "-" {
            print(TEMPLATE.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        let name = self.file.display();
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                tell(&format!("monstack: {name} exists already and was left as it is\n"));
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => return Err(error).with_context(|| format!("cannot create {name}")),
        };
        file.write_all(TEMPLATE.as_bytes()).with_context(|| format!("cannot write {name}"))?;
        tell(&format!("wrote {name}; render it with: monstack render {name}\n"));
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::TEMPLATE;
    use crate::config::diagnostic::Source;
    use crate::config::{Config, load};

    fn loaded(text: &str) -> Config {
        let source = Source { name: "monstack.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
        load(vec![source], &[]).unwrap_or_else(|report| panic!("{:#?}", report.diagnostics)).config
    }

    #[test]
    fn the_template_is_the_default_config() {
        assert_eq!(loaded(TEMPLATE), Config::default());
    }

    /// Settings are commented out with `#` alone, explanations with `# `.
    #[test]
    fn what_the_template_leaves_out_is_valid_too() {
        let settings: String = TEMPLATE
            .lines()
            .filter(|line| !line.trim_start().starts_with("# "))
            .map(|line| format!("{}\n", line.strip_prefix('#').unwrap_or(line)))
            .collect();
        let mut config = loaded(&settings);
        let default = Config::default();
        // The template shows these by example, as they have no default.
        config.storage.class = None;
        config.alerting = default.alerting.clone();
        config.grafana.ingress = None;
        config.tolerations.clear();
        config.images = default.images.clone();
        config.charts.kube_prometheus_stack.values.clear();
        assert_eq!(config, default);
    }
}
