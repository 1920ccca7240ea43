//! `pipelay plan`.

use std::path::PathBuf;

use clap::ValueEnum;
use pipelay::cost::event::Event;
use pipelay::cost::machine::{Visibility, visibility};
use pipelay::cost::report::{Report, report, report_of_all};
use pipelay::cost::show::show;
use pipelay::diagnostics::codes::e0822_unheard_event::unheard_event;
use pipelay::diagnostics::codes::w0353_shards_of_rows;
use pipelay::diagnostics::{Diag, Severity, nearest};
use pipelay::{Compilation, Keep};

use super::session::Session;
use super::specs::targets;
use super::{Misuse, input, past, terminal};

/// Shows how long a run takes and what it costs, as written and as compiled
///
/// A time line has a row for each machine; a diamond marks what decides how long the run takes. The numbers rest on what was measured (`pipelay profile`), else on
/// `takes`, else on what is assumed, and it says which. `--format json` prints all of it, one object a spec: seconds, and US dollars.
///
/// `--diff` compares each spec with what it and all that it reads were at a revision, both with the measurements of today: so what differs comes from the spec. `--event` shows the runs
/// of one event: conditions that it decides hold or do not, others as often as in all runs that were measured.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay plan                       every spec of this repository
  pipelay plan ci.pipe --public      with the machines of a public repository
  pipelay plan --event pull_request  what pull requests wait for and cost
  pipelay plan --diff HEAD           what is not committed yet changes
  pipelay plan --diff HEAD^ --as markdown >> \"$GITHUB_STEP_SUMMARY\"
                                     in the run of a pull request: what it changes
  pipelay plan --format json         all of it, for programs")]
pub(crate) struct Args {
    /// The specs; all of the repository without any
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The repository is public, whatever the spec says: standard machines are larger, and cost nothing
    #[arg(long)]
    pub(crate) public: bool,
    /// The runs of that event alone
    #[arg(long, value_name = "EVENT")]
    pub(crate) event: Option<String>,
    /// Compares with a commit, a branch or a tag
    #[arg(long, value_name = "REV")]
    pub(crate) diff: Option<String>,
    /// What to print a comparison as: for terminals, or for comments on GitHub
    #[arg(long = "as", value_enum, default_value_t = As::Text, value_name = "FORM", requires = "diff")]
    pub(crate) form: As,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    Text,
    Markdown,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if let Some(revision) = &args.diff {
        return past::run(args, revision, session);
    }
    let (mut texts, mut deaf) = (Vec::new(), Vec::new());
    for target in targets(&args.files)? {
        let Some(compilation) = input::compile(&target, Keep::All, session) else { continue };
        if compilation.is_planned() && !compilation.plan.works.is_empty() {
            let made = match args.event {
                None => Ok(report_of_all(&compilation, paid_by(&compilation, args))),
                Some(_) => reported(&compilation, args),
            };
            match made {
                Ok(report) if session.human() => texts.push(show(&report, session.terminal.drawing())),
                Ok(report) => texts.push(report.json() + "\n"),
                Err(diag) => deaf.push(diag),
            }
        }
        let Compilation { mut diags, sources, .. } = compilation;
        // What is not chosen is part of what is shown.
        diags.retain(|diag| diag.severity() == Severity::Error || diag.code.id == w0353_shards_of_rows::CODE.id);
        session.report(diags, sources);
    }
    if !args.files.is_empty() || texts.is_empty() {
        deaf.into_iter().for_each(|diag| session.say(diag));
    }
    print(&texts, session);
    Ok(())
}

/// The texts of several specs.
pub(crate) fn print(texts: &[String], session: &Session) {
    let between = if session.human() { "\n" } else { "" };
    terminal::out(&session.terminal.headings(&texts.join(between)));
}

/// What is to be expected of a spec without errors; an error where the event that is asked for starts none of its runs.
pub(crate) fn reported(compilation: &Compilation, args: &Args) -> Result<Report, Diag> {
    let pipeline = &compilation.plan.pipeline;
    let event = match &args.event {
        None => Event::default(),
        Some(name) => Event::of(pipeline, name).ok_or_else(|| {
            let mut events: Vec<&str> = pipeline.triggers.iter().map(|trigger| trigger.event.as_str()).collect();
            events.dedup();
            unheard_event(&pipeline.path, name, &events, nearest(name, events.iter().copied()))
        })?,
    };
    Ok(report(compilation, paid_by(compilation, args), &event))
}

/// Whose prices are meant.
fn paid_by(compilation: &Compilation, args: &Args) -> Visibility {
    if args.public { Visibility::Public } else { visibility(&compilation.plan) }
}
