//! `.helmignore`.

use super::glob;
use crate::error::Error;

/// The rules of a file and helm's own.
#[derive(Debug)]
pub(super) struct Rules(Vec<Rule>);

/// What a glob consists of: nearly all are names or endings, and each is compared with each file.
#[derive(Clone, Copy, Debug)]
enum Form {
    Literal,
    /// A star and a literal.
    Suffix,
    Glob,
}

#[derive(Debug)]
struct Rule {
    glob: String,
    form: Form,
    negated: bool,
    directories_only: bool,
    whole_path: bool,
}

impl Rules {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.split('\n') {
            rules.extend(Rule::parse(line)?);
        }
        rules.extend(Rule::parse("templates/.?*")?);
        Ok(Rules(rules))
    }

    /// Whether the file or directory at a path is left out.
    pub(super) fn ignores(&self, path: &str, is_directory: bool) -> bool {
        let base = path.rsplit('/').next().unwrap_or(path);
        for rule in &self.0 {
            let matched = rule.matches(if rule.whole_path { path } else { base });
            if rule.negated {
                // Helm's way: everything but what the rule names is ignored.
                if (rule.directories_only && !is_directory) || !matched {
                    return true;
                }
            } else if matched && (is_directory || !rule.directories_only) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Option<Self>, Error> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.contains("**") {
            return Err(Error::new("double-star (**) syntax is not supported"));
        }
        if !glob::is_valid(line) {
            return Err(Error::new("syntax error in pattern"));
        }
        let (negated, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (directories_only, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let (anchored, glob) = line.strip_prefix('/').map_or((false, line), |rest| (true, rest));
        let whole_path = anchored || glob.contains('/');
        let is_literal = |text: &str| !text.contains(['*', '?', '[', '\\']);
        let form = match glob.strip_prefix('*') {
            Some(rest) if is_literal(rest) => Form::Suffix,
            None if is_literal(glob) => Form::Literal,
            _ => Form::Glob,
        };
        Ok(Some(Rule { form, glob: glob.to_owned(), negated, directories_only, whole_path }))
    }

    /// Whether it fits a name: the whole path, or the last part of it.
    fn matches(&self, name: &str) -> bool {
        match self.form {
            Form::Literal => self.glob == name,
            Form::Suffix => name
                .strip_suffix(self.glob.get(1..).unwrap_or_default())
                .is_some_and(|rest| !self.whole_path || !rest.contains('/')),
            Form::Glob => glob::matches(&self.glob, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_helms() {
        for (rules, path, is_directory, expected) in [
            ("*.bak", "a/b.bak", false, true),
            ("/*.bak", "a/b.bak", false, false),
            ("/*.bak", "b.bak", false, true),
            ("a/b", "x/a/b", false, false),
            ("a/*.b", "a/x.b", false, true),
            ("/*b", "a/b", false, false),
            ("*", "a/b", false, true),
            ("docs/", "docs", true, true),
            ("docs/", "docs", false, false),
            ("# x\n\n  y  ", "y", false, true),
            ("!keep", "other", false, true),
            ("!keep", "keep", false, false),
            ("", "templates/.x", false, true),
            ("", "charts/a/templates/.x", false, false),
        ] {
            assert_eq!(
                Rules::parse(rules).unwrap().ignores(path, is_directory),
                expected,
                "{rules:?} and {path}"
            );
        }
        assert!(Rules::parse("a/**").is_err());
        assert!(Rules::parse("[").is_err());
    }
}
