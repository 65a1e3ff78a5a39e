//! The keyword `pattern` without a costly regex engine.
//!
//! The engines that the validator brings analyse a pattern for fast searches in long texts, which for a
//! few names and quantities takes longer than all the rest of a run. `regex-lite` compiles the same
//! patterns in a fraction of that, and matches in linear time too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use regex_lite::Regex;
use serde_json::{Map, Value};

/// Compiled patterns; many keys share one.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<BTreeMap<String, Arc<Regex>>>);

struct Pattern(Arc<Regex>);

impl Patterns {
    /// The keyword of one pattern.
    pub(super) fn keyword<'a>(
        &self,
        _: &'a Map<String, Value>,
        pattern: &'a Value,
        _: Location,
    ) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
        let text = pattern.as_str().ok_or_else(|| ValidationError::schema("a pattern is a text"))?;
        let mut patterns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(regex) = patterns.get(text) {
            return Ok(Box::new(Pattern(Arc::clone(regex))));
        }
        let regex = Arc::new(Regex::new(text).map_err(|error| ValidationError::schema(error.to_string()))?);
        patterns.insert(text.to_owned(), Arc::clone(&regex));
        Ok(Box::new(Pattern(regex)))
    }
}

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom("the pattern does not match"))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.0.is_match(text))
    }
}
