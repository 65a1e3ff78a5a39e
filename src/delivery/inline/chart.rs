//! One chart: loaded, checked, rendered.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm_chart::values::{self, Computed, Validation};
use helm_chart::{
    Background, Capabilities, Chart, Executed, File, Limits, Manifest, Prepared, RandomCall, Traced,
};

use super::capabilities::Told;
use super::definition::Definition;
use super::document::Completion;
use super::outline::{self, Outline};
use crate::charts::{self, Lock, Places, Problem, Source};
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::{Held, Object};

/// A chart that is the one the config asks for.
pub(super) struct Loaded<'a> {
    construct: &'static str,
    release: &'a Release,
    chart: Chart,
    computed: Computed,
    path: PathBuf,
    /// What its CRDs define.
    pub(super) definitions: Vec<Definition>,
    crds: Vec<Crd>,
}

/// A document of a chart's `crds` folder, which is not templated.
struct Crd {
    path: String,
    document: Definitions,
    outline: Option<Outline>,
}

/// A part of a file in a `crds` folder.
#[derive(Debug)]
struct Definitions {
    /// The path of the file.
    path: Arc<str>,
    text: Arc<[u8]>,
    range: Range<usize>,
}

impl Held for Definitions {
    fn bytes(&self) -> &[u8] {
        self.text.get(self.range.clone()).unwrap_or_default()
    }

    fn source(&self) -> &str {
        &self.path
    }
}

/// A document of a template.
#[derive(Debug)]
struct Document(Manifest);

impl Held for Document {
    fn bytes(&self) -> &[u8] {
        self.0.content().as_bytes()
    }

    fn source(&self) -> &str {
        &self.0.path
    }
}

/// What is left of a chart that was rendered.
pub(super) type Leftovers = (Chart, Prepared, helm_chart::Value, values::Leftovers);

/// What a chart renders to.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    pub(super) construct: &'static str,
    pub(super) objects: Vec<Object>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Loaded<'a> {
    /// Computes the values of a chart that is that of a release.
    pub(super) fn new(
        construct: &'static str,
        release: &'a Release,
        (path, mut chart): (PathBuf, Chart),
    ) -> Result<Self, Problem> {
        let failed = |error| failed(release, &path, &error);
        helm_chart::check_installable(&chart).map_err(failed)?;
        helm_chart::check_dependencies(&chart).map_err(failed)?;
        let user = values::from_json(&release.values);
        let computed = values::compute(&mut chart, &user, Validation::Deferred).map_err(failed)?;
        Ok(Loaded { construct, release, chart, computed, path, definitions: Vec::new(), crds: Vec::new() })
    }

    /// Reads what it defines: its values decide which charts in it, and so which CRDs, there are.
    pub(super) fn with_definitions(mut self) -> Result<Self, Problem> {
        if !self.crds.is_empty() {
            return Ok(self);
        }
        self.crds = crds(&self.chart)?;
        self.definitions = self.crds.iter().filter_map(|crd| Definition::of(crd.outline.as_ref()?)).collect();
        Ok(self)
    }

    /// Renders it. What is returned beside takes long to drop: a process that ends soon may forget it.
    pub(super) fn render(
        self,
        ctx: &Context,
        told: &Told,
        definitions: &[Definition],
    ) -> Result<(Rendered, Leftovers), Problem> {
        let name = self.release.chart;
        let failed = |error| failed(self.release, &self.path, &error);
        let mut warnings = self.computed.warnings.clone();
        let prepared = self.prepare(ctx, &told.with(definitions));
        let rendered = prepared.and_then(|prepared| {
            let rendered = prepared.execute(&Limits::default()).and_then(Executed::order)?;
            Ok((prepared, rendered))
        });
        // Helm checks first.
        warnings.extend(self.computed.checks.run().map_err(failed)?);
        let (prepared, rendered) = rendered.map_err(failed)?;
        if !ctx.config.inline.allow_random
            && let Some(call) = rendered.random_calls.first()
        {
            return Err(random(name, call));
        }
        let completion = Completion { namespace: ctx.names.namespace(), definitions };
        let mut objects = Vec::new();
        for crd in self.crds {
            let held: Arc<dyn Held> = Arc::new(crd.document);
            objects.extend(completion.objects(
                &crd.path,
                text(&crd.path, held.bytes())?,
                &held,
                crd.outline,
            )?);
        }
        objects.extend(completion.all(&rendered.manifests.generic)?);
        let hooks = rendered.manifests.hooks.iter().filter(|hook| !hook.is_test());
        warnings.extend(hooks.map(|hook| {
            format!("the {} hook of {} is left out: nothing runs it", hook.events.join(", "), hook.path)
        }));
        let warnings = warnings.into_iter().map(|warning| format!("{name}: {warning}")).collect();
        let rendered = Rendered { construct: self.construct, objects, warnings };
        Ok((rendered, (self.chart, prepared, self.computed.values, self.computed.leftovers)))
    }

    /// Renders the objects of one template alone.
    pub(super) fn render_one(
        self,
        ctx: &Context,
        told: &Told,
        definitions: &[Definition],
        template: &str,
    ) -> Result<Rendered, Problem> {
        let traced = self.trace(ctx, &told.with(definitions), template);
        self.computed.checks.run().map_err(|error| failed(self.release, &self.path, &error))?;
        let mut documents = traced?.map(|traced| traced.documents).unwrap_or_default();
        documents.retain(|document| document.events.is_empty());
        let completion = Completion { namespace: ctx.names.namespace(), definitions };
        let objects = completion.all(&documents)?;
        Ok(Rendered { construct: self.construct, objects, warnings: Vec::new() })
    }

    /// Executes one template by itself.
    pub(super) fn trace(
        &self,
        ctx: &Context,
        capabilities: &Capabilities,
        template: &str,
    ) -> Result<Option<Traced>, Problem> {
        let traced = self
            .prepare(ctx, capabilities)
            .and_then(|prepared| prepared.execute_one(template, &Limits::default()));
        traced.map_err(|error| failed(self.release, &self.path, &error))
    }

    /// The values that its templates see.
    pub(super) fn values(&self) -> &helm_chart::Value {
        &self.computed.values
    }

    /// The chart, with the charts in it that are enabled.
    pub(super) fn chart(&self) -> &Chart {
        &self.chart
    }

    fn prepare(&self, ctx: &Context, capabilities: &Capabilities) -> Result<Prepared, helm_chart::Error> {
        helm_chart::check_kube_version(&self.chart.metadata, &capabilities.kube_version.version)?;
        let release = helm_chart::Release {
            name: self.release.source.release.to_string(),
            namespace: ctx.names.namespace().to_owned(),
            is_upgrade: false,
        };
        Prepared::new(&self.chart, &self.computed.values, &release, capabilities)
    }
}

