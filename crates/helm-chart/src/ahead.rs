//! Reading and parsing templates on two threads, from when a chart is loaded on.

use std::collections::HashMap;
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
pub(crate) fn parse(templates: Vec<Template>, ahead: Option<&Ahead>) -> Result<Vec<File>, Error> {
    let begun = ahead.and_then(Ahead::take);
    let known: HashMap<&str, usize> = match &begun {
        Some(begun) => begun.paths().collect(),
        None => HashMap::new(),
    };
    // Where each template is parsed: among those begun, or among the rest.
    let mut places = Vec::with_capacity(templates.len());
    let mut rest = Vec::new();
    for template in templates {
        let place = known.get(template.path.as_str()).copied();
        let is_begun =
            |place: &usize| begun.as_ref().is_some_and(|begun| begun.is_at(*place, &template.content));
        places.push(place.filter(is_begun).ok_or(rest.len()));
        if places.last().is_some_and(Result::is_err) {
            rest.push(template);
        }
    }
    drop(known);
    let background = ahead.map(Ahead::background).filter(|_| rest.len() > FEW);
    let rest = Shared::begin(rest, background);
    if let Some(begun) = &begun {
        begun.work();
    }
    rest.work();
    let mut begun = begun.map(Shared::finish).unwrap_or_default();
    let mut rest = rest.finish();
    let file = |place| match place {
        Ok(place) => begun.get_mut(place).and_then(Option::take),
        Err(place) => rest.get_mut(place).and_then(Option::take),
    };
    let lost = || Err(Error::new("a template was not parsed"));
    places.into_iter().map(file).map(|file| file.unwrap_or_else(lost)).collect()
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

    fn paths(&self) -> impl Iterator<Item = (&str, usize)> {
        self.queue.templates.iter().map(|template| template.path.as_str()).zip(0..)
    }

    fn is_at(&self, place: usize, content: &Content) -> bool {
        self.queue.templates.get(place).is_some_and(|template| template.content.is(content))
    }

    fn work(&self) {
        self.queue.work(&self.sender);
    }

    /// What has become of the templates, when the other thread is ready too.
    fn finish(self) -> Vec<Option<Parsed>> {
        let Shared { queue, sender, done } = self;
        drop(sender);
        let mut files: Vec<_> = queue.templates.iter().map(|_| None).collect();
        for (place, parsed) in done {
            if let Some(file) = files.get_mut(place) {
                *file = Some(parsed);
            }
        }
        files
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}
