//! Charts that are rendered many times, each time with other values.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use helm_chart::{Background, Chart, Place, Traced, values};
use serde_json::Value;

use super::chart::{self, Loaded, Rendered};
use super::definition::Definition;
use super::{Inlined, Told, document, outline};
use crate::charts::{Lock, Problem, Problems};
use crate::config::{Config, Inline};
use crate::constructs::Release;
use crate::context::Context;
use crate::delivery::Surroundings;

/// Loads each chart once, and renders it only for releases that it has not rendered yet. For one thread.
pub(crate) struct Workshop<'s> {
    surroundings: &'s Surroundings,
    lock: Option<Lock>,
    opened: RefCell<Vec<Rc<Opened>>>,
    /// What was rendered first: nearly all that is rendered later is the same.
    first: RefCell<Vec<Rc<Kept>>>,
    brought: RefCell<Vec<Rc<Brought>>>,
}

/// A chart as it was loaded, and the release that it was loaded for.
struct Opened {
    release: Release,
    path: PathBuf,
    chart: Chart,
}

/// What a release rendered to, and all that this depends on.
struct Kept {
    release: Release,
    namespace: String,
    inline: Inline,
    definitions: Vec<Definition>,
    rendered: Rendered,
}

/// What a release defines.
struct Brought {
    release: Release,
    definitions: Vec<Definition>,
}

/// One template of a chart, executed by itself.
pub(crate) struct Sample {
    traced: Traced,
    values: helm_chart::Value,
    chart: Chart,
}

/// An object in the documents of a template.
pub(crate) struct Found {
    /// The object.
    pub(crate) value: Value,
    /// Its node, whose places are those in the document.
    pub(crate) node: go_yaml::Node,
    /// Bytes of the template's output before the document.
    pub(crate) offset: usize,
}

impl<'s> Workshop<'s> {
    /// A workshop for charts that are where the surroundings say.
    ///
    /// # Errors
    ///
    /// When the lock file cannot be read.
    pub(crate) fn new(surroundings: &'s Surroundings) -> anyhow::Result<Self> {
        let lock = Lock::read(&surroundings.places.lock)?;
        Ok(Self {
            surroundings,
            lock,
            opened: RefCell::default(),
            first: RefCell::default(),
            brought: RefCell::default(),
        })
    }

    /// Where charts are.
    pub(crate) fn surroundings(&self) -> &Surroundings {
        self.surroundings
    }

