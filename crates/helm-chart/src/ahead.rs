//! Reading and parsing templates on two threads, from when a chart is loaded on.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use go_template::File;

use crate::background::Background;
use crate::content::Content;
use crate::engine;
use crate::error::Error;
use crate::functions;

/// Templates that are parsed before a thread has started.
const FEW: usize = 8;

/// The thread of a chart, and the templates that it has begun with: those of the chart itself. Which charts below
/// are enabled is known only once values are computed.
pub(crate) struct Ahead {
    background: Background,
    begun: Mutex<Option<Shared>>,
}

/// A template: its path, which messages name, and its text.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) path: String,
    pub(crate) content: Content,
}

type Parsed = Result<File, Error>;

impl Ahead {
    /// Begins with some templates.
    pub(crate) fn begin(templates: Vec<Template>) -> Self {
        let background = Background::start();
        let shared = Shared::begin(templates, Some(&background));
        Ahead { background, begun: Mutex::new(Some(shared)) }
    }

    /// The thread.
    pub(crate) fn background(&self) -> &Background {
        &self.background
    }

    fn take(&self) -> Option<Shared> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Parses templates.
///
/// # Errors
///
/// That of the first template that has one.
pub(crate) fn parse(templates: &[Template], ahead: Option<&Ahead>) -> Result<Vec<File>, Error> {
    let begun = ahead.and_then(Ahead::take);
    let known: HashMap<&str, &Content> = begun.iter().flat_map(Shared::templates).collect();
    let is_begun = |template: &&Template| {
        known.get(template.path.as_str()).is_some_and(|begun| begun.is(&template.content))
    };
    let rest: Vec<_> = templates.iter().filter(|template| !is_begun(template)).cloned().collect();
    drop(known);
    let background = ahead.map(Ahead::background).filter(|_| rest.len() > FEW);
    let rest = Shared::begin(rest, background);
    if let Some(begun) = &begun {
        begun.work();
    }
    rest.work();
    let mut files = begun.map(Shared::finish).unwrap_or_default();
    files.extend(rest.finish());
    let lost = || Err(Error::new("a template was not parsed"));
    templates.iter().map(|template| files.remove(&template.path).unwrap_or_else(lost)).collect()
}

/// Templates that two threads parse: each takes the next one until there is none.
struct Shared {
    queue: Arc<Queue>,
    sender: Sender<(usize, Parsed)>,
    done: Receiver<(usize, Parsed)>,
}

struct Queue {
    templates: Vec<Template>,
    next: AtomicUsize,
}

impl Queue {
    fn work(&self, done: &Sender<(usize, Parsed)>) {
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(Template { path, content }) = self.templates.get(place) else { return };
            let parsed = content.read().and_then(|text| {
                go_template::parse(path, text.clone(), &functions::TABLE)
                    .map_err(|error| engine::parse_error(path, &error.to_string()))
            });
            // Nobody waits for it if the render has failed.
            let _ = done.send((place, parsed));
        }
    }
}

impl Shared {
    fn begin(templates: Vec<Template>, background: Option<&Background>) -> Self {
        let queue = Arc::new(Queue { templates, next: AtomicUsize::new(0) });
        let (sender, done) = mpsc::channel();
        if let Some(background) = background {
            let (queue, sender) = (Arc::clone(&queue), sender.clone());
            background.run(move || queue.work(&sender));
        }
        Shared { queue, sender, done }
    }

    fn templates(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.queue.templates.iter().map(|template| (template.path.as_str(), &template.content))
    }

    fn work(&self) {
        self.queue.work(&self.sender);
    }

    /// What has become of the templates by their paths, when the other thread is ready too. An archive may hold a
    /// path twice; the later one counts.
    fn finish(self) -> HashMap<String, Parsed> {
        let Shared { queue, sender, done } = self;
        drop(sender);
        let by_place: BTreeMap<usize, Parsed> = done.into_iter().collect();
        let path = |place: usize| queue.templates.get(place).map(|template| template.path.clone());
        by_place.into_iter().filter_map(|(place, parsed)| Some((path(place)?, parsed))).collect()
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}
