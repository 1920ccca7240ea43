//! What there is to look at from a choice: the changes of it, which jobs may come together at all, and every choice that there is.

use super::problem::{Choice, Item, Problem};
use crate::map::IndexMap;

/// One change of a choice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    /// Two groups become one, on one of the machines that they had, side by side or in sequence.
    Join(usize, usize, usize, bool),
    /// A job gets a machine of its own, of that kind.
    Leave(usize, usize),
    /// A job goes over into another group.
    Move(usize, usize),
    /// A job has another number of shards.
    Shards(usize, u32),
    /// A group has another machine.
    Machine(usize, usize),
    /// What shares a machine runs side by side, or no longer does.
    Beside(usize),
    /// A path travels in a cache, or no longer does.
    Cached(usize),
}

impl Change {
    /// A choice with the change, and with what must come along; none where some of that cannot.
    pub(super) fn of(self, problem: &Problem, at: &Choice) -> Option<Choice> {
        let mut changed = at.clone();
        match self {
            Self::Join(one, other, machine, beside) => {
                changed = problem.completed(at.joined(one, other), one)?;
                changed.on(changed.group[one], machine, beside);
            }
            Self::Leave(job, machine) => {
                changed = at.apart(job);
                changed.on(job, machine, false);
            }
            // Alone it may be dearer than in either.
            Self::Move(job, group) => changed = problem.completed(at.apart(job).joined(group, job), job)?,
            Self::Shards(job, count) => changed.shards[job] = count,
            Self::Machine(group, machine) => changed.on(group, machine, at.beside[group]),
            Self::Beside(group) => changed.on(group, at.machine[group], !at.beside[group]),
            Self::Cached(path) => changed.cached[path] ^= true,
        }
        Some(changed)
    }
}

/// With so many jobs every two are neighbours.
pub(super) const FEW: usize = 24;
/// With more, a job has so many neighbours on either side that come after the same jobs.
const BESIDE: usize = 4;

/// For each job, those that it may come to share a machine with: what it waits for, what waits for it, and what stands beside it.
pub(super) fn near(problem: &Problem) -> Vec<Vec<usize>> {
    let count = problem.jobs.len();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut pair = |one: usize, other: usize| {
        if problem.may_share(one, other) {
            near[one].push(other);
            near[other].push(one);
        }
    };
    if count <= FEW {
        (0..count).for_each(|job| (0..job).for_each(|other| pair(other, job)));
    } else {
        // What comes after the same jobs has the same bits, but for words without any at the end.
        let bits = |job: usize| {
            let after = problem.jobs[job].after.as_slice();
            &after[..after.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1)]
        };
        let mut beside: IndexMap<(&[u64], Option<usize>), Vec<usize>> = IndexMap::default();
        for (job, item) in problem.jobs.iter().enumerate() {
            item.needs.iter().for_each(|&need| pair(need, job));
            let beside = beside.entry((bits(job), item.kind)).or_default();
            beside.iter().rev().take(BESIDE).for_each(|&other| pair(other, job));
            beside.push(job);
        }
    }
    near.iter_mut().for_each(|near| {
        near.sort_unstable();
        near.dedup();
    });
    near
}

/// A choice with all jobs that take longer than so many seconds, alone on their machines, in as few more shards as bring them below, or in all that they may be in.
pub(super) fn split_below(problem: &Problem, choice: &Choice, seconds: f64) -> Choice {
    let mut other = choice.clone();
    let is_alone = |job: usize| (0..choice.group.len()).all(|it| it == job || choice.group[it] != choice.group[job]);
    for (job, item) in problem.jobs.iter().enumerate().filter(|(job, item)| !item.shards.is_empty() && is_alone(*job)) {
        let takes = |count: u32| item.overhead + item.row_on(0, choice.machine[job]) * item.part(0, count);
        let more = || item.shards.iter().copied().filter(|&count| count > choice.shards[job]);
        if takes(choice.shards[job]) > seconds
            && let Some(count) = more().find(|&count| takes(count) <= seconds).or_else(|| more().next_back())
        {
            other.shards[job] = count;
        }
    }
    other
}

/// All choices that there are, where those are not more than so many: each job joins a group that was begun or begins one, each group takes each machine, each
/// job alone each number of shards, each path an artifact or a cache.
pub(super) fn every_choice(problem: &Problem, most: usize) -> Option<Vec<Choice>> {
    let mut all = vec![problem.written()];
    let is_any_beside = problem.jobs.iter().any(Item::in_background);
    for (job, item) in problem.jobs.iter().enumerate() {
        let mut next = Vec::new();
        for choice in all {
            let may_join = |&first: &usize| {
                let (group, other) = (choice.group[first] == first && choice.shards[first] == 1, &problem.jobs[first]);
                group
                    && (item.kind.is_some() && item.kind == other.kind
                        || item.piece_of.is_some() && item.piece_of == other.piece_of)
            };
            let mut with = |group: usize, shards: u32, machine: usize, beside: bool| {
                let mut choice = choice.clone();
                (choice.group[job], choice.shards[job]) = (group, shards);
                choice.on(group, machine, beside);
                next.push(choice);
            };
            for first in (0..job).filter(may_join) {
                let is_second = (0..job).filter(|&other| choice.group[other] == first).count() == 1;
                let beside = choice.beside[first];
                with(first, 1, choice.machine[first], beside);
                if is_second && is_any_beside {
                    with(first, 1, choice.machine[first], !beside);
                }
            }
            for machine in item.places() {
                with(job, 1, machine, false);
                item.shards.iter().filter(|&&shards| shards > 1).for_each(|&shards| with(job, shards, machine, false));
            }
            if next.len() > most {
                return None;
            }
        }
        all = next;
    }
    for path in (0..problem.jobs.len()).flat_map(|job| problem.cacheable(job)) {
        let cached: Vec<Choice> = all.iter().filter_map(|choice| Change::Cached(path).of(problem, choice)).collect();
        all.extend(cached);
        if all.len() > most {
            return None;
        }
    }
    Some(all)
}
