//! `pipelay profile`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pipelay::diagnostics::codes::e0405_limit_not_met;
use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;
use pipelay::diagnostics::{Diag, Severity};
use pipelay::profile::{Profile, github, merge};
use pipelay::{Compilation, Keep};

use super::fetch::{self, Fetch};
use super::history::{self, History};
use super::session::Session;
use super::specs::{Target, targets};
use super::write::{replace, same};
use super::{Misuse, input};

/// Takes in what was measured of runs: `ci.pipe` gets a `ci.profile.json` beside it, which is committed
///
/// Of each job and step it has how often it ran, and how long it took in the middle and in nine of ten runs; of each job, how many pushes touched what it reads. What is old counts less, by half for every thirty days;
/// what was cancelled or failed, and what lies far out, says nothing of how long something takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay profile fetch                    asks GitHub for the newest runs of the one spec
  pipelay profile git                      which pushes touched what jobs read
  pipelay profile import answers.json      GitHub's answers, from a file")]
pub(crate) struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, clap::Subcommand)]
enum From {
    Fetch(Fetch),
    Git(History),
    Import(Import),
}

/// From GitHub's answers for the jobs of runs, as files
///
/// They are those of `gh api --paginate repos/OWNER/REPO/actions/runs/ID/jobs`; several answers may follow each other in a file. Runs that were taken in before are left out.
#[derive(Debug, clap::Args)]
struct Import {
    /// The files; `-` is standard input
    #[arg(value_name = "ANSWERS", required = true)]
    answers: Vec<PathBuf>,
    /// The spec whose runs these are; needed where the repository has several
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    match &args.from {
        From::Fetch(args) => fetch::run(args, session),
        From::Git(args) => history::run(args, session),
        From::Import(args) => import(args, session),
    }
}

fn import(args: &Import, session: &mut Session) -> Result<(), Misuse> {
    let target = spec(args.spec.as_deref())?;
    let Some(compilation) = compiled(&target, session) else { return Ok(()) };
    let mut jobs = Vec::new();
    for file in &args.answers {
        let shown = file.display().to_string();
        let read =
            if shown == "-" { input::read_from(std::io::stdin().lock(), "<stdin>") } else { input::read_any(file, &shown) };
        match read {
            Ok(text) => jobs.extend(github::read(&text.text).map_err(|what| not_answers(&shown, &what))?),
            Err(diag) => session.say(diag),
        }
    }
    if !session.has_errors() {
        take(&target, compilation, &jobs, false, session);
    }
    Ok(())
}

fn not_answers(shown: &str, what: &str) -> Misuse {
    Misuse::new(format!("`{shown}` holds no answer of GitHub's about jobs of runs: {what}"))
        .help("`gh api --paginate repos/OWNER/REPO/actions/runs/ID/jobs` gives one")
}

/// The one spec that is meant.
pub(crate) fn spec(named: Option<&Path>) -> Result<Target, Misuse> {
    let named: Vec<PathBuf> = named.into_iter().map(Path::to_owned).collect();
    let mut targets = targets(&named)?;
    if targets.len() > 1 {
        let all: Vec<&str> = targets.iter().map(|target| target.path.as_str()).collect();
        return Err(Misuse::new("there are several specs").help(format!("name one by `--spec`: {}", all.join(", "))));
    }
    targets.pop().ok_or_else(|| Misuse::new("there is no spec"))
}

/// The spec, compiled; none where it has errors, which the session is told. That a limit is not met is none here: newer evidence may lift it.
pub(crate) fn compiled(target: &Target, session: &mut Session) -> Option<Compilation> {
    let compilation = input::compile(target, Keep::All, session)?;
    let stops = |diag: &Diag| diag.severity() == Severity::Error && diag.code.id != e0405_limit_not_met::CODE.id;
    if compilation.diags.iter().any(stops) {
        session.report(compilation.diags, compilation.sources);
        return None;
    }
    Some(compilation)
}

/// Adds what jobs say to the profile of a spec.
pub(crate) fn take(target: &Target, compilation: Compilation, jobs: &[github::Job], gap: bool, session: &mut Session) {
    let mut profile = compilation.profile;
    let taken = merge::take_in(&mut profile, &compilation.written, &compilation.plan, jobs, gap);
    let names: Vec<&str> = taken.unknown.iter().map(String::as_str).collect();
    if !names.is_empty() {
        session.status("Left out", &format!("what `{}` has no job for: {}", target.path, names.join(", ")));
    }
    if !taken.shared.is_empty() {
        let names: Vec<&str> = taken.shared.iter().map(String::as_str).collect();
        session.status("Left out", &format!("what several jobs of `{}` are called: {}", target.path, names.join(", ")));
    }
    left_running(&taken.unfinished, session);
    let runs = taken.profile.runs;
    let path = Profile::path(&target.path);
    if runs == 0.0 {
        return session.status("Unchanged", &format!("{path}: there is no run that is newer than those that it knows"));
    }
    tell_age(&profile, session);
    write(target, &profile, &format!("runs: {runs:.0}"), session);
}

/// Says that even the newest run is too old to tell much of those of today.
fn tell_age(profile: &Profile, session: &Session) {
    let Ok(newest) = profile.newest.parse::<jiff::Timestamp>() else { return };
    // A build that is done again says the same (reproducible-builds.org/specs/source-date-epoch).
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = fixed.unwrap_or_else(|| jiff::Timestamp::now().as_second());
    if now - newest.as_second() > YEAR {
        let day = newest.strftime("%Y-%m-%d");
        session
            .status("Old", &format!("the newest run began on {day}, more than a year ago: newer ones may take something else"));
    }
}

/// In seconds.
const YEAR: i64 = 366 * 86_400;

/// Says which runs are not over.
pub(crate) fn left_running(runs: &BTreeSet<u64>, session: &Session) {
    if !runs.is_empty() {
        let runs: Vec<String> = runs.iter().map(u64::to_string).collect();
        session.status("Left out", &format!("runs that are not over yet: {}", runs.join(", ")));
    }
}

/// Writes the profile of a spec, with so much that is new.
pub(crate) fn write(target: &Target, profile: &Profile, new: &str, session: &mut Session) {
    let path = Profile::path(&target.path);
    let (file, text) = (target.file.with_extension("profile.json"), profile.print());
    if std::fs::read_to_string(&file).is_ok_and(|there| same(&there, &text)) {
        return session.status("Unchanged", &path);
    }
    match replace(&file, &text) {
        Ok(()) => {
            session
                .status("Wrote", &format!("{path}: {new}; `pipelay plan` shows what that means, `pipelay compile` acts on it"));
        }
        Err(error) => session.say(cannot_write(&path, &input::why(error.kind(), &error))),
    }
}
