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
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // With nowhere to write to, the exit code has to say it all.
            let _ = writeln!(std::io::stderr(), "monstack: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether a closed pipe is anywhere in the chain of causes.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
