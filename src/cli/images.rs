//! `monstack images`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::input::Input;
use super::surroundings::Charts;
use super::table::table;
use super::{print, print_json, tell, whole};
use crate::images::{self, Image, Listing, Source};

const EXAMPLES: &str = "\
Examples:
  monstack images config.yaml
  monstack images config.yaml -o json | jq -r '.[].registry' | sort -u

An air-gapped mirror:
  monstack images config.yaml -o mirror | while read image path; do
    skopeo copy docker://$image docker://mirror.example.com/$path
  done
  monstack render config.yaml --set images.registry=mirror.example.com";

/// List all container images of the stack, those that operators are told of included
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Images {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    charts: Charts,
    /// Format
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Each image with the objects and containers that use it
    Table,
    /// The references alone, one a line
    List,
    /// The references with their registry, and their paths in a mirror, one a line
    Mirror,
    /// A list of objects
    Json,
}

impl Images {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let stack = match whole::Stack::of(&self.input, &self.charts)? {
            Ok(stack) => stack,
            Err(code) => return Ok(code),
        };
        let Listing { images, warnings } = images::list(stack.objects());
        for warning in warnings {
            tell(&format!("monstack: warning: {warning}\n"));
        }
        match self.output {
            Format::Table => print(rows(&images).as_bytes())?,
            Format::List => {
                let lines: String = images.iter().map(|image| format!("{}\n", image.image)).collect();
                print(lines.as_bytes())?;
            }
            Format::Mirror => {
                let lines = images.iter().map(|image| {
                    let path = image.path();
                    format!("{}/{path} {path}\n", image.registry)
                });
                print(lines.collect::<String>().as_bytes())?;
            }
            Format::Json => print_json(&images)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn rows(images: &[Image]) -> String {
    let rows: Vec<_> = images
        .iter()
        .flat_map(|image| image.used_by.iter().map(move |used| (image, used)))
        .map(|(image, used)| {
            let separator = if used.namespace.is_empty() { "" } else { "/" };
            let object = format!("{} {}{separator}{}", used.kind, used.namespace, used.name);
            let default = if used.source == Source::Default { " (default)" } else { "" };
            [image.image.clone(), object, format!("{}{default}", used.place), used.construct.clone()]
        })
        .collect();
    table(["IMAGE", "OBJECT", "CONTAINER", "CONSTRUCT"], &rows)
}
