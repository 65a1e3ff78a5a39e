//! The command `monstack`.

use std::io::Write;
use std::process::ExitCode;

/// The allocator of musl takes twice as long as others.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match monstack::cli::run(std::env::args_os()) {
        Ok(code) => code,
        // Whoever reads us, such as `head`, has read enough. That is no failure of ours, and a message
        // about it would only be in the way.
        Err(error) if monstack::cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // With nowhere to write to, the exit code has to say it all.
            let _ = writeln!(std::io::stderr(), "monstack: {error:#}");
            ExitCode::FAILURE
        }
    }
}
