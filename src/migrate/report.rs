//! What a migration did and did not do, as data.

use go_yaml::Position;

/// Where something of the original is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the source.
    pub source: usize,
    /// Line and column in it.
    pub position: Position,
}

/// What became of a part of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A key of the written config says the same.
    CarriedOver,
    /// The stack will be different there, and why.
    Differs,
    /// An object, a volume or a name of the running stack that cannot simply be taken over, and what to do.
    NotAdopted,
    /// A value that the written config does not have, since it is refused or must not be there.
    LeftOut,
}

/// One finding of a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What became of it.
    pub outcome: Outcome,
    /// Where the original says it; `None` for what the original program does without saying.
    pub place: Option<Place>,
    /// A key of the config or an object.
    pub subject: String,
    /// The value that was carried over, or what is different and why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether a value that was carried over is monstack's default, so that the config need not say it.
    pub is_default: bool,
}

/// Collects findings.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Item>);

impl Findings {
    /// Adds a finding, unless the same one is there.
    pub(super) fn add(
        &mut self,
        outcome: Outcome,
        place: Option<Place>,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Self {
        let (subject, message) = (subject.into(), message.into());
        let item = Item { outcome, place, subject, message, help: None, is_default: false };
        if self.0.last() != Some(&item) {
            self.0.push(item);
        }
        self
    }

    /// Adds what to do to the last finding.
    pub(super) fn help(&mut self, help: impl Into<String>) {
        if let Some(item) = self.0.last_mut() {
            item.help = Some(help.into());
        }
    }

    /// Says of the last finding that it is monstack's default.
    pub(super) fn mark_default(&mut self) {
        if let Some(item) = self.0.last_mut() {
            item.is_default = true;
        }
    }

    /// The findings by outcome, and of one outcome as they were found.
    pub(super) fn into_vec(mut self) -> Vec<Item> {
        self.0.sort_by_key(|item| item.outcome);
        self.0
    }
}
