//! The command line: one module a verb. Nothing outside of it prints, reads files or knows exit codes.

mod argocd;
mod chart;
mod charts;
mod completion;
mod diff;
mod doctor;
mod explain;
mod graph;
mod images;
mod init;
mod input;
mod kubectl;
mod list;
mod man;
mod migrate;
mod output_dir;
mod program;
mod render;
mod report;
mod resources;
mod schema;
mod shell;
mod surroundings;
mod table;
mod validate;
mod version;
mod whole;

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use serde::Serialize;

use self::program::Program;

/// Wrong usage, as clap exits too.
const USAGE: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  cat config.yaml | monstack render | kubectl apply --server-side -f -
  monstack render -f base.yaml -f production.yaml --set replicas.thanosQuery=3
  monstack validate config.yaml

Exit codes:
  0  done
  1  the config is invalid or cannot be rendered
  2  wrong usage";

/// Renders a production-grade Kubernetes monitoring stack from one short config.
#[derive(Debug, Parser)]
#[command(name = "monstack", version, after_help = EXAMPLES, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Render(render::Render),
    Validate(validate::Validate),
    List(list::List),
    Diff(Box<diff::Diff>),
    #[command(hide = true)]
    DiffFolders(diff::DiffFolders),
    Explain(explain::Explain),
    Doctor(Box<doctor::Doctor>),
    Images(images::Images),
    Resources(resources::Resources),
    Graph(graph::Graph),
    Init(init::Init),
    #[command(name = "argocd")]
    ArgoCd(argocd::ArgoCd),
    Migrate(migrate::Migrate),
    Chart(Box<chart::ChartCommand>),
    Charts(Box<charts::ChartsCommand>),
    Schema(schema::Schema),
    Completion(completion::Completion),
    Man(man::Man),
    Version(version::Version),
}

/// Runs the command with its arguments, the first of which is its name.
///
/// # Errors
///
/// What has nothing to do with the config or the usage, such as a full disk or a closed pipe. Problems of
/// the config and of usage are reported and told by the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let mut arguments = arguments.into_iter().peekable();
    let program = Program::of(arguments.peek());
    if program == Program::Completion {
        return completion::answer(command(program), arguments.skip(1));
    }
    let parsed = match program {
        Program::DiffFolders => {
            command(program).try_get_matches_from(diff::DiffFolders::arguments(arguments.skip(1)))
        }
        _ => command(program).try_get_matches_from(arguments),
    };
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(USAGE);
            error.print()?;
            return Ok(ExitCode::from(code));
        }
    };
    match cli.verb {
        Verb::Render(verb) => verb.run(),
        Verb::Validate(verb) => verb.run(),
        Verb::List(verb) => verb.run(),
        Verb::Diff(verb) => verb.run(),
        Verb::DiffFolders(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Doctor(verb) => verb.run(),
        Verb::Images(verb) => verb.run(),
        Verb::Resources(verb) => verb.run(),
        Verb::Graph(verb) => verb.run(),
        Verb::Init(verb) => verb.run(),
        Verb::ArgoCd(verb) => verb.run(),
        Verb::Migrate(verb) => verb.run(),
        Verb::Chart(verb) => verb.run(),
        Verb::Charts(verb) => verb.run(),
        Verb::Schema(verb) => verb.run(),
        Verb::Completion(verb) => verb.run(command(Program::Own)),
        Verb::Man(verb) => verb.run(command(Program::Own)),
        Verb::Version(verb) => verb.run(),
    }
}

/// The command line of the program by one of its names.
fn command(program: Program) -> Command {
    program.name(Cli::command())
}

/// Whether a closed pipe is anywhere in the chain of causes.
#[must_use]
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a whole result to standard output: all of it, or an error.
fn print(bytes: &[u8]) -> anyhow::Result<()> {
    print_with(|stdout| stdout.write_all(bytes))
}

/// The same for a result in pieces.
fn print_with<T>(write: impl FnOnce(&mut Stdout) -> std::io::Result<T>) -> anyhow::Result<T> {
    let mut stdout = BufWriter::with_capacity(BUFFER, std::io::stdout().lock());
    let result = write(&mut stdout).and_then(|result| stdout.flush().map(|()| result));
    result.context("cannot write to standard output")
}

/// Writes a result as JSON.
fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(format!("{}\n", serde_json::to_string_pretty(value)?).as_bytes())
}

/// Standard output for many small pieces.
type Stdout = BufWriter<std::io::StdoutLock<'static>>;

const BUFFER: usize = 64 << 10;

/// Writes a message to standard error. When that fails there is nobody left to tell.
fn tell(message: &str) {
    let _ = std::io::stderr().lock().write_all(message.as_bytes());
}
