//! Pairs of jobs of one kind that must not meet on a machine all the same.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::effects;
use super::fuse;
use super::problem::{Pairs, Problem};
use super::products::Products;
use super::repeat::only_installs;
use crate::catalog::commands::{self, Kind};
use crate::catalog::left_files;
use crate::catalog::walkers::{self, Walk};
use crate::facts::Facts;
use crate::hir::{Job, StepKind, Value};
use crate::map::IndexMap;
use crate::pattern::{Index, Pattern};
use crate::plan::Plan;

/// Whether a job has a command of that kind.
fn does(job: &Job, kind: Kind) -> bool {
    effects::scripts(job).flat_map(commands::each).any(|known| known.kind == kind)
}

/// The files that a job keeps for people, or gives to an action that does: as patterns, by which all lies below the root of the repository.
pub(super) fn kept(job: &Job) -> impl Iterator<Item = String> {
    let paths = job.keeps.iter().flat_map(|keep| &keep.paths).map(|path| path.as_str().to_owned());
    let given = job.steps.iter().filter_map(|step| match &step.kind {
        // What it takes where nothing is said (actions/upload-pages-artifact action.yml at v3).
        StepKind::Uses { action, with, .. } if action.starts_with("actions/upload-pages-artifact@") => {
            Some(with.get("path").map_or_else(|| "_site/".to_owned(), Value::spelled))
        }
        StepKind::Uses { with, .. } => with.get("path").map(Value::spelled),
        _ => None,
    });
    let lines = |text: String| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let all = paths.chain(given.flat_map(lines)).filter(|path| !path.is_empty() && !path.starts_with('!'));
    all.map(|path| {
        let path = path.trim_start_matches("${{ github.workspace }}/").trim_start_matches("./");
        if matches!(path, "" | "." | "${{ github.workspace }}") { ALL.to_owned() } else { path.to_owned() }
    })
}

/// All files.
const ALL: &str = "**";

/// Whether a job writes over files that git tracks.
pub(super) fn overwrites(job: &Job, facts: &Facts) -> bool {
    job.writes.iter().any(|writes| is_tracked(&writes.pattern, facts))
}

/// Whether git tracks something that a pattern matches.
fn is_tracked(pattern: &str, facts: &Facts) -> bool {
    // They are sorted: those that begin alike stand together.
    let begin = pattern.trim_start_matches("./");
    let begin = &begin[..begin.find(['*', '?', '[', '{', '$', '\\']).unwrap_or(begin.len())];
    let begin = begin.trim_end_matches('/');
    let tracked = facts.tracked.as_deref().unwrap_or_default();
    let first = tracked.partition_point(|path| path.as_str() < begin);
    let pattern = Pattern::new(pattern);
    tracked[first..].iter().take_while(|path| path.starts_with(begin)).any(|path| pattern.matches(path))
}

/// What a job makes in its folder, to be seen by what walks the disk: packages that are installed there, and compiled files.
fn trees(job: &Job) -> BTreeSet<String> {
    let of = |known: commands::Known| match known.kind {
        Kind::Install if known.shares.is_none() => Some(known.name),
        // Go keeps what it compiles elsewhere.
        _ => known.shares.filter(|shares| !matches!(*shares, "go" | "tests")).map(str::to_owned),
    };
    effects::scripts(job).flat_map(commands::each).filter_map(of).collect()
}

/// Whether a job leaves files in the workspace that git does not track, as far as that is said or known: tests leave reports, but for those of compilers, which leave
/// what they compiled alone.
fn leaves(job: &Job) -> bool {
    let reports = |known: commands::Known| known.kind == Kind::Test && !matches!(known.shares, Some("cargo" | "go" | "mix"));
    !job.writes.is_empty()
        || !job.keeps.is_empty()
        || does(job, Kind::Build)
        || effects::scripts(job).flat_map(commands::each).any(reports)
        || effects::scripts(job).any(|script| !left_files::left(script).is_empty())
}