    /// Renders those releases that are selected; the others only say what they define.
    pub(crate) fn render(
        &self,
        ctx: &Context,
        releases: &[(&'static str, Release)],
        selected: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Inlined> {
        let told = Told::new(ctx.config, self.surroundings)?;
        let definitions = self.definitions(releases)?;
        let mut inlined = Inlined::default();
        let mut problems = Vec::new();
        for (construct, release) in releases.iter().filter(|(construct, _)| selected(construct)) {
            match self.rendered(ctx, &told, &definitions, construct, release) {
                Ok(kept) => {
                    let objects = kept.rendered.objects.iter().cloned();
                    inlined.objects.extend(objects.map(|object| (*construct, object)));
                    inlined.warnings.extend(kept.rendered.warnings.iter().cloned());
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(inlined) } else { Err(Problems(problems).into()) }
    }

    fn rendered(
        &self,
        ctx: &Context,
        told: &Told,
        definitions: &[Definition],
        construct: &'static str,
        release: &Release,
    ) -> Result<Rc<Kept>, Problem> {
        let namespace = ctx.names.namespace();
        let is_same = |kept: &&Rc<Kept>| {
            kept.release == *release
                && kept.namespace == namespace
                && kept.inline == ctx.config.inline
                && kept.definitions == definitions
        };
        if let Some(kept) = self.first.borrow().iter().find(is_same) {
            return Ok(Rc::clone(kept));
        }
        let (rendered, _) = self.loaded(construct, release)?.render(ctx, told, definitions)?;
        let kept = Rc::new(Kept {
            release: release.clone(),
            namespace: namespace.to_owned(),
            inline: ctx.config.inline.clone(),
            definitions: definitions.to_vec(),
            rendered,
        });
        let mut first = self.first.borrow_mut();
        if first.iter().all(|kept| kept.release.chart != release.chart) {
            first.push(Rc::clone(&kept));
        }
        Ok(kept)
    }

    /// What the charts of releases define.
    fn definitions(&self, releases: &[(&'static str, Release)]) -> anyhow::Result<Vec<Definition>> {
        let mut all = Vec::new();
        let mut problems = Vec::new();
        for (construct, release) in releases {
            match self.brought(construct, release) {
                Ok(brought) => all.extend_from_slice(&brought.definitions),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(all) } else { Err(Problems(problems).into()) }
    }

    fn brought(&self, construct: &'static str, release: &Release) -> Result<Rc<Brought>, Problem> {
        if let Some(brought) = self.brought.borrow().iter().find(|brought| brought.release == *release) {
            return Ok(Rc::clone(brought));
        }
        let definitions = self.loaded(construct, release)?.definitions;
        let brought = Rc::new(Brought { release: release.clone(), definitions });
        let mut known = self.brought.borrow_mut();
        if known.iter().all(|brought| brought.release.chart != release.chart) {
            known.push(Rc::clone(&brought));
        }
        Ok(brought)
    }

    /// A chart with the values of a release.
    fn loaded<'r>(&self, construct: &'static str, release: &'r Release) -> Result<Loaded<'r>, Problem> {
        let opened = self.opened(release)?;
        Loaded::new(construct, release, (opened.path.clone(), opened.chart.clone()))
    }

    fn opened(&self, release: &Release) -> Result<Rc<Opened>, Problem> {
        let (chart, source) = (release.chart, &release.source);
        let is_same = |opened: &&Rc<Opened>| {
            let known = &opened.release.source;
            opened.release.chart == chart
                && (&known.version, &known.repository, &known.path)
                    == (&source.version, &source.repository, &source.path)
        };
        if let Some(opened) = self.opened.borrow().iter().find(is_same) {
            return Ok(Rc::clone(opened));
        }
        let places = &self.surroundings.places;
        // There is nothing to do beside: each render is short, and another workshop has the other processor.
        let (path, chart) = chart::open(places, self.lock.as_ref(), release, Background::none())?;
        let opened = Rc::new(Opened { release: release.clone(), path, chart });
        self.opened.borrow_mut().push(Rc::clone(&opened));
        Ok(opened)
    }

    /// Executes one template of the chart of a release by itself. None if there is no such template.
    pub(crate) fn sample(
        &self,
        config: &Config,
        releases: &[(&'static str, Release)],
        (construct, release): (&'static str, &Release),
        template: &str,
    ) -> anyhow::Result<Option<Sample>> {
        let ctx = Context::new(config);
        let told = Told::new(config, self.surroundings)?;
        let loaded = self.loaded(construct, release)?;
        let capabilities = told.with(&self.definitions(releases)?);
        let traced = loaded.trace(&ctx, &capabilities, template)?;
        let values = loaded.values().clone();
        Ok(traced.map(|traced| Sample { traced, values, chart: loaded.chart().clone() }))
    }
}

impl Sample {
    /// The objects that the template made.
    pub(crate) fn objects(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for document in &self.traced.documents {
            let offset = document.range().start;
            for node in outline::nodes(&document.path, document.content()).unwrap_or_default() {
                let items = document::items(&node).map(|items| items.into_iter().cloned().collect());
                for node in items.unwrap_or_else(|| vec![node]) {
                    if let Ok(value) = node.to_json() {
                        found.push(Found { value, node, offset });
                    }
                }
            }
        }
        found
    }

    /// The paths of values that the template has looked at.
    pub(crate) fn paths(&self) -> Vec<Vec<String>> {
        self.traced.values(&self.values)
    }

    /// All values that it could look at.
    pub(crate) fn values(&self) -> Value {
        values::to_json(&self.values)
    }

    /// The line of a template that wrote a byte of its output.
    pub(crate) fn place(&self, offset: usize) -> Option<Place> {
        self.traced.place(offset)
    }

    /// The chart, with those in it that are enabled.
    pub(crate) fn chart(&self) -> &Chart {
        &self.chart
    }
}
