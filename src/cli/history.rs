//! `pipelay profile git`: which pushes touched what a job reads.

use std::path::PathBuf;

use pipelay::hir::Duration as Length;
use pipelay::profile::{Changes, VERSION};

use super::lock::length;
use super::profile::{compiled, spec, write};
use super::session::Session;
use super::{Misuse, facts, git};

/// From the history of the repository: how many pushes touched what each job reads
///
/// A push is a commit on the first-parent line of the current branch: a merge is one, whatever was merged. It touches a job by a file that the job or its
/// toolchains read, or by touching a job whose files that one reads. Who names no source is touched by all.
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    /// The spec; needed where the repository has several
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How many pushes at most, the newest
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..))]
    commits: u32,
    /// All pushes of that time instead
    #[arg(long, value_name = "TIME", conflicts_with = "commits", value_parser = length)]
    since: Option<Length>,
}

pub(crate) fn run(args: &History, session: &mut Session) -> Result<(), Misuse> {
    let target = spec(args.spec.as_deref())?;
    let limit = match args.since {
        Some(time) => format!("--since={}.seconds.ago", time.0),
        None => format!("--max-count={}", args.commits),
    };
    // Both names of what was renamed count. A merge is what it brought to its first parent.
    let log = ["log", "--first-parent", "-m", "--no-renames", "--name-only", "-z", "--format=%x01%P", &limit];
    let Some(printed) = target.git.then(|| git::names(&target.root, &log)).flatten() else {
        return Err(Misuse::new(format!("git knows no history of `{}`", target.root.display()))
            .help("in a repository with commits, it has one"));
    };
    let pushes = pushes(&printed, git::ask(&target.root, &["rev-parse", "--is-shallow-repository"]).as_deref() == Some("true"));
    if pushes.is_empty() {
        return Err(Misuse::new("there is no push to count")
            .help("a longer `--since`, or the whole history (`git fetch --unshallow`), may have some"));
    }
    let Some(compilation) = compiled(&target, session) else { return Ok(()) };
    let tracked = facts::listed(&target.root, &[]).unwrap_or_default();
    let count = pushes.len() as u64;
    let mut profile = compilation.profile;
    let touched = compilation.written.touched(&tracked, &pushes);
    profile.version = VERSION;
    profile.changes =
        touched.into_iter().map(|(job, touched)| (job, Changes { pushes: count, touched: touched as u64 })).collect();
    write(&target, &profile, &format!("pushes: {count}"), session);
    Ok(())
}

/// The paths of each push. In a shallow clone nothing is known of what its oldest one changed: all files seem to be new in it.
fn pushes(printed: &[String], shallow: bool) -> Vec<Vec<String>> {
    let mut pushes: Vec<(bool, Vec<String>)> = Vec::new();
    for text in printed {
        if let Some(parents) = text.strip_prefix('\u{1}') {
            pushes.push((parents.is_empty(), Vec::new()));
        } else if let Some((_, paths)) = pushes.last_mut() {
            // A line break stands between a commit and its files.
            let path = if paths.is_empty() { text.strip_prefix('\n').unwrap_or(text) } else { text };
            paths.push(path.to_owned());
        }
    }
    pushes.into_iter().filter(|(first, _)| !(shallow && *first)).map(|(_, paths)| paths).collect()
}