/// The package of a workspace that all of a job is about.
fn package(job: &Job) -> Option<String> {
    let mut all = effects::scripts(job).map(walkers::package);
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// How much a job sees beside what git tracks.
pub(super) fn sees(job: &Job) -> Option<Walk> {
    let walks = effects::scripts(job).filter_map(walkers::walks).max();
    walks.max(kept(job).any(|path| path == ALL).then_some(Walk::All))
}

/// What sees more than git tracks, or runs tests wherever they lie, is with nobody who leaves that behind, unless it comes before: as its order demands, or as it is written,
/// where a condition of its own does not put it behind the others. (Nothing runs beside it.)
fn walkers(plan: &Plan, asked: &BTreeSet<(usize, usize)>, add: &mut dyn FnMut(usize, usize)) {
    let order = LazyCell::new(|| plan.order());
    let made = LazyCell::new(|| {
        plan.works.values().map(|work| (leaves(&work.job), trees(&work.job), package(&work.job))).collect::<Vec<_>>()
    });
    let mut products = Products::new(plan);
    for (walker, (id, work)) in plan.works.iter().enumerate() {
        let (sees, run) = (sees(&work.job), products.run_by(plan, &work.job));
        if sees.is_none() && run.is_empty() {
            continue;
        }
        let (own, here) = (trees(&work.job), package(&work.job));
        for (maker, (other, made_by)) in plan.works.iter().enumerate().filter(|(maker, _)| *maker != walker) {
            let (leaves, trees, there) = &made[maker];
            if here.is_some() && there.is_some() && here != *there {
                continue;
            }
            let comes_first = || {
                let is_alike = work.job.when.is_none() || fuse::same_condition(&work.job, &made_by.job);
                walker < maker && is_alike || order.comes_before(id, other)
            };
            let is_left = *leaves && sees.is_some() || run.contains(&maker);
            let is_seen = is_left && !asked.contains(&(maker, walker)) || sees == Some(Walk::All) && !trees.is_subset(&own);
            // What is kept is kept when all have ended.
            if is_seen && (!work.job.keeps.is_empty() || !comes_first()) {
                add(walker, maker);
            }
        }
    }
}

/// Who names no source depends on all that git tracks, as it is there: it is with nobody who writes over that, unless it comes before, or is given it.
fn overwriters(plan: &Plan, facts: &Facts, handed: &BTreeSet<(usize, usize, &str)>, add: &mut dyn FnMut(usize, usize)) {
    let order = LazyCell::new(|| plan.order());
    let tracked = facts.tracked.as_deref().unwrap_or_default();
    let looks_at_all = LazyCell::new(|| plan.works.keys().map(|id| plan.source(id, tracked).is_none()).collect::<Vec<_>>());
    for (maker, (id, work)) in plan.works.iter().enumerate().filter(|(_, (_, work))| overwrites(&work.job, facts)) {
        let written = || work.job.writes.iter().map(|writes| writes.pattern.as_str()).filter(|path| is_tracked(path, facts));
        for (reader, other) in plan.works.keys().enumerate().filter(|(reader, _)| *reader != maker) {
            let is_given = written().all(|path| handed.contains(&(maker, reader, path)));
            if !is_given && !order.comes_before(other, id) && looks_at_all[reader] {
                add(maker, reader);
            }
        }
    }
}

/// Of whom it is known what they leave, and not what they look at, come first: others on their machine come after them, and say what they look at.
fn first(plan: &Plan, problem: &Problem, add: &mut dyn FnMut(usize, usize)) {
    let order = LazyCell::new(|| plan.order());
    // Others never meet.
    let mut of_kind: IndexMap<usize, Vec<(usize, &str, bool)>> = IndexMap::default();
    for ((at, (id, work)), item) in plan.works.iter().enumerate().zip(&problem.jobs) {
        let Some(kind) = item.kind else { continue };
        of_kind.entry(kind).or_default().push((at, id, effects::is_known(plan, &work.job)));
    }
    // Pieces of a job come from one machine.
    let are_pieces = |one: usize, other: usize| {
        problem.jobs[one].piece_of.is_some() && problem.jobs[one].piece_of == problem.jobs[other].piece_of
    };
    for jobs in of_kind.values() {
        for &(early, id, _) in jobs.iter().filter(|(.., is_known)| !is_known) {
            for &(late, other, is_known) in jobs.iter().filter(|(late, ..)| !are_pieces(early, *late)) {
                if !(is_known && order.comes_before(id, other)) {
                    add(early, late);
                }
            }
        }
    }
}

/// Who names the same file in a folder of the machine is apart, and so is who fills its disk: it stays full.
fn alike(plan: &Plan, add: &mut dyn FnMut(usize, usize)) {
    let mut alike: IndexMap<String, Vec<usize>> = IndexMap::default();
    for (at, work) in plan.works.values().enumerate() {
        let temporary = effects::scripts(&work.job).flat_map(left_files::temporary);
        let disk = work.job.resources.contains_key("disk").then(|| "disk".to_owned());
        let all: BTreeSet<String> = temporary.chain(disk).collect();
        all.into_iter().for_each(|name| alike.entry(name).or_default().push(at));
    }
    for jobs in alike.values() {
        jobs.iter().enumerate().for_each(|(at, &later)| jobs[..at].iter().for_each(|&earlier| add(earlier, later)));
    }
}

/// The pairs of which one writes what the other reads unasked, receives or writes too, or installs without what the other receives, or in which a step of each
/// has the same id. Only those are compared whose patterns begin alike.
pub(super) fn clashes(plan: &Plan, problem: &Problem, facts: &Facts) -> Pairs {
    let mut pairs = Pairs::default();
    let mut add = |one: usize, other: usize| {
        let kinds = [one, other].map(|job| problem.jobs.get(job).and_then(|item| item.kind));
        if one != other && kinds[0].is_some() && kinds[0] == kinds[1] {
            pairs.insert(one, other);
        }
    };
    let handed = plan.handed();
    let asked: BTreeSet<(usize, usize)> = handed.iter().map(|&(from, to, _)| (from, to)).collect();
    let mut with_id: IndexMap<&str, BTreeSet<usize>> = IndexMap::default();
    let mut writes: Vec<(usize, Pattern)> = Vec::new();
    for (at, work) in plan.works.values().enumerate() {
        for (id, _) in work.job.steps.iter().filter_map(|step| step.id.as_ref()) {
            with_id.entry(id.as_str()).or_default().insert(at);
        }
        writes.extend(work.job.writes.iter().map(|writes| (at, Pattern::new(&writes.pattern))));
        // What is kept is what was made; on a machine it is kept when all have ended.
        writes.extend(kept(&work.job).map(|path| (at, Pattern::new(&path))));
    }
    // What a build makes lies where another of its kind has made something: what that gives to others is taken when both have ended.
    let jobs = || plan.works.values().map(|work| &work.job).enumerate();
    for (builder, _) in jobs().filter(|(_, job)| job.writes.is_empty() && does(job, Kind::Build)) {
        let gives = |job: &Job| !job.writes.is_empty() || kept(job).next().is_some();
        jobs().filter(|(_, job)| gives(job)).for_each(|(maker, _)| add(builder, maker));
    }
    // What a test leaves, nobody says where, another may keep as its own report.
    let tests = |job: &Job| job.writes.is_empty() && does(job, Kind::Test);
    for (tester, _) in jobs().filter(|(_, job)| tests(job)) {
        jobs().filter(|(_, job)| kept(job).next().is_some()).for_each(|(keeper, _)| add(tester, keeper));
    }
    walkers(plan, &asked, &mut add);
    overwriters(plan, facts, &handed, &mut add);
    // What a writer leaves out is not there for its readers.
    for &(from, to, _) in &handed {
        let leaves_out = plan
            .works
            .get_index(from)
            .is_some_and(|(_, work)| work.job.writes.iter().any(|writes| writes.pattern.starts_with('!')));
        if leaves_out {
            add(from, to);
        }
    }
    alike(plan, &mut add);
    first(plan, problem, &mut add);
    for jobs in with_id.values() {
        jobs.iter().for_each(|&later| jobs.range(..later).for_each(|&earlier| add(earlier, later)));
    }
    let mut index = Index::default();
    writes.iter().enumerate().for_each(|(number, (_, pattern))| index.insert(pattern, number));
    let met = |pattern: &Pattern| {
        let candidates = index.candidates(pattern).into_iter().map(|number| &writes[number]);
        candidates.filter(|(_, other)| pattern.meets(other, [])).map(|(job, _)| *job).collect::<Vec<_>>()
    };
    for (at, pattern) in &writes {
        met(pattern).into_iter().for_each(|other| add(other, *at));
    }
    let installers: Vec<usize> =
        plan.works.values().enumerate().filter(|(_, work)| only_installs(&work.job)).map(|(at, _)| at).collect();
    for &(from, to, path) in &handed {
        // What others receive is there before all that runs on the machine: who writes there would write over it, or remove it.
        met(&Pattern::new(path)).into_iter().filter(|&maker| maker != from && maker != to).for_each(|maker| add(maker, to));
        // And what is installed is installed without it.
        let without = |&&maker: &&usize| maker != from && asked.contains(&(maker, to)) && !asked.contains(&(from, maker));
        if !installers.contains(&from) {
            installers.iter().filter(without).for_each(|&maker| add(maker, to));
        }
    }
    for (at, work) in plan.works.values().enumerate() {
        for read in &work.job.reads {
            let unasked = met(&Pattern::new(read)).into_iter().filter(|&maker| !asked.contains(&(maker, at)));
            unasked.for_each(|maker| add(maker, at));
        }
    }
    pairs
}
