//! The names that the program is called by: `monstack`, `kubectl monstack`, and what kubectl asks for completions.

use std::ffi::OsString;
use std::path::Path;

use clap::Command;

/// How the program is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// `monstack`
    Own,
    /// `kubectl monstack`, by the name `kubectl-monstack` (kubernetes/kubectl pkg/cmd/plugin).
    Plugin,
    /// By the name `kubectl_complete-monstack`, for completions (kubernetes/kubectl pkg/cmd/plugin/plugin_completion.go).
    Completion,
    /// By the name that `kubectl diff` is given: some of its versions pass no arguments but two folders.
    DiffFolders,
}

/// The name of the program for `kubectl diff`.
pub(super) const DIFF_FOLDERS: &str = "monstack-diff-folders";

impl Program {
    /// By the name of the file, which is the first argument.
    pub(super) fn of(argument: Option<&OsString>) -> Self {
        let name = argument.and_then(|path| Path::new(path).file_stem()).map(|name| name.to_string_lossy());
        match name.as_deref() {
            Some(DIFF_FOLDERS) => Self::DiffFolders,
            Some(name) if name.starts_with("kubectl_complete-") => Self::Completion,
            Some(name) if name.starts_with("kubectl-") => Self::Plugin,
            _ => Self::Own,
        }
    }

    /// The command line, with help that speaks of the program by its name.
    pub(super) fn name(self, command: Command) -> Command {
        match self {
            Self::Own | Self::DiffFolders => command,
            Self::Plugin | Self::Completion => renamed(command.bin_name("kubectl monstack")),
        }
    }
}

/// Names the program as kubectl does in all examples.
fn renamed(command: Command) -> Command {
    let help = command.get_after_help().map(|help| named(&help.to_string()));
    let command = match help {
        Some(help) => command.after_help(help),
        None => command,
    };
    command.mut_subcommands(renamed)
}

/// Commands begin a line, or stand behind a pipe, a parenthesis or a quote.
fn named(help: &str) -> String {
    let mut text = String::new();
    let mut rest = help;
    while let Some(at) = rest.find("monstack ") {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let begins = before.trim_end_matches(' ');
        if begins.is_empty() || begins.ends_with(['\n', '|', '(', '`']) {
            text.push_str("kubectl ");
        }
        let (word, behind) = after.split_at("monstack ".len());
        text.push_str(word);
        rest = behind;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_decides() {
        for (path, program) in [
            ("monstack", Program::Own),
            ("/usr/local/bin/monstack", Program::Own),
            ("/home/a/.krew/bin/kubectl-monstack", Program::Plugin),
            ("kubectl-monstack.exe", Program::Plugin),
            ("kubectl_complete-monstack", Program::Completion),
            ("/tmp/x/monstack-diff-folders", Program::DiffFolders),
        ] {
            assert_eq!(Program::of(Some(&OsString::from(path))), program, "{path}");
        }
        assert_eq!(Program::of(None), Program::Own);
    }

    #[test]
    fn commands_are_renamed_and_prose_is_not() {
        assert_eq!(
            named(
                "Examples:\n  monstack render\n  cat x | monstack render\n  (monstack list)\nfor monstack itself, `monstack x`"
            ),
            "Examples:\n  kubectl monstack render\n  cat x | kubectl monstack render\n  (kubectl monstack list)\nfor monstack itself, `kubectl monstack x`"
        );
    }
}
