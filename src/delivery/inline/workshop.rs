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
use crate::k8s::{Identity, Object};

/// Loads each chart once, and renders it only for releases that it has not rendered yet. For one thread.
pub(crate) struct Workshop<'s> {
    surroundings: &'s Surroundings,
    lock: Option<Lock>,
    /// If only one object matters.
    only: Option<Only<'s>>,
    opened: RefCell<Vec<Rc<Opened>>>,
    /// What was rendered first: nearly all that is rendered later is the same.
    first: RefCell<Vec<Rc<Kept>>>,
}

/// An object of a chart, and the template that makes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Only<'s> {
    /// The object.
    pub(crate) identity: &'s Identity,
    /// Its template: `chart/charts/sub/templates/x.yaml`.
    pub(crate) template: &'s str,
}

/// A chart as it was loaded, and the release that it was loaded for.
struct Opened {
    release: Release,
    path: PathBuf,
    chart: Chart,
    /// What the chart defines, for the files of definitions that the charts that are enabled have.
    brought: RefCell<Vec<(Vec<String>, Vec<Definition>)>>,
}

/// What a release rendered to, and all that this depends on.
struct Kept {
    release: Release,
    namespace: String,
    inline: Inline,
    /// What it defines.
    brought: Vec<Definition>,
    /// What all define.
    definitions: Vec<Definition>,
    /// Nothing if it was not selected.
    rendered: Option<Rendered>,
}

/// A release before it is rendered.
struct Begun<'r> {
    /// What it defines.
    brought: Vec<Definition>,
    /// Nothing if it may not be needed.
    loaded: Option<Loaded<'r>>,
}

/// One template of a chart, executed by itself.
pub(crate) struct Sample {
    /// Its path.
    template: String,
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
    pub(crate) fn new(surroundings: &'s Surroundings, only: Option<Only<'s>>) -> anyhow::Result<Self> {
        let lock = Lock::read(&surroundings.places.lock)?;
        Ok(Self { surroundings, lock, only, opened: RefCell::default(), first: RefCell::default() })
    }

    /// Where charts are.
    pub(crate) fn surroundings(&self) -> &Surroundings {
        self.surroundings
    }

