//! `monstack diff --live`: the comparison is the server's, by a dry run, and its presentation ours.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use clap::ValueEnum as _;

use super::folders::OUTPUT;
use super::{Diff, FAILED, fail};
use crate::cli::program::DIFF_FOLDERS;
use crate::{stack, stream};

impl Diff {
    /// Lets kubectl compare the stack with the cluster.
    pub(super) fn live(&self, config: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
        let side = match self.side(config) {
            Ok(side) => side,
            Err(code) => return Ok(code),
        };
        let stack = match stack::render(&side.loaded.config, &side.surroundings, |_| true) {
            Ok(stack) => stack,
            Err(error) => return Ok(fail(&format!("{error:#}"))),
        };
        let objects = stream::yaml(stack.objects.iter().map(|object| &object.object));
        let folder = tempfile::tempdir()?;
        // kubectl splits the command at spaces, which our own path may have.
        let program = folder.path().join(DIFF_FOLDERS);
        #[cfg(unix)]
        std::os::unix::fs::symlink(std::env::current_exe()?, &program)?;
        #[cfg(not(unix))]
        std::fs::copy(std::env::current_exe()?, &program).map(|_| ())?;
        let mut kubectl = self.kubectl.command();
        kubectl.arg("diff");
        if !self.client_side {
            kubectl.args(["--server-side", "--force-conflicts"]);
        }
        let format =
            self.output.to_possible_value().map_or("text".to_owned(), |value| value.get_name().to_owned());
        kubectl
            .args(["-f", "-"])
            .env("KUBECTL_EXTERNAL_DIFF", &program)
            .env(OUTPUT, format)
            .stdin(Stdio::piped());
        let mut child = match kubectl.spawn() {
            Ok(child) => child,
            Err(error) => {
                let help = "help: --live needs kubectl on the path, or the variable KUBECTL";
                return Ok(fail(&format!("kubectl: {error}\n  {help}")));
            }
        };
        if let Some(mut stdin) = child.stdin.take() {
            // When kubectl ends before it has read all of it, it says why.
            let _ = stdin.write_all(&objects);
        }
        let code = child.wait()?.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED);
        Ok(ExitCode::from(code))
    }
}
