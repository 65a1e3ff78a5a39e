//! Where the config comes from: files, standard input, `--set`.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{USAGE, report, shell, tell};
use crate::config::diagnostic::{Diagnostic, Report, Source};
use crate::config::{Loaded, MAX_BYTES, STDIN, load, set};

const TERMINAL_HINT: &str = "\
monstack: no config: standard input is a terminal
  help: name a file (`monstack render config.yaml`), or pipe one in (`cat config.yaml | monstack render`)
  help: `monstack init` writes a config to begin with
";

/// The config.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// Config file; `-` or nothing reads standard input
    #[arg(value_name = "CONFIG")]
    config: Option<PathBuf>,
    /// Another config file, laid over the ones before it: maps merge, null removes a key
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Set one key, after all files; the value is YAML, a dot in a key is written `\.`
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = assignment)]
    sets: Vec<String>,
}

/// What there is to load.
enum Texts {
    Read(Vec<Source>),
    /// Standard input is a terminal, and nothing was named.
    Terminal,
    Unreadable(Report),
}

impl Input {
    /// The config of another command line.
    pub(super) fn of(config: Option<PathBuf>, files: Vec<PathBuf>, sets: Vec<String>) -> Self {
        Self { config, files, sets }
    }

    /// Loads the config, or reports why it cannot be loaded.
    pub(super) fn load(&self) -> Result<Loaded, ExitCode> {
        self.load_for("nothing was rendered")
    }

    /// Loads the config for something that does not happen if that fails.
    pub(super) fn load_for(&self, consequence: &str) -> Result<Loaded, ExitCode> {
        reported(self.load_texts(self.read())?, consequence)
    }

    /// The folder of the first config file; for standard input the current one.
    pub(super) fn folder(&self) -> PathBuf {
        let first = self.config.iter().chain(&self.files).find(|path| path.as_os_str() != "-");
        first.and_then(|path| path.parent()).map(Path::to_owned).unwrap_or_default()
    }

    /// How the command line names the config, for other commands on it.
    pub(super) fn arguments(&self) -> String {
        let named = |path: &PathBuf| path.as_os_str() != "-";
        let word = |path: &PathBuf| shell::word(&path.display().to_string());
        let config = self.config.iter().filter(|path| named(path)).map(word);
        let files = self.files.iter().filter(|path| named(path)).map(|path| format!("-f {}", word(path)));
        let mut all: Vec<_> = config.chain(files).collect();
        if all.is_empty() {
            all.push("CONFIG".to_owned());
        }
        all.extend(self.sets.iter().map(|set| format!("--set {}", shell::word(set))));
        all.join(" ")
    }

    /// Loads the config. Only wrong usage is reported here.
    pub(super) fn load_unreported(&self) -> Result<Result<Loaded, Box<Report>>, ExitCode> {
        self.load_texts(self.read())
    }

    /// Loads the config, or the default config where none is given.
    pub(super) fn load_or_default(&self) -> Result<Loaded, ExitCode> {
        self.load_or_default_for("nothing was listed")
    }

    /// The same for something that does not happen if that fails.
    pub(super) fn load_or_default_for(&self, consequence: &str) -> Result<Loaded, ExitCode> {
        let unnamed = self.config.is_none() && self.files.is_empty();
        let texts = match self.read() {
            Texts::Read(sources) if unnamed && sources.iter().all(|source| source.bytes.is_empty()) => {
                default_config()
            }
            Texts::Terminal => default_config(),
            texts => texts,
        };
        reported(self.load_texts(texts)?, consequence)
    }

    fn load_texts(&self, texts: Texts) -> Result<Result<Loaded, Box<Report>>, ExitCode> {
        match texts {
            Texts::Read(sources) => Ok(load(sources, &self.sets)),
            Texts::Unreadable(report) => Ok(Err(Box::new(report))),
            Texts::Terminal => {
                tell(TERMINAL_HINT);
                Err(ExitCode::from(USAGE))
            }
        }
    }

    fn read(&self) -> Texts {
        let mut sources = Vec::new();
        let mut problems = Vec::new();
        let named: Vec<_> = self.config.iter().chain(&self.files).collect();
        if named.is_empty() && std::io::stdin().is_terminal() {
            return Texts::Terminal;
        }
        let stdin = PathBuf::from("-");
        let mut stdin_was_read = false;
        for path in if named.is_empty() { vec![&stdin] } else { named } {
            let is_stdin = path.as_os_str() == "-";
            let name = if is_stdin { STDIN.to_owned() } else { path.display().to_string() };
            if is_stdin && std::mem::replace(&mut stdin_was_read, true) {
                let message = "standard input is named twice, but can be read only once";
                problems.push(Diagnostic::of_source(sources.len(), None, message));
            }
            let read = if is_stdin { bounded(std::io::stdin().lock(), MAX_BYTES as u64) } else { file(path) };
            let bytes = read.unwrap_or_else(|error| {
                problems.push(unreadable(sources.len(), path, &error));
                Vec::new()
            });
            sources.push(Source { name, bytes });
        }
        if problems.is_empty() {
            Texts::Read(sources)
        } else {
            Texts::Unreadable(Report::new(sources, problems))
        }
    }
}

fn default_config() -> Texts {
    Texts::Read(vec![Source { name: STDIN.to_owned(), bytes: b"{}".to_vec() }])
}

fn reported(loaded: Result<Loaded, Box<Report>>, consequence: &str) -> Result<Loaded, ExitCode> {
    loaded.map_err(|report| {
        tell(&report::failure(&report, consequence));
        ExitCode::FAILURE
    })
}

/// A config file; of one that is too long a byte more than it may have.
pub(super) fn file(path: &Path) -> std::io::Result<Vec<u8>> {
    bounded(File::open(path)?, MAX_BYTES as u64)
}

/// Reads up to one byte more than is allowed, which is enough to tell that it is too much.
pub(super) fn bounded(reader: impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(source: usize, path: &Path, error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::IsADirectory {
        let diagnostic = Diagnostic::of_source(source, None, "this is a directory, not a config file");
        let inside = ["config.yaml", "monstack.yaml"]
            .map(|name| path.join(name))
            .into_iter()
            .find(|path| path.is_file());
        return match inside {
            Some(inside) => diagnostic.with_help(format!("did you mean {}?", inside.display())),
            None => diagnostic,
        };
    }
    Diagnostic::of_source(source, None, format!("cannot be read: {error}"))
}

pub(super) fn assignment(argument: &str) -> Result<String, String> {
    set::check_form(argument).map(|()| argument.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn other_commands_are_about_the_same_config() {
        let sets = vec!["cluster=a b".to_owned()];
        let input = Input::of(Some("base.yaml".into()), vec!["my file.yaml".into()], sets);
        assert_eq!(input.arguments(), "base.yaml -f 'my file.yaml' --set 'cluster=a b'");
        assert_eq!(Input::of(None, Vec::new(), Vec::new()).arguments(), "CONFIG");
    }
}
