//! The path of a key in the config.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a list, counted from 0.
    Item(usize),
}

/// The steps from the root of the config to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path of `key` in the mapping at this path.
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.child(Step::Key(key.into()))
    }

    /// The path of an item in the list at this path.
    pub fn item(&self, index: usize) -> Self {
        self.child(Step::Item(index))
    }

    /// Whether this path is `other` or inside it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// How many steps this path and `other` share from the root.
    pub fn shared_steps(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).take_while(|(one, two)| one == two).count()
    }

    /// The path that keys with dots between stand for; a dot in a key is written `\.`.
    ///
    /// # Errors
    ///
    /// What is wrong with the form.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(super::set::keys(text)?.into_iter().map(Step::Key).collect())
    }

    /// Its keys, without the places in lists.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) => None,
        })
    }

    /// Whether this is inside of a chart's values, which are Helm's.
    pub(super) fn is_in_chart_values(&self) -> bool {
        self.0.len() > 3 && self.is_at_chart_values()
    }

    /// Whether this is a chart's values, or inside of them.
    pub(super) fn is_at_chart_values(&self) -> bool {
        match self.0.as_slice() {
            [Step::Key(charts), Step::Key(_), Step::Key(values), ..] => {
                charts == "charts" && values == "values"
            }
            _ => false,
        }
    }

    /// This path and those of what is around it, but for the root.
    pub(crate) fn and_above(&self) -> impl Iterator<Item = Self> + '_ {
        (1..=self.0.len()).rev().map(|length| self.0.iter().take(length).cloned().collect())
    }

    fn child(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// Writes `tolerations[0].key`; a key with other characters than those of an identifier, or too long to be
/// read, is quoted and shortened.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) => {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(key) => write!(f, "[{}]", super::wording::quoted(key))?,
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= super::wording::LONGEST
        && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_like_code() {
        let root = Path::default();
        assert_eq!(root.to_string(), "");
        assert_eq!(root.key("tolerations").item(0).key("key").to_string(), "tolerations[0].key");
        assert_eq!(root.key("retention").key("metrics").key("5m").to_string(), "retention.metrics.5m");
        let long = root.key("a".repeat(100_000)).to_string();
        assert!(long.len() < 100 && long.ends_with("...\"]"), "{long}");
        assert_eq!(root.key("annotations").key("a.b/c").to_string(), "annotations[\"a.b/c\"]");
    }
}
