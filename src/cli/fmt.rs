//! `pipelay fmt`.

use std::path::PathBuf;

use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;
use pipelay::diagnostics::{Outcome, has_errors, merge};
use pipelay::source::{Source, Sources};

use super::input::{self, Text};
use super::session::Session;
use super::specs::targets;
use super::write::replace;
use super::{Misuse, diff, terminal};

/// Formats specs
///
/// Files are rewritten in place; `-` reads standard input and writes standard output. A file with errors is left as it is. Without a
/// FILE, every `.github/workflows/*.pipe` of the repository that the command is given in.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay fmt
  pipelay fmt --check              in CI: shows what would change, exit code 1
  pipelay fmt - < ci.pipe")]
pub(crate) struct Args {
    /// The specs, or `-` for standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Writes nothing: shows what would change, and exits with 1 if anything would
    #[arg(long)]
    check: bool,
}

/// The one place that knows the formatter: the formatted text, or none where the file has errors.
fn format(source: &Source) -> Outcome<Option<String>> {
    pipelay::syntax::format(source)
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if args.files.iter().any(|file| file.as_os_str() == "-") {
        if args.files.len() > 1 {
            return Err(Misuse::new("standard input cannot be formatted together with files"));
        }
        return stdin(args.check, session);
    }
    for target in targets(&args.files)? {
        let text = match input::read(&target.file, &target.path) {
            Ok(text) => text,
            Err(diag) => {
                session.say(diag);
                continue;
            }
        };
        let old = text.text.clone();
        let Some(new) = formatted(text, &target.path, session) else { continue };
        if new == old {
            session.detail("Unchanged", &target.path);
        } else if args.check {
            show(&target.path, &old, &new, session);
        } else {
            match replace(&target.file, &new) {
                Ok(()) => session.status("Formatted", &target.path),
                Err(error) => session.say(cannot_write(&target.path, &input::why(error.kind(), &error))),
            }
        }
    }
    Ok(())
}

fn stdin(check: bool, session: &mut Session) -> Result<(), Misuse> {
    if !check && !session.human() {
        return Err(Misuse::new("messages for machines and the formatted text cannot both go to standard output"));
    }
    match input::read_from(std::io::stdin().lock(), "<stdin>") {
        Ok(text) => {
            let old = text.text.clone();
            match formatted(text, "<stdin>", session) {
                Some(new) if check && new != old => show("<stdin>", &old, &new, session),
                Some(new) if !check => terminal::out(&new),
                _ => {}
            }
        }
        Err(diag) => session.say(diag),
    }
    Ok(())
}

/// The formatted text; none where there are errors, which the session is told.
fn formatted(read: Text, name: &str, session: &mut Session) -> Option<String> {
    let mut sources = Sources::new();
    let index = sources.add(name, read.text);
    let Outcome { value, mut diags } = format(sources.get(index));
    diags.extend(read.faults);
    let failed = has_errors(&diags);
    session.report(merge(diags), sources);
    value.filter(|_| !failed)
}

/// Says that a file is not formatted, and what would change.
fn show(name: &str, old: &str, new: &str, session: &mut Session) {
    session.stale();
    session.status("Would format", name);
    if session.human() {
        terminal::out(&session.terminal.diff(&diff::unified(name, old, new)));
    }
}
