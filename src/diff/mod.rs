//! What differs between two sets of rendered objects, object by object and field by field.
//!
//! Objects are the same when group, kind, namespace and name are; their version may change. Lists are compared by name
//! ([`fields`]), and what may lose data or be refused by a cluster is flagged ([`danger`]).

pub mod danger;
pub mod fields;
pub mod locate;
pub mod markdown;
mod secret;
pub mod text;
pub mod unified;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use self::danger::Danger;
use self::fields::Field;
use crate::k8s::{DEFINITION, Identity, Object};

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Created,
    /// Fields of it differ.
    Changed,
    /// It is gone.
    Deleted,
}

impl Action {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }
}

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Which object.
    #[serde(flatten)]
    pub identity: Identity,
    /// What happens to it.
    pub action: Action,
    /// The fields that differ, if it is changed.
    pub fields: Vec<Field>,
    /// What is dangerous about it.
    pub dangers: Vec<Danger>,
    /// The object before, if it was there.
    #[serde(skip)]
    pub old: Option<Value>,
    /// The object after, if it is still there.
    #[serde(skip)]
    pub new: Option<Value>,
}

impl Difference {
    /// The fields that are worth reading, and how many others there are: those that only repeat them, and the schemas of
    /// definitions, which change with each version by the hundred.
    fn worth_reading(&self) -> (Vec<&Field>, usize) {
        let is_schema = |field: &Field| self.identity.kind == DEFINITION && field.path.contains("].schema.");
        let worth: Vec<_> = self.fields.iter().filter(|field| !field.noise && !is_schema(field)).collect();
        let others = self.fields.len() - worth.len();
        (worth, others)
    }
}

/// How many objects differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// New objects.
    pub created: usize,
    /// Objects with fields that differ.
    pub changed: usize,
    /// Objects that are gone.
    pub deleted: usize,
    /// What is dangerous.
    pub dangers: usize,
}

impl Summary {
    /// Counts.
    #[must_use]
    pub fn of(differences: &[Difference]) -> Self {
        let mut summary = Self::default();
        for difference in differences {
            *match difference.action {
                Action::Created => &mut summary.created,
                Action::Changed => &mut summary.changed,
                Action::Deleted => &mut summary.deleted,
            } += 1;
            summary.dangers += difference.dangers.len();
        }
        summary
    }
}

/// Writes `1 created, 2 changed, 0 deleted`.
impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} created, {} changed, {} deleted", self.created, self.changed, self.deleted)?;
        match self.dangers {
            0 => Ok(()),
            1 => f.write_str("; 1 danger"),
            dangers => write!(f, "; {dangers} dangers"),
        }
    }
}

/// An object as it is compared.
pub trait Compared {
    /// Its identity.
    fn identity(&self) -> Identity;

    /// Whether it is surely the same as another one, as can be told at a glance.
    fn is_same(&self, other: &Self) -> bool;

    /// All of its fields.
    ///
    /// # Errors
    ///
    /// When what a chart rendered cannot be read.
    fn whole(&self) -> anyhow::Result<Cow<'_, Value>>;
}

impl Compared for &Object {
    fn identity(&self) -> Identity {
        Identity::of(&self.value)
    }

    fn is_same(&self, other: &Self) -> bool {
        // Most objects of charts are the same texts, and texts are compared much quicker than they are read.
        self == other
    }

    fn whole(&self) -> anyhow::Result<Cow<'_, Value>> {
        Object::whole(self)
    }
}

impl Compared for &Value {
    fn identity(&self) -> Identity {
        Identity::of(self)
    }

    fn is_same(&self, other: &Self) -> bool {
        self == other
    }

    fn whole(&self) -> anyhow::Result<Cow<'_, Value>> {
        Ok(Cow::Borrowed(self))
    }
}

/// Compares two sets of objects: those of the new set in its order, and then those that are gone.
///
/// # Errors
///
/// When what a chart rendered cannot be read.
pub fn compare<T: Compared>(old: &[T], new: &[T]) -> anyhow::Result<Vec<Difference>> {
    let identities: HashMap<Identity, usize> =
        old.iter().enumerate().map(|(index, object)| (object.identity(), index)).collect();
    let mut kept = HashSet::new();
    let mut differences = Vec::new();
    for object in new {
        let identity = object.identity();
        match identities.get(&identity) {
            Some(&index) => {
                kept.insert(index);
                if let Some(before) = old.get(index)
                    && !before.is_same(object)
                {
                    let (before, after) = (before.whole()?.into_owned(), object.whole()?.into_owned());
                    differences.extend(changed(identity, before, after));
                }
            }
            None => {
                differences.push(one(identity, Action::Created, None, Some(object.whole()?.into_owned())))
            }
        }
    }
    for (_, object) in old.iter().enumerate().filter(|(index, _)| !kept.contains(index)) {
        differences.push(one(object.identity(), Action::Deleted, Some(object.whole()?.into_owned()), None));
    }
    Ok(differences)
}

fn changed(identity: Identity, mut old: Value, mut new: Value) -> Option<Difference> {
    secret::hide(&identity, Some(&mut old), Some(&mut new));
    let fields = fields::compare(&old, &new);
    if fields.is_empty() {
        return None;
    }
    let mut difference = one(identity, Action::Changed, Some(old), Some(new));
    difference.dangers = danger::of_changes(&difference.identity, &fields);
    difference.fields = fields;
    Some(difference)
}

fn one(identity: Identity, action: Action, mut old: Option<Value>, mut new: Option<Value>) -> Difference {
    let dangers = match (action, &old, &new) {
        (Action::Deleted, Some(old), _) => danger::of_deletion(&identity, old),
        (Action::Created, _, Some(new)) => danger::of_creation(&identity, new),
        _ => Vec::new(),
    };
    if action != Action::Changed {
        secret::hide(&identity, old.as_mut(), new.as_mut());
    }
    Difference { identity, action, fields: Vec::new(), dangers, old, new }
}
