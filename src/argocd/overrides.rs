//! What an Application sets: config files and keys.

use std::collections::HashMap;

use super::environment::Environment;
use super::parameters::{self, Parameter};
use super::{CONFIG, ENTRY, OVERLAYS, PARAMETERS};
use crate::config::path::Path;
use crate::config::schema::View;
use crate::config::texts::{Text, TextKey, Texts};
use crate::config::{Diagnostic, Source, nearest, span_at_start};

/// What an Application sets.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The config file.
    pub config: Option<Chosen>,
    /// The files laid over it.
    pub overlays: Vec<Chosen>,
    /// Keys: of entries by their names, then of parameters.
    pub texts: Vec<Texts>,
    /// What each variable is used for.
    pub uses: Vec<Use>,
}

/// A config file and why it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its path in the Application's folder.
    pub file: String,
    /// The variable that names it, or that it is the default.
    pub by: String,
}

/// What a variable, or a part of one, is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The variable; for a parameter with its name behind.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it does, such as a key of the config.
    pub purpose: String,
}

impl Overrides {
    /// What the Application's entries and parameters set. What is wrong with them is in `texts`, to be reported
    /// together with what is wrong with the config.
    ///
    /// # Errors
    ///
    /// The embedded schema is ours, so there are none; the error is that of its parser.
    pub fn read(environment: &Environment) -> serde_json::Result<Self> {
        let mut overrides = Self::default();
        if environment.entries().next().is_some() {
            let keys = Keys::new(&View::new()?);
            for (name, value) in environment.entries() {
                overrides.entry(&keys, name, value);
            }
        }
        if let Some(text) = environment.get(PARAMETERS) {
            overrides.parameters(text);
        }
        Ok(overrides)
    }

    fn entry(&mut self, keys: &Keys, name: &str, value: &str) {
        let variable = format!("{ENTRY}{name}");
        let source = Source { name: variable.clone(), bytes: value.as_bytes().to_vec() };
        let folded = fold(name);
        if folded == CONFIG || folded == OVERLAYS {
            self.choose(&folded, listed(value), &variable, value);
            return;
        }
        let span = span_of(value);
        let path = match keys.0.get(&folded) {
            Some(path) => Ok(path.clone()),
            None if name.contains('.') => Path::parse(name),
            None => Err("no key of the config has this name".to_owned()),
        };
        let mut texts = Texts { source, keys: Vec::new(), problems: Vec::new() };
        match path {
            Ok(path) => {
                self.used(&variable, value, &path.to_string());
                texts.keys.push(TextKey { path, span, text: Text::One(value.to_owned(), span) });
            }
            Err(message) => {
                self.used(&variable, value, &format!("nothing: {message}"));
                let names = keys.0.values().map(entry_name);
                let names: Vec<_> = names.chain([CONFIG, OVERLAYS].map(str::to_uppercase)).collect();
                let help = match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => {
                        "an entry is named as a key is, as in REPLICAS_PROMETHEUS for `replicas.prometheus`"
                            .to_owned()
                    }
                };
                texts.problems.push(Diagnostic::of_source(0, Some(span), message).with_help(help));
            }
        }
        self.texts.push(texts);
    }

    fn parameters(&mut self, text: &str) {
        let (source, parameters, problems) = parameters::read(text);
        let mut texts = Texts { source, keys: Vec::new(), problems };
        for Parameter { name, span, text } in parameters {
            let variable = format!("{PARAMETERS} {name}");
            if name == CONFIG || name == OVERLAYS {
                self.choose(&name, files(&text), &variable, &shown(&text));
                continue;
            }
            match Path::parse(&name) {
                Ok(path) => {
                    self.used(&variable, &shown(&text), &path.to_string());
                    texts.keys.push(TextKey { path, span, text });
                }
                Err(message) => {
                    self.used(&variable, &shown(&text), &format!("nothing: {message}"));
                    texts.problems.push(Diagnostic::of_source(0, Some(span), message));
                }
            }
        }
        if !texts.keys.is_empty() || !texts.problems.is_empty() {
            self.texts.push(texts);
        }
    }

    /// Takes files. Those of a parameter come after those of an entry and replace them.
    fn choose(&mut self, which: &str, files: Vec<String>, by: &str, value: &str) {
        let mut chosen = files.into_iter().map(|file| Chosen { file, by: by.to_owned() });
        let purpose = if which == OVERLAYS {
            self.overlays = chosen.collect();
            "the overlays"
        } else {
            self.config = chosen.next();
            "the config file"
        };
        self.used(by, value, purpose);
    }

    fn used(&mut self, name: &str, value: &str, purpose: &str) {
        let (name, value, purpose) = (name.to_owned(), value.to_owned(), purpose.to_owned());
        self.uses.push(Use { name, value, purpose });
    }
}

/// The keys of the config by their names as entries.
struct Keys(HashMap<String, Path>);

impl Keys {
    fn new(view: &View) -> Self {
        Self(view.paths().into_iter().map(|path| (fold(&path.to_string()), path)).collect())
    }
}

/// A name without what differs between `replicas.thanosQuery`, `REPLICAS_THANOS_QUERY` and `REPLICAS_THANOSQUERY`.
fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The name of a key as people write an entry: `REPLICAS_THANOS_QUERY`.
fn entry_name(path: &Path) -> String {
    let mut name = String::new();
    for c in path.to_string().chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(if c == '.' { '_' } else { c.to_ascii_uppercase() });
    }
    name
}

