//! What Helm makes of the errors of templates.

use crate::Error;
use crate::functions::{CHART_ERROR_BEGIN, CHART_ERROR_END};

/// `template: F:L: MSG` as `parse error at (F:L): MSG`: of the message, only what follows the last colon.
pub(crate) fn parse(path: &str, message: &str) -> Error {
    // `cleanupParseError`
    let parts: Vec<_> = message.split(": ").collect();
    match parts.as_slice() {
        [_] => Error::new(format!("parse error in ({path}): {message}")),
        [_, location, .., cause] => Error::new(format!("parse error at ({location}): {cause}")),
        _ => Error::new(format!("parse error in ({path}): {message}")),
    }
}

/// A message that the chart wrote is shown with its place alone, not with the trace to it.
pub(super) fn execution(message: &str) -> Error {
    // `cleanupExecError`
    let mut parts = message.splitn(3, ": ");
    if let (Some(_), Some(location), Some(rest)) = (parts.next(), parts.next(), parts.next())
        && let Some(begin) = rest.find(CHART_ERROR_BEGIN)
        && let Some(end) = rest.rfind(CHART_ERROR_END)
        && let Some(own) = rest.get(begin + CHART_ERROR_BEGIN.len()..end)
    {
        return Error::new(format!("execution error at ({location}): {own}"));
    }
    Error::new(message)
}
