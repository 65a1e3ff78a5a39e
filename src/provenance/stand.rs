//! Rendering a config with other values of its keys.

use serde::Serialize;

use super::threads::{THREADS, in_threads};
use super::{Trials, is_about};
use crate::config::path::Path;
use crate::config::{Config, Delivery, Source, load};
use crate::delivery::Surroundings;
use crate::delivery::inline::{Only, Workshop};
use crate::diff::{self, Action, Difference};
use crate::k8s::{Identity, Object};
use crate::stack::{self, Stack, StackObject};

/// A config, what it renders to, and where.
#[derive(Debug)]
pub struct Stand {
    /// Its files.
    pub files: Vec<Source>,
    /// Its arguments of `--set`.
    pub sets: Vec<String>,
    /// The config.
    pub config: Config,
    /// Its keys.
    pub trials: Trials,
    /// What it renders to.
    pub stack: Stack,
    /// Where charts are.
    pub surroundings: Surroundings,
    /// Whether objects of charts are part of the stack, whatever brings them to the cluster.
    pub is_whole: bool,
}

/// A field that a key drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driven {
    /// The key.
    pub key: String,
    /// The object, as `Kind namespace/name`.
    pub object: String,
    /// The field.
    pub field: String,
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The construct of the object.
    pub construct: &'a str,
    /// The object.
    pub identity: &'a Identity,
    /// The template of a chart that made it, if one did.
    pub template: Option<&'a str>,
    /// The field, if it is not the whole object.
    pub field: Option<&'a str>,
}

impl Stand {
    /// A config that was loaded from files and arguments.
    ///
    /// # Errors
    ///
    /// When it cannot be rendered.
    pub fn new(
        config: Config,
        files: Vec<Source>,
        sets: Vec<String>,
        surroundings: Surroundings,
    ) -> anyhow::Result<Self> {
        let stack = stack::render(&config, &surroundings, |_| true)?;
        let trials = Trials::new(config.clone())?;
        Ok(Self { files, sets, config, trials, stack, surroundings, is_whole: false })
    }

    /// The same with the objects that charts bring to the cluster, instead of what brings them.
    ///
    /// # Errors
    ///
    /// When a chart is not at hand or cannot be rendered.
    pub fn whole(mut self) -> anyhow::Result<Self> {
        self.config.delivery = Delivery::Inline;
        self.is_whole = true;
        self.stack = stack::render(&self.config, &self.surroundings, |_| true)?;
        Ok(self)
    }

    /// The fields that keys drive, for each key; nothing for one that cannot have another value with this config. If
    /// something is asked about, only what is about it.
    ///
    /// # Errors
    ///
    /// When an object that a chart rendered cannot be read.
    pub fn driven(
        &self,
        keys: &[Path],
        asked: Option<Asked<'_>>,
    ) -> anyhow::Result<Vec<Option<Vec<Driven>>>> {
        let one_of = |first: usize| -> anyhow::Result<Vec<_>> {
            let only =
                asked.and_then(|asked| Some(Only { identity: asked.identity, template: asked.template? }));
            let mut bench = Bench { stand: self, workshop: Workshop::new(&self.surroundings, only)?, asked };
            if keys.get(first).is_some() && !bench.begin()? {
                // Other templates have changed what this one sees: they have to be rendered too.
                bench.workshop = Workshop::new(&self.surroundings, None)?;
                bench.begin()?;
            }
            keys.iter().skip(first).step_by(THREADS).map(|key| bench.driven(key)).collect()
        };
        let mut results: Vec<_> = in_threads(one_of)?.into_iter().map(Vec::into_iter).collect();
        Ok((0..keys.len()).filter_map(|index| results.get_mut(index % THREADS)?.next()).collect())
    }

    /// The object of a name: `Kind/name` or `Kind/namespace/name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&StackObject> {
        let matches = |object: &&StackObject| {
            let identity = Identity::of(&object.object.value);
            let short = format!("{}/{}", identity.kind, identity.name);
            let long = format!("{}/{}/{}", identity.kind, identity.namespace, identity.name);
            [short, long].iter().any(|one| one.eq_ignore_ascii_case(name))
        };
        self.stack.objects.iter().find(matches)
    }
}

/// What one thread tries keys with.
struct Bench<'s> {
    stand: &'s Stand,
    workshop: Workshop<'s>,
    asked: Option<Asked<'s>>,
}

impl Bench<'_> {
    fn is_selected(&self, construct: &str) -> bool {
        self.asked.is_none_or(|asked| asked.construct == construct)
    }

    /// Whether an object is asked about.
    fn is_asked(&self, object: &StackObject) -> bool {
        self.is_selected(object.construct)
            && self.asked.is_none_or(|asked| *asked.identity == Identity::of(&object.object.value))
    }

    /// Renders the config as it is: what is the same later is not rendered again. Says whether what is asked about is
    /// rendered as it has to be.
    fn begin(&self) -> anyhow::Result<bool> {
        let stack = stack::render_again(&self.stand.config, &self.workshop, |name| self.is_selected(name))?;
        Ok(self.objects(&self.stand.stack) == self.objects(&stack))
    }

    fn driven(&self, key: &Path) -> anyhow::Result<Option<Vec<Driven>>> {
        let stand = self.stand;
        let load = |set: &str| {
            let sets: Vec<_> = stand.sets.iter().cloned().chain([set.to_owned()]).collect();
            load(stand.files.clone(), &sets).ok().map(|loaded| loaded.config)
        };
        let mut all: Option<Vec<Driven>> = None;
        for mut other in stand.trials.others(key, load) {
            if stand.is_whole {
                other.delivery = Delivery::Inline;
            }
            let Ok(stack) = stack::render_again(&other, &self.workshop, |name| self.is_selected(name)) else {
                continue;
            };
            let known = all.get_or_insert_default();
            for one in self.differences(key, &stack)? {
                if !known.contains(&one) {
                    known.push(one);
                }
            }
        }
        // What several trials tell of an object stands together, in the order of the first.
        if let Some(known) = &mut all {
            let order: Vec<_> = known.iter().map(|one| one.object.clone()).collect();
            known.sort_by_key(|one| order.iter().position(|object| *object == one.object));
        }
        Ok(all)
    }

    /// What another stack has otherwise.
    fn differences(&self, key: &Path, stack: &Stack) -> anyhow::Result<Vec<Driven>> {
        let stand = self.stand;
        let differences = diff::compare(&self.objects(&stand.stack), &self.objects(stack))?;
        // A new name is an object that is gone and one that is new: it is the first that is asked about.
        let is_renamed = differences.iter().any(|difference| difference.action == Action::Deleted);
        let told =
            differences.iter().filter(|difference| !is_renamed || difference.action != Action::Created);
        let driven = told.flat_map(|difference| fields(key, difference));
        let is_about = |one: &Driven| {
            self.asked.and_then(|asked| asked.field).is_none_or(|field| is_about(&one.field, field))
        };
        Ok(driven.filter(is_about).collect())
    }

    fn objects<'a>(&self, stack: &'a Stack) -> Vec<&'a Object> {
        stack.objects.iter().filter(|object| self.is_asked(object)).map(|object| &object.object).collect()
    }
}

fn fields(key: &Path, difference: &Difference) -> Vec<Driven> {
    let one = |field: String| Driven { key: key.to_string(), object: difference.identity.to_string(), field };
    match difference.action {
        Action::Changed => difference.fields.iter().map(|field| one(field.path.clone())).collect(),
        Action::Created => vec![one("(whether it is there)".to_owned())],
        Action::Deleted => vec![one("(whether it is there, or its name)".to_owned())],
    }
}
