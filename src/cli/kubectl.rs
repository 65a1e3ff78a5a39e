//! kubectl: which one, on which cluster. Asking it is bounded in time and in bytes.

use std::ffi::OsStr;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::Args;

/// Which cluster.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Kubectl {
    /// Context of kubectl
    #[arg(long)]
    context: Option<String>,
    /// Configuration file of kubectl
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Another program, for tests.
    #[arg(skip)]
    program: Option<PathBuf>,
}

/// The verbs of kubectl that only read, as far as they are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// `get`
    Get,
    /// `logs`
    Logs,
}

/// What kubectl said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Standard output.
    pub(super) stdout: Vec<u8>,
    /// Why it failed, if it did, in its own words.
    pub(super) failure: Option<String>,
}

/// What an answer may use up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Time that the server has for one request; kubectl itself has twice that.
    pub(super) timeout: Duration,
    /// Bytes of standard output.
    pub(super) bytes: u64,
}

/// Bytes of standard error that are kept.
const MESSAGES: u64 = 64 << 10;

impl Kubectl {
    /// kubectl with the flags that choose the cluster. The variable KUBECTL names another program.
    pub(super) fn command(&self) -> Command {
        let named = self.program.clone().map(Into::into).or_else(|| std::env::var_os("KUBECTL"));
        let mut kubectl = Command::new(named.unwrap_or_else(|| "kubectl".into()));
        if let Some(context) = &self.context {
            kubectl.arg("--context").arg(context);
        }
        if let Some(path) = &self.kubeconfig {
            kubectl.arg("--kubeconfig").arg(path);
        }
        kubectl
    }

    /// The same flags, for commands that a person is told to run.
    pub(super) fn shown(&self) -> String {
        let mut shown = "kubectl".to_owned();
        if let Some(context) = &self.context {
            shown.push_str(" --context ");
            shown.push_str(&super::shell::word(context));
        }
        if let Some(path) = &self.kubeconfig {
            shown.push_str(" --kubeconfig ");
            shown.push_str(&super::shell::word(&path.display().to_string()));
        }
        shown
    }

    /// Asks with a verb that only reads.
    ///
    /// # Errors
    ///
    /// When there is no kubectl to run. What the cluster refuses is in the answer.
    pub(super) fn ask(
        &self,
        verb: Reading,
        arguments: &[impl AsRef<OsStr>],
        bounds: Bounds,
    ) -> std::io::Result<Said> {
        let mut kubectl = self.command();
        kubectl.arg(match verb {
            Reading::Get => "get",
            Reading::Logs => "logs",
        });
        kubectl.args(arguments).arg(format!("--request-timeout={}s", bounds.timeout.as_secs().max(1)));
        let mut child = kubectl.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().map(|pipe| collect(pipe, bounds.bytes));
        let stderr = child.stderr.take().map(|pipe| collect(pipe, MESSAGES));
        let deadline = Instant::now() + bounds.timeout * 2;
        let left = || deadline.saturating_duration_since(Instant::now());
        // A plugin for credentials may hold the pipes open when kubectl is gone, so nobody waits for their end.
        let stdout = stdout.and_then(|pipe| pipe.recv_timeout(left()).ok());
        let failure = match stdout {
            None => Some(format!("no answer within {} s", bounds.timeout.as_secs() * 2)),
            Some(ref bytes) if bytes.len() as u64 > bounds.bytes => {
                Some(format!("the answer has more than {} MiB", bounds.bytes >> 20))
            }
            Some(_) => None,
        };
        if let Some(failure) = failure {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(Said { stdout: Vec::new(), failure: Some(failure) });
        }
        let status = wait(&mut child, deadline)?;
        let stderr = stderr.and_then(|pipe| pipe.recv_timeout(left()).ok()).unwrap_or_default();
        let failure = match status {
            Some(status) if status.success() => None,
            Some(status) => Some(words(&stderr).unwrap_or_else(|| status.to_string())),
            None => Some(format!("kubectl did not end within {} s", bounds.timeout.as_secs() * 2)),
        };
        Ok(Said { stdout: stdout.unwrap_or_default(), failure })
    }
}

/// Reads a pipe in a thread: one byte more than is allowed tells that it is too much.
fn collect(pipe: impl Read + Send + 'static, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let bytes = super::input::bounded(pipe, most).unwrap_or_default();
        let _ = sender.send(bytes);
    });
    receiver
}

/// Waits for the end of a process whose output has ended; kills it when it does not come.
fn wait(child: &mut std::process::Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The complaints of kubectl: the last lines that are no warnings and no log lines, on one line.
fn words(stderr: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(stderr);
    let complaint = |line: &&str| {
        let is_log =
            line.starts_with(['E', 'I', 'W']) && line.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        !line.is_empty() && !line.starts_with("Warning:") && !is_log
    };
    let lines: Vec<_> = text.lines().map(str::trim).filter(complaint).collect();
    let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default();
    (!last.is_empty()).then(|| last.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_lines_and_warnings_are_no_complaints() {
        let text =
            b"E1128 16:00:00.1 1 memcache.go:265] couldn't get list\nWarning: v1 Endpoints is deprecated\n\
            Error from server (Forbidden): pods is forbidden\n";
        assert_eq!(words(text).as_deref(), Some("Error from server (Forbidden): pods is forbidden"));
        assert_eq!(words(b"\n"), None);
    }

    #[cfg(unix)]
    fn asked(script: &str) -> Said {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("kubectl");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let kubectl = Kubectl { program: Some(program), ..Kubectl::default() };
        let bounds = Bounds { timeout: Duration::from_secs(1), bytes: 1 << 20 };
        kubectl.ask(Reading::Get, &["x"], bounds).unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn answers_and_refusals_are_told_apart() {
        let said = asked("echo $*");
        assert_eq!((said.stdout.as_slice(), said.failure), (&b"get x --request-timeout=1s\n"[..], None));
        assert_eq!(asked("echo no >&2; exit 1").failure.as_deref(), Some("no"));
        assert_eq!(asked("exit 3").failure.as_deref(), Some("exit status: 3"));
    }

    #[cfg(unix)]
    #[test]
    fn what_takes_too_long_or_says_too_much_is_given_up() {
        let before = Instant::now();
        for script in ["exec sleep 60", "sleep 60 & echo x", "exec >&-; exec sleep 60"] {
            assert!(asked(script).failure.is_some(), "{script}");
        }
        assert!(asked("exec yes").failure.is_some_and(|why| why.contains("more than 1 MiB")));
        assert!(before.elapsed() < Duration::from_secs(30));
    }
}
