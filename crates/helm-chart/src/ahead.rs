//! Reading and parsing templates on two threads, from when a chart is loaded on.
//!
//! The second thread parses the templates that are executed last first. Whoever needs one that is not parsed yet
//! parses it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use go_template::File;
use memchr::memmem;

use crate::background::Background;
use crate::content::Content;
use crate::engine;
use crate::error::Error;
use crate::functions;

/// Templates that are parsed before a thread has started.
const FEW: usize = 8;

/// The thread of a chart, and the templates that it has begun to parse. Which charts below are enabled is known only
/// once values are computed.
pub(crate) struct Ahead {
    background: Background,
    begun: Mutex<Vec<Arc<Template>>>,
}

/// A template: its path, which messages name, its text, and what has become of it.
pub(crate) struct Template {
    path: String,
    content: Content,
    parsed: OnceLock<Result<Arc<File>, Error>>,
}

impl Template {
    /// A template that is not parsed yet.
    pub(crate) fn new(path: String, content: Content) -> Self {
        Template { path, content, parsed: OnceLock::new() }
    }

    /// Parses it, unless a thread has, or waits for the one that does.
    ///
    /// # Errors
    ///
    /// When it cannot be read or parsed.
    pub(crate) fn parse(&self) -> Result<&Arc<File>, &Error> {
        let parse = || {
            let text = self.content.read()?;
            go_template::parse(&self.path, text.clone(), &functions::TABLE)
                .map(Arc::new)
                .map_err(|error| engine::parse_error(&self.path, &error.to_string()))
        };
        self.parsed.get_or_init(parse).as_ref()
    }

    /// Whether it defines templates beside itself.
    pub(crate) fn defines(&self) -> bool {
        // What cannot be read fails where it is parsed.
        self.content.read().is_ok_and(|text| defines(text))
    }
}

/// Whether the file at a path is only called.
pub(crate) fn is_partial(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

/// Whether an action begins with `define` or `block`.
fn defines(text: &[u8]) -> bool {
    [&b"define"[..], b"block"].iter().any(|word| {
        memmem::find_iter(text, word).any(|place| {
            let before = text.get(..place).unwrap_or_default().trim_ascii_end();
            before.ends_with(b"{{") || before.ends_with(b"{{-")
        })
    })
}

impl Ahead {
    /// Begins with the templates of a chart and of those below it. Of the latter only partials are parsed: the others
    /// may not be needed, but reading them costs little.
    pub(crate) fn begin(background: Background, templates: impl Iterator<Item = Template>) -> Self {
        let (mut begun, others): (Vec<_>, Vec<_>) =
            templates.map(Arc::new).partition(|template| is_partial(&template.path));
        // The first thread executes others as soon as it has the partials, and knows that the others are none.
        parse(&background, begun.clone());
        read(&background, others.clone());
        let own: Vec<_> = others.into_iter().filter(|template| !template.path.contains("/charts/")).collect();
        parse(&background, own.clone());
        begun.extend(own);
        Ahead { background, begun: Mutex::new(begun) }
    }

    /// The thread.
    pub(crate) fn background(&self) -> &Background {
        &self.background
    }

    fn begun(&self) -> Vec<Arc<Template>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps templates for the next render of the same chart.
    fn keep(&self, templates: &[Arc<Template>]) {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(templates);
    }
}

/// Templates by their paths and texts, in the order in which they are executed, of which the second thread parses
/// those that it has not begun with. Charts may share a path; the text tells which one is meant.
pub(crate) fn templates<'a>(
    all: impl Iterator<Item = (&'a str, &'a Content)>,
    ahead: Option<&Ahead>,
) -> Vec<Arc<Template>> {
    let begun = ahead.map(Ahead::begun).unwrap_or_default();
    let begun: HashMap<&str, &Arc<Template>> =
        begun.iter().map(|template| (template.path.as_str(), template)).collect();
    let mut rest = Vec::new();
    let templates = all.map(|(path, content)| match begun.get(path) {
        Some(begun) if begun.content.is(content) => Arc::clone(begun),
        _ => {
            let template = Arc::new(Template::new(path.to_owned(), content.clone()));
            rest.push(Arc::clone(&template));
            template
        }
    });
    let templates = templates.collect();
    if let Some(ahead) = ahead {
        ahead.keep(&rest);
    }
    if let Some(ahead) = ahead.filter(|_| rest.len() > FEW) {
        rest.reverse();
        parse(&ahead.background, rest);
    }
    templates
}

fn read(background: &Background, templates: Vec<Arc<Template>>) {
    background.run(move || {
        for template in templates {
            let _ = template.content.read();
        }
    });
}

fn parse(background: &Background, templates: Vec<Arc<Template>>) {
    background.run(move || {
        for template in templates {
            // Whoever executes it says that it cannot be parsed.
            let _ = template.parse();
        }
    });
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_define_templates_are_known() {
        for text in [
            "{{define \"x\"}}{{end}}",
            "a {{- define \"x\"}}{{end}}",
            "{{-\n\tblock \"x\" .}}{{end}}",
            "{{ \r\ndefine",
        ] {
            assert!(defines(text.as_bytes()), "{text}");
        }
        for text in ["", "define", "is undefined {{ . }}", "{{ .block }} block", "{{ $define := 1 }}"] {
            assert!(!defines(text.as_bytes()), "{text}");
        }
    }
}
