//! `pipelay plan`.

use std::path::PathBuf;

use pipelay::Keep;
use pipelay::cost::machine::{Visibility, visibility};
use pipelay::cost::report::report;
use pipelay::cost::show::show;
use pipelay::diagnostics::has_errors;

use super::session::Session;
use super::specs::targets;
use super::{Misuse, input, terminal};

/// Shows how long a run takes and what it costs, as written and as compiled
///
/// A time line has a row for each machine; a diamond marks what decides how long the run takes. The numbers rest on what was measured (`pipelay profile`), else on
/// `takes`, else on what is assumed, and it says which. `--format json` prints all of it, one object a spec: seconds, and US dollars.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay plan                       every spec of this repository
  pipelay plan ci.pipe --public      with the machines of a public repository
  pipelay plan --format json         all of it, for programs")]
pub(crate) struct Args {
    /// The specs; all of the repository without any
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The repository is public, whatever the spec says: standard machines are larger, and cost nothing
    #[arg(long)]
    public: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    let mut texts = Vec::new();
    for target in targets(&args.files)? {
        let Some(compilation) = input::compile(&target, Keep::All, session) else { continue };
        if !has_errors(&compilation.diags) && !compilation.plan.works.is_empty() {
            let visibility = if args.public { Visibility::Public } else { visibility(&compilation.plan) };
            let report = report(&compilation, visibility);
            texts.push(if session.human() { show(&report, session.terminal.drawing()) } else { report.json() + "\n" });
        }
        session.report_errors(compilation.diags, compilation.sources);
    }
    let between = if session.human() { "\n" } else { "" };
    terminal::out(&session.terminal.headings(&texts.join(between)));
    Ok(())
}
