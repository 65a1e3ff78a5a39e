//! `helm template`: a chart and values to the text that is printed.

use go_template::{Limits, Value};

use crate::Error;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Crd};
use crate::engine;
use crate::manifest::{self, Manifests};
use crate::{glob, manifest::split};

/// A release that is rendered, not installed.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name: `.Release.Name`.
    pub name: String,
    /// Its namespace: `.Release.Namespace`.
    pub namespace: String,
    /// Whether `.Release.IsUpgrade` is true, instead of `.Release.IsInstall`.
    pub is_upgrade: bool,
}

/// Everything that a chart renders to.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Of the chart and of those below it.
    pub crds: Vec<Crd>,
    /// The documents of the templates.
    pub manifests: Manifests,
}

/// What of a render is printed.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// The `crds/` folders too.
    pub include_crds: bool,
    /// No hooks.
    pub no_hooks: bool,
    /// No hooks that are tests.
    pub skip_tests: bool,
    /// Only these templates, by their path within the chart; all if there are none.
    pub show_only: Vec<String>,
}

/// Renders a chart with its computed values.
///
/// # Errors
///
/// When a template cannot be parsed or fails, or when what it renders is no YAML.
pub fn render(
    chart: &Chart,
    values: &Value,
    release: &Release,
    capabilities: &Capabilities,
    limits: &Limits,
) -> Result<Rendered, Error> {
    let mut files = engine::render(chart, values, release, capabilities, limits)?;
    files.retain(|path, _| !path.ends_with("NOTES.txt"));
    Ok(Rendered { crds: chart.crds(), manifests: manifest::sort(&files)? })
}

impl Rendered {
    /// The text that `helm template` prints.
    ///
    /// # Errors
    ///
    /// When a template that is to be shown is not there.
    pub fn print(&self, options: &Printed) -> Result<String, Error> {
        let mut text = String::new();
        if options.include_crds {
            for crd in &self.crds {
                manifest::print(&mut text, &crd.path, &String::from_utf8_lossy(&crd.file.data));
            }
        }
        for manifest in &self.manifests.generic {
            manifest.print(&mut text);
        }
        let mut text = format!("{}\n", text.trim());
        if !options.no_hooks {
            for hook in self.manifests.hooks.iter().filter(|hook| !(options.skip_tests && hook.is_test())) {
                hook.print(&mut text);
            }
        }
        if options.show_only.is_empty() { Ok(text) } else { show(&text, &options.show_only) }
    }
}

/// The documents of a printed render whose template is asked for, in the order of the questions.
fn show(text: &str, asked: &[String]) -> Result<String, Error> {
    let documents = split(text);
    let mut shown = String::new();
    for pattern in asked {
        let missing = || Error::new(format!("could not find template {pattern} in chart"));
        let glob = glob::Pattern::parse(pattern).ok_or_else(missing)?;
        let before = shown.len();
        for document in &documents {
            if source(document).is_some_and(|path| glob.matches(path)) {
                shown.push_str("---\n");
                shown.push_str(document);
                shown.push('\n');
            }
        }
        if shown.len() == before {
            return Err(missing());
        }
    }
    Ok(shown)
}

/// The path within the chart of the template that a document says it comes from.
fn source(document: &str) -> Option<&str> {
    let line = document.lines().find_map(|line| line.split_once("# Source: ").map(|(_, path)| path))?;
    line.split_once('/').map(|(_, path)| path)
}
