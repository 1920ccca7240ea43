//! The pieces of a job: those of its steps that have nothing to do with each other, as far as that is known of their commands.
//!
//! Steps follow each other in a job because they are written so; not all of them have to. A lint has nothing to do with a test, and a test nothing with a
//! build behind it. What is not known may have to do with everything: it stays on one machine with all that comes after it, and with what might have left
//! something for it.

use std::collections::BTreeSet;

use crate::catalog::commands::{self, Kind, Known};
use crate::hir::{Job, Step, StepKind};
use crate::map::IndexMap;

/// Steps of a job that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is called, of what its commands are called.
    pub name: String,
    /// Its steps among those of the job, in order; with what is installed before them, which other pieces have too.
    pub steps: Vec<usize>,
    /// The pieces that it comes after, by place; all stand before it.
    pub after: Vec<usize>,
    /// Whether it makes what the job `writes`.
    pub makes: bool,
    /// Whether it may read that.
    pub reads: bool,
}

/// The pieces of a job, each after those that it comes after; none where it is all of one piece.
pub fn pieces(job: &Job) -> Vec<Piece> {
    let known = all_known(job);
    let kind = |step: usize| known[step].as_ref().map(|known| known.kind);
    let own: Vec<usize> = (0..job.steps.len()).filter(|&step| kind(step) != Some(Kind::Install)).collect();
    let mut builds = own.iter().copied().filter(|&step| kind(step) == Some(Kind::Build));
    let unclear = own.iter().any(|&step| known[step].is_none());
    // The one build of a job makes what the job writes.
    let maker = match (builds.next(), builds.next()) {
        (Some(build), None) if !job.writes.is_empty() && !unclear => Some(build),
        _ => None,
    };
    let rest = rest(&own, &kind, maker, unclear);
    let mut groups = grouped(&own, &rest, &known);
    // What is installed last is for something that is not seen here.
    let is_for_nothing = own.last() != job.steps.len().checked_sub(1).as_ref();
    if groups.len() < 2 || is_for_nothing || !job.writes.is_empty() && maker.is_none() && rest.is_empty() {
        return Vec::new();
    }
    // What all others come before: the last that is not known, or gives something to others.
    let barrier = rest.iter().copied().rfind(|&step| !matches!(kind(step), Some(Kind::Lint | Kind::Test | Kind::Build)));
    let holds = |group: &Vec<usize>, step: Option<usize>| step.is_some_and(|step| group.contains(&step));
    let reads = |group: &Vec<usize>| {
        let looks = |step: &usize| maker.is_some_and(|maker| *step > maker);
        !holds(group, maker) && group.iter().any(looks)
    };
    groups.sort_by_key(|group| (holds(group, barrier), reads(group), group[0]));
    let made_by = groups.iter().position(|group| holds(group, maker));
    let piece = |(place, group): (usize, &Vec<usize>)| {
        let is_test = |step: usize| matches!(kind(step), None | Some(Kind::Test));
        let for_tests = |step: usize| known[step].as_ref().is_some_and(|known| known.shares.is_some());
        let tests = |step: usize, group: &Vec<usize>| group.iter().any(|&later| later > step && is_test(later));
        let needs = |step: usize| {
            let behind = group.last().is_some_and(|last| *last > step);
            behind && (!for_tests(step) || tests(step, group) || !groups.iter().any(|group| tests(step, group)))
        };
        let installs = (0..job.steps.len()).filter(|&step| kind(step) == Some(Kind::Install) && needs(step));
        let reads = reads(group);
        let comes_after = |other: usize| {
            reads && made_by == Some(other) || holds(group, barrier) && groups[other].iter().any(|&step| Some(step) < barrier)
        };
        Piece {
            name: name(job, group, &known),
            steps: installs.chain(group.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect(),
            after: (0..place).filter(|&other| comes_after(other)).collect(),
            makes: maker.map_or(rest.first().is_some_and(|first| group.contains(first)), |maker| group.contains(&maker)),
            reads,
        }
    };
    let mut pieces: Vec<Piece> = groups.iter().enumerate().map(piece).collect();
    // Of one name there is one.
    let mut counts: IndexMap<String, usize> = IndexMap::default();
    for piece in &mut pieces {
        let count = counts.entry(piece.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            piece.name = format!("{} {count}", piece.name);
        }
    }
    pieces
}

/// Whether all that a step does is to install what others need.
pub fn installs(step: &Step) -> bool {
    known(step).is_some_and(|known| known.kind == Kind::Install)
}

/// Whether all that a step does is to install what a lockfile says.
pub fn installs_what_is_locked(step: &Step) -> bool {
    known(step).is_some_and(|known| known.locked)
}

/// What is known of each step of a job. What is installed behind a build may be what that built, and what is installed along with something else is there for what
/// comes later: of neither is it known to whom else it matters.
fn all_known(job: &Job) -> Vec<Option<Known>> {
    let mut is_built = false;
    let known = |(at, step): (usize, &Step)| {
        let is_for_later = |known: &Known| known.installs && job.steps[at + 1..].iter().any(|step| !brings_its_own(step));
        let is_of_here = |known: &Known| known.kind == Kind::Install && is_built && !known.locked && known.shares.is_none();
        let known = known(step).filter(|known| !is_for_later(known) && !is_of_here(known));
        is_built |= known.as_ref().is_none_or(|known| known.kind == Kind::Build);
        known
    };
    job.steps.iter().enumerate().map(known).collect()
}

/// Whether a step installs what it needs.
fn brings_its_own(step: &Step) -> bool {
    known(step).is_some_and(|known| known.installs || known.kind == Kind::Install)
}

/// What is known of a step.
fn known(step: &Step) -> Option<Known> {
    match &step.kind {
        StepKind::Run(script) => commands::find(script),
        _ => None,
    }
}

/// The steps that stay together: what is not known, what gives something to others, all behind these; and what may read of what was made before it, without
/// it being said what that is.
fn rest(own: &[usize], kind: &dyn Fn(usize) -> Option<Kind>, maker: Option<usize>, unclear: bool) -> Vec<usize> {
    let (mut made, mut all) = (false, false);
    let mut rest = Vec::new();
    for &step in own {
        let stays = match kind(step) {
            None | Some(Kind::Publish) => {
                all = true;
                true
            }
            Some(Kind::Build) => {
                made |= maker != Some(step);
                maker != Some(step)
            }
            Some(Kind::Lint) => made,
            // What is not known may read the reports of a test.
            Some(Kind::Test) => made || unclear,
            Some(Kind::Install) => false,
        };
        if stays || all {
            rest.push(step);
        }
    }
    rest
}

/// The other steps each for itself, but for those that have files in common; and the rest.
fn grouped(own: &[usize], rest: &[usize], known: &[Option<Known>]) -> Vec<Vec<usize>> {
    let shares = |step: usize| known[step].as_ref().and_then(|known| known.shares);
    let mut groups: Vec<Vec<usize>> = if rest.is_empty() { Vec::new() } else { vec![rest.to_vec()] };
    for &step in own.iter().filter(|step| !rest.contains(step)) {
        let has = |group: &&mut Vec<usize>| group.iter().any(|&other| shares(step).is_some() && shares(other) == shares(step));
        match groups.iter_mut().find(has) {
            Some(group) => group.push(step),
            None => groups.push(vec![step]),
        }
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

/// What steps are called: by their titles, else by their commands.
fn name(job: &Job, group: &[usize], known: &[Option<Known>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for &step in group {
        let title = job.steps[step].title.as_ref().map(|title| title.as_str().to_owned());
        let name = title.or_else(|| known[step].as_ref().map(|known| known.name.clone())).unwrap_or_else(|| "rest".to_owned());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::pieces;
    use crate::facts::Facts;
    use crate::{Spec, compile};

    /// The pieces of a job with these statements: what each is called, and after which it comes.
    fn of(job: &str) -> String {
        let text = format!("on push\njob ci {{\n{job}\n}}\n");
        let made = compile(&Spec { path: "ci.pipe".into(), text }, &Facts::default());
        let pieces = pieces(&made.written.works["ci"].job);
        let shown = pieces.iter().map(|piece| {
            let steps: String = piece.steps.iter().map(ToString::to_string).collect();
            let after: String = piece.after.iter().map(|&at| format!(" after {}", pieces[at].name)).collect();
            format!("{} [{steps}]{after}{}", piece.name, if piece.reads { ", reads" } else { "" })
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_has_nothing_to_do_with_each_other_is_apart() {
        for (job, expected) in [
            ("run npm run lint\nrun npm test", "lint [0]\nnpm test [1]"),
            // What is installed is installed in each that comes after it.
            ("run npm run lint\nrun npm ci\nrun npm test\nrun npm run e2e", "lint [0]\nnpm test [12]\ne2e [13]"),
            ("run npm ci\nrun npm run lint\nrun npx playwright install\nrun npm test", "lint [01]\nnpm test [023]"),
            // Compiled files are compiled once.
            ("run cargo fmt --check\nrun cargo clippy\nrun cargo test", "cargo fmt [0]\ncargo clippy, cargo test [12]"),
            // A test may look at what was built, which nobody says where it is.
            ("run npm run build\nrun npm test", ""),
            // And so may a lint, which asks for the types of a package beside it, or is told to look there.
            ("run npx prettier --check .\nrun npm run build\nrun npm run lint", "prettier [0]\nbuild, lint [12]"),
            ("run npm run typecheck\nrun npm run build", "typecheck [0]\nbuild [1]"),
            (
                "writes dist/\nrun npm run build\nrun npm test\nrun npm run lint\nrun npx prettier --check .",
                "build [0]\nnpm test [1] after build, reads\nlint [2] after build, reads\nprettier [3] after build, reads",
            ),
            // What was built may be installed, and what is installed along with something else is there for others.
            ("run python -m build\nrun pip install dist/*.whl\nrun mypy src\nrun pytest", ""),
            (
                "run ruff check\nrun npm run build\nrun pip install .\nrun pytest",
                "ruff check [0]\nbuild, rest, pytest [123] after ruff check",
            ),
            ("run npm ci && npm run build\nrun npm run lint", ""),
            ("run npm ci && npm run lint\nrun npm ci && npm test", "lint [0]\nnpm test [1]"),
            // What is given to others comes last.
            (
                "writes dist/\nrun npm test\nrun npm run build\nrun npm run deploy",
                "npm test [0]\nbuild [1]\ndeploy [2] after npm test after build, reads",
            ),
            // What is not known may read what a test left, and make what comes later needs.
            (
                "run npm run lint\nrun npm test\nrun ./report\nrun npm run build",
                "lint [0]\nnpm test, rest, build [123] after lint",
            ),
            ("run ./prepare\nrun npm run lint\nrun npm test", ""),
            ("run npm test", ""),
            // Nobody knows for what it is installed.
            ("run npm run lint\nrun npm test\nrun npm ci", ""),
            // Nobody knows which of them makes it.
            ("writes out/\nrun npm run lint\nrun npm test", ""),
        ] {
            assert_eq!(of(job), expected, "{job}");
        }
    }
}
