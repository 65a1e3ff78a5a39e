//! Why an execution failed, and where.

use std::fmt;

use crate::templates::Template;

/// The message of a failed execution, as Go prints it: `template: F:L:C: executing "F" at <EXPR>: CAUSE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecError(String);

impl ExecError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        ExecError(message.into())
    }

    /// `ErrorContext`: the line counts from 1, the column from 0, in bytes.
    pub(crate) fn at(template: &Template, at: usize, expression: &str, message: &str) -> Self {
        let before = &template.file.tree.text()[..at.min(template.file.tree.text().len())];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
        ExecError(format!(
            "template: {}:{line}:{column}: executing {} at <{expression}>: {message}",
            template.file.name,
            go_fmt::quote(&template.name),
        ))
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ExecError {}