impl Completion<'_> {
    fn all(&self, documents: &[Manifest]) -> Result<Vec<Object>, Problem> {
        let mut objects = Vec::new();
        for manifest in documents {
            let outline = outline::of(&manifest.path, manifest.content())?;
            let held: Arc<dyn Held> = Arc::new(Document(manifest.clone()));
            objects.extend(self.objects(&manifest.path, manifest.content(), &held, outline)?);
        }
        Ok(objects)
    }
}

fn failed(release: &Release, path: &Path, error: &helm_chart::Error) -> Problem {
    Problem::new(format!("the chart {} ({}) cannot be rendered: {error}", release.chart, path.display()))
}

/// Finds and loads the chart of a release.
pub(super) fn open(
    places: &Places,
    lock: Option<&Lock>,
    release: &Release,
    background: Background,
) -> Result<(PathBuf, Chart), Problem> {
    load(charts::find::chart(places, lock, release)?, release, background)
}

/// Loads a chart, if it is the one that the config asks for.
fn load(source: Source, release: &Release, background: Background) -> Result<(PathBuf, Chart), Problem> {
    let failed = |path: &Path, error: &helm_chart::Error| {
        Problem::new(format!("the chart {} cannot be loaded: {error}", path.display()))
    };
    match source {
        Source::Folder(path) => {
            let chart = Chart::load_with(&path, background).map_err(|error| failed(&path, &error))?;
            check_identity(&chart, &path, release)?;
            Ok((path, chart))
        }
        Source::Archive { path, bytes, pin } => {
            let chart =
                Chart::from_archive_with(&bytes, background).map_err(|error| failed(&path, &error))?;
            let (name, version) = (chart.name(), &chart.metadata.version);
            if name != pin.name || *version != pin.version {
                return Err(Problem::new(format!(
                    "{} is {name} {version}, but it is pinned as {} {}",
                    path.display(),
                    pin.name,
                    pin.version
                )));
            }
            Ok((path, chart))
        }
    }
}

/// Refuses another chart, or another version of it, than the config asks for.
fn check_identity(chart: &Chart, path: &Path, release: &Release) -> Result<(), Problem> {
    let key = charts::key(release.chart);
    let path = path.display();
    let (name, version) = (chart.name(), chart.metadata.version.as_str());
    if name != release.chart {
        return Err(Problem::new(format!("{path} is the chart {name}, not {}", release.chart))
            .with_help(format!("check `charts.{key}.path`")));
    }
    let wanted = &release.source.version;
    if !wanted.allows(version) {
        let message = format!(
            "{path} is version {version} of the chart {name}, but `charts.{key}.version` is {wanted}"
        );
        return Err(Problem::new(message).with_help(format!(
            "set `charts.{key}.version: {version}`, or put version {wanted} in its place"
        )));
    }
    Ok(())
}

/// The documents of the `crds` folders.
fn crds(chart: &Chart) -> Result<Vec<Crd>, Problem> {
    let mut crds = Vec::new();
    for helm_chart::Crd { path, file: File { content, .. } } in chart.crds() {
        let bytes = content.read().map_err(|error| Problem::new(error.to_string()))?;
        let text = text(&path, bytes)?;
        for range in helm_chart::document_ranges(text) {
            let outline = outline::of(&path, text.get(range.clone()).unwrap_or_default())?;
            let document = Definitions { path: path.as_str().into(), text: Arc::clone(bytes), range };
            crds.push(Crd { path: path.clone(), document, outline });
        }
    }
    Ok(crds)
}

fn text<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| Problem::new(format!("{path} is no UTF-8: {error}")))
}

fn random(chart: &str, call: &RandomCall) -> Problem {
    let mut problem = Problem::new(format!(
        "{}:{}: the chart {chart} calls {}, whose result is another one in each render",
        call.path, call.line, call.function
    ));
    if !call.values.is_empty() {
        let key = charts::key(chart);
        let keys: Vec<_> = call.values.iter().map(|value| format!("`charts.{key}.values.{value}`")).collect();
        problem = problem.with_help(format!("set what it stands in for: {}", keys.join(" or ")));
    }
    problem
        .with_help("`inline.allowRandom: true` takes the random result, which then changes with every sync")
}
