//! The environment of a plugin's command.

use std::collections::BTreeMap;

use super::ENTRY;

/// Variables by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The Application's own entries (`spec.source.plugin.env`): their names without what ArgoCD puts before them, and
    /// their values.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(|(name, value)| Some((name.strip_prefix(ENTRY)?, value)))
    }

    /// Replaces `$NAME` and `${NAME}` by the variable, or by nothing if there is none; `$$` is a `$` (Go's `os.Expand`
    /// as argo-cd pkg/apis/application/v1alpha1/types.go uses it).
    #[must_use]
    pub fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            expanded.push_str(before);
            let (name, behind) = name(after);
            match name {
                Some("$") => expanded.push('$'),
                Some(name) => expanded.push_str(self.get(name).unwrap_or_default()),
                None => {}
            }
            rest = behind;
        }
        expanded + rest
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// The name of a variable behind a `$`, and what is behind it. Without a name, Go drops the `$`, or `${` where no `}`
/// follows, or `${}` (os/env.go, `getShellName`).
fn name(text: &str) -> (Option<&str>, &str) {
    if let Some(braced) = text.strip_prefix('{') {
        return match braced.split_once('}') {
            Some(("", behind)) => (None, behind),
            Some((name, behind)) => (Some(name), behind),
            None => (None, braced),
        };
    }
    let special = |c: char| matches!(c, '*' | '#' | '$' | '@' | '!' | '?' | '-' | '0'..='9');
    if let Some(first) = text.chars().next()
        && special(first)
    {
        return (text.get(..1), text.get(1..).unwrap_or_default());
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if end == 0 {
        // Go keeps a `$` before anything that cannot begin a name.
        return (Some("$"), text);
    }
    text.split_at_checked(end).map_or((None, text), |(name, behind)| (Some(name), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of Go 1.26 with argo-cd's `Envsubst`.
    #[test]
    fn variables_are_expanded_as_go_does() {
        let mut environment = Environment::default();
        environment.set("A", "1");
        environment.set("A_B", "2");
        for (text, expected) in [
            ("", ""),
            ("x", "x"),
            ("$A", "1"),
            ("$A_B-$A", "2-1"),
            ("${A}B", "1B"),
            ("$B|", "|"),
            ("$$A", "$A"),
            ("${$}", "$"),
            ("a$", "a$"),
            ("$ x", "$ x"),
            ("$-x", "x"),
            ("$1x", "x"),
            ("${}x", "x"),
            ("${A x", "A x"),
            ("$.x", "$.x"),
            ("$ä", "$ä"),
        ] {
            assert_eq!(environment.expand(text), expected, "{text}");
        }
    }

    #[test]
    fn entries_are_named_as_the_application_names_them() {
        let environment: Environment = [("ARGOCD_ENV_A", "1"), ("ARGOCD_APP_NAME", "x")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(environment.entries().collect::<Vec<_>>(), [("A", "1")]);
    }
}
