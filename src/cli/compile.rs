//! `pipelay compile`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use pipelay::diagnostics::codes::e0802_shared_output::shared_output;
use pipelay::diagnostics::has_errors;
use pipelay::{Compilation, Keep};

use super::gates::Gates;
use super::orphans::{Orphan, with_orphans};
use super::session::Session;
use super::specs::{Target, repository, targets};
use super::staged::{self, BeforeCommit, staged};
use super::write::{Output, Written, write_output};
use super::{Misuse, input, terminal, watch};

/// Compiles specs into workflows
///
/// Without a FILE, every `.github/workflows/*.pipe` of the repository that the command is given in. `ci.pipe` compiles to
/// `.github/workflows/ci.yml` of its repository; `-` reads standard input and writes standard output. A file that is up to date is not touched, and one that pipelay did not write is
/// not replaced.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay compile
  pipelay compile .github/workflows/ci.pipe
  pipelay compile --prune          also removes the workflows of specs that are gone
  pipelay compile --watch          again after each change
  pipelay compile ci.pipe --stdout
  pipelay compile - < ci.pipe
  pipelay compile ci.pipe --emit ast")]
// Each is an option of its own.
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Args {
    /// The specs, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Writes to OUT (`-`: standard output)
    #[arg(long, short, value_name = "OUT", conflicts_with_all = ["stdout", "staged"])]
    output: Option<PathBuf>,
    /// Prints the workflow instead of writing it
    #[arg(long, conflicts_with = "staged")]
    stdout: bool,
    /// What to make; all but `yaml` are for looking into the compiler, and are printed unless `-o` is given
    #[arg(long, value_enum, default_value_t = Emit::Yaml, value_name = "WHAT", conflicts_with = "staged")]
    emit: Emit,
    /// Removes each workflow that pipelay wrote for a spec that is gone; git keeps a copy of it
    #[arg(long, conflicts_with_all = ["files", "output", "stdout", "emit"])]
    prune: bool,
    /// Goes on, and compiles again whenever a spec, or anything that it is made of, changes; Ctrl-C ends it, with exit code 130
    #[arg(long, conflicts_with_all = ["output", "stdout", "emit", "staged"])]
    watch: bool,
    #[command(flatten)]
    before_commit: BeforeCommit,
    /// Replaces a file that pipelay did not write; with `--prune`, also removes what git can keep no copy of
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Emit {
    Ast,
    Hir,
    Plan,
    Workflow,
    Yaml,
}

/// The text of one phase.
fn emitted(compilation: &Compilation, emit: Emit) -> Option<String> {
    match emit {
        Emit::Ast => Some(format!("{:#?}\n", compilation.ast)),
        Emit::Hir => Some(format!("{:#?}\n", compilation.hir)),
        Emit::Plan => Some(compilation.plan.to_string()),
        Emit::Workflow => Some(format!("{:#?}\n", compilation.workflow)),
        Emit::Yaml => compilation.yaml.clone(),
    }
}

/// Where the output goes.
enum To<'a> {
    Stdout,
    File(&'a Path),
    Default,
}

/// What became of a spec or of a workflow without one.
pub(crate) enum Done {
    Compiled {
        spec: String,
        output: String,
        file: PathBuf,
        /// The text, where it was not there already.
        written: Option<String>,
    },
    /// The spec only defines something for others.
    Defines { spec: String },
    /// Its spec is gone.
    Kept { workflow: String, spec: String },
    /// The same, and git has a copy under that name.
    Removed { workflow: String, spec: String, copy: Option<String> },
}

impl Done {
    /// What was done, and to what, as a line of progress.
    pub(crate) fn line(&self) -> (&'static str, String) {
        match self {
            Self::Compiled { spec, output, written: Some(_), .. } => ("Compiled", format!("{spec} -> {output}")),
            Self::Compiled { spec, output, written: None, .. } => ("Compiled", format!("{spec} -> {output} (unchanged)")),
            Self::Defines { spec } => ("Read", format!("{spec}, which only defines something for others")),
            Self::Kept { workflow, spec } => ("Kept", format!("{workflow}, whose spec {spec} is gone; `--prune` removes it")),
            Self::Removed { workflow, spec, copy } => {
                let copy = copy.iter().map(|name| format!("; `git show {name}` prints it")).collect::<String>();
                ("Removed", format!("{workflow}, whose spec {spec} is gone{copy}"))
            }
        }
    }
}

/// Whoever is told what was done.
type Tell<'a> = &'a mut dyn FnMut(Done, &Session);

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if args.watch {
        return watch::run(args, session);
    }
    all(args, session, &mut |done, session| {
        let (did, what) = done.line();
        session.status(did, &what);
    })?;
    Ok(())
}