    /// Renders those releases that are selected; the others only say what they define. If only one object matters, others
    /// may be left out.
    pub(crate) fn render(
        &self,
        ctx: &Context,
        releases: &[(&'static str, Release)],
        selected: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Inlined> {
        let told = Told::new(ctx.config, self.surroundings)?;
        let results: Vec<_> = releases.iter().map(|(name, release)| self.begun(name, release)).collect();
        let (mut begun, mut problems) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(one) => begun.push(one),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(Problems(problems).into());
        }
        let definitions: Vec<_> = begun.iter().flat_map(|one| one.brought.iter().cloned()).collect();
        let mut inlined = Inlined::default();
        for (one, (construct, release)) in begun.into_iter().zip(releases) {
            let is_selected = selected(construct);
            match self.finished(ctx, &told, &definitions, one, (construct, release), is_selected) {
                Ok(kept) => {
                    let rendered = kept.rendered.iter().filter(|_| is_selected);
                    for rendered in rendered {
                        let objects = rendered.objects.iter().cloned();
                        inlined.objects.extend(objects.map(|object| (*construct, object)));
                        inlined.warnings.extend(rendered.warnings.iter().cloned());
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(inlined) } else { Err(Problems(problems).into()) }
    }

    /// A release as far as it has to be known before one is rendered.
    fn begun<'r>(&self, construct: &'static str, release: &'r Release) -> Result<Begun<'r>, Problem> {
        if let Some(kept) = self.first.borrow().iter().find(|kept| kept.release == *release) {
            return Ok(Begun { brought: kept.brought.clone(), loaded: None });
        }
        let opened = self.opened(release)?;
        let loaded = Loaded::new(construct, release, (opened.path.clone(), opened.chart.clone()))?;
        let files: Vec<_> = loaded.chart().crds().into_iter().map(|crd| crd.path).collect();
        let known = opened.brought.borrow().iter().find(|(known, _)| *known == files).cloned();
        if let Some((_, brought)) = known {
            return Ok(Begun { brought, loaded: Some(loaded) });
        }
        let loaded = loaded.with_definitions()?;
        let brought = loaded.definitions.clone();
        opened.brought.borrow_mut().push((files, brought.clone()));
        Ok(Begun { brought, loaded: Some(loaded) })
    }

    fn finished(
        &self,
        ctx: &Context,
        told: &Told,
        definitions: &[Definition],
        begun: Begun<'_>,
        (construct, release): (&'static str, &Release),
        is_selected: bool,
    ) -> Result<Rc<Kept>, Problem> {
        let namespace = ctx.names.namespace();
        let is_same = |kept: &&Rc<Kept>| {
            kept.release == *release
                && kept.namespace == namespace
                && kept.inline == ctx.config.inline
                && kept.definitions == definitions
                && (kept.rendered.is_some() || !is_selected)
        };
        if let Some(kept) = self.first.borrow().iter().find(is_same) {
            return Ok(Rc::clone(kept));
        }
        let loaded = || match begun.loaded {
            Some(loaded) => Ok(loaded),
            None => self.loaded(construct, release),
        };
        let rendered = match (is_selected, self.only) {
            (false, _) => None,
            (true, None) => Some(loaded()?.with_definitions()?.render(ctx, told, definitions)?.0),
            (true, Some(only)) => {
                let rendered = loaded()?.render_one(ctx, told, definitions, only.template)?;
                let is_wanted = |object: &Object| *only.identity == Identity::of(&object.value);
                if rendered.objects.iter().any(is_wanted) {
                    Some(rendered)
                } else {
                    // Another template may make it.
                    let loaded = self.loaded(construct, release)?.with_definitions()?;
                    Some(loaded.render(ctx, told, definitions)?.0)
                }
            }
        };
        let kept = Rc::new(Kept {
            release: release.clone(),
            namespace: namespace.to_owned(),
            inline: ctx.config.inline.clone(),
            brought: begun.brought,
            definitions: definitions.to_vec(),
            rendered,
        });
        let mut first = self.first.borrow_mut();
        if first.iter().all(|kept| kept.release.chart != release.chart) {
            first.push(Rc::clone(&kept));
        }
        Ok(kept)
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
        let opened = Rc::new(Opened { release: release.clone(), path, chart, brought: RefCell::default() });
        self.opened.borrow_mut().push(Rc::clone(&opened));
        Ok(opened)
    }

    /// Executes one template of the chart of a release by itself. None if there is no such template.
    ///
    /// The releases say what the cluster can do.
    pub(crate) fn sample(
        &self,
        config: &Config,
        releases: &[(&'static str, Release)],
        (construct, release): (&'static str, &Release),
        template: &str,
    ) -> anyhow::Result<Option<Sample>> {
        let ctx = Context::new(config);
        let told = Told::new(config, self.surroundings)?;
        // Nothing is rendered, but what all define is kept.
        self.render(&ctx, releases, |_| false)?;
        let definitions: Vec<_> =
            self.first.borrow().iter().flat_map(|kept| kept.brought.iter().cloned()).collect();
        let capabilities = told.with(&definitions);
        let loaded = self.loaded(construct, release)?;
        let traced = loaded.trace(&ctx, &capabilities, template)?;
        let values = loaded.values().clone();
        Ok(traced.map(|traced| Sample {
            template: template.to_owned(),
            traced,
            values,
            chart: loaded.chart().clone(),
        }))
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

    /// The paths of values that decide whether the charts that the template is in are enabled.
    pub(crate) fn conditions(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        let mut chart = &self.chart;
        let mut above = Vec::new();
        let mut steps = self.template.split('/').skip(1);
        while let (Some("charts"), Some(name)) = (steps.next(), steps.next()) {
            let entry = chart.metadata.dependencies().iter().find(|entry| entry.name == name);
            let places = entry.iter().flat_map(|entry| entry.condition.trim().split(','));
            paths.extend(
                places
                    .filter(|place| !place.is_empty())
                    .map(|place| [above.clone(), place.split('.').map(str::to_owned).collect()].concat()),
            );
            let Some(inner) = chart.dependencies.iter().find(|inner| inner.name() == name) else { break };
            chart = inner;
            above.push(name.to_owned());
        }
        paths
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
