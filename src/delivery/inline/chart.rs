//! One chart: loaded, checked, rendered.

use std::path::PathBuf;

use helm_chart::values::{self, Validation};
use helm_chart::{Chart, Limits, RandomCall};

use super::super::Surroundings;
use super::capabilities::Told;
use super::definition::Definition;
use super::document::Completion;
use super::find;
use super::outline;
use super::problem::Problem;
use crate::constructs::Release;
use crate::context::Context;
use crate::k8s::Object;

/// A chart that is the one the config asks for.
pub(super) struct Loaded<'a> {
    construct: &'static str,
    release: &'a Release,
    chart: Chart,
    path: PathBuf,
    /// What its CRDs define.
    pub(super) definitions: Vec<Definition>,
}

/// What a chart renders to.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) construct: &'static str,
    pub(super) objects: Vec<Object>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Loaded<'a> {
    pub(super) fn new(
        surroundings: &Surroundings,
        construct: &'static str,
        release: &'a Release,
    ) -> Result<Self, Problem> {
        let key = key(release.chart);
        let path = find::chart(surroundings, &key, release)?;
        let chart = Chart::load(&path).map_err(|error| {
            Problem::new(format!("the chart {} cannot be loaded: {error}", path.display()))
        })?;
        let (name, version) = (chart.name(), chart.metadata.version.as_str());
        if name != release.chart {
            let message = format!("{} is the chart {name}, not {}", path.display(), release.chart);
            return Err(Problem::new(message).with_help(format!("check `charts.{key}.path`")));
        }
        if version != release.source.version.as_str() {
            let wanted = &release.source.version;
            return Err(Problem::new(format!(
                "{} is version {version} of the chart {name}, but `charts.{key}.version` is {wanted}",
                path.display()
            ))
            .with_help(format!(
                "set `charts.{key}.version: {version}`, or put version {wanted} in its place"
            )));
        }
        let mut definitions = Vec::new();
        for crd in chart.crds() {
            let text = String::from_utf8_lossy(&crd.file.data);
            for document in helm_chart::split_documents(&text) {
                definitions.extend(outline::of(&crd.path, document)?.as_ref().and_then(Definition::of));
            }
        }
        Ok(Loaded { construct, release, chart, path, definitions })
    }

    pub(super) fn render(
        mut self,
        ctx: &Context,
        told: &Told,
        definitions: &[Definition],
    ) -> Result<Rendered, Problem> {
        let name = self.release.chart;
        let failed = |error: helm_chart::Error| {
            Problem::new(format!("the chart {name} ({}) cannot be rendered: {error}", self.path.display()))
        };
        let capabilities = told.with(definitions);
        let release = helm_chart::Release {
            name: self.release.source.release.to_string(),
            namespace: ctx.names.namespace().to_owned(),
            is_upgrade: false,
        };
        let user = values::from_json(&self.release.values);
        helm_chart::check_installable(&self.chart).map_err(failed)?;
        helm_chart::check_dependencies(&self.chart).map_err(failed)?;
        let computed = values::compute(&mut self.chart, &user, Validation::Deferred).map_err(failed)?;
        let mut warnings: Vec<_> = computed.warnings.iter().map(|text| format!("{name}: {text}")).collect();
        let (rendered, checked) = std::thread::scope(|scope| {
            let checks = (!computed.checks.is_empty()).then(|| scope.spawn(|| computed.checks.run()));
            let version = &capabilities.kube_version.version;
            let rendered = helm_chart::check_kube_version(&self.chart.metadata, version).and_then(|()| {
                helm_chart::render(&self.chart, &computed.values, &release, &capabilities, &Limits::default())
            });
            (rendered, checks.map(std::thread::ScopedJoinHandle::join))
        });
        if let Some(Ok(checked)) = checked {
            warnings.extend(checked.map_err(failed)?.into_iter().map(|text| format!("{name}: {text}")));
        }
        let rendered = rendered.map_err(failed)?;
        if !ctx.config.inline.allow_random
            && let Some(call) = rendered.random_calls.first()
        {
            return Err(random(name, call));
        }
        let completion = Completion { namespace: ctx.names.namespace(), definitions };
        let mut objects = Vec::new();
        for crd in &rendered.crds {
            let text = String::from_utf8_lossy(&crd.file.data);
            for document in helm_chart::split_documents(&text) {
                objects.extend(completion.objects(&crd.path, document)?);
            }
        }
        for manifest in &rendered.manifests.generic {
            objects.extend(completion.objects(&manifest.path, manifest.content())?);
        }
        let hooks = rendered.manifests.hooks.iter().filter(|hook| !hook.is_test());
        warnings.extend(hooks.map(|hook| {
            let events = hook.events.join(", ");
            format!("{name}: the {} hook of {} is left out: nothing runs it", events, hook.path)
        }));
        // The thread ends here, or the process.
        std::mem::forget((self.chart, rendered, computed.values));
        Ok(Rendered { construct: self.construct, objects, warnings })
    }
}

/// The key of a chart in the config.
fn key(chart: &str) -> String {
    let mut key = String::new();
    for (index, word) in chart.split('-').enumerate() {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if index > 0 => key.push(first.to_ascii_uppercase()),
            Some(first) => key.push(first),
            None => {}
        }
        key.push_str(chars.as_str());
    }
    key
}

fn random(chart: &str, call: &RandomCall) -> Problem {
    let mut problem = Problem::new(format!(
        "{}:{}: the chart {chart} calls {}, whose result is another one in each render",
        call.path, call.line, call.function
    ));
    if !call.values.is_empty() {
        let key = key(chart);
        let keys: Vec<_> = call.values.iter().map(|value| format!("`charts.{key}.values.{value}`")).collect();
        problem = problem.with_help(format!("set what it stands in for: {}", keys.join(" or ")));
    }
    problem
        .with_help("`inline.allowRandom: true` takes the random result, which then changes with every sync")
}
