//! `pipelay import`.

use std::path::{Path, PathBuf};

use pipelay::Spec;
use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;
use pipelay::diagnostics::{Diag, has_errors};
use pipelay::import::{Import, draft, import};
use pipelay::source::Source;
use pipelay::workflow::header;

use super::facts::facts;
use super::session::Session;
use super::specs::{Target, WORKFLOWS, repository};
use super::write::replace;
use super::{Misuse, input, terminal};

/// Makes specs of workflows
///
/// `ci.yml` becomes `ci.pipe` beside it. The spec is compiled before it is written, and its output compared with the workflow: where the two would not mean
/// the same, nothing is written, and the key is named. From then on the workflow is generated: `pipelay compile` may replace it. Without a FILE, every
/// workflow of the repository that the command is given in.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay import .github/workflows/ci.yml
  pipelay import                   all of .github/workflows
  pipelay import ci.yml --stdout")]
pub(crate) struct Args {
    /// The workflows, or directories of them
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// Prints the specs instead of writing them
    #[arg(long)]
    stdout: bool,
    /// Replaces specs that are there already
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if args.stdout && !session.human() {
        return Err(Misuse::new("messages for machines and the specs cannot both go to standard output"));
    }
    let own = repository().join(WORKFLOWS);
    let named = if args.files.is_empty() { vec![own.clone()] } else { args.files.clone() };
    let of = |path: &PathBuf| if path.is_dir() || *path == own { workflows_in(path) } else { vec![path.clone()] };
    let files: Vec<PathBuf> = named.iter().flat_map(of).collect();
    if files.is_empty() {
        let shown = named.first().map(|path| path.display().to_string()).unwrap_or_default();
        return Err(Misuse::new(format!("there is no workflow, `*.yml` or `*.yaml`, in `{shown}`"))
            .help("name a file; without any workflow, `pipelay init` writes a first spec"));
    }
    let mut generated = false;
    for (number, file) in files.iter().enumerate() {
        session.progress("Importing", &format!("{} of {}: {}", number + 1, files.len(), file.display()));
        match one(file, args, session) {
            Ok(is_generated) => generated |= is_generated,
            Err(diag) => session.say(diag),
        }
    }
    terminal::wipe();
    if generated {
        session.status("Next", "`pipelay compile` writes the workflows in its own spelling; then commit all of it");
    }
    Ok(())
}

/// The workflows of a directory, by name.
pub(crate) fn workflows_in(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yml" || end == "yaml") && path.is_file();
    let mut files: Vec<_> = entries.filter(is_yaml).collect();
    files.sort();
    files
}

/// Imports a workflow; whether it is generated from now on.
fn one(file: &Path, args: &Args, session: &mut Session) -> Result<bool, Diag> {
    let target = Target::new(&file.with_extension("pipe"));
    let shown = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let shown = match target.path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{shown}"),
        None => shown,
    };
    let read = input::read_any(file, &shown)?;
    if let Some(spec) = header::is_ours(&read.text) {
        session.status("Skipped", &format!("{shown}, which is generated from {spec}"));
        return Ok(false);
    }
    if !args.stdout && !args.force && target.file.exists() {
        return Err(cannot_write(&target.path, "it is there already, and `--force` replaces it"));
    }
    // What lies around is asked for by the spec: local actions, workflows that are called.
    let spec = Spec { path: target.path.clone(), text: draft(&shown, &read.text) };
    let (facts, _) = facts(&target, &spec, session)?;
    let Import { sources, mut diags, spec } = import(&shown, &read.text, &target.path, &facts);
    diags.extend(read.faults.map(|fault| fault.map_spans(|span| span.shifted(sources.iter().next().map_or(0, Source::base)))));
    let failed = has_errors(&diags);
    session.report(diags, sources);
    let Some(spec) = spec.filter(|_| !failed) else { return Ok(false) };
    if args.stdout {
        terminal::out(&spec);
        return Ok(false);
    }
    // The spec first: a workflow that is marked without it would be an orphan. One that lies elsewhere is not what the spec compiles to.
    let generated = shown == target.output();
    let mark = || if generated { replace(file, &marked(&read.text, &target.path)) } else { Ok(()) };
    let written = replace(&target.file, &spec).and_then(|()| mark());
    written.map_err(|error| cannot_write(&target.path, &input::why(error.kind(), &error)))?;
    session.status("Imported", &format!("{shown} -> {}", target.path));
    Ok(generated)
}

/// The workflow under the comment that says where it is from now on generated from.
fn marked(text: &str, spec: &str) -> String {
    let (mark, body) = text.strip_prefix('\u{feff}').map_or(("", text), |body| ("\u{feff}", body));
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let header: String = header::header_lines(spec).iter().map(|line| format!("# {line}{end}")).collect();
    format!("{mark}{header}{body}")
}