/// Compiles once. How many specs there are.
pub(crate) fn all(args: &Args, session: &mut Session, tell: Tell<'_>) -> Result<usize, Misuse> {
    let stdin = args.files.iter().any(|file| file.as_os_str() == "-");
    if stdin && args.files.len() > 1 {
        return Err(Misuse::new("standard input cannot be compiled together with files"));
    }
    let to = match &args.output {
        Some(path) if path.as_os_str() == "-" => To::Stdout,
        Some(path) => To::File(path),
        None if args.stdout || stdin || args.emit != Emit::Yaml => To::Stdout,
        None => To::Default,
    };
    if matches!(to, To::Stdout) && !session.human() {
        return Err(Misuse::new("messages for machines and the output cannot both go to standard output")
            .help("write to a file: `-o OUT`"));
    }
    let (targets, orphans) = match to {
        _ if stdin => (vec![Target::stdin()], Vec::new()),
        _ if args.before_commit.staged => staged(session)?,
        To::Default => with_orphans(&args.files)?,
        _ => (targets(&args.files)?, Vec::new()),
    };
    if targets.len() > 1 && !matches!(to, To::Default) {
        return Err(Misuse::new(format!("{} specs cannot share one output", targets.len())).help("name one file"));
    }
    if let To::File(path) = to
        && let Some(target) = targets.iter().find(|target| target.is(path))
    {
        return Err(Misuse::new(format!("`{}` is the spec itself, and would be replaced by its output", target.path))
            .help("name another file behind `-o`"));
    }
    let mut gates = Gates::default();
    for (index, target) in targets.iter().enumerate() {
        let shares = |other: &&Target| other.root == target.root && other.output() == target.output();
        let earlier = targets[..index].iter().find(shares);
        if let (To::Default, Some(earlier)) = (&to, earlier) {
            session.say(shared_output(&target.output(), &earlier.path, &target.path));
            continue;
        }
        // Which of the two is meant would be a guess, so that neither is written; it is said at the second.
        if matches!(to, To::Default) && targets[index + 1..].iter().any(|other| shares(&other)) {
            continue;
        }
        one(target, &to, args, session, &mut gates, tell);
    }
    gates.tell(session);
    // A spec that was renamed and has errors leaves its old workflow in place until there is a new one.
    if !session.has_errors() {
        orphans.iter().for_each(|orphan| prune(orphan, args, session, tell));
    }
    if args.before_commit.staged {
        staged::report(&targets, &orphans, session)?;
    }
    Ok(targets.len())
}

/// Removes a workflow whose spec is gone where that is wanted, and else says that it is there.
fn prune(orphan: &Orphan, args: &Args, session: &mut Session, tell: Tell<'_>) {
    if !args.prune {
        return tell(Done::Kept { workflow: orphan.path.clone(), spec: orphan.spec.clone() }, session);
    }
    match orphan.remove(&repository(), args.force) {
        Ok(copy) => tell(Done::Removed { workflow: orphan.path.clone(), spec: orphan.spec.clone(), copy }, session),
        Err(diag) => session.say(diag),
    }
}

fn one(target: &Target, to: &To<'_>, args: &Args, session: &mut Session, gates: &mut Gates, tell: Tell<'_>) {
    let keep = if args.emit == Emit::Yaml { Keep::Yaml } else { Keep::All };
    let Some(compilation) = input::compile(target, keep, session) else { return };
    gates.see(&target.path, &compilation);
    let text = emitted(&compilation, args.emit);
    let failed = has_errors(&compilation.diags);
    session.report(compilation.diags, compilation.sources);
    if !failed && args.emit == Emit::Yaml && text.is_none() {
        return tell(Done::Defines { spec: target.path.clone() }, session);
    }
    // The tree of a broken spec is worth seeing; a workflow with errors is not worth having.
    let Some(text) = text.filter(|_| !failed || args.emit != Emit::Yaml) else {
        return;
    };
    let (file, shown) = match to {
        To::Stdout => {
            terminal::out(&text);
            return;
        }
        To::File(path) => (path.to_path_buf(), path.display().to_string()),
        To::Default => (target.root.join(target.output()), target.output()),
    };
    let output = Output { root: &target.root, spec: &target.path, file: &file, shown: &shown, text: &text };
    match write_output(&output, args.force) {
        Ok(written) => {
            let written = (written != Written::Unchanged).then_some(text);
            tell(Done::Compiled { spec: target.path.clone(), output: shown, file, written }, session);
        }
        Err(diag) => session.say(diag),
    }
}
