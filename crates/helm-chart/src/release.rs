//! `helm template`: a chart and values to the text that is printed.

use std::io::{self, Write};

use go_template::{Limits, Value};

use crate::Error;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Crd};
use crate::engine::{Prepared, RandomCall};
use crate::manifest::Manifests;
use crate::{glob, manifest::document_ranges};

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
    /// Why no two renders need be equal.
    pub random_calls: Vec<RandomCall>,
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

/// Renders a chart with its computed values: [`Prepared`], [`Prepared::execute`] and [`Executed::order`].
///
/// [`Executed::order`]: crate::Executed::order
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
    Prepared::new(chart, values, release, capabilities)?.execute(limits)?.order()
}

impl Rendered {
    /// Writes the text that `helm template` prints.
    ///
    /// # Errors
    ///
    /// When a template that is to be shown is not there or a file cannot be read, which is found before
    /// anything is written, or when writing fails.
    pub fn print(&self, options: &Printed, to: &mut impl Write) -> io::Result<Result<(), Error>> {
        let crds: &[Crd] = if options.include_crds { &self.crds } else { &[] };
        let crds = crds.iter().map(|crd| Ok((crd.path.as_str(), &**crd.file.content.read()?)));
        let crds = match crds.collect::<Result<_, Error>>() {
            Ok(crds) => crds,
            Err(error) => return Ok(Err(error)),
        };
        if options.show_only.is_empty() {
            return self.print_all(crds, options, to).map(Ok);
        }
        let mut text = Vec::new();
        self.print_all(crds, options, &mut text)?;
        match show(&String::from_utf8_lossy(&text), &options.show_only) {
            Ok(shown) => to.write_all(shown.as_bytes()).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    fn print_all(&self, crds: Vec<(&str, &[u8])>, options: &Printed, to: &mut impl Write) -> io::Result<()> {
        let manifests =
            self.manifests.generic.iter().map(|manifest| (&*manifest.path, manifest.content().as_bytes()));
        let mut pieces = crds.into_iter().chain(manifests).peekable();
        while let Some((path, content)) = pieces.next() {
            let is_last = pieces.peek().is_none();
            // Helm trims the end of all together.
            let content = if is_last { trim_end(content) } else { content };
            to.write_all(b"---\n# Source: ")?;
            to.write_all(path.as_bytes())?;
            if !(is_last && content.is_empty()) {
                to.write_all(b"\n")?;
            }
            to.write_all(content)?;
            if !is_last {
                to.write_all(b"\n")?;
            }
        }
        to.write_all(b"\n")?;
        if !options.no_hooks {
            for hook in self.manifests.hooks.iter().filter(|hook| !(options.skip_tests && hook.is_test())) {
                write!(to, "---\n# Source: {}\n{}\n", hook.path, hook.content())?;
            }
        }
        Ok(())
    }
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_end().as_bytes(),
        Err(_) => bytes.trim_ascii_end(),
    }
}

/// The documents of a printed render whose template is asked for, in the order of the questions.
fn show(text: &str, asked: &[String]) -> Result<String, Error> {
    let documents: Vec<&str> =
        document_ranges(text).into_iter().filter_map(|range| text.get(range)).collect();
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
