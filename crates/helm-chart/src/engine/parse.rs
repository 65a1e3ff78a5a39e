//! Reading and parsing the templates of a chart, on two threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use go_template::{File, FunctionNames};

use super::error;
use crate::Error;
use crate::content::Content;

/// Templates that are read and parsed before a thread has started.
const FEW: usize = 8;

/// Parses texts, each with its path.
///
/// # Errors
///
/// That of the first text that has one.
pub(super) fn all(texts: &[(&str, &Content)], functions: &FunctionNames) -> Result<Vec<File>, Error> {
    if texts.len() <= FEW {
        return texts.iter().map(|text| one(text, functions)).collect();
    }
    let next = AtomicUsize::new(0);
    // Each thread takes the next text until there is none.
    let work = || {
        let take = || {
            let index = next.fetch_add(1, Ordering::Relaxed);
            texts.get(index).map(|text| (index, one(text, functions)))
        };
        std::iter::from_fn(take).collect::<Vec<_>>()
    };
    let mut files = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut files = work();
        files.extend(other.join().unwrap_or_default());
        files
    });
    files.sort_unstable_by_key(|(index, _)| *index);
    files.into_iter().map(|(_, file)| file).collect()
}

fn one((path, content): &(&str, &Content), functions: &FunctionNames) -> Result<File, Error> {
    let text = content.read()?.clone();
    go_template::parse(path, text, functions).map_err(|error| error::parse(path, &error.to_string()))
}
