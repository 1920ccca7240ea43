//! The verbs, one file each: its doc comment is its help, `Args` its options, `run` what it does.
//!
//! What is the same for all of them is here: the options that they share, and the exit code. 0: fine; 1: errors, or something is out of
//! date; 2: wrong use; 101: a bug of pipelay. Messages for people go to stderr, as cargo's do; those for machines (`--format json`,
//! `github`, `sarif`) to stdout, where nothing else is printed then. A new verb is a file, a `mod` line, an arm of [`Verb`] and the line that calls it.

mod ask;
mod attributes;
mod check;
mod compile;
mod completions;
mod diff;
mod explain;
mod facts;
mod fetch;
mod fmt;
mod gates;
mod git;
mod github;
mod graph;
mod history;
mod http;
mod import;
mod init;
mod input;
mod line;
mod lock;
mod man;
mod orphans;
mod panic;
mod past;
mod plan;
mod profile;
mod record;
mod registry;
mod remote;
mod revision;
mod session;
mod specs;
mod staged;
mod terminal;
mod watch;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use pipelay::diagnostics::render::Format;

use session::Session;
use terminal::Terminal;

/// Compiles compact `.pipe` specs into GitHub Actions workflows.
#[derive(Debug, Parser)]
#[command(name = "pipelay", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  pipelay init                     a first spec, made of what this repository has
  pipelay compile                  every .github/workflows/*.pipe of this repository
  pipelay compile ci.pipe --stdout one spec, its workflow on standard output
  pipelay check                    in CI: is what is committed up to date?
  pipelay explain E0101            what a message means
  pipelay explain ci.yml:87        where a line of a workflow comes from
  pipelay graph                    which job comes after which
  pipelay import ci.yml            a spec of a workflow that there is, proven to mean the same

Exit codes: 0 fine, 1 errors or out of date, 2 wrong use.";

/// The options of every verb.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// How messages are printed: for people on stderr, for machines on stdout
    #[arg(long, global = true, value_enum, default_value_t = Form::Human, value_name = "FORMAT")]
    format: Form,
    /// When to use colours; `auto` heeds `NO_COLOR`
    #[arg(long, global = true, value_enum, default_value_t = clap::ColorChoice::Auto, value_name = "WHEN")]
    color: clap::ColorChoice,
    /// Makes warnings fail the command
    #[arg(long, global = true, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Prints neither progress nor remarks
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Prints what is read
    #[arg(long, short, global = true)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Human,
    Json,
    Github,
    Sarif,
}

impl From<Form> for Format {
    fn from(form: Form) -> Self {
        match form {
            Form::Human => Self::Human,
            Form::Json => Self::Json,
            Form::Github => Self::Github,
            Form::Sarif => Self::Sarif,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Args),
    Compile(compile::Args),
    Check(check::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
    Graph(graph::Args),
    Import(import::Args),
    Lock(lock::Args),
    Plan(plan::Args),
    Profile(profile::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The command was not used as it is meant to be: said on stderr, exit code 2.
#[derive(Debug)]
struct Misuse {
    message: String,
    help: Option<String>,
}

impl Misuse {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

pub(crate) fn main() -> ExitCode {
    panic::install();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap knows which stream its text belongs to; a reader that went away is none of our business.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let global = cli.global;
    let mut session = Session::new(Terminal::new(global.color), &global);
    let done = match cli.verb {
        Verb::Init(args) => init::run(&args, &mut session),
        Verb::Compile(args) => compile::run(&args, &mut session),
        Verb::Check(args) => check::run(&args, &mut session),
        Verb::Fmt(args) => fmt::run(&args, &mut session),
        Verb::Explain(args) => explain::run(&args, &mut session),
        Verb::Graph(args) => graph::run(&args, &mut session),
        Verb::Import(args) => import::run(&args, &mut session),
        Verb::Lock(args) => lock::run(&args, &mut session),
        Verb::Plan(args) => plan::run(&args, &mut session),
        Verb::Profile(args) => profile::run(&args, &mut session),
        Verb::Completions(args) => {
            completions::run(&args);
            Ok(())
        }
        Verb::Man(args) => man::run(&args, &mut session),
    };
    match done {
        Ok(()) => session.finish(),
        Err(misuse) => {
            session.terminal.misuse(&misuse);
            ExitCode::from(2)
        }
    }
}
