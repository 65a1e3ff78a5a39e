//! `monstack completion`, and the completions that kubectl asks for.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, engine};

use super::{print, tell};

const EXAMPLES: &str = "\
Examples:
  source <(monstack completion bash)
  monstack completion zsh > \"${fpath[1]}/_monstack\"
  monstack completion fish > ~/.config/fish/completions/monstack.fish
  monstack completion --install-kubectl ~/.local/bin   # for `kubectl monstack`, into a folder of $PATH";

/// The name by which kubectl asks for completions.
const ASKED: &str = "kubectl_complete-monstack";

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[group(required = true, multiple = false)]
pub(super) struct Completion {
    /// Shell
    #[arg(value_enum)]
    shell: Option<Shell>,
    /// Put a link kubectl_complete-monstack to this program into a folder, so that kubectl completes its arguments
    #[arg(long, value_name = "DIR")]
    install_kubectl: Option<PathBuf>,
}

impl Completion {
    pub(super) fn run(&self, mut command: Command) -> anyhow::Result<ExitCode> {
        if let Some(shell) = self.shell {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "monstack", &mut script);
            print(&script)?;
        }
        self.install_kubectl.as_ref().map_or(Ok(ExitCode::SUCCESS), |folder| {
            let path = folder.join(ASKED);
            match link(&path) {
                Ok(()) => {
                    tell(&format!("monstack: wrote {}\n", path.display()));
                    Ok(ExitCode::SUCCESS)
                }
                Err(error) => {
                    tell(&format!("monstack: {}: {error}\n", path.display()));
                    Ok(ExitCode::FAILURE)
                }
            }
        })
    }
}

/// Makes a link to this program, in the place of an earlier one.
fn link(path: &std::path::Path) -> std::io::Result<()> {
    let program = std::env::current_exe()?;
    if path.is_symlink() {
        std::fs::remove_file(path)?;
    }
    #[cfg(unix)]
    return std::os::unix::fs::symlink(program, path);
    #[cfg(not(unix))]
    return std::fs::copy(program, path.with_extension("exe")).map(|_| ());
}

/// Answers kubectl: the words so far, the last of which is completed, become one candidate a line, with what it is
/// behind a tab, and a last line with a directive (spf13/cobra completions.go: 2 adds no space, 4 completes no files).
pub(super) fn answer(
    mut command: Command,
    words: impl Iterator<Item = OsString>,
) -> anyhow::Result<ExitCode> {
    let mut words: Vec<_> = std::iter::once(OsString::from("monstack")).chain(words).collect();
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let last = words.len() - 1;
    let folder = std::env::current_dir().ok();
    let candidates = engine::complete(&mut command, words, last, folder.as_deref()).unwrap_or_default();
    let mut text = String::new();
    let mut is_open = false;
    for candidate in candidates.iter().filter(|candidate| !candidate.is_hide_set()) {
        let value = candidate.get_value().to_string_lossy();
        is_open |= value.ends_with(['/', '=']);
        text.push_str(&value);
        if let Some(help) = candidate.get_help() {
            let help = help.to_string();
            text.push('\t');
            text.push_str(help.lines().next().unwrap_or_default());
        }
        text.push('\n');
    }
    text.push_str(if is_open { ":6\n" } else { ":4\n" });
    print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