fn files(text: &Text) -> Vec<String> {
    match text {
        Text::One(text, _) => listed(text),
        Text::List(items, _) => items.iter().map(|(file, _)| file.clone()).collect(),
        Text::Map(entries, _) => entries.iter().map(|(_, _, file, _)| file.clone()).collect(),
    }
}

/// Files with commas or spaces between.
fn listed(text: &str) -> Vec<String> {
    text.split([',', ' ', '\n']).filter(|file| !file.is_empty()).map(str::to_owned).collect()
}

/// A parameter's value in one line.
fn shown(text: &Text) -> String {
    match text {
        Text::One(text, _) => text.clone(),
        Text::List(items, _) => {
            format!("[{}]", items.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", "))
        }
        Text::Map(entries, _) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, _, value, _)| format!("{key}: {value}")).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A whole text of one line; of several, its first line.
fn span_of(text: &str) -> go_yaml::Span {
    let mut span = span_at_start();
    let line = text.split('\n').next().unwrap_or_default();
    span.end.offset = line.len();
    span.end.column = line.chars().count() + 1;
    span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load_with;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn problems(variables: &[(&str, &str)]) -> Vec<String> {
        let overrides = Overrides::read(&environment(variables)).unwrap();
        let source = Source { name: "monstack.yaml".to_owned(), bytes: b"{}".to_vec() };
        let report = load_with(vec![source], &overrides.texts, &[]).unwrap_err();
        let line = |diagnostic: &Diagnostic| {
            let source = &report.sources[diagnostic.source].name;
            let start = diagnostic.span.unwrap().start;
            let help = diagnostic.help.clone().unwrap_or_default();
            format!("{source}:{start}: {} ({help})", diagnostic.message)
        };
        report.diagnostics.iter().map(line).collect()
    }

    #[test]
    fn no_two_keys_have_one_name() {
        let view = View::new().unwrap();
        assert_eq!(Keys::new(&view).0.len(), view.paths().len());
        for reserved in [CONFIG, OVERLAYS] {
            assert!(!Keys::new(&view).0.contains_key(reserved));
        }
    }

    #[test]
    fn entries_and_parameters_set_keys_and_parameters_win() {
        let environment = environment(&[
            ("ARGOCD_ENV_REPLICAS_THANOS_QUERY", "4"),
            ("ARGOCD_ENV_replicas.grafana", "1"),
            ("ARGOCD_ENV_CLUSTER", "12"),
            ("ARGOCD_ENV_LOKI_SCHEMAFROM", "2025-01-01"),
            (
                PARAMETERS,
                r#"[{"name":"replicas.thanosQuery","string":"5"},{"name":"replicas","map":{"prometheus":"3"}},
                {"name":"images.pullSecrets","array":["a","b"]}]"#,
            ),
        ]);
        let overrides = Overrides::read(&environment).unwrap();
        let source = Source { name: "monstack.yaml".to_owned(), bytes: b"{}".to_vec() };
        let config = load_with(vec![source], &overrides.texts, &[]).unwrap().config;
        assert_eq!((config.replicas.thanos_query, config.replicas.prometheus), (5, 3));
        assert_eq!(config.cluster.as_str(), "12");
        assert_eq!(config.images.pull_secrets.len(), 2);
    }

    #[test]
    fn what_is_misspelt_or_wrong_is_told_with_its_place() {
        assert_eq!(
            problems(&[("ARGOCD_ENV_REPLICAS_PROMETHUES", "1")]),
            [
                "ARGOCD_ENV_REPLICAS_PROMETHUES:1:1: no key of the config has this name (did you mean REPLICAS_PROMETHEUS?)"
            ]
        );
        assert_eq!(
            problems(&[(PARAMETERS, r#"[{"name":"replicas.promethues","string":"1"}]"#)]),
            ["ARGOCD_APP_PARAMETERS:1:10: unknown key \"promethues\" (did you mean \"prometheus\"?)"]
        );
        assert_eq!(
            problems(&[
                ("ARGOCD_ENV_REPLICAS_PROMETHEUS", "two"),
                (PARAMETERS, r#"[{"name":"features.logs","string":"maybe"}]"#)
            ]),
            [
                "ARGOCD_ENV_REPLICAS_PROMETHEUS:1:1: expected a whole number from 1 to 20, found \"two\" ()",
                "ARGOCD_APP_PARAMETERS:1:35: expected true or false, found \"maybe\" ()",
            ]
        );
    }

    #[test]
    fn files_are_chosen_by_either_and_parameters_win() {
        let chosen = |variables: &[(&str, &str)]| {
            let overrides = Overrides::read(&environment(variables)).unwrap();
            let overlays: Vec<_> = overrides.overlays.into_iter().map(|chosen| chosen.file).collect();
            format!("{} {overlays:?}", overrides.config.map(|chosen| chosen.file).unwrap_or_default())
        };
        assert_eq!(chosen(&[("ARGOCD_ENV_OVERLAYS", "a.yaml, b.yaml")]), " [\"a.yaml\", \"b.yaml\"]");
        assert_eq!(
            chosen(&[
                ("ARGOCD_ENV_OVERLAYS", "a.yaml"),
                ("ARGOCD_ENV_CONFIG", "base.yaml"),
                (PARAMETERS, r#"[{"name":"overlays","array":["c.yaml"]}]"#)
            ]),
            "base.yaml [\"c.yaml\"]"
        );
        assert_eq!(chosen(&[("ARGOCD_ENV_OVERLAYS", "")]), " []");
    }
}
