//! Pairs of jobs of one kind that must not meet on a machine all the same.

use std::collections::BTreeSet;

use super::fuse;
use super::problem::{Pairs, Problem};
use super::repeat::only_installs;
use crate::catalog::commands::{self, Kind};
use crate::hir::{Job, StepKind, Value};
use crate::map::IndexMap;
use crate::pattern::{Index, Pattern};
use crate::plan::Plan;

/// Whether a job has a command that builds.
fn builds(job: &Job) -> bool {
    fuse::scripts(job).flat_map(commands::each).any(|known| known.kind == Kind::Build)
}

/// The files that a job keeps for people, or gives to an action that does.
fn kept(job: &Job) -> impl Iterator<Item = String> {
    let paths = job.keeps.iter().flat_map(|keep| &keep.paths).map(|path| path.as_str().to_owned());
    let given = job.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Uses { with, .. } => with.get("path").map(Value::spelled),
        _ => None,
    });
    let lines =
        |text: String| text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    paths.chain(given.flat_map(lines))
}

/// The pairs of which one writes what the other reads unasked, receives or writes too, or installs without what the other receives, or in which a step of each
/// has the same id. Only those are compared whose
/// patterns begin alike.
pub(super) fn clashes(plan: &Plan, problem: &Problem) -> Pairs {
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
    for (builder, _) in jobs().filter(|(_, job)| job.writes.is_empty() && builds(job)) {
        let gives = |job: &Job| !job.writes.is_empty() || kept(job).next().is_some();
        jobs().filter(|(_, job)| gives(job)).for_each(|(maker, _)| add(builder, maker));
    }
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
