//! `--staged`: what hooks that run before a commit look at.

use pipelay::diagnostics::codes::e0820_not_staged::not_staged;

use super::Misuse;
use super::facts::{listed, tracked};
use super::orphans::{Orphan, with_orphans};
use super::session::Session;
use super::specs::{Target, repository};

/// The option, which verbs have that are about all specs of a repository.
#[derive(Debug, clap::Args)]
pub(crate) struct BeforeCommit {
    /// For hooks: takes the specs that git tracks, and fails while one of them or its workflow is not staged as it is
    #[arg(long, conflicts_with = "files")]
    pub(crate) staged: bool,
}

/// The specs of the repository that git tracks, and the workflows whose spec is gone. There may be none: a hook runs before specs are written, too.
pub(crate) fn staged(session: &mut Session) -> Result<(Vec<Target>, Vec<Orphan>), Misuse> {
    let (mut targets, orphans) = with_orphans(&[]).unwrap_or_default();
    if let Some(first) = targets.first() {
        let tracked = tracked(first, session).ok_or_else(no_answer)?;
        targets.retain(|target| tracked.binary_search(&target.path).is_ok());
    }
    Ok((targets, orphans))
}

/// Says which of the specs, and of the workflows that they have or had, are not staged as they are.
pub(crate) fn report(targets: &[Target], orphans: &[Orphan], session: &mut Session) -> Result<(), Misuse> {
    let of_targets = targets.iter().flat_map(|target| [target.path.clone(), target.output()]);
    let paths: Vec<String> = of_targets.chain(orphans.iter().map(|orphan| orphan.path.clone())).collect();
    // Without a path, git would speak of all files.
    if !paths.is_empty() {
        let arguments = ["--modified", "--deleted", "--others", "--"].into_iter().chain(paths.iter().map(String::as_str));
        let open = listed(&repository(), &arguments.collect::<Vec<_>>()).ok_or_else(no_answer)?;
        if !open.is_empty() {
            // `git commit -a` stages for its own commit alone: the next one needs both again.
            let pairs = targets.iter().map(|target| vec![target.path.clone(), target.output()]);
            let gone = orphans.iter().map(|orphan| vec![orphan.path.clone()]);
            let is_open = |paths: &Vec<String>| paths.iter().any(|path| open.contains(path));
            let mut together: Vec<String> = pairs.chain(gone).filter(is_open).flatten().collect();
            together.sort();
            session.say(not_staged(&open, &together));
        }
    }
    Ok(())
}

fn no_answer() -> Misuse {
    Misuse::new(format!("git does not say what is staged in `{}`", repository().display()))
        .help("leave out `--staged` where there is no repository")
}
