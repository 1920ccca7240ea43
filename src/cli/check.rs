//! `pipelay check`.

use std::path::PathBuf;

use indexmap::IndexMap;
use pipelay::Keep;
use pipelay::diagnostics::codes::{e0803_out_of_date, e0804_cannot_write, e0806_merge_conflict};
use pipelay::diagnostics::has_errors;
use pipelay::pins::image::{Digest, Image, is_at_another};
use pipelay::workflow::header;

use super::gates::Gates;
use super::orphans::with_orphans;
use super::session::Session;
use super::specs::Target;
use super::staged::{self, BeforeCommit, staged};
use super::write::{Output, may_replace, same};
use super::{Misuse, diff, input, terminal};

/// Says whether the committed workflows are what their specs compile to
///
/// Writes nothing. What is out of date is shown as a unified diff on standard output, with the command that mends it; then the exit
/// code is 1. Without a FILE, every `.github/workflows/*.pipe` of the repository that the command is given in, and every workflow there that
/// pipelay wrote for a spec that is gone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay check
  pipelay check --format github    annotations on a pull request")]
pub(crate) struct Args {
    /// The specs
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    before_commit: BeforeCommit,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    let (targets, orphans) = if args.before_commit.staged { staged(session)? } else { with_orphans(&args.files)? };
    let mut gates = Gates::default();
    for target in &targets {
        let Some(compilation) = input::compile(target, Keep::Yaml, session) else { continue };
        gates.see(&target.path, &compilation);
        let failed = has_errors(&compilation.diags);
        session.report(compilation.diags, compilation.sources);
        if !failed && compilation.yaml.is_none() {
            session.status("Read", &format!("{}, which only defines something for others", target.path));
        }
        if let Some(yaml) = compilation.yaml.filter(|_| !failed) {
            compare(target, &yaml, &compilation.ledger.images, session);
        }
    }
    gates.tell(session);
    if args.before_commit.staged {
        staged::report(&targets, &orphans, session)?;
    }
    for orphan in orphans {
        orphan.report(session);
    }
    Ok(())
}

/// Compares what is there with what should be.
fn compare(target: &Target, yaml: &str, images: &IndexMap<Image, Option<Digest>>, session: &mut Session) {
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
    let conflict = diff::conflict(&old);
    let fields = if conflict.is_none() { diff::fields(&old, yaml) } else { Vec::new() };
    let locked = images.iter().filter_map(|(image, digest)| Some((image, digest.as_ref()?)));
    let images: Vec<String> =
        locked.filter(|(image, locked)| is_at_another(&old, image, &locked.digest)).map(|(image, _)| image.to_string()).collect();
    let line = conflict.unwrap_or_else(|| diff::first_difference(&old, yaml));
    session.say_at(&shown, old, line, |at| match conflict {
        Some(_) => e0806_merge_conflict::merge_conflict(&shown, &target.path, &command, at),
        None => e0803_out_of_date::out_of_date(&shown, &target.path, &command, at, &fields, &images),
    });
}
