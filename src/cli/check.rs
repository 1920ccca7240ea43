//! `pipelay check`.

use std::path::PathBuf;

use pipelay::diagnostics::codes::{e0803_out_of_date, e0804_cannot_write};
use pipelay::diagnostics::has_errors;
use pipelay::source::Sources;
use pipelay::workflow::header;

use super::session::Session;
use super::specs::{Target, targets};
use super::write::{Output, may_replace, same};
use super::{Misuse, diff, input, terminal};

/// Says whether the committed workflows are what their specs compile to
///
/// Writes nothing. What is out of date is shown as a unified diff on standard output, with the command that mends it; then the exit
/// code is 1. Without a FILE, every `.github/workflows/*.pipe` of the repository that the command is given in.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay check
  pipelay check --format github    annotations on a pull request")]
pub(crate) struct Args {
    /// The specs
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    for target in targets(&args.files)? {
        let Some(compilation) = input::compile(&target, session) else { continue };
        let failed = has_errors(&compilation.diags);
        session.report(compilation.diags, compilation.sources);
        if !failed && compilation.hir.is_library() {
            session.status("Read", &format!("{}, which only defines something for others", target.path));
        }
        if let Some(yaml) = compilation.yaml.filter(|_| !failed) {
            compare(&target, &yaml, session);
        }
    }
    Ok(())
}

/// Compares what is there with what should be.
fn compare(target: &Target, yaml: &str, session: &mut Session) {
    let (shown, file) = (target.output(), target.root.join(target.output()));
    let command = header::command(&target.path);
    let old = match std::fs::read(&file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return session.say(e0803_out_of_date::missing_output(&shown, &target.path, &command));
        }
        Err(error) => return session.say(e0804_cannot_write::cannot_write(&shown, &input::why(error.kind(), &error))),
    };
    if same(&old, yaml) {
        return session.status("Checked", &format!("{} -> {shown}", target.path));
    }
    let output = Output { root: &target.root, spec: &target.path, file: &file, shown: &shown, text: yaml };
    if let Err(diag) = may_replace(&old, &output) {
        return session.say(diag);
    }
    if session.human() {
        terminal::out(&session.terminal.diff(&diff::unified(&shown, &old, yaml)));
    }
    let line = diff::first_difference(&old, yaml);
    let mut sources = Sources::new();
    let index = sources.add(shown.as_str(), old);
    let source = sources.get(index);
    let text = &source.text()[source.line_range(line)];
    let start = source.line_range(line).start as u32;
    let at = pipelay::source::Span::new(start, start + text.trim_end().len() as u32);
    session.report(vec![e0803_out_of_date::out_of_date(&shown, &target.path, &command, at)], sources);
}
